package devenv_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/internal/devenv"
)

// TestOpenTofuVersion holds the constant, by which a build is left alone that could not meet a definition's constraint.
func TestOpenTofuVersion(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile(filepath.Join("..", "..", "dev", "opentofu", "go.mod"))
	require.NoError(t, err)
	require.Contains(t, string(raw), "\tgithub.com/opentofu/opentofu v"+devenv.OpenTofuVersion+" ")
}

func TestProvideOpenTofuSaysWhatIsMissing(t *testing.T) {
	t.Parallel()
	_, err := devenv.ProvideOpenTofu(t.Context(), devenv.OpenTofuOptions{Home: t.TempDir(), CacheDir: t.TempDir(), SourceDir: t.TempDir(), Offline: true})
	require.ErrorContains(t, err, "build OpenTofu "+devenv.OpenTofuVersion)
	require.ErrorContains(t, err, "run from a checkout of Slipway")
}
