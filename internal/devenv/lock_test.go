package devenv_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/internal/devenv"
)

func TestLockIsHeldByOne(t *testing.T) {
	t.Parallel()
	home := filepath.Join(t.TempDir(), "new", "home")
	unlock, err := devenv.Lock(home)
	require.NoError(t, err)

	_, err = devenv.Lock(home)
	require.EqualError(t, err, fmt.Sprintf("another slipway dev (pid %d) uses %s: stop it, or choose another folder with --home", os.Getpid(), home))

	unlock()
	unlock, err = devenv.Lock(home)
	require.NoError(t, err)
	unlock()
}

func TestLockOfAFolderThatCannotBe(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(file, nil, 0o644))
	_, err := devenv.Lock(filepath.Join(file, "home"))
	require.ErrorContains(t, err, "make the home folder")
	require.NotContains(t, err.Error(), "\n")
}
