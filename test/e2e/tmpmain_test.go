package e2e

import "os"

func mainPackage() string {
	if p := os.Getenv("SLIPWAY_E2E_MAIN"); p != "" {
		return p
	}
	return "../../cmd/slipway"
}
