package kubernetes_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// around is what the rich workloads of engine/manifest expect from their environment.
var around = []string{
	"apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: api-account, namespace: NS}",
	"apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: pvc-5890, namespace: NS}\n" +
		"spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}",
}

// TestProfilesBecomeReady delivers what every workload profile renders out of a spec that uses all of it: the API server, which checks
// every field, takes it, and it becomes ready.
func TestProfilesBecomeReady(t *testing.T) {
	t.Parallel()
	for _, profile := range []string{"module", "job", "cronjob", "daemonset", "statefulset"} {
		t.Run(profile, func(t *testing.T) {
			t.Parallel()
			e := newEnv(t)
			raw, err := os.ReadFile(filepath.Join("..", "..", "..", "engine", "manifest", "testdata", profile+".golden.yaml"))
			require.NoError(t, err)
			text := strings.NewReplacer(
				"shop-qa", "NS", "(secret)", "c2VjcmV0", // golden files show no secrets
				"disk: ssd", "type: kwok", "topology.kubernetes.io/region: europe-west3", "type: kwok", // the nodes there are
			).Replace(string(raw))
			documents := slices.Clone(around)
			for _, one := range strings.Split(strings.TrimSuffix(strings.TrimSpace(text), "---"), "\n---\n") {
				documents = append(documents, strings.TrimSpace(one))
			}
			result := e.delivered(documents...)
			require.Equal(t, len(documents)+1, result.Written)
			require.NoError(t, e.delivery.Watch(t.Context(), e.request))
			require.Zero(t, e.delivered(documents...).Removed)
			_, err = e.remove()
			require.NoError(t, err)
			e.gone("v1/namespaces", "", e.namespace)
		})
	}
}
