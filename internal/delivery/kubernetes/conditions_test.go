package kubernetes_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/slipway-dev/slipway/engine/manifest"
)

// job is one that is replaced when it has to change; pods says how its pods are played.
func job(name, image, pods, extra string) string {
	return fmt.Sprintf(`apiVersion: batch/v1
kind: Job
metadata: {name: %s, namespace: NS, annotations: {slipway.dev/force: "true"}}
spec:
  backoffLimit: 0
  %s
  template:
    metadata: {annotations: {%s}}
    spec: {restartPolicy: Never, containers: [{name: main, image: "%s"}]}`, name, extra, pods, image)
}

func (e *env) deployedWhen(condition *manifest.DeployCondition) {
	for i := range e.request.Objects {
		e.request.Objects[i].Deploy = condition
	}
}

func TestWatchHonoursDeployConditions(t *testing.T) {
	t.Parallel()
	pending := "slipway.dev/simulate: Pending"
	cases := map[string]struct {
		document  string
		condition manifest.DeployCondition
		want      string // "" = ready
	}{
		"a job that comes to its end":   {job("migrate", "a", "", ""), manifest.DeployCondition{When: "before", Success: "complete"}, ""},
		"a job before the others":       {job("migrate", "a", pending, ""), manifest.DeployCondition{When: "before", Timeout: 1}, "ContainerCreating"},
		"a job that runs":               {job("migrate", "a", "", ""), manifest.DeployCondition{When: "before", Success: "available"}, ""},
		"delivered is enough":           {deployment("api", 1, pending), manifest.DeployCondition{When: "before", Success: "deploy"}, ""},
		"its own time is over":          {deployment("api", 1, pending), manifest.DeployCondition{When: "deploy", Timeout: 1}, "not ready after 1s (timeout of its deploy condition)"},
		"a job that fails":              {job("migrate", "a", pending, "activeDeadlineSeconds: 1"), manifest.DeployCondition{When: "before"}, "failed"},
		"complete, of a deployment":     {deployment("api", 1, ""), manifest.DeployCondition{When: "before", Success: "complete"}, ""},
		"an image that is not there":    {job("migrate", "a", "slipway.dev/simulate: ImagePullBackOff", ""), manifest.DeployCondition{When: "before"}, "ImagePullBackOff"},
		"available, without its timing": {deployment("api", 1, ""), manifest.DeployCondition{When: "after", Success: "available"}, ""},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := newEnv(t)
			e.delivered(tc.document)
			e.deployedWhen(&tc.condition)
			e.request.Since = time.Now()
			err := e.delivery.Watch(t.Context(), e.request)
			if tc.want == "" {
				require.NoError(t, err)
				return
			}
			require.ErrorContains(t, err, tc.want)
		})
	}
}

// TestTimeOfConditionRunsFromTheDelivery: another worker that goes on does not begin to count anew.
func TestTimeOfConditionRunsFromTheDelivery(t *testing.T) {
	t.Parallel()
	e := newEnv(t)
	e.delivered(deployment("api", 1, "slipway.dev/simulate: Pending"))
	e.deployedWhen(&manifest.DeployCondition{When: "deploy", Timeout: 3600})
	e.request.Since = time.Now().Add(-2 * time.Hour)
	require.ErrorContains(t, e.delivery.Watch(t.Context(), e.request), "not ready after 1h0m0s")
}

// TestFailedJobRunsAnew: what was wrong may have been outside of the Job, which is the same as before.
func TestFailedJobRunsAnew(t *testing.T) {
	t.Parallel()
	e := newEnv(t)
	failing := job("migrate", "a", "slipway.dev/simulate: Pending", "activeDeadlineSeconds: 1")
	e.delivered(failing)
	first := e.get("batch/v1/jobs", "migrate").GetUID()
	e.delivered(failing)
	e.deployedWhen(&manifest.DeployCondition{When: "before"})
	require.ErrorContains(t, e.delivery.Watch(t.Context(), e.request), "failed")
	second := e.get("batch/v1/jobs", "migrate").GetUID()
	e.delivered(failing)
	require.NotEqual(t, second, e.get("batch/v1/jobs", "migrate").GetUID(), "it failed, so it begins anew")
	require.Equal(t, first, second, "it ran still, so it was left alone")
}

// TestAutoscalerTakesOver: the pods that are there stay when an autoscaler begins to decide how many there are.
func TestAutoscalerTakesOver(t *testing.T) {
	t.Parallel()
	e := newEnv(t)
	e.delivered(deployment("api", 3, ""))
	scaler := "apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: {name: api, namespace: NS}\n" +
		"spec: {scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: api}, minReplicas: 2, maxReplicas: 5}"
	for range 2 {
		e.delivered(strings.Replace(deployment("api", 3, ""), "  replicas: 3\n", "", 1), scaler)
		n, _, err := unstructured.NestedInt64(e.get("apps/v1/deployments", "api").Object, "spec", "replicas")
		require.NoError(t, err)
		require.EqualValues(t, 3, n)
	}
	e.delivered(deployment("api", 4, ""))
	n, _, err := unstructured.NestedInt64(e.get("apps/v1/deployments", "api").Object, "spec", "replicas")
	require.NoError(t, err)
	require.EqualValues(t, 4, n, "without the autoscaler the workload says how many there are")
}

// TestPartialDeliveryTakesNothingAway: what a later stage brings, or nothing brings any more, stays until the last stage.
func TestPartialDeliveryTakesNothingAway(t *testing.T) {
	t.Parallel()
	e := newEnv(t)
	e.delivered(configMap("one", "1"), configMap("old", "1"))
	e.keep, e.request.Partial = "one", true
	require.Zero(t, e.delivered(configMap("one", "2"), configMap("two", "1")).Removed)
	e.get("v1/configmaps", "old")
	require.Equal(t, "1", e.get("v1/configmaps", "one").Object["data"].(map[string]any)["key"], "it belongs to another stage")
	e.keep, e.request.Partial = "two", false
	e.delivered(configMap("one", "2"), configMap("two", "1"))
	require.Equal(t, "2", e.get("v1/configmaps", "one").Object["data"].(map[string]any)["key"])
	e.get("v1/configmaps", "two")
}
