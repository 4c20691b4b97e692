package git

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/go-git/go-git/v5/plumbing"
)

// leftAfter is the age after which a lock that Slipway made was left by a process that was killed: it is held for as long
// as it takes to read a reference. On this machine localLock tells already; this is for others that share the repository.
const leftAfter = 2 * time.Second

// referenceLock is the lock file of a reference, as git programs make it, with the new value in it. It is a second name of
// a file of our own beside, so that one that a killed process left behind can be told from that of a git program.
type referenceLock struct {
	branch    plumbing.ReferenceName
	target    string // of the reference
	path      string // of the lock, target with .lock
	own       string // our name of it
	committed bool
}

// lockReference takes the lock of a reference whose next value is content, after it has taken away what a killed process
// of Slipway left behind. That of a git program is an error; nobody but a person can tell whether that program is alive.
func lockReference(ctx context.Context, repository string, branch plumbing.ReferenceName, target, content string) (*referenceLock, error) {
	prefix := "slipway.lock." + url.PathEscape(branch.String()) + "."
	l := &referenceLock{branch: branch, target: target, path: target + ".lock"}
	left, err := filesWith(repository, prefix)
	if err != nil {
		return nil, l.failed(err)
	}
	for _, own := range left {
		if err := l.takeAway(ctx, own); err != nil {
			return nil, err
		}
	}
	if l.own, err = writeSynced(repository, prefix, content); err != nil {
		return nil, l.failed(err)
	}
	err = os.Link(l.own, l.path)
	if errors.Is(err, errors.ErrUnsupported) || errors.Is(err, fs.ErrPermission) { // a file system without second names
		_ = os.Remove(l.own)
		l.own = l.path
		err = writeExclusively(l.path, content)
	}
	if err == nil {
		return l, nil
	}
	if l.own != l.path {
		_ = os.Remove(l.own)
	}
	if errors.Is(err, fs.ErrExist) {
		return nil, fmt.Errorf("%s is locked; if no git process is running, remove %s", branch, l.path)
	}
	return nil, fmt.Errorf("locking %s: %w", branch, err)
}

// commit makes the content of the lock the value of the reference.
func (l *referenceLock) commit() error {
	if !sameFile(l.own, l.path) {
		return fmt.Errorf("writing %s: its lock %s is not there any more", l.branch, l.path)
	}
	if err := os.Rename(l.path, l.target); err != nil {
		return l.failed(err)
	}
	l.committed = true
	return nil
}

// release gives the lock back; what was committed stays.
func (l *referenceLock) release() {
	if !l.committed && sameFile(l.own, l.path) {
		_ = os.Remove(l.path)
	}
	if l.own != l.path {
		_ = os.Remove(l.own)
	}
}

// takeAway removes a lock by one of our names for it, once it is old enough.
func (l *referenceLock) takeAway(ctx context.Context, own string) error {
	for seen := time.Now(); ; {
		file, err := os.Stat(own)
		if errors.Is(err, fs.ErrNotExist) {
			return nil // whoever held it is alive
		}
		if err != nil {
			return l.failed(err)
		}
		if time.Since(file.ModTime()) >= leftAfter || time.Since(seen) >= leftAfter { // clocks may differ
			break
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(leftAfter / 20):
		}
	}
	if sameFile(own, l.path) {
		if err := os.Remove(l.path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return l.failed(err)
		}
	}
	if err := os.Remove(own); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return l.failed(err)
	}
	return nil
}

func (l *referenceLock) failed(err error) error { return fmt.Errorf("writing %s: %w", l.branch, err) }

func sameFile(a, b string) bool {
	one, err := os.Stat(a)
	if err != nil {
		return false
	}
	other, err := os.Stat(b)
	return err == nil && os.SameFile(one, other)
}

// filesWith lists the files of a folder whose names begin so.
func filesWith(folder, prefix string) ([]string, error) {
	entries, err := os.ReadDir(folder)
	var found []string
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), prefix) {
			found = append(found, filepath.Join(folder, e.Name()))
		}
	}
	return found, err
}

// writeSynced makes a file with a name of its own.
func writeSynced(folder, prefix, content string) (string, error) {
	f, err := os.CreateTemp(folder, prefix+"*")
	if err != nil {
		return "", err
	}
	return f.Name(), fill(f, content)
}

func writeExclusively(path, content string) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	return fill(f, content)
}

// fill writes all of a file that was made for it, or removes it.
func fill(f *os.File, content string) error {
	_, err := f.WriteString(content)
	err = errors.Join(err, f.Chmod(0o644), f.Sync(), f.Close())
	if err != nil {
		_ = os.Remove(f.Name())
	}
	return err
}
