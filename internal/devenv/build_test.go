package devenv_test

import (
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/internal/devenv"
)

// sources writes a repository whose dev/temporal is a program of one line, and returns its root.
func sources(t *testing.T, body string) string {
	t.Helper()
	root := t.TempDir()
	writeFiles(t, filepath.Join(root, "dev", "temporal"), map[string]string{
		"go.mod":       "module example.com/temporal\n\ngo 1.26\n",
		"go.sum":       "",
		"main.go":      "package main\n\nfunc main() { " + body + " }\n",
		"main_test.go": "package main\n",
	})
	return root
}

func writeFiles(t *testing.T, dir string, files map[string]string) {
	t.Helper()
	require.NoError(t, os.MkdirAll(dir, 0o755))
	for name, content := range files {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(content), 0o644))
	}
}

func TestBuildTemporalBuildsOncePerSource(t *testing.T) {
	t.Parallel()
	root, dir := sources(t, `println("one")`), t.TempDir()
	var mu sync.Mutex
	var said []string
	build := func() string {
		path, err := devenv.BuildTemporal(t.Context(), devenv.BuildOptions{SourceDir: root, Dir: dir, Offline: true, Log: func(line string) {
			mu.Lock()
			defer mu.Unlock()
			said = append(said, line)
		}})
		require.NoError(t, err)
		return path
	}
	var wait sync.WaitGroup
	for range 4 {
		wait.Go(func() { build() })
	}
	wait.Wait()
	first := build()
	require.Equal(t, 1, strings.Count(strings.Join(said, "\n"), "built the Temporal dev server in"), "five callers, one build: %q", said)

	writeFiles(t, filepath.Join(root, "dev", "temporal"), map[string]string{"main_test.go": "package main // changed\n"})
	require.Equal(t, first, build(), "tests are not part of the program")
	writeFiles(t, filepath.Join(root, "dev", "temporal"), map[string]string{"main.go": "package main\n\nfunc main() { println(\"two\") }\n"})
	require.NotEqual(t, first, build())
}

func TestBuildTemporalFails(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		root    string
		wantErr string
	}{
		"no repository":      {root: "", wantErr: "run from a checkout of Slipway"},
		"another repository": {root: t.TempDir(), wantErr: "run from a checkout of Slipway"},
		"a compiler's error": {root: sources(t, "undefined()"), wantErr: "undefined: undefined"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			_, err := devenv.BuildTemporal(t.Context(), devenv.BuildOptions{SourceDir: tc.root, Dir: dir, Offline: true})
			require.ErrorContains(t, err, tc.wantErr)
			programs, globErr := filepath.Glob(filepath.Join(dir, "temporal-dev-????????????????"))
			require.NoError(t, globErr)
			require.Empty(t, programs)
		})
	}
}
