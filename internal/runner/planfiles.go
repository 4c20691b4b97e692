package runner

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// maxMade bounds the files that a plan makes and that are kept with it.
const maxMade = 32 << 20

// tree is the regular files of a work directory by path, without what Terraform
// itself keeps there.
type tree map[string]stamp

type stamp struct {
	size int64
	at   time.Time
}

func treeOf(dir string) (tree, error) {
	t := tree{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && d.Name() == ".terraform":
			return fs.SkipDir
		case !d.Type().IsRegular() || d.Name() == lockName || strings.HasPrefix(d.Name(), stateName) || strings.HasPrefix(d.Name(), "."+stateName):
			return nil
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		name, err := filepath.Rel(dir, path)
		t[name] = stamp{info.Size(), info.ModTime()}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("look through the work directory: %w", err)
	}
	return t, nil
}

// added reads the files that have come or changed since.
func (t tree) added(dir string) (map[string][]byte, error) {
	now, err := treeOf(dir)
	if err != nil {
		return nil, err
	}
	out, size := map[string][]byte{}, int64(0)
	for name, s := range now {
		if t[name] == s {
			continue
		}
		if size += s.size; size > maxMade {
			return nil, fmt.Errorf("planning made files of more than %d MB, the last is %s", maxMade>>20, name)
		}
		if out[name], err = os.ReadFile(filepath.Join(dir, name)); err != nil {
			return nil, fmt.Errorf("read a file that planning made: %w", err)
		}
	}
	return out, nil
}

// place writes the files that the stored plan's planning made.
func (b bundle) place(dir string) error {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return fmt.Errorf("open the work directory: %w", err)
	}
	defer func() { _ = root.Close() }()
	for name, content := range b.Made {
		if err := root.MkdirAll(filepath.Dir(name), 0o700); err != nil {
			return fmt.Errorf("write a file of the stored plan: %w", err)
		}
		_ = root.Remove(name)
		if err := root.WriteFile(name, content, 0o600); err != nil {
			return fmt.Errorf("write a file of the stored plan: %w", err)
		}
	}
	return nil
}
