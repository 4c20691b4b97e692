package e2e

import (
	"context"
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/clientcmd"

	"github.com/slipway-dev/slipway/internal/testenv"
)

// twoClusters is an organization with environments in two clusters: development in the one that the instance has started, live in
// another one.
type twoClusters struct {
	*instance
	near, far kubernetes.Interface
}

// TestTwoClusters: one organization, two real control planes. Criteria decide which environment goes where, and everything that is
// asked or done about one environment stays in its cluster.
func TestTwoClusters(t *testing.T) {
	t.Parallel()
	kubeconfig := testenv.Kubernetes(t)
	config, err := clientcmd.BuildConfigFromFlags("", kubeconfig)
	require.NoError(t, err)
	far, err := kubernetes.NewForConfig(config)
	require.NoError(t, err)
	i := newInstance(t, "SLIPWAY_CLUSTER=dev", fmt.Sprintf("SLIPWAY_CLUSTER_PORT=%d", testenv.FreePort(t)))
	i.start()
	i.must(http.StatusCreated, http.MethodPost, org+"/env-types", map[string]any{"id": "live"})
	i.must(http.StatusOK, http.MethodPost, org+"/resources/defs", map[string]any{
		"id": "far-cluster", "name": "far", "type": "k8s-cluster", "driver_type": "humanitec/k8s-cluster", "criteria": []any{map[string]any{"env_type": "live"}},
		"driver_inputs": map[string]any{
			"values": map[string]any{"name": "far", "cluster_data": map[string]any{
				"server": config.Host, "certificate-authority-data": base64.StdEncoding.EncodeToString(config.CAData)}},
			"secrets": map[string]any{"credentials": map[string]any{
				"client-certificate-data": base64.StdEncoding.EncodeToString(config.CertData), "client-key-data": base64.StdEncoding.EncodeToString(config.KeyData)}},
		},
	})
	i.app("two")
	i.must(http.StatusCreated, http.MethodPost, org+"/apps/two/envs", map[string]any{"id": "live", "name": "live", "type": "live"})
	c := &twoClusters{instance: i, near: i.cluster(), far: far}
	for _, part := range []struct {
		name string
		test func(c *twoClusters)
	}{
		{"delivered by criteria", (*twoClusters).delivered}, {"state and logs", (*twoClusters).stateAndLogs}, {"scale", (*twoClusters).scale},
		{"diff and drift", (*twoClusters).diffAndDrift}, {"prune", (*twoClusters).prune}, {"one is taken down", (*twoClusters).takenDown},
	} {
		if !t.Run(part.name, func(t *testing.T) {
			of := *c
			of.instance = i.as(t)
			part.test(&of)
		}) {
			break // each goes on from the one before
		}
	}
}

// to deploys a change to an environment.
func (c *twoClusters) to(env string, content map[string]any) {
	c.t.Helper()
	content["metadata"] = map[string]any{"env_id": env, "name": "test"}
	delta := c.must(http.StatusOK, http.MethodPost, org+"/apps/two/deltas", content)["id"]
	id, _ := c.must(http.StatusCreated, http.MethodPost, envPath("two", env)+"/deploys", map[string]any{"delta_id": delta})["id"].(string)
	c.eventually("the deployment to "+env+" succeeds", func() (bool, string) {
		status := c.must(http.StatusOK, http.MethodGet, envPath("two", env)+"/deploys/"+id, nil)["status"]
		if status == "failed" {
			c.t.Fatalf("%v", c.list(envPath("two", env)+"/deploys/"+id+"/errors"))
		}
		return status == "succeeded", fmt.Sprint(status)
	})
}

// images are those of the Deployments of a namespace, by name.
func (c *twoClusters) images(in kubernetes.Interface, namespace string) map[string]string {
	c.t.Helper()
	list, err := in.AppsV1().Deployments(namespace).List(context.Background(), metav1.ListOptions{})
	require.NoError(c.t, err)
	out := map[string]string{}
	for _, d := range list.Items {
		out[d.Name] = fmt.Sprintf("%s x%d", d.Spec.Template.Spec.Containers[0].Image, *d.Spec.Replicas)
	}
	return out
}

func (c *twoClusters) delivered() {
	broken := plainModule("nginx:2")
	broken["deploy"] = map[string]any{"success": "deploy"}
	broken["spec"].(map[string]any)["pod"] = map[string]any{"annotations": map[string]any{"slipway.dev/simulate": "CrashLoopBackOff"}}
	c.to("development", map[string]any{"modules": map[string]any{"add": map[string]any{"api": plainModule("nginx:1"), "extra": plainModule("nginx:1")}}})
	c.to("live", map[string]any{"modules": map[string]any{"add": map[string]any{"api": broken, "extra": plainModule("nginx:2")}}})
	require.Equal(c.t, map[string]string{"api": "nginx:1 x1", "extra": "nginx:1 x1"}, c.images(c.near, "two-development"))
	require.Equal(c.t, map[string]string{"api": "nginx:2 x1", "extra": "nginx:2 x1"}, c.images(c.far, "two-live"))
	require.Empty(c.t, c.images(c.near, "two-live"))
	require.Empty(c.t, c.images(c.far, "two-development"))
}

func (c *twoClusters) stateAndLogs() {
	c.eventually("each environment says how it is", func() (bool, string) {
		text := fmt.Sprint(c.list(org + "/apps/two/runtime?id=development&id=live"))
		return strings.Contains(text, "id:development paused:false status:Success") && strings.Contains(text, "id:live paused:false status:Warning"), text
	})
	require.Contains(c.t, c.mustCLI("status", "--app", "two", "--env", "live"), "exit code 3")
	require.NotContains(c.t, c.mustCLI("status", "--app", "two", "--env", "development"), "exit code")
	pods := func(in kubernetes.Interface, env string) {
		list, err := in.CoreV1().Pods("two-"+env).List(context.Background(), metav1.ListOptions{LabelSelector: "humanitec.io/workload=extra"})
		require.NoError(c.t, err)
		require.NotEmpty(c.t, list.Items)
		require.Contains(c.t, c.mustCLI("logs", "extra", "--app", "two", "--env", env), list.Items[0].Name+"/main | simulated")
	}
	pods(c.near, "development")
	pods(c.far, "live")
}

func (c *twoClusters) scale() {
	c.mustCLI("scale", "extra=3", "--app", "two", "--env", "live", "--wait")
	require.Equal(c.t, "nginx:2 x3", c.images(c.far, "two-live")["extra"])
	require.Equal(c.t, "nginx:1 x1", c.images(c.near, "two-development")["extra"])
}

func (c *twoClusters) diffAndDrift() {
	_, err := c.far.AppsV1().Deployments("two-live").Patch(context.Background(), "extra", types.StrategicMergePatchType,
		[]byte(`{"spec":{"template":{"spec":{"containers":[{"name":"main","image":"by-hand:1"}]}}}}`), metav1.PatchOptions{FieldManager: "kubectl-edit"})
	require.NoError(c.t, err)
	require.Contains(c.t, c.mustCLI("diff", "live", "--app", "two", "--env", "live"), "by-hand:1")
	require.Contains(c.t, c.mustCLI("diff", "live", "--app", "two", "--env", "development"), "no difference")
	found, _, code := c.cli("drift", "scan", "--app", "two", "--env", "live", "--timeout", "2m")
	require.Equal(c.t, driftExit, code, found)
	require.Contains(c.t, found, "by-hand:1")
	require.Contains(c.t, c.mustCLI("drift", "scan", "--app", "two", "--env", "development", "--timeout", "2m"), "clean")
	c.mustCLI("drift", "ignored", "--app", "two", "--ignore", "Deployment/extra:/spec/template")
	require.Contains(c.t, c.mustCLI("drift", "scan", "--app", "two", "--env", "live", "--timeout", "2m"), "clean", "ignored for the whole application")
	require.Contains(c.t, c.mustCLI("drift", "settings", "--app", "two", "--env", "live"), "Deployment/extra:/spec/template (of the application)")
}

func (c *twoClusters) prune() {
	c.to("development", map[string]any{"modules": map[string]any{"remove": []any{"extra"}}})
	require.Equal(c.t, map[string]string{"api": "nginx:1 x1"}, c.images(c.near, "two-development"))
	require.Equal(c.t, "by-hand:1 x3", c.images(c.far, "two-live")["extra"])
}

func (c *twoClusters) takenDown() {
	status, _ := c.call(http.MethodDelete, envPath("two", "live"), nil)
	require.Less(c.t, status, 300)
	c.vanishes(envPath("two", "live"))
	require.Empty(c.t, c.images(c.far, "two-live"))
	require.Equal(c.t, map[string]string{"api": "nginx:1 x1"}, c.images(c.near, "two-development"))
}
