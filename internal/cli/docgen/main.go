// Command docgen writes the reference page of the command line. It is run by `go generate`.
package main

import (
	"fmt"
	"os"

	"github.com/slipway-dev/slipway/internal/cli"
)

// page is where the page is, seen from the folder of the package cli, in which `go generate` works.
const page = "../../docs/reference/cli.md"

func main() {
	if err := os.WriteFile(page, []byte(cli.Reference()), 0o644); err != nil {
		fmt.Fprintln(os.Stderr, "docgen:", err)
		os.Exit(1)
	}
}
