package devenv_test

import (
	"context"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/internal/devenv"
)

func TestStartKubernetesAdoptsWhatWasLeft(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("needs a Kubernetes control plane: not run with -short")
	}
	root, err := filepath.Abs("../..")
	require.NoError(t, err)
	opts := devenv.KubernetesOptions{Home: t.TempDir(), Port: 26443, Nodes: 1, SourceDir: root}
	first, err := devenv.StartKubernetes(t.Context(), opts)
	require.NoError(t, err)
	t.Cleanup(func() { _ = first.Stop(context.WithoutCancel(t.Context())) })
	require.Equal(t, devenv.SourceBuild, first.Source)
	require.FileExists(t, first.Kubeconfig)

	second, err := devenv.StartKubernetes(t.Context(), opts)
	require.NoError(t, err)
	require.Equal(t, devenv.SourceAdopted, second.Source)
	require.Equal(t, first.Kubeconfig, second.Kubeconfig)
	require.NoError(t, second.Stop(t.Context()))

	third, err := devenv.StartKubernetes(t.Context(), opts)
	require.NoError(t, err)
	require.Equal(t, devenv.SourceBuild, third.Source)
	require.NoError(t, third.Stop(t.Context()))
}
