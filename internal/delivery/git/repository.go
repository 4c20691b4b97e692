package git

import (
	"context"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/storer"
	"github.com/go-git/go-git/v5/storage/memory"
)

// repository is where a branch lives.
type repository interface {
	// head gives the newest commit of the branch, zero when there is none, and makes its files and recent history
	// readable through objects.
	head(ctx context.Context) (plumbing.Hash, error)
	objects() storer.EncodedObjectStorer
	// advance adds the fresh objects and moves the branch from old (zero: it must not exist) to commit, or fails,
	// with errMoved if the branch is not at old.
	advance(ctx context.Context, old, commit plumbing.Hash, fresh *memory.Storage) error
	// renew drops what is cached, if that was not done before.
	renew() bool
	close()
}

func (d *Deliverer) open(ctx context.Context, loc location) (repository, error) {
	if loc.endpoint == nil {
		return openLocal(ctx, loc)
	}
	depth := d.HistoryDepth
	if depth <= 0 {
		depth = defaultDepth
	}
	return openRemote(ctx, loc, depth)
}
