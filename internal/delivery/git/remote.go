package git

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"

	"github.com/go-git/go-billy/v5/osfs"
	gogit "github.com/go-git/go-git/v5"
	"github.com/go-git/go-git/v5/config"
	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/cache"
	"github.com/go-git/go-git/v5/plumbing/format/packfile"
	"github.com/go-git/go-git/v5/plumbing/object"
	"github.com/go-git/go-git/v5/plumbing/protocol/packp"
	"github.com/go-git/go-git/v5/plumbing/storer"
	"github.com/go-git/go-git/v5/plumbing/transport"
	"github.com/go-git/go-git/v5/plumbing/transport/client"
	"github.com/go-git/go-git/v5/storage"
	"github.com/go-git/go-git/v5/storage/filesystem"
	"github.com/go-git/go-git/v5/storage/memory"

	"github.com/slipway-dev/slipway/internal/secrets/filelock"
)

// remoteRepository is reached over https or ssh. What was fetched is kept in a bare repository of its own below
// CacheDir, which holds nothing that the remote does not.
type remoteRepository struct {
	loc    location
	auth   transport.AuthMethod
	branch plumbing.ReferenceName
	depth  int
	dir    string // empty: the store is in memory

	store     storage.Storer
	renewed   bool
	running   sync.WaitGroup
	abandoned bool
	release   func()
}

func openRemote(ctx context.Context, loc location, depth int) (repository, error) {
	auth, err := authentication(ctx, loc)
	if err != nil {
		return nil, err
	}
	r := &remoteRepository{
		loc: loc, auth: auth, branch: plumbing.NewBranchReferenceName(loc.Branch), depth: depth,
		store: memory.NewStorage(), release: func() {},
	}
	if loc.CacheDir == "" {
		return r, nil
	}
	sum := sha256.Sum256([]byte(loc.shown))
	r.dir = filepath.Join(loc.CacheDir, hex.EncodeToString(sum[:12])+".git")
	if r.release, err = filelock.Acquire(ctx, r.dir+".lock"); err != nil {
		return nil, err
	}
	if err := r.openCache(); err != nil {
		r.release()
		return nil, err
	}
	return r, nil
}

func (r *remoteRepository) openCache() error {
	if !isRepository(r.dir) {
		if err := os.RemoveAll(r.dir); err != nil {
			return fmt.Errorf("clearing the cache %s: %w", r.dir, err)
		}
		if _, err := gogit.PlainInit(r.dir, true); err != nil {
			return fmt.Errorf("making the cache %s: %w", r.dir, err)
		}
	}
	r.store = filesystem.NewStorage(osfs.New(r.dir), cache.NewObjectLRUDefault())
	return nil
}

func (r *remoteRepository) objects() storer.EncodedObjectStorer { return r.store }

// renew throws the cache away, once: history that was fetched in part, or a cache damaged by a crash, may lack an object.
func (r *remoteRepository) renew() bool {
	if r.renewed {
		return false
	}
	r.renewed = true
	r.closeStore()
	if r.dir == "" {
		r.store = memory.NewStorage()
		return true
	}
	return os.RemoveAll(r.dir) == nil && r.openCache() == nil
}

func (r *remoteRepository) closeStore() {
	if c, ok := r.store.(io.Closer); ok {
		_ = c.Close()
	}
}

// close waits for an operation that was given up in the background: it may still write to the cache.
func (r *remoteRepository) close() {
	finish := func() {
		r.running.Wait()
		r.closeStore()
		r.release()
	}
	if r.abandoned {
		go finish()
		return
	}
	finish()
}

// bounded ends with the context also where the transport does not (an ssh server that accepts and says nothing).
func (r *remoteRepository) bounded(ctx context.Context, op func() error) error {
	done := make(chan error, 1)
	r.running.Go(func() { done <- op() })
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		r.abandoned = true
		return ctx.Err()
	}
}

func (r *remoteRepository) head(ctx context.Context) (plumbing.Hash, error) {
	var found plumbing.Hash
	err := r.bounded(ctx, func() error {
		head, err := r.fetch(ctx)
		if err != nil {
			return err
		}
		found = head
		return nil
	})
	if err != nil {
		return plumbing.ZeroHash, err
	}
	return found, nil
}

func (r *remoteRepository) fetch(ctx context.Context) (plumbing.Hash, error) {
	tracking := plumbing.NewRemoteReferenceName("origin", r.loc.Branch)
	spec := config.RefSpec(fmt.Sprintf("+%s:%s", r.branch, tracking))
	remote := gogit.NewRemote(r.store, &config.RemoteConfig{Name: "origin", URLs: []string{r.loc.remoteURL()}, Fetch: []config.RefSpec{spec}})
	err := remote.FetchContext(ctx, &gogit.FetchOptions{
		RefSpecs: []config.RefSpec{spec}, Depth: r.depth, Auth: r.auth, Tags: gogit.NoTags, Force: true, CABundle: []byte(r.loc.CABundle),
	})
	var none gogit.NoMatchingRefSpecError
	if errors.Is(err, transport.ErrEmptyRemoteRepository) || errors.As(err, &none) {
		return plumbing.ZeroHash, nil
	}
	if err != nil && !errors.Is(err, gogit.NoErrAlreadyUpToDate) {
		return plumbing.ZeroHash, fmt.Errorf("fetching: %w", err)
	}
	ref, err := r.store.Reference(tracking)
	if err != nil {
		return plumbing.ZeroHash, fmt.Errorf("fetching: %w", err)
	}
	if _, err := object.GetCommit(r.store, ref.Hash()); err != nil {
		return plumbing.ZeroHash, fmt.Errorf("reading commit %s: %w", ref.Hash(), err)
	}
	return ref.Hash(), nil
}

func (r *remoteRepository) advance(ctx context.Context, old, commit plumbing.Hash, fresh *memory.Storage) error {
	return r.bounded(ctx, func() error { return r.push(ctx, old, commit, fresh) })
}

// push speaks to the server itself instead of through go-git's Remote: the objects to send are known, which spares
// walking the whole history, and the old value of the branch is ours, so the server's comparison is exact.
func (r *remoteRepository) push(ctx context.Context, old, commit plumbing.Hash, fresh *memory.Storage) error {
	endpoint, err := r.loc.dial()
	if err != nil {
		return err
	}
	transporter, err := client.NewClient(endpoint)
	if err != nil {
		return err
	}
	session, err := transporter.NewReceivePackSession(endpoint, r.auth)
	if err != nil {
		return err
	}
	defer session.Close()
	advertised, err := session.AdvertisedReferencesContext(ctx)
	if err != nil {
		return err
	}
	if advertised.References[r.branch.String()] != old {
		return errMoved
	}
	request := packp.NewReferenceUpdateRequestFromCapabilities(advertised.Capabilities)
	request.Commands = []*packp.Command{{Name: r.branch, Old: old, New: commit}}
	reader, writer := io.Pipe()
	request.Packfile = reader
	go func() {
		_, err := packfile.NewEncoder(writer, fresh, false).Encode(hashesOf(fresh), 0)
		_ = writer.CloseWithError(err)
	}()
	// Closing the reader ends the goroutine also when the server stopped reading.
	defer reader.Close()
	report, err := session.ReceivePack(ctx, request)
	if err != nil {
		return err
	}
	if report == nil {
		return nil
	}
	return report.Error()
}

func hashesOf(fresh *memory.Storage) []plumbing.Hash {
	hashes := make([]plumbing.Hash, 0, len(fresh.Objects))
	for hash := range fresh.Objects {
		hashes = append(hashes, hash)
	}
	return hashes
}
