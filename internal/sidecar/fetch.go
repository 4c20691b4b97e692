package sidecar

import (
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/slipway-dev/slipway/drivers/container"
	"github.com/slipway-dev/slipway/drivers/terraform"
	"github.com/slipway-dev/slipway/internal/runner"
)

// Order is what Fetch prepares; it is in a Secret, for it holds some.
type Order struct {
	Source     *container.Source `json:"source,omitempty"`
	Files      map[string]string `json:"files,omitempty"`
	Cookie     string            `json:"cookie,omitempty"`
	KnownHosts string            `json:"known_hosts,omitempty"`
	Local      bool              `json:"local,omitempty"`  // paths of this machine may be sources
	Script     string            `json:"script,omitempty"` // becomes the file Script
}

// OrderKey is the file of the order below the folder in which its Secret is mounted.
const OrderKey = "order.json"

// Fetch puts sources and files into the shared folder. They are open to all
// users, as the container may be any: nobody else is in the pod.
func Fetch(ctx context.Context, from, shared string) error {
	raw, err := os.ReadFile(filepath.Join(from, OrderKey))
	if err != nil {
		return fmt.Errorf("read what is to be fetched: %w", err)
	}
	var o Order
	if err := json.Unmarshal(raw, &o); err != nil {
		return fmt.Errorf("read what is to be fetched: it is no order")
	}
	root, err := os.OpenRoot(shared) // no link of a source's is followed out of it
	if err != nil {
		return fmt.Errorf("open the shared directory: %w", err)
	}
	defer func() { _ = root.Close() }()
	if err := openFolder(root, Own); err != nil {
		return err
	}
	if o.Source != nil {
		if err := checkout(ctx, o, root); err != nil {
			return err
		}
	}
	if err := writeAll(root, o); err != nil {
		return err
	}
	if err := writeOpen(root, Cookie, []byte(o.Cookie), 0o666); err != nil {
		return fmt.Errorf("write the cookie: %w", err)
	}
	if o.Script == "" {
		return nil
	}
	if err := writeOpen(root, Script, []byte(o.Script), 0o644); err != nil {
		return fmt.Errorf("write the script: %w", err)
	}
	return nil
}

// checkout opens the files to all users: a repository has no owner here.
func checkout(ctx context.Context, o Order, root *os.Root) error {
	folder, err := os.MkdirTemp("", "source-")
	if err != nil {
		return fmt.Errorf("make a folder for the repository: %w", err)
	}
	defer func() { _ = os.RemoveAll(folder) }()
	source := terraform.Source(*o.Source)
	commit, err := runner.Checkout(ctx, &source, root.Name(), runner.Settings{KnownHosts: o.KnownHosts, LocalSources: o.Local, Folder: folder})
	if err != nil {
		return err
	}
	fmt.Println("source at", commit)
	return fs.WalkDir(root.FS(), ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || path == "." || d.Type()&fs.ModeSymlink != 0 { // the folder itself is the volume's
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		mode := info.Mode().Perm() | 0o644
		switch {
		case d.IsDir():
			mode = 0o777
		case mode&0o100 != 0:
			mode |= 0o755
		}
		return root.Chmod(path, mode)
	})
}

// openFolder makes a folder that every user can write to.
func openFolder(root *os.Root, dir string) error {
	if err := root.MkdirAll(dir, 0o777); err != nil {
		return fmt.Errorf("make the folder %s: %w", dir, err)
	}
	if err := root.Chmod(dir, 0o777); err != nil { // what umask took
		return fmt.Errorf("make the folder %s: %w", dir, err)
	}
	return nil
}

// writeOpen writes a file with exactly that mode.
func writeOpen(root *os.Root, name string, content []byte, mode fs.FileMode) error {
	if err := root.WriteFile(name, content, mode); err != nil {
		return err
	}
	return root.Chmod(name, mode)
}

// writeAll writes files beside the source.
func writeAll(root *os.Root, o Order) error {
	if o.Source != nil && o.Source.Path != "" {
		inside, err := root.OpenRoot(filepath.FromSlash(o.Source.Path))
		if err != nil {
			return fmt.Errorf("source: the repository has no folder %q", o.Source.Path)
		}
		defer func() { _ = inside.Close() }()
		root = inside
	}
	for name, content := range o.Files {
		if dir := filepath.Dir(name); dir != "." {
			if err := openFolder(root, dir); err != nil {
				return err
			}
		}
		if err := writeOpen(root, name, []byte(content), 0o755); err != nil {
			return fmt.Errorf("write file %s: %w", name, err)
		}
	}
	return nil
}
