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

	"github.com/slipway-dev/slipway/internal/testenv"
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
	t.Parallel()
	if testing.Short() {
		t.Skip("starts a Kubernetes control plane")
	}
	records, settings := needsRecords(t)
	i := newInstance(t, append(settings, "SLIPWAY_CLUSTER=dev", fmt.Sprintf("SLIPWAY_CLUSTER_PORT=%d", testenv.FreePort(t)))...)
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
		{"diff", diffOfDeployments}, {"drift", driftByHand}, {"schedule", driftBySchedule},
		{"resources", func(o *operated) { driftOfResources(o, records) }},
		{"plans", func(o *operated) { plansOfDrivers(o, records) }},
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
	require.Contains(o.t, o.scan(0), "clean", "a pause is no drift")
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

// diffOfDeployments: what two deployments rendered, without secrets.
func diffOfDeployments(o *operated) {
	first := o.succeeded("ops", o.deploy("ops", map[string]any{"comment": "before"}))["id"].(string)
	update := map[string]any{"modules": map[string]any{"update": map[string]any{"free": []any{
		map[string]any{"op": "replace", "path": "/spec/containers/main/image", "value": "nginx:2"}}}}}
	second := o.succeeded("ops", o.deploy("ops", map[string]any{"delta_id": o.delta("ops", update)}))["id"].(string)
	text := o.run("diff", "deployments", first, second)
	require.Contains(o.t, text, "~ Deployment free in ops-development")
	require.Contains(o.t, text, `/image: "nginx:1" -> "nginx:2"`)
	require.NotContains(o.t, text, "fixed")
	require.Contains(o.t, o.run("diff", "live"), "no difference")
	require.Contains(o.t, o.run("diff", "live", first), `"nginx:2" -> "nginx:1"`, "what a rollback would do")
	before := o.must(http.StatusOK, http.MethodGet, envPath("ops", "development")+"/deploys/"+second+"/diff", nil)
	require.Equal(o.t, first, before["from_id"], "the one before, when none is named")
}

// scan looks for drift by the command line and returns what it says.
func (o *operated) scan(code int) string {
	o.t.Helper()
	out, errors, got := o.cli(append([]string{"drift", "scan", "--timeout", "2m"}, o.flags...)...)
	require.Equal(o.t, code, got, "%s%s", out, errors)
	return out
}

func (o *operated) byHand(name, patch string) {
	o.t.Helper()
	_, err := o.client.AppsV1().Deployments(o.namespace).Patch(context.Background(), name, types.StrategicMergePatchType, []byte(patch), metav1.PatchOptions{FieldManager: "kubectl-edit"})
	require.NoError(o.t, err)
}

const driftExit = 3

func driftByHand(o *operated) {
	require.Contains(o.t, o.scan(0), "clean", "nothing was changed")
	o.run("scale", "free=2", "fixed=3", "--wait")
	o.byHand("free", `{"metadata":{"annotations":{"note":"by hand"}}}`)
	require.Contains(o.t, o.scan(0), "clean", "what Slipway was told to scale is no drift, nor are fields of others")

	o.byHand("free", `{"spec":{"template":{"spec":{"containers":[{"name":"main","image":"nginx:hotfix"}]}}}}`)
	text := o.scan(driftExit)
	require.Contains(o.t, text, `/image: "nginx:hotfix" -> "nginx:2" (by kubectl-edit)`)
	require.Contains(o.t, text, "1 of ")
	require.Contains(o.t, o.run("diff", "live"), `"nginx:hotfix" -> "nginx:2"`)
	o.run("drift", "settings", "--ignore", "Deployment/free:/spec/template")
	require.Contains(o.t, o.scan(0), "clean", "ignored by the settings")
	o.run("drift", "settings", "--ignore", "")
	o.byHand("free", `{"metadata":{"annotations":{"slipway.dev/ignore-drift":"/spec/template/spec"}}}`)
	require.Contains(o.t, o.scan(0), "clean", "ignored by an annotation")
	o.byHand("free", `{"spec":{"template":{"spec":{"containers":[{"name":"main","image":"nginx:2"}]}}}}`)

	require.NoError(o.t, o.client.AppsV1().Deployments(o.namespace).Delete(context.Background(), "fixed", metav1.DeleteOptions{}))
	require.Contains(o.t, o.scan(driftExit), "! Deployment fixed in ops-development (modules.fixed): missing")
	o.run("drift", "settings", "--redeploy")
	require.Contains(o.t, o.scan(driftExit), "brings it right")
	o.eventually("what is missing is there again", func() (bool, string) { return o.replicas()["fixed"] == 2, fmt.Sprint(o.replicas()) })
	o.eventually("nothing is left", func() (bool, string) {
		out, _, code := o.cli(append([]string{"drift", "scan", "--timeout", "2m"}, o.flags...)...)
		return code == 0, out
	})
	o.run("drift", "settings", "--redeploy=false")
}

// driftBySchedule: the settings make a schedule, which Temporal runs.
func driftBySchedule(o *operated) {
	settings := envPath("ops", "development") + "/drift/settings"
	o.refused(http.StatusBadRequest, http.MethodPut, "/drift/settings", map[string]any{"enabled": true, "every": "1s", "redeploy": false, "ignore": []any{}}, "every")
	require.Contains(o.t, o.run("drift", "settings", "--every", "5m"), "every 5m0s")
	require.Equal(o.t, true, o.must(http.StatusOK, http.MethodGet, settings, nil)["enabled"])
	require.Contains(o.t, o.run("drift", "settings", "--every", "10m"), "every 10m0s")
	require.Contains(o.t, o.run("drift", "settings", "--off"), "on demand only")
	require.Contains(o.t, o.run("drift", "list"), "request")
}
