package e2e

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/clientcmd"

	"github.com/slipway-dev/slipway/internal/runner/recordtest"
	"github.com/slipway-dev/slipway/internal/testenv"
	"github.com/slipway-dev/slipway/internal/testenv/processnode"
)

// clustered is an installation whose worker works in a cluster: Terraform's runners are Jobs, containers are Jobs, and what is
// deployed runs there. It reaches the cluster through a proxy.
type clustered struct {
	*split
	client     kubernetes.Interface
	node       *processnode.Node
	proxy      *testenv.Proxy
	records    *recordtest.Service
	runners    string // namespace
	containers string // namespace
	env        []any  // of containers that run OpenTofu
}

// TestWorkerInACluster kills the worker in the middle of whatever it does in a cluster: what runs there goes on, the next worker
// finds it, and everything happens once.
func TestWorkerInACluster(t *testing.T) {
	t.Parallel()
	c := newClustered(t)
	for _, part := range []struct {
		name string
		test func(c *clustered)
	}{
		{"terraform", terraformInJobs}, {"container", containerInJob}, {"opentofu in a container", tofuInJob},
		{"scale", scaleOnce}, {"restart", restartOnce}, {"pause", pauseOnce},
	} {
		t.Run(part.name, func(t *testing.T) {
			of := *c
			of.split = c.as(t)
			part.test(&of)
			c.worker = of.worker
		})
	}
}

func newClustered(t *testing.T) *clustered {
	t.Helper()
	records, settings := needsRecords(t)
	kubeconfig := testenv.Kubernetes(t)
	config, err := clientcmd.BuildConfigFromFlags("", kubeconfig)
	require.NoError(t, err)
	c := &clustered{records: records}
	c.client, err = kubernetes.NewForConfig(config)
	require.NoError(t, err)
	namespace := func(prefix string) string {
		made, err := c.client.CoreV1().Namespaces().Create(t.Context(), &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{GenerateName: prefix}}, metav1.CreateOptions{})
		require.NoError(t, err)
		return made.Name
	}
	c.runners, c.containers = namespace("runners-"), namespace("containers-")
	server, err := url.Parse(config.Host)
	require.NoError(t, err)
	c.proxy = testenv.NewProxy(t, server.Host)
	raw, err := os.ReadFile(kubeconfig)
	require.NoError(t, err)
	through := filepath.Join(t.TempDir(), "kubeconfig")
	require.NoError(t, os.WriteFile(through, []byte(strings.ReplaceAll(string(raw), server.Host, c.proxy.Address())), 0o600))
	c.node = processnode.Start(t, processnode.Options{
		Kubeconfig: kubeconfig, Images: map[string][]string{sidecarImage: nil, "shell:1": nil, "tofu:1": nil},
		Programs: map[string][]string{"slipway": {binary(t)}},
	})
	template, err := json.Marshal(c.node.Template())
	require.NoError(t, err)
	templateFile := filepath.Join(t.TempDir(), "template.yaml")
	require.NoError(t, os.WriteFile(templateFile, template, 0o600))
	dsn := testenv.Postgres(t)
	c.split = newSplit(t, dsn, testenv.Temporal(t), append(settings,
		"SLIPWAY_HEARTBEAT_TIMEOUT=2s", "SLIPWAY_KUBECONFIG="+through, "SLIPWAY_RUNNER_LAUNCHER=kubernetes", "SLIPWAY_RUNNER_KUBECONFIG="+through, "SLIPWAY_RUNNER_NAMESPACE="+c.runners,
		"SLIPWAY_RUNNER_IMAGE="+sidecarImage, "SLIPWAY_RUNNER_POD_TEMPLATE="+templateFile, "SLIPWAY_CONTAINER_OPENTOFU_IMAGE=tofu:1")...)
	c.tofu(t)
	direct := *c.instance
	direct.env = append(slices.Clone(c.split.env), "SLIPWAY_KUBECONFIG="+kubeconfig)
	c.server, c.worker = (&split{instance: &direct}).spawn(c.bin, "server"), c.spawn(c.bin, "worker")
	c.ready()
	keyset, err := os.ReadFile(filepath.Join(c.home, "keyset.json"))
	require.NoError(t, err)
	_, err = c.client.CoreV1().Secrets(c.runners).Create(t.Context(), &corev1.Secret{
		ObjectMeta: metav1.ObjectMeta{Name: "slipway-runner"}, Data: map[string][]byte{"database-url": []byte(dsn), "keyset.json": keyset},
	}, metav1.CreateOptions{})
	require.NoError(t, err)
	c.must(http.StatusOK, http.MethodPost, org+"/resources/defs", map[string]any{
		"id": "real-cluster", "name": "real-cluster", "type": "k8s-cluster", "driver_type": "humanitec/k8s-cluster", "criteria": []any{map[string]any{"app_id": "ops"}},
		"driver_inputs": map[string]any{"values": map[string]any{"name": "real"}},
	})
	return c
}

// tofu makes the environment of containers that find OpenTofu and its providers.
func (c *clustered) tofu(t *testing.T) {
	t.Helper()
	dir := t.TempDir()
	require.NoError(t, os.Symlink(recordtest.Terraform(t), filepath.Join(dir, "tofu")))
	settings := filepath.Join(dir, "tofu.rc")
	require.NoError(t, os.WriteFile(settings, fmt.Appendf(nil, "provider_installation {\n  filesystem_mirror {\n    path = %q\n  }\n}\n", recordtest.Mirror(t)), 0o600))
	c.env = []any{
		map[string]any{"name": "PATH", "value": dir + ":" + os.Getenv("PATH")}, map[string]any{"name": "TF_CLI_CONFIG_FILE", "value": settings},
	}
}

// another kills the worker and starts one.
func (c *clustered) another() {
	c.t.Helper()
	c.worker.kill()
	c.worker = c.spawn(c.bin, "worker")
}

func (c *clustered) jobs(namespace string) []batchv1.Job {
	c.t.Helper()
	list, err := c.client.BatchV1().Jobs(namespace).List(context.Background(), metav1.ListOptions{})
	require.NoError(c.t, err)
	return list.Items
}

// asked waits until the backend is asked to make a record of the name.
func (c *clustered) asked(name string) {
	c.t.Helper()
	c.eventually("the record is asked for", func() (bool, string) {
		return c.records.Asked(name) > 0, fmt.Sprint(len(c.jobs(c.runners)), len(c.jobs(c.containers)))
	})
}

func (c *clustered) teardown(app string) {
	c.t.Helper()
	status, _ := c.call(http.MethodDelete, org+"/apps/"+app, nil)
	require.Equal(c.t, http.StatusAccepted, status)
	c.vanishes(org + "/apps/" + app)
}

// recordLife creates with the worker killed in the middle, updates and destroys, and counts at the backend.
func (c *clustered) recordLife(app, namespace string, definition func(size string) map[string]any) {
	c.t.Helper()
	c.app(app)
	c.must(http.StatusOK, http.MethodPost, org+"/resources/defs", definition("small"))
	c.records.Behave(app, recordtest.Behaviour{Before: 4 * time.Second})
	id := c.deploy(app, map[string]any{"delta_id": c.delta(app, addModule("api", recordModule()))})
	c.asked(app)
	before := c.jobs(namespace)
	require.Len(c.t, before, 1)
	c.another()
	c.succeeded(app, id)
	require.Equal(c.t, 1, c.records.Created(app), "one apply")
	after := c.jobs(namespace)
	require.Len(c.t, after, 1, "the Job went on")
	require.Equal(c.t, before[0].UID, after[0].UID)

	c.must(http.StatusOK, http.MethodPatch, org+"/resources/defs/record-"+app, map[string]any{"driver_inputs": definition("large")["driver_inputs"]})
	c.succeeded(app, c.deploy(app, map[string]any{"comment": "larger"}))
	require.Equal(c.t, "large", c.records.Named(app)[0].Value)
	require.Equal(c.t, 1, c.records.Created(app), "changed in place")
	c.teardown(app)
	require.Empty(c.t, c.records.Named(app))
}

func terraformInJobs(c *clustered) {
	c.recordLife("runs", c.runners, func(size string) map[string]any { return recordDefinition("runs", c.records, size) })
}

func tofuInJob(c *clustered) {
	template := c.node.Template()
	template["spec"].(map[string]any)["containers"] = []any{map[string]any{"name": "job", "env": c.env}}
	c.must(http.StatusOK, http.MethodPost, org+"/resources/defs", map[string]any{
		"id": "config-of-tofu", "name": "config-of-tofu", "type": "config", "driver_type": "humanitec/echo",
		"criteria":      []any{map[string]any{"app_id": "tofu", "res_id": "opentofu-container-runner"}},
		"driver_inputs": map[string]any{"values": map[string]any{"runner": map[string]any{"namespace": c.containers, "pod_template": template}}},
	})
	for _, job := range c.jobs(c.containers) {
		policy := metav1.DeletePropagationBackground
		require.NoError(c.t, c.client.BatchV1().Jobs(c.containers).Delete(context.Background(), job.Name, metav1.DeleteOptions{PropagationPolicy: &policy}))
	}
	c.eventually("the Jobs of other tests are gone", func() (bool, string) { return len(c.jobs(c.containers)) == 0, "" })
	c.recordLife("tofu", c.containers, func(size string) map[string]any {
		d := recordDefinition("tofu", c.records, size)
		d["driver_type"] = "humanitec/opentofu-container-runner"
		values := d["driver_inputs"].(map[string]any)["values"].(map[string]any)
		values["files"] = map[string]any{"main.tf": values["script"]}
		delete(values, "script")
		return d
	})
}

// containerInJob has a container make a resource while the worker is killed.
func containerInJob(c *clustered) {
	folder := c.t.TempDir()
	c.app("boxes")
	c.must(http.StatusOK, http.MethodPost, org+"/resources/defs", map[string]any{
		"id": "box", "name": "box", "type": "redis", "driver_type": "humanitec/container", "criteria": []any{map[string]any{"app_id": "boxes"}},
		"driver_inputs": map[string]any{"values": map[string]any{
			"job": map[string]any{"image": "shell:1", "command": []any{"sh", "/work/run.sh"}, "shared_directory": "/work", "namespace": c.containers,
				"pod_template": c.node.Template(), "variables": map[string]any{"FOLDER": folder}},
			"files": map[string]any{"run.sh": `echo "$ACTION" >> "$FOLDER/actions"
[ "$ACTION" = create ] || exit 0
while [ ! -e "$FOLDER/go" ]; do sleep 0.1; done
echo '{"host": "h", "port": 1, "username": "u"}' > "$OUTPUTS_FILE"; echo '{"password": "box-password"}' > "$SECRET_OUTPUTS_FILE"`},
		}},
	})
	id := c.deploy("boxes", map[string]any{"delta_id": c.delta("boxes", addModule("api", recordModule()))})
	actions := func() string { raw, _ := os.ReadFile(filepath.Join(folder, "actions")); return string(raw) }
	c.eventually("the container has begun", func() (bool, string) { return actions() != "", fmt.Sprint(len(c.jobs(c.containers))) })
	c.another()
	require.NoError(c.t, os.WriteFile(filepath.Join(folder, "go"), nil, 0o600))
	c.succeeded("boxes", id)
	require.Equal(c.t, "create\n", actions(), "it ran once")
	c.teardown("boxes")
	require.Equal(c.t, "create\ndestroy\n", actions())
}

const opsNamespace = "ops-development"

// running deploys the application whose workloads are operated, once.
func (c *clustered) running() {
	c.t.Helper()
	if status, _ := c.call(http.MethodGet, org+"/apps/ops", nil); status == http.StatusNotFound {
		c.app("ops")
		c.succeeded("ops", c.deploy("ops", map[string]any{"delta_id": c.delta("ops", addModule("web", plainModule("nginx:1")))}))
	}
}

// web gives generation and replicas of the Deployment that is operated: the generation counts what was written.
func (c *clustered) web() (generation int64, replicas int32) {
	c.t.Helper()
	d, err := c.client.AppsV1().Deployments(opsNamespace).Get(context.Background(), "web", metav1.GetOptions{})
	require.NoError(c.t, err)
	return d.Generation, *d.Spec.Replicas
}

// operate asks for an operation while the worker cannot reach the cluster, kills the worker in the middle, and waits for the end.
func (c *clustered) operate(args ...string) {
	c.t.Helper()
	place := []string{"--app", "ops", "--env", "development"}
	before, _ := c.web()
	c.proxy.Hang()
	c.mustCLI(append(args, place...)...)
	c.newest("in progress")
	c.another()
	c.proxy.Open()
	c.newest("succeeded")
	after, _ := c.web()
	require.Equal(c.t, before+1, after, "it was written once")
}

// newest waits until the newest operation has the status.
func (c *clustered) newest(status string) {
	c.t.Helper()
	c.eventually("the operation is "+status, func() (bool, string) {
		list := c.list(envPath("ops", "development") + "/operations")
		return len(list) > 0 && list[0]["status"] == status, fmt.Sprint(list)
	})
}

func scaleOnce(c *clustered) {
	c.running()
	c.operate("scale", "web=3")
	_, replicas := c.web()
	require.Equal(c.t, int32(3), replicas)
}

func restartOnce(c *clustered) {
	c.running()
	c.operate("restart", "web")
	sets, err := c.client.AppsV1().ReplicaSets(opsNamespace).List(context.Background(), metav1.ListOptions{})
	require.NoError(c.t, err)
	require.Len(c.t, sets.Items, 2, "one new ReplicaSet")
}

// pauseOnce: what there was is remembered from before the worker died.
func pauseOnce(c *clustered) {
	c.running()
	_, was := c.web()
	c.operate("pause")
	_, replicas := c.web()
	require.Zero(c.t, replicas)
	c.mustCLI("resume", "--app", "ops", "--env", "development", "--wait")
	_, replicas = c.web()
	require.Equal(c.t, was, replicas)
}
