// Command generate makes the Web UI's list of permissions from that of the orchestrator, and its types from the OpenAPI
// document. The types need Node and the UI's packages (`npm ci` in ui/); where they are missing it says so and leaves the
// types as they are.
package main

import (
	"fmt"
	"os"
	"os/exec"
	"strings"

	"github.com/slipway-dev/slipway/orchestrator"
)

func main() {
	if err := os.WriteFile("src/api/permissions.ts", permissions(), 0o644); err != nil {
		fmt.Fprintln(os.Stderr, "ui: writing the permissions:", err)
		os.Exit(1)
	}
	types()
}

// permissions is a table of all permissions with the weakest role that gives each.
func permissions() []byte {
	var out strings.Builder
	out.WriteString("// Made from orchestrator/permissions.go by `make generate`; do not edit.\n\n")
	out.WriteString("/** Every permission, and the weakest role that gives it on which kind of object. */\n")
	out.WriteString("export const leastRoles = {\n")
	for _, r := range orchestrator.LeastRoles() {
		fmt.Fprintf(&out, "  %q: { on: %q, role: %q },\n", r.Permission, r.On, r.Role)
	}
	out.WriteString("} as const;\n\nexport type Permission = keyof typeof leastRoles;\n")
	return []byte(out.String())
}

func types() {
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
