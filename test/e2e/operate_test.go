package e2e

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/kubernetes"
)

// operated is an application that runs on a real control plane.
type operated struct {
	*instance
	client    kubernetes.Interface
	namespace string
	flags     []string // of the CLI
}

// TestOperateOnKubernetes changes what runs on a real control plane without a deployment, through the queue, and finds what
// others have changed by hand.
func TestOperateOnKubernetes(t *testing.T) {
	if testing.Short() {
		t.Skip("starts a Kubernetes control plane")
	}
	i := newInstance(t, "SLIPWAY_CLUSTER=dev", fmt.Sprintf("SLIPWAY_CLUSTER_PORT=%d", freePort(t)))
	i.start()
	i.app("ops")
	fixed := plainModule("nginx:1")
	fixed["spec"].(map[string]any)["deployment"] = map[string]any{"replicas": 2}
	i.succeeded("ops", i.deploy("ops", map[string]any{"delta_id": i.delta("ops", addModule("free", plainModule("nginx:1")))}))
	i.succeeded("ops", i.deploy("ops", map[string]any{"delta_id": i.delta("ops", addModule("fixed", fixed))}))
	o := &operated{instance: i, client: i.cluster(), namespace: "ops-development", flags: []string{"--app", "ops", "--env", "development"}}
	for _, part := range []struct {
		name string
		test func(o *operated)
	}{
		{"scale", scaleByCommand}, {"restart", restartByCommand}, {"pause", pauseAndResume}, {"autoscaler", scaleAgainstAutoscaler},
	} {
		t.Run(part.name, func(t *testing.T) {
			of := *o
			of.instance = i.as(t)
			part.test(&of)
		})
	}
}

func (o *operated) run(args ...string) string {
	o.t.Helper()
	return o.mustCLI(append(args, o.flags...)...)
}

// replicas are those that the Deployments ask for, by name.
func (o *operated) replicas() map[string]int {
	o.t.Helper()
	out := map[string]int{}
	list, err := o.client.AppsV1().Deployments(o.namespace).List(context.Background(), metav1.ListOptions{})
	require.NoError(o.t, err)
	for _, d := range list.Items {
		out[d.Name] = int(*d.Spec.Replicas)
	}
	return out
}

func (o *operated) refused(status int, method, path string, body any, says string) {
	o.t.Helper()
	got, answer := o.call(method, envPath("ops", "development")+path, body)
	require.Equal(o.t, status, got, "%v", answer)
	require.Contains(o.t, fmt.Sprint(answer), says)
}

// scaleByCommand: what the module does not say stays as it was set at run time, what it says comes back with the next deployment.
func scaleByCommand(o *operated) {
	require.Equal(o.t, map[string]int{"free": 1, "fixed": 2}, o.replicas())
	o.run("scale", "free=3", "fixed=1", "--wait")
	require.Equal(o.t, map[string]int{"free": 3, "fixed": 1}, o.replicas())
	require.Equal(o.t, 3, ready(o.t, o.client, o.namespace)["free"], "--wait waits until they are ready")
	status, _ := o.call(http.MethodPatch, envPath("ops", "development")+"/runtime/replicas", map[string]int{"free": 2})
	require.Equal(o.t, http.StatusNoContent, status)
	o.eventually("the published operation scales, too", func() (bool, string) { return o.replicas()["free"] == 2, fmt.Sprint(o.replicas()) })
	o.succeeded("ops", o.deploy("ops", map[string]any{"comment": "again"}))
	require.Equal(o.t, map[string]int{"free": 2, "fixed": 2}, o.replicas())
	require.Contains(o.t, o.run("operations", "list"), "scale fixed to 1, free to 3")
	o.refused(http.StatusBadRequest, http.MethodPatch, "/runtime/replicas", map[string]int{"none": 1}, "none")
}

func restartByCommand(o *operated) {
	pods := func() map[string]bool {
		list, err := o.client.CoreV1().Pods(o.namespace).List(context.Background(), metav1.ListOptions{})
		require.NoError(o.t, err)
		out := map[string]bool{}
		for _, p := range list.Items {
			if strings.HasPrefix(p.Name, "free-") && p.DeletionTimestamp == nil {
				out[p.Name] = true
			}
		}
		return out
	}
	before := pods()
	require.NotEmpty(o.t, before)
	o.run("restart", "free", "--wait")
	o.eventually("all pods are others", func() (bool, string) {
		now := pods()
		for name := range now {
			if before[name] {
				return false, name
			}
		}
		return len(now) == len(before), fmt.Sprint(now)
	})
}

func pauseAndResume(o *operated) {
	o.run("scale", "free=3", "--wait")
	o.run("pause", "--wait")
	require.Equal(o.t, map[string]int{"free": 0, "fixed": 0}, o.replicas())
	o.refused(http.StatusConflict, http.MethodPost, "/deploys", map[string]any{"comment": "x"}, "paused")
	o.refused(http.StatusConflict, http.MethodPatch, "/runtime/replicas", map[string]int{"free": 1}, "paused")
	_, errors, code := o.cli(append([]string{"restart"}, o.flags...)...)
	require.NotZero(o.t, code)
	require.Contains(o.t, errors, "paused")
	o.run("resume", "--wait")
	require.Equal(o.t, map[string]int{"free": 3, "fixed": 2}, o.replicas())
	o.succeeded("ops", o.deploy("ops", map[string]any{"comment": "after the pause"}))
	require.Equal(o.t, map[string]int{"free": 3, "fixed": 2}, o.replicas(), "the next deployment takes nothing back")
}

func scaleAgainstAutoscaler(o *operated) {
	const scaler = `{"apiVersion":"autoscaling/v2","kind":"HorizontalPodAutoscaler","metadata":{"name":"by-hand"},"spec":{"minReplicas":1,"maxReplicas":5,
		"scaleTargetRef":{"apiVersion":"apps/v1","kind":"Deployment","name":"free"}}}`
	force := true
	_, err := o.client.AutoscalingV2().HorizontalPodAutoscalers(o.namespace).Patch(context.Background(), "by-hand", types.ApplyPatchType, []byte(scaler),
		metav1.PatchOptions{FieldManager: "somebody", Force: &force})
	require.NoError(o.t, err)
	o.refused(http.StatusConflict, http.MethodPatch, "/runtime/replicas", map[string]int{"free": 1}, "by-hand")
	require.NoError(o.t, o.client.AutoscalingV2().HorizontalPodAutoscalers(o.namespace).Delete(context.Background(), "by-hand", metav1.DeleteOptions{}))
}
