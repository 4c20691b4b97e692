package git

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/go-git/go-billy/v5/osfs"
	gogit "github.com/go-git/go-git/v5"
	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/cache"
	"github.com/go-git/go-git/v5/plumbing/object"
	"github.com/go-git/go-git/v5/storage/filesystem"
)

// InitBare makes a bare repository at path whose branch (default "main") has a first, empty commit, so that it can be
// cloned and followed before anything is deployed. A repository that is there is left as it is.
func InitBare(path, branch string) error {
	if branch == "" {
		branch = defaultBranch
	}
	name := plumbing.NewBranchReferenceName(branch)
	if err := name.Validate(); err != nil {
		return fmt.Errorf("repository %s: branch %q is not a valid branch name", path, branch)
	}
	if isRepository(path) {
		return nil
	}
	entries, err := os.ReadDir(path)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("repository %s: %w", path, err)
	}
	if len(entries) > 0 {
		return fmt.Errorf("repository %s: the directory is not empty and is no bare repository", path)
	}
	return initBare(path, name)
}

// initBare builds the repository beside its place and renames it, so that a crash leaves none that is half made.
func initBare(path string, branch plumbing.ReferenceName) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return fmt.Errorf("repository %s: %w", path, err)
	}
	tmp, err := os.MkdirTemp(filepath.Dir(path), ".init-*")
	if err != nil {
		return fmt.Errorf("repository %s: %w", path, err)
	}
	defer os.RemoveAll(tmp)
	if err := os.Chmod(tmp, 0o755); err != nil {
		return fmt.Errorf("repository %s: %w", path, err)
	}
	if err := fillBare(tmp, branch); err != nil {
		return fmt.Errorf("repository %s: %w", path, err)
	}
	if err := os.Rename(tmp, path); err != nil && !isRepository(path) {
		return fmt.Errorf("repository %s: %w", path, err)
	}
	return nil
}

func fillBare(dir string, branch plumbing.ReferenceName) error {
	if _, err := gogit.PlainInit(dir, true); err != nil {
		return err
	}
	store := filesystem.NewStorage(osfs.New(dir), cache.NewObjectLRUDefault())
	defer store.Close()
	tree, err := storeObject(store, &object.Tree{})
	if err != nil {
		return err
	}
	by := object.Signature{Name: committerName, Email: committerEmail, When: time.Now().UTC()}
	commit, err := storeObject(store, &object.Commit{Author: by, Committer: by, Message: "Start the repository\n", TreeHash: tree})
	if err != nil {
		return err
	}
	if err := store.SetReference(plumbing.NewHashReference(branch, commit)); err != nil {
		return err
	}
	return store.SetReference(plumbing.NewSymbolicReference(plumbing.HEAD, branch))
}
