package git

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/go-git/go-billy/v5/osfs"
	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/cache"
	"github.com/go-git/go-git/v5/plumbing/storer"
	"github.com/go-git/go-git/v5/storage/filesystem"
	"github.com/go-git/go-git/v5/storage/memory"

	"github.com/slipway-dev/slipway/internal/secrets/filelock"
)

// localLock is a file in the repository by which deliveries on this machine take turns.
const localLock = "slipway.lock"

// localRepository is a bare repository on this machine, written without a git program.
type localRepository struct {
	path    string
	branch  plumbing.ReferenceName
	store   *filesystem.Storage
	release func()
}

func openLocal(ctx context.Context, loc location) (repository, error) {
	if _, err := os.Stat(filepath.Join(loc.local, ".git")); err == nil {
		return nil, refused("%s has a working copy, which would not follow the branch; use a bare repository", loc.local)
	}
	if !isRepository(loc.local) {
		return nil, refused("%s is not a bare Git repository (git init --bare makes one)", loc.local)
	}
	release, err := filelock.Acquire(ctx, filepath.Join(loc.local, localLock))
	if err != nil {
		return nil, err
	}
	r := &localRepository{path: loc.local, branch: plumbing.NewBranchReferenceName(loc.Branch), release: release}
	r.reopen()
	return r, nil
}

func isRepository(dir string) bool {
	for _, name := range []string{"HEAD", "objects", "refs"} {
		if _, err := os.Stat(filepath.Join(dir, name)); err != nil {
			return false
		}
	}
	return true
}

// reopen forgets what was cached, so that packs and references written by others are seen.
func (r *localRepository) reopen() {
	r.store = filesystem.NewStorage(osfs.New(r.path), cache.NewObjectLRUDefault())
}

func (r *localRepository) objects() storer.EncodedObjectStorer { return r.store }
func (r *localRepository) renew() bool                         { return false }

func (r *localRepository) close() {
	_ = r.store.Close()
	r.release()
}

func (r *localRepository) head(ctx context.Context) (plumbing.Hash, error) {
	if err := ctx.Err(); err != nil {
		return plumbing.ZeroHash, err
	}
	_ = r.store.Close()
	r.reopen()
	return r.current()
}

func (r *localRepository) current() (plumbing.Hash, error) {
	ref, err := storer.ResolveReference(r.store, r.branch)
	if errors.Is(err, plumbing.ErrReferenceNotFound) {
		return plumbing.ZeroHash, nil
	}
	if err != nil {
		return plumbing.ZeroHash, fmt.Errorf("reading %s: %w", r.branch, err)
	}
	return ref.Hash(), nil
}

// advance follows Git's own protocol for a reference (a lock file beside it, created exclusively and renamed over it),
// so that it can be mixed with git programs.
func (r *localRepository) advance(ctx context.Context, old, commit plumbing.Hash, fresh *memory.Storage) error {
	for _, o := range fresh.Objects {
		if r.store.HasEncodedObject(o.Hash()) == nil {
			continue
		}
		if _, err := r.store.SetEncodedObject(o); err != nil {
			return fmt.Errorf("writing object %s: %w", o.Hash(), err)
		}
	}
	target := filepath.Join(r.path, filepath.FromSlash(r.branch.String()))
	if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
		return fmt.Errorf("writing %s: %w", r.branch, err)
	}
	lock, err := lockReference(ctx, r.path, r.branch, target, commit.String()+"\n")
	if err != nil {
		return err
	}
	defer lock.release()
	now, err := r.current()
	if err != nil {
		return err
	}
	if now != old {
		return errMoved
	}
	return lock.commit()
}
