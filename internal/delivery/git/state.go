package git

import (
	"errors"
	"fmt"
	"io"
	"path"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/filemode"
	"github.com/go-git/go-git/v5/plumbing/object"
	"github.com/go-git/go-git/v5/plumbing/storer"
)

// maxBlob bounds what is read into memory of a file that somebody else may have replaced.
const maxBlob = 16 << 20

// state is the directory of an Environment at one commit.
type state struct {
	store  storer.EncodedObjectStorer
	head   plumbing.Hash // zero: the branch does not exist
	root   *object.Tree  // nil: nothing is there
	trees  map[string]*object.Tree
	dir    string
	owned  inventory
	recall bool // the inventory was there, with its digests
}

func openState(store storer.EncodedObjectStorer, head plumbing.Hash, dir string) (*state, error) {
	s := &state{store: store, head: head, dir: dir, trees: map[string]*object.Tree{}}
	if head.IsZero() {
		return s, nil
	}
	commit, err := object.GetCommit(store, head)
	if err != nil {
		return nil, fmt.Errorf("reading commit %s: %w", head, err)
	}
	if s.root, err = commit.Tree(); err != nil {
		return nil, fmt.Errorf("reading the tree of commit %s: %w", head, err)
	}
	return s, s.readInventory()
}

func (s *state) readInventory() error {
	raw, err := s.read(inventoryFile)
	if err != nil {
		return err
	}
	if raw != nil {
		s.owned, err = parseInventory(raw)
		s.recall = err == nil
		return err
	}
	raw, err = s.read(kustomizationFile)
	if err != nil || raw == nil {
		return err
	}
	s.owned, _ = inventoryOfKustomization(raw)
	return nil
}

// entry finds a name below the Environment's directory; nil when it is not there.
func (s *state) entry(name string) (*object.TreeEntry, error) {
	full := path.Join(s.dir, name)
	parent, err := s.directory(path.Dir(full))
	if err != nil || parent == nil {
		return nil, err
	}
	return lookup(parent, path.Base(full))
}

// directory finds a directory of the repository; nil when it is not there or is something else.
func (s *state) directory(dir string) (*object.Tree, error) {
	if dir == "." || s.root == nil {
		return s.root, nil
	}
	if tree, known := s.trees[dir]; known {
		return tree, nil
	}
	parent, err := s.directory(path.Dir(dir))
	if err != nil || parent == nil {
		return nil, err
	}
	entry, err := lookup(parent, path.Base(dir))
	if err != nil || entry == nil || entry.Mode != filemode.Dir {
		return nil, err
	}
	tree, err := object.GetTree(s.store, entry.Hash)
	if err != nil {
		return nil, fmt.Errorf("reading directory %s: %w", dir, err)
	}
	s.trees[dir] = tree
	return tree, nil
}

func lookup(tree *object.Tree, name string) (*object.TreeEntry, error) {
	entry, err := tree.FindEntry(name)
	if errors.Is(err, object.ErrEntryNotFound) {
		return nil, nil
	}
	return entry, err
}

// read gives the content of a regular file, nil when there is none.
func (s *state) read(name string) ([]byte, error) {
	entry, err := s.entry(name)
	if err != nil || entry == nil || !isRegular(entry.Mode) {
		return nil, err
	}
	blob, err := object.GetBlob(s.store, entry.Hash)
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", path.Join(s.dir, name), err)
	}
	if blob.Size > maxBlob {
		return nil, refused("%s has %d bytes; at most %d are read", path.Join(s.dir, name), blob.Size, maxBlob)
	}
	r, err := blob.Reader()
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", path.Join(s.dir, name), err)
	}
	defer r.Close()
	raw, err := io.ReadAll(io.LimitReader(r, maxBlob+1))
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", path.Join(s.dir, name), err)
	}
	return raw, nil
}

// previous gives the content of a file that is as Slipway wrote it, nil otherwise.
func (s *state) previous(name string) ([]byte, error) {
	want := s.owned.Files[name]
	if !s.recall || want == "" {
		return nil, nil
	}
	raw, err := s.read(name)
	if err != nil || raw == nil || digest(raw) != want {
		return nil, err
	}
	return raw, nil
}

func isRegular(mode filemode.FileMode) bool {
	return mode == filemode.Regular || mode == filemode.Deprecated || mode == filemode.Executable
}
