package e2e

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"

	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/slipway-dev/slipway/internal/testenv/processnode"
)

// sidecarImage is what instances take the program slipway from in Jobs.
const sidecarImage = "registry.example.com/slipway:e2e"

const boxScript = `set -e
echo "$ACTION" >> "$FOLDER/actions"
if [ "$ACTION" = destroy ]; then exit 0; fi
echo "making $NAME with $PASSWORD"
printf '{"bucket": "%s", "region": "eu"}' "$NAME" > "$OUTPUTS_FILE"
printf '{"secret": "%s"}' "$PASSWORD" > "$SECRET_OUTPUTS_FILE"
`

// containerMakesAResource has the container driver make, update and destroy a resource, with the program itself as sidecar.
func containerMakesAResource(i *instance) {
	const app, canary = "boxed", "canary-of-a-container"
	node := processnode.Start(i.t, processnode.Options{
		Kubeconfig: filepath.Join(i.home, "kubernetes", "kubeconfig"), Images: map[string][]string{sidecarImage: nil, "shell:1": nil},
		Programs: map[string][]string{"slipway": {i.bin}},
	})
	namespace := &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: "containers"}}
	_, err := i.cluster().CoreV1().Namespaces().Create(context.Background(), namespace, metav1.CreateOptions{})
	require.NoError(i.t, err)
	folder := i.t.TempDir()
	i.app(app)
	definition := map[string]any{
		"id": "boxed-bucket", "name": "bucket", "type": "s3", "driver_type": "humanitec/container", "criteria": []any{map[string]any{"app_id": app}},
		"driver_inputs": map[string]any{
			"values": map[string]any{
				"job": map[string]any{
					"image": "shell:1", "command": []any{"sh", "/work/run.sh"}, "shared_directory": "/work", "namespace": "containers",
					"pod_template": node.Template(), "variables": map[string]any{"FOLDER": folder, "NAME": "${context.app.id}-bucket"},
				},
				"files": map[string]any{"run.sh": boxScript},
			},
			"secrets": map[string]any{"job": map[string]any{"variables": map[string]any{"PASSWORD": canary}}},
		},
	}
	i.must(http.StatusOK, http.MethodPost, org+"/resources/defs", definition)
	module := plainModule("nginx:1")
	module["externals"] = map[string]any{"store": map[string]any{"type": "s3"}}
	container := module["spec"].(map[string]any)["containers"].(map[string]any)["main"].(map[string]any)
	container["variables"] = map[string]any{"BUCKET": "${externals.store.bucket}", "SECRET": "${externals.store.secret}"}
	i.succeeded(app, i.deploy(app, map[string]any{"delta_id": i.delta(app, addModule("api", module))}))
	i.succeeded(app, i.deploy(app, map[string]any{"comment": "again"}))
	found := false
	for _, r := range i.list(envPath(app, "development") + "/resources") {
		if r["type"] != "s3" {
			continue
		}
		found = true
		require.Equal(i.t, "boxed-bucket", r["resource"].(map[string]any)["bucket"])
		require.NotContains(i.t, fmt.Sprint(r), canary)
	}
	require.True(i.t, found)
	status, _ := i.call(http.MethodDelete, org+"/apps/"+app, nil)
	require.Equal(i.t, http.StatusAccepted, status)
	i.vanishes(org + "/apps/" + app)
	actions, err := os.ReadFile(filepath.Join(folder, "actions"))
	require.NoError(i.t, err)
	require.Equal(i.t, "create\ncreate\ndestroy\n", string(actions))
	require.NotContains(i.t, i.output.String(), canary)
}
