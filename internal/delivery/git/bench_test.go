package git_test

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/internal/delivery/git"
)

// BenchmarkDeliver brings 20 objects, one of them changed, to a repository with as many commits as iterations.
func BenchmarkDeliver(b *testing.B) {
	repo := filepath.Join(b.TempDir(), "repo.git")
	require.NoError(b, git.InitBare(repo, ""))
	for i := 0; b.Loop(); i++ {
		objects := []git.Object{configMap("changing", fmt.Sprint(i))}
		for n := range 19 {
			objects = append(objects, configMap(fmt.Sprintf("same-%d", n), "x"))
		}
		_, err := git.New().Deliver(context.Background(), request(repo, fmt.Sprintf("d%d", i), objects...))
		require.NoError(b, err)
	}
}
