// Command generate makes the Web UI's types from the OpenAPI document. It needs Node and the UI's packages (`npm ci` in
// ui/), and says so and leaves the types as they are where they are missing.
package main

import (
	"fmt"
	"os"
	"os/exec"
)

func main() {
	if _, err := exec.LookPath("node"); err != nil {
		fmt.Fprintln(os.Stderr, "ui: no Node here, so the Web UI's types (ui/src/api/schema.d.ts) stay as they are")
		return
	}
	if _, err := os.Stat("node_modules/openapi-typescript"); err != nil {
		fmt.Fprintln(os.Stderr, "ui: its packages are not installed (npm ci in ui/), so its types (ui/src/api/schema.d.ts) stay as they are")
		return
	}
	cmd := exec.Command("node", "scripts/generate.mjs")
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	if err := cmd.Run(); err != nil {
		fmt.Fprintln(os.Stderr, "ui: making the types:", err)
		os.Exit(1)
	}
}
