package git

import (
	"fmt"
	"path"
	"sort"
	"strings"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/filemode"
	"github.com/go-git/go-git/v5/plumbing/object"
	"github.com/go-git/go-git/v5/plumbing/storer"
	"github.com/go-git/go-git/v5/storage/memory"
)

// treeEditor makes new trees out of old ones without a working copy: only the directories on the way to a change are
// read and written, so the cost does not grow with the repository.
type treeEditor struct {
	read  storer.EncodedObjectStorer
	write *memory.Storage
}

// root applies edits (full path to blob; the zero hash removes) to a root tree and stores the result, an empty tree too.
func (e treeEditor) root(base plumbing.Hash, edits map[string]plumbing.Hash) (plumbing.Hash, error) {
	if len(edits) == 0 && !base.IsZero() {
		return base, nil
	}
	hash, err := e.edit("", base, edits)
	if err != nil || !hash.IsZero() {
		return hash, err
	}
	return storeObject(e.write, &object.Tree{})
}

// edit gives the zero hash for a directory that becomes empty: Git keeps none.
func (e treeEditor) edit(dir string, base plumbing.Hash, edits map[string]plumbing.Hash) (plumbing.Hash, error) {
	entries := map[string]object.TreeEntry{}
	if !base.IsZero() {
		tree, err := object.GetTree(e.read, base)
		if err != nil {
			return plumbing.ZeroHash, fmt.Errorf("reading directory %q: %w", dir, err)
		}
		for _, entry := range tree.Entries {
			entries[entry.Name] = entry
		}
	}
	below := map[string]map[string]plumbing.Hash{}
	for name, hash := range edits {
		first, rest, deeper := strings.Cut(name, "/")
		if deeper {
			if below[first] == nil {
				below[first] = map[string]plumbing.Hash{}
			}
			below[first][rest] = hash
			continue
		}
		if hash.IsZero() {
			delete(entries, first)
			continue
		}
		entries[first] = object.TreeEntry{Name: first, Mode: filemode.Regular, Hash: hash}
	}
	for name, inner := range below {
		if err := e.editBelow(dir, name, entries, inner); err != nil {
			return plumbing.ZeroHash, err
		}
	}
	return e.store(entries)
}

func (e treeEditor) editBelow(dir, name string, entries map[string]object.TreeEntry, edits map[string]plumbing.Hash) error {
	full := path.Join(dir, name)
	old, there := entries[name]
	if there && old.Mode != filemode.Dir {
		return refused("%s is a file in the repository, and a directory of that name is needed; move it", full)
	}
	hash, err := e.edit(full, old.Hash, edits)
	if err != nil {
		return err
	}
	if hash.IsZero() {
		delete(entries, name)
		return nil
	}
	entries[name] = object.TreeEntry{Name: name, Mode: filemode.Dir, Hash: hash}
	return nil
}

func (e treeEditor) store(entries map[string]object.TreeEntry) (plumbing.Hash, error) {
	if len(entries) == 0 {
		return plumbing.ZeroHash, nil
	}
	tree := &object.Tree{}
	for _, entry := range entries {
		tree.Entries = append(tree.Entries, entry)
	}
	sort.Sort(object.TreeEntrySorter(tree.Entries))
	return storeObject(e.write, tree)
}

type encoder interface {
	Encode(plumbing.EncodedObject) error
}

func storeObject(store storer.EncodedObjectStorer, o encoder) (plumbing.Hash, error) {
	encoded := store.NewEncodedObject()
	if err := o.Encode(encoded); err != nil {
		return plumbing.ZeroHash, fmt.Errorf("writing a Git object: %w", err)
	}
	return store.SetEncodedObject(encoded)
}

func storeBlob(store storer.EncodedObjectStorer, content []byte) (plumbing.Hash, error) {
	encoded := store.NewEncodedObject()
	encoded.SetType(plumbing.BlobObject)
	w, err := encoded.Writer()
	if err != nil {
		return plumbing.ZeroHash, fmt.Errorf("writing a Git object: %w", err)
	}
	if _, err := w.Write(content); err != nil {
		return plumbing.ZeroHash, fmt.Errorf("writing a Git object: %w", err)
	}
	if err := w.Close(); err != nil {
		return plumbing.ZeroHash, fmt.Errorf("writing a Git object: %w", err)
	}
	return store.SetEncodedObject(encoded)
}
