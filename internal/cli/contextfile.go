package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"
)

// serverContext is how one server is used: where it is, who asks, and what is meant when a command does not say.
type serverContext struct {
	URL   string `yaml:"url"`
	Token string `yaml:"token,omitempty"`
	Org   string `yaml:"org,omitempty"`
	App   string `yaml:"app,omitempty"`
	Env   string `yaml:"env,omitempty"`
}

// contextFile is the file that contexts are kept in.
type contextFile struct {
	Current  string                    `yaml:"current"`
	Contexts map[string]*serverContext `yaml:"contexts"`
}

// SaveContext writes a context into the file, readable by the owner only, and makes it the current one. Other contexts
// in the file stay, and so do the chosen Application and Environment when the context is there for the same server and
// organization already.
func SaveContext(file, name, url, org, token string) error {
	contexts, err := readContexts(file)
	if err != nil {
		return err
	}
	next := &serverContext{URL: url, Org: org, Token: token}
	if old := contexts.Contexts[name]; old != nil && old.URL == url && old.Org == org {
		next.App, next.Env = old.App, old.Env
	}
	contexts.Contexts[name], contexts.Current = next, name
	return contexts.write(file)
}

// readContexts reads a file; a missing one is empty.
func readContexts(file string) (*contextFile, error) {
	out := &contextFile{Contexts: map[string]*serverContext{}}
	raw, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return out, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the contexts: %w", err)
	}
	if err := yaml.Unmarshal(raw, out); err != nil {
		return nil, fmt.Errorf("%s is no file of contexts (%w); correct it, or move it away and log in again", file, err)
	}
	maps.DeleteFunc(out.Contexts, func(_ string, c *serverContext) bool { return c == nil })
	if out.Contexts == nil {
		out.Contexts = map[string]*serverContext{}
	}
	return out, nil
}

// current is the context in use; nil when there is none.
func (f *contextFile) current() *serverContext { return f.Contexts[f.Current] }

func (f *contextFile) names() []string { return slices.Sorted(maps.Keys(f.Contexts)) }

// write replaces the file in one step, so that a reader never sees half of it.
func (f *contextFile) write(file string) error {
	raw, err := yaml.Marshal(f)
	if err != nil {
		return fmt.Errorf("write the contexts: %w", err)
	}
	dir := filepath.Dir(file)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("make the folder of the contexts: %w", err)
	}
	next, err := os.CreateTemp(dir, ".cli-*.yaml") // made with mode 0600
	if err != nil {
		return fmt.Errorf("write the contexts: %w", err)
	}
	_, err = next.Write(raw)
	if err = errors.Join(err, next.Close()); err == nil {
		err = os.Rename(next.Name(), file)
	}
	if err != nil {
		_ = os.Remove(next.Name())
		return fmt.Errorf("write the contexts: %w", err)
	}
	return nil
}

// findContextFile finds the file to read and write: SLIPWAY_CONFIG, else the first that exists of $SLIPWAY_HOME/cli.yaml,
// .slipway/cli.yaml in the working directory or a parent, and the one of the user, which is the answer when none does.
func findContextFile(getenv func(string) string, dir string) (string, error) {
	if file := getenv("SLIPWAY_CONFIG"); file != "" {
		return absolute(dir, file), nil
	}
	if home := getenv("SLIPWAY_HOME"); home != "" {
		if file := absolute(dir, filepath.Join(home, "cli.yaml")); exists(file) {
			return file, nil
		}
	}
	for parent := dir; ; parent = filepath.Dir(parent) {
		file := filepath.Join(parent, ".slipway", "cli.yaml")
		if exists(file) {
			return file, private(file)
		}
		if parent == filepath.Dir(parent) {
			return userContextFile(getenv), nil
		}
	}
}

// private refuses a file that was found by chance and that others can read: the server of `slipway dev` writes it
// readable by its owner only, which a file that came with somebody's source code is not.
func private(file string) error {
	info, err := os.Stat(file)
	if err != nil {
		return fmt.Errorf("read the contexts: %w", err)
	}
	if runtime.GOOS != "windows" && info.Mode().Perm()&0o077 != 0 {
		return fmt.Errorf("%s can be read by others (mode %04o), so it is not trusted to say where your requests go; "+
			"if it is yours: chmod 600 %s", file, info.Mode().Perm(), file)
	}
	return nil
}

func userContextFile(getenv func(string) string) string {
	config := getenv("XDG_CONFIG_HOME")
	if config == "" {
		config = filepath.Join(getenv("HOME"), ".config")
	}
	return filepath.Join(config, "slipway", "config.yaml")
}

func absolute(dir, file string) string {
	if filepath.IsAbs(file) {
		return file
	}
	return filepath.Join(dir, file)
}

func exists(file string) bool {
	info, err := os.Stat(file)
	return err == nil && !info.IsDir()
}

// sameServer compares addresses as the client uses them.
func sameServer(a, b string) bool {
	return strings.TrimRight(strings.TrimSpace(a), "/") == strings.TrimRight(strings.TrimSpace(b), "/")
}
