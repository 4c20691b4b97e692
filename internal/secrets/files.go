package secrets

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
)

const (
	privateFile = 0o600
	privateDir  = 0o700
)

func writableByOthers(mode fs.FileMode) bool {
	return runtime.GOOS != "windows" && mode.Perm()&0o022 != 0
}

// writeNew creates path with its whole content or not at all, and fails with fs.ErrExist when it is there: the content
// goes to a temporary file first, which is then linked to the name. A link, unlike a rename, does not replace.
func writeNew(path string, content []byte) error {
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, privateDir); err != nil {
		return err
	}
	tmp, err := writeTemporary(path, content)
	if err != nil {
		return err
	}
	defer os.Remove(tmp)
	if err := os.Link(tmp, path); err != nil {
		return err
	}
	return syncDir(dir)
}

// replaceFile swaps the content of path atomically: a reader sees the old file or the new one.
func replaceFile(path string, content []byte) error {
	tmp, err := writeTemporary(path, content)
	if err != nil {
		return err
	}
	if err := os.Rename(tmp, path); err != nil {
		_ = os.Remove(tmp)
		return err
	}
	return syncDir(filepath.Dir(path))
}

func writeTemporary(path string, content []byte) (string, error) {
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return "", err
	}
	name := f.Name()
	if err := fillTemporary(f, content); err != nil {
		_ = f.Close()
		_ = os.Remove(name)
		return "", err
	}
	return name, nil
}

func fillTemporary(f *os.File, content []byte) error {
	if err := f.Chmod(privateFile); err != nil {
		return fmt.Errorf("setting the mode: %w", err)
	}
	if _, err := f.Write(content); err != nil {
		return fmt.Errorf("writing: %w", err)
	}
	if err := f.Sync(); err != nil {
		return fmt.Errorf("flushing: %w", err)
	}
	return f.Close()
}

// syncDir makes a new name survive a power cut. Not every platform can flush a directory, so only opening it may fail.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	_ = d.Sync()
	return nil
}
