package git

import (
	"maps"
	"path"
	"slices"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/filemode"
)

type action int

const (
	actionDeliver action = iota
	actionRemove
)

// change is what a commit does to the directory of an Environment; names are relative to it.
type change struct {
	write  map[string][]byte
	remove map[string]struct{}
}

func (c change) empty() bool                 { return len(c.write) == 0 && len(c.remove) == 0 }
func (c change) written(dir string) []string { return fullNames(dir, maps.Keys(c.write)) }
func (c change) removed(dir string) []string { return fullNames(dir, maps.Keys(c.remove)) }

func fullNames(dir string, names func(func(string) bool)) []string {
	var full []string
	for name := range names {
		full = append(full, path.Join(dir, name))
	}
	slices.Sort(full)
	return full
}

// planChange compares what should be in the directory with what is there.
func planChange(s *state, r Request, act action) (change, error) {
	if owner := s.owned.Environment; owner != "" && owner != r.environment() {
		return change{}, refused("directory %q belongs to Environment %s; give %s a path of its own", r.Path, owner, r.environment())
	}
	leaks := newLeakCheck(r)
	if err := leaks.checkText("the commit message", commitMessage(r, act)); err != nil {
		return change{}, err
	}
	wanted := map[string][]byte{}
	if act == actionDeliver {
		var err error
		if wanted, err = wantedFiles(s, r, leaks); err != nil {
			return change{}, err
		}
	}
	c := change{write: map[string][]byte{}, remove: map[string]struct{}{}}
	for name, content := range wanted {
		differs, err := s.compare(name, content)
		if err != nil {
			return change{}, err
		}
		if differs {
			c.write[name] = content
		}
	}
	return c, s.planRemovals(wanted, c.remove)
}

// compare tells whether a file must be written, and refuses when that would destroy somebody else's.
func (s *state) compare(name string, content []byte) (bool, error) {
	entry, err := s.entry(name)
	if err != nil || entry == nil {
		return true, err
	}
	full := path.Join(s.dir, name)
	if entry.Mode == filemode.Dir || entry.Mode == filemode.Submodule {
		return false, refused("%s is a directory in the repository, and a file of that name is to be written; move it", full)
	}
	if isRegular(entry.Mode) && entry.Hash == plumbing.ComputeHash(plumbing.BlobObject, content) {
		return false, nil
	}
	if _, ours := s.owned.Files[name]; !ours && name != inventoryFile {
		return false, refused("%s exists and was not written by Slipway; move it, or deliver to another path", full)
	}
	return true, nil
}

func (s *state) planRemovals(wanted map[string][]byte, remove map[string]struct{}) error {
	candidates := slices.Collect(maps.Keys(s.owned.Files))
	if s.recall {
		candidates = append(candidates, inventoryFile)
	}
	for _, name := range candidates {
		if _, stays := wanted[name]; stays {
			continue
		}
		entry, err := s.entry(name)
		if err != nil {
			return err
		}
		if entry != nil && entry.Mode != filemode.Dir && entry.Mode != filemode.Submodule {
			remove[name] = struct{}{}
		}
	}
	return nil
}

// wantedFiles renders the directory: objects, kustomization and inventory.
func wantedFiles(s *state, r Request, leaks leakCheck) (map[string][]byte, error) {
	if err := s.refuseOtherKustomization(); err != nil {
		return nil, err
	}
	names, err := fileNames(r.Objects)
	if err != nil {
		return nil, err
	}
	if err := checkSecretsMode(r); err != nil {
		return nil, err
	}
	files := make(map[string][]byte, len(names)+2)
	for i, o := range r.Objects {
		content, err := renderObject(s, r, names[i], o)
		if err != nil {
			return nil, err
		}
		if err := leaks.check(o, content); err != nil {
			return nil, err
		}
		files[names[i]] = content
	}
	if files[kustomizationFile], err = marshalKustomization(resourceOrder(r.Objects, names)); err != nil {
		return nil, err
	}
	inv := inventory{Version: inventoryVersion, Environment: r.environment(), Files: make(map[string]string, len(files))}
	for name, content := range files {
		inv.Files[name] = digest(content)
	}
	if files[inventoryFile], err = inv.marshal(); err != nil {
		return nil, err
	}
	return files, nil
}

func renderObject(s *state, r Request, name string, o Object) ([]byte, error) {
	if err := checkObject(o); err != nil {
		return nil, err
	}
	if !o.isSecret() && !o.Kept {
		return renderYAML(o, o.Tree)
	}
	previous, err := s.previous(name)
	if err != nil {
		return nil, err
	}
	if o.Kept && previous != nil {
		return previous, nil
	}
	if !o.isSecret() {
		return renderYAML(o, o.Tree)
	}
	return sealSecret(r, name, o, previous)
}

func checkSecretsMode(r Request) error {
	for _, o := range r.Objects {
		if !o.isSecret() {
			continue
		}
		if r.SecretsMode == SecretsRefuse {
			return refused("%s: this target takes no Secrets (secrets mode %q); use ExternalSecrets, or mode %q with an age recipient", o.ref(), SecretsRefuse, SecretsSOPS)
		}
		if len(r.AgeRecipients) == 0 {
			return refused("%s: there is no age recipient to encrypt to; give the target the public key (age1...) of the cluster", o.ref())
		}
	}
	return nil
}

// refuseOtherKustomization: kustomize fails on a directory with two of its three possible file names.
func (s *state) refuseOtherKustomization() error {
	for _, name := range []string{"kustomization.yml", "Kustomization"} {
		entry, err := s.entry(name)
		if err != nil {
			return err
		}
		if entry != nil {
			return refused("%s exists beside the %s that Slipway writes; move it, or deliver to another path", path.Join(s.dir, name), kustomizationFile)
		}
	}
	return nil
}
