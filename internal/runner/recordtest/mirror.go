package recordtest

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"testing"
)

// Mirror returns a filesystem mirror that holds the provider
// slipway.test/dev/slipwaytest 1.0.0. It is built once for each version of its
// source and kept in the user's cache folder.
func Mirror(t testing.TB) string {
	t.Helper()
	path, err := mirror()
	if err != nil {
		t.Fatalf("build the provider for tests: %v", err)
	}
	return path
}

func mirror() (string, error) {
	source := filepath.Join(repository(), "dev", "testprovider")
	version, err := digest(source)
	if err != nil {
		return "", err
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	root := filepath.Join(cache, "slipway", "testprovider", version)
	platform := runtime.GOOS + "_" + runtime.GOARCH
	program := filepath.Join(root, "slipway.test", "dev", "slipwaytest", "1.0.0", platform, "terraform-provider-slipwaytest_v1.0.0")
	if _, err := os.Stat(program); err == nil {
		return root, nil
	}
	if err := os.MkdirAll(filepath.Dir(program), 0o755); err != nil {
		return "", err
	}
	fresh, err := os.MkdirTemp(root, "build")
	if err != nil {
		return "", err
	}
	defer func() { _ = os.RemoveAll(fresh) }()
	built := filepath.Join(fresh, "provider")
	build := exec.Command("go", "build", "-o", built, ".")
	build.Dir = source
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("%w: %s", err, out)
	}
	return root, os.Rename(built, program) // two that build at once make the same
}

// digest names the version of the provider's source.
func digest(dir string) (string, error) {
	names, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil || len(names) == 0 {
		return "", fmt.Errorf("there is no source in %s", dir)
	}
	slices.Sort(names)
	sum := sha256.New()
	for _, name := range names {
		f, err := os.Open(name)
		if err != nil {
			return "", err
		}
		_, err = io.Copy(sum, f)
		_ = f.Close()
		if err != nil {
			return "", err
		}
	}
	return hex.EncodeToString(sum.Sum(nil))[:16], nil
}
