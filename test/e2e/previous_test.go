package e2e

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// previousCommit stands in for the last release until there is one with a tag.
const previousCommit = "9b50040f4eedf354ac9ea67fc43e1c6a15cd1b80"

var previousBuild struct {
	once          sync.Once
	path, version string
	skip          string // why it cannot be built here
	err           error
}

// previous builds the last release, or previousCommit, from the repository's history, once for a commit: the program is kept in
// bin/e2e. It skips, and says so, where the history is not there, as in a shallow clone.
func previous(t *testing.T) (path, version string) {
	t.Helper()
	b := &previousBuild
	b.once.Do(func() { b.path, b.version, b.skip, b.err = buildPrevious() })
	if b.skip != "" {
		t.Skip("the upgrade from the previous build is NOT tested: " + b.skip)
	}
	require.NoError(t, b.err)
	return b.path, b.version
}

func buildPrevious() (path, version, skip string, err error) {
	root, err := filepath.Abs("../..")
	if err != nil {
		return "", "", "", err
	}
	version = lastRelease(root)
	commit, err := gitOutput(root, "rev-parse", "--verify", "--quiet", version+"^{commit}")
	if err != nil {
		return "", version, fmt.Sprintf("commit %s is not in this clone; fetch the whole history (git fetch --unshallow --tags)", version), nil
	}
	folder := filepath.Join(root, "bin", "e2e", "previous-"+commit[:12])
	path = filepath.Join(folder, "slipway")
	if _, err := os.Stat(path); err == nil {
		return path, version, "", nil
	}
	source := filepath.Join(folder, "source")
	defer func() { _ = os.RemoveAll(source) }()
	if err := extract(root, commit, source); err != nil {
		return "", version, "", err
	}
	cmd := exec.Command("go", "build", "-ldflags", "-X main.version="+version, "-o", path+".new", "./cmd/slipway")
	cmd.Dir = source
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", version, "", fmt.Errorf("building %s: %w\n%s", version, err, out)
	}
	return path, version, "", os.Rename(path+".new", path)
}

// lastRelease is the newest tag of a release before what is checked out, else previousCommit.
func lastRelease(root string) string {
	if tag, err := gitOutput(root, "describe", "--tags", "--abbrev=0", "--match", "v[0-9]*", "HEAD^"); err == nil {
		return tag
	}
	return previousCommit
}

func gitOutput(root string, args ...string) (string, error) {
	out, err := exec.Command("git", append([]string{"-C", root}, args...)...).Output()
	return strings.TrimSpace(string(out)), err
}

// extract puts the tree of a commit into a folder.
func extract(root, commit, folder string) error {
	if err := os.RemoveAll(folder); err != nil {
		return err
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	tree, err := exec.Command("git", "-C", root, "archive", "--format=tar", commit).Output()
	if err != nil {
		return fmt.Errorf("git archive %s: %w", commit, err)
	}
	untar := exec.Command("tar", "-x", "-C", folder)
	untar.Stdin = bytes.NewReader(tree)
	if out, err := untar.CombinedOutput(); err != nil {
		return fmt.Errorf("unpack %s: %w: %s", commit, err, out)
	}
	return nil
}
