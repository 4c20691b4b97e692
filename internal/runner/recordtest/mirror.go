package recordtest

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"runtime"
	"slices"
	"testing"
)

// Mirror returns a filesystem mirror that holds the provider
// slipway.test/dev/slipwaytest 1.0.0 and stand-ins for the public providers that
// examples/ uses: see dev/testprovider. It is built once for each version of its
// source and kept in the user's cache folder.
func Mirror(t testing.TB) string {
	t.Helper()
	root, err := mirror()
	if err != nil {
		t.Fatalf("build the provider for tests: %v", err)
	}
	return root
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
	last := placeOf(root, "slipway.test/dev/slipwaytest/1.0.0")
	if _, err := os.Stat(last); err == nil {
		return root, nil
	}
	if err := os.MkdirAll(root, 0o755); err != nil {
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
	build.Env = append(os.Environ(), "CGO_ENABLED=0", "GOWORK=off")
	if out, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("%w: %s", err, out)
	}
	for _, p := range standIns {
		if err := place(built, placeOf(root, p)); err != nil {
			return "", err
		}
	}
	return root, place(built, last)
}

// standIns are public providers as Terraform and as OpenTofu look for them.
var standIns = []string{
	"registry.terraform.io/cyrilgdn/postgresql/1.25.0", "registry.opentofu.org/cyrilgdn/postgresql/1.25.0",
	"registry.terraform.io/hashicorp/random/3.7.2", "registry.opentofu.org/hashicorp/random/3.7.2",
}

// placeOf is the program's path for HOST/NAMESPACE/TYPE/VERSION in a mirror's unpacked layout.
func placeOf(root, provider string) string {
	version := path.Base(provider)
	return filepath.Join(root, filepath.FromSlash(provider), runtime.GOOS+"_"+runtime.GOARCH,
		"terraform-provider-"+path.Base(path.Dir(provider))+"_v"+version)
}

// place links the program to where it is looked for; two that build at once make the same.
func place(built, target string) error {
	if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
		return err
	}
	if err := os.Link(built, target); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return nil
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
