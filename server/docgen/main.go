// Command docgen prints the OpenAPI document of the API, as the server serves it.
package main

import (
	"fmt"
	"os"

	"github.com/slipway-dev/slipway/server"
)

func main() {
	document, err := server.OpenAPI("")
	if err == nil {
		_, err = os.Stdout.Write(document)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
