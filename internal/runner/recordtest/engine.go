package recordtest

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"sync"
	"testing"

	"github.com/slipway-dev/slipway/internal/devenv"
)

var built = sync.OnceValues(func() (string, error) {
	return devenv.BuildOpenTofu(context.Background(), buildOptions())
})

// Terraform returns the path of the terraform or tofu on PATH, or of an OpenTofu
// that is built for the tests when there is neither. That is done once for each
// version, takes minutes, and is not done with -short: the test is skipped then.
func Terraform(t testing.TB) string {
	t.Helper()
	for _, name := range []string{"terraform", "tofu"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	if path, kept := devenv.KeptOpenTofu(buildOptions()); kept {
		return path
	}
	if testing.Short() {
		t.Skip("neither terraform nor tofu is on PATH, and OpenTofu is not built with -short")
	}
	path, err := built()
	if err != nil {
		t.Fatalf("neither terraform nor tofu is on PATH, and OpenTofu cannot be built: %v", err)
	}
	return path
}

// Engines returns all engines that are there, by name: at least one, and both
// Terraform and OpenTofu on a machine that has one and has built the other.
func Engines(t testing.TB) map[string]string {
	t.Helper()
	engines := map[string]string{}
	for name, program := range map[string]string{"terraform": "terraform", "opentofu": "tofu"} {
		if path, err := exec.LookPath(program); err == nil {
			engines[name] = path
		}
	}
	if _, there := engines["opentofu"]; there {
		return engines
	}
	if path, kept := devenv.KeptOpenTofu(buildOptions()); kept {
		engines["opentofu"] = path
	}
	if len(engines) == 0 {
		engines["opentofu"] = Terraform(t)
	}
	return engines
}

func buildOptions() devenv.BuildOptions {
	return devenv.BuildOptions{SourceDir: repository(), Log: func(line string) { fmt.Fprintln(os.Stderr, "recordtest: "+line) }}
}

// repository is the root of the checkout: tests are built and run in the same one.
func repository() string {
	_, here, _, _ := runtime.Caller(0)
	return filepath.Join(filepath.Dir(here), "..", "..", "..")
}
