package sidecar

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
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
	Program    bool              `json:"program,omitempty"`
	KnownHosts string            `json:"known_hosts,omitempty"`
	Local      bool              `json:"local,omitempty"` // paths of this machine may be sources
}

// OrderKey is the file of the order below the folder in which its Secret is mounted.
const OrderKey = "order.json"

// Fetch puts sources and files into the shared folder. The folders are open to
// all users, as the container may be any: nobody else is in the pod.
func Fetch(ctx context.Context, from, shared string) error {
	raw, err := os.ReadFile(filepath.Join(from, OrderKey))
	if err != nil {
		return fmt.Errorf("read what is to be fetched: %w", err)
	}
	var o Order
	if err := json.Unmarshal(raw, &o); err != nil {
		return fmt.Errorf("read what is to be fetched: it is no order")
	}
	scripts := filepath.Join(shared, Scripts)
	for _, dir := range []string{scripts, filepath.Join(shared, filepath.Dir(Outputs))} {
		if err := openFolder(dir); err != nil {
			return err
		}
	}
	if o.Source != nil {
		if err := checkout(ctx, o, scripts); err != nil {
			return err
		}
	}
	if err := writeAll(scripts, o); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(shared, Cookie), []byte(o.Cookie), 0o666); err != nil { //nolint:gosec // the container may be any user
		return fmt.Errorf("write the cookie: %w", err)
	}
	if err := os.Chmod(filepath.Join(shared, Cookie), 0o666); err != nil { //nolint:gosec // as above
		return fmt.Errorf("write the cookie: %w", err)
	}
	if o.Program {
		return copySelf(filepath.Join(shared, Program))
	}
	return nil
}

// checkout opens the files to all users: a repository has no owner here.
func checkout(ctx context.Context, o Order, scripts string) error {
	folder, err := os.MkdirTemp("", "source-")
	if err != nil {
		return fmt.Errorf("make a folder for the repository: %w", err)
	}
	defer func() { _ = os.RemoveAll(folder) }()
	source := terraform.Source(*o.Source)
	commit, err := runner.Checkout(ctx, &source, scripts, runner.Settings{KnownHosts: o.KnownHosts, LocalSources: o.Local, Folder: folder})
	if err != nil {
		return err
	}
	fmt.Println("source at", commit)
	return filepath.WalkDir(scripts, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.Type()&fs.ModeSymlink != 0 {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		mode := info.Mode().Perm() | 0o644
		if d.IsDir() || mode&0o100 != 0 {
			mode |= 0o755
		}
		if d.IsDir() {
			mode = 0o777
		}
		return os.Chmod(path, mode)
	})
}

func openFolder(dir string) error {
	if err := os.MkdirAll(dir, 0o777); err != nil { //nolint:gosec // see Fetch
		return fmt.Errorf("make the folder %s: %w", filepath.Base(dir), err)
	}
	return os.Chmod(dir, 0o777) //nolint:gosec // see Fetch
}

// writeAll writes files beside the source; a symbolic link of the source is never followed out of the folder.
func writeAll(scripts string, o Order) error {
	inside := scripts
	if o.Source != nil && o.Source.Path != "" {
		inside = filepath.Join(scripts, filepath.FromSlash(o.Source.Path))
	}
	root, err := os.OpenRoot(inside)
	if err != nil {
		return fmt.Errorf("source: the repository has no folder %q", o.Source.Path)
	}
	defer func() { _ = root.Close() }()
	for name, content := range o.Files {
		if dir := filepath.Dir(name); dir != "." {
			if err := root.MkdirAll(dir, 0o755); err != nil {
				return fmt.Errorf("write file %s: %w", name, err)
			}
		}
		f, err := root.OpenFile(name, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o755)
		if err != nil {
			return fmt.Errorf("write file %s: %w", name, err)
		}
		_, err = io.WriteString(f, content)
		if closed := f.Close(); err == nil {
			err = closed
		}
		if err != nil {
			return fmt.Errorf("write file %s: %w", name, err)
		}
	}
	return nil
}

// copySelf puts this program, which needs no library, where an image without it can run it.
func copySelf(to string) error {
	self, err := os.Executable()
	if err != nil {
		return fmt.Errorf("find this program: %w", err)
	}
	raw, err := os.ReadFile(self)
	if err != nil {
		return fmt.Errorf("read this program: %w", err)
	}
	if err := openFolder(filepath.Dir(to)); err != nil {
		return err
	}
	return os.WriteFile(to, raw, 0o755) //nolint:gosec // it is run by whoever the container is
}
