package e2e

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/kubernetes"

	"github.com/slipway-dev/slipway/internal/testenv"
)

// chained is an application with three environments on a real control plane.
type chained struct {
	*instance
	client kubernetes.Interface
}

const chainApp = "chain"

// TestChainOnKubernetes brings software from one environment to the next on a real control plane, by promotions and by pipelines,
// while the whole program is killed.
func TestChainOnKubernetes(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("starts a Kubernetes control plane")
	}
	i := newInstance(t, "SLIPWAY_CLUSTER=dev", fmt.Sprintf("SLIPWAY_CLUSTER_PORT=%d", testenv.FreePort(t)), "SLIPWAY_AUTOMATION_WINDOW=1s")
	i.start()
	c := &chained{instance: i, client: i.cluster()}
	c.threeEnvironments()
	for _, part := range []struct {
		name string
		test func(c *chained)
	}{
		{"promotions", (*chained).promotions},
		{"a pipeline goes on", (*chained).pipelineGoesOn},
		{"readiness", (*chained).readiness},
		{"public pipelines", (*chained).corpus},
		{"previews", func(c *chained) { previewsComeAndGo(c.instance, c.client, 6) }},
	} {
		ok := t.Run(part.name, func(t *testing.T) {
			whole := i.t
			i.t = t // not a copy: what is killed and started again is the instance of the whole test
			defer func() { i.t = whole }()
			part.test(c)
		})
		if !ok {
			return // the next ones build on it
		}
	}
}

// threeEnvironments makes the application, with an environment of each type.
func (c *chained) threeEnvironments() {
	c.t.Helper()
	c.app(chainApp)
	for _, id := range []string{"staging", "production"} {
		if status, _ := c.call(http.MethodGet, org+"/env-types/"+id, nil); status == http.StatusNotFound {
			status, out := c.call(http.MethodPost, org+"/env-types", map[string]any{"id": id, "description": id})
			require.Less(c.t, status, http.StatusMultipleChoices, "%v", out)
		}
		c.must(http.StatusCreated, http.MethodPost, org+"/apps/"+chainApp+"/envs", map[string]any{"id": id, "name": id, "type": id})
	}
}

// image is what the Deployment of the workload runs in an environment.
func (c *chained) image(env string) string {
	c.t.Helper()
	d, err := c.client.AppsV1().Deployments(chainApp+"-"+env).Get(context.Background(), "api", metav1.GetOptions{})
	require.NoError(c.t, err)
	return d.Spec.Template.Spec.Containers[0].Image
}

// deployments lists those of an environment, oldest first: status and comment.
func (c *chained) deployments(env string) (out []string) {
	c.t.Helper()
	all := c.list(envPath(chainApp, env) + "/deploys")
	for n := len(all) - 1; n >= 0; n-- {
		out = append(out, fmt.Sprint(all[n]["status"]))
	}
	return out
}

// promote asks for a promotion and returns its id.
func (c *chained) promote(from, to string, more map[string]any) string {
	c.t.Helper()
	in := map[string]any{"from_env": from, "to_env": to}
	for key, value := range more {
		in[key] = value
	}
	return c.must(http.StatusCreated, http.MethodPost, org+"/apps/"+chainApp+"/promotions", in)["id"].(string)
}

func (c *chained) promotion(id string) map[string]any {
	c.t.Helper()
	return c.must(http.StatusOK, http.MethodGet, org+"/apps/"+chainApp+"/promotions/"+id, nil)
}

// comesTo waits until a promotion is in a phase, and ends the test when it is over before.
func (c *chained) comesTo(id, phase string) {
	c.t.Helper()
	c.eventually("promotion "+id+" comes to "+phase, func() (bool, string) {
		p := c.promotion(id)
		if p["finished_at"] != nil && phase != "done" {
			c.t.Fatalf("it is over: %v", p)
		}
		return p["phase"] == phase, fmt.Sprint(p["phase"], " ", p["message"])
	})
}

// over waits for the end of a promotion, whose events each happened once.
func (c *chained) over(id, status string) map[string]any {
	c.t.Helper()
	c.comesTo(id, "done")
	p := c.promotion(id)
	require.Equal(c.t, status, p["status"], "%v", p)
	seen := map[string]bool{}
	for _, e := range p["events"].([]any) {
		said := fmt.Sprint(e.(map[string]any)["message"])
		require.False(c.t, seen[said], "twice: %s", said)
		seen[said] = true
	}
	return p
}

// killed ends the whole program at once and starts it again.
func (c *chained) killed() {
	c.t.Helper()
	c.kill()
	at := time.Now()
	c.start()
	c.t.Logf("killed, and ready again after %s", time.Since(at).Round(time.Millisecond))
}

// crashes lets the program of the workload end again and again from now on, as its node reports it.
func (c *chained) crashes(env string) {
	c.t.Helper()
	pods := c.client.CoreV1().Pods(chainApp + "-" + env)
	list, err := pods.List(context.Background(), metav1.ListOptions{})
	require.NoError(c.t, err)
	require.NotEmpty(c.t, list.Items)
	for _, pod := range list.Items {
		_, err := pods.Patch(context.Background(), pod.Name, types.MergePatchType, []byte(`{"metadata":{"annotations":{"slipway.dev/simulate":"CrashLoopBackOff"}}}`), metav1.PatchOptions{})
		require.NoError(c.t, err)
		_, err = pods.Patch(context.Background(), pod.Name, types.MergePatchType, []byte(`{"status":{"phase":"Pending"}}`), metav1.PatchOptions{}, "status")
		require.NoError(c.t, err)
	}
}

// askForNewWorkloads is a policy of the organization: the way back, which only removes what was added, needs nobody.
const askForNewWorkloads = `
id: new-workloads
when: env.type == "production" && plan.workloads.added.exists(w, w == "worker")
effect: approve
approvals: 1
message: a new workload comes to production
`

// promotions: development, staging, production. The second version passes staging although the program is killed while it is
// deployed there. In production somebody has to agree first, and the program is killed while it waits for that; then it does not
// stay healthy, which is found and taken back although the program is killed again.
func (c *chained) promotions() {
	t := c.t
	c.succeeded(chainApp, c.deploy(chainApp, map[string]any{"delta_id": c.delta(chainApp, addModule("api", plainModule("registry.example/api:1")))}))
	c.over(c.promote("development", "staging", map[string]any{"soak_seconds": 2}), "succeeded")
	c.over(c.promote("staging", "production", nil), "succeeded")
	require.Equal(t, "registry.example/api:1", c.image("production"))

	second := map[string]any{"api": plainModule("registry.example/api:2"), "worker": plainModule("registry.example/worker:1")}
	c.succeeded(chainApp, c.deploy(chainApp, map[string]any{"delta_id": c.delta(chainApp, map[string]any{"modules": map[string]any{"add": second}})}))
	toStaging := c.promote("development", "staging", map[string]any{"soak_seconds": 2, "roll_back_on_failure": true})
	c.killed()
	c.over(toStaging, "succeeded")
	require.Equal(t, "registry.example/api:2", c.image("staging"))

	policies := filepath.Join(t.TempDir(), "policies.yaml")
	require.NoError(t, os.WriteFile(policies, []byte(askForNewWorkloads), 0o600))
	c.mustCLI("policies", "apply", "-f", policies)
	toProduction := c.promote("staging", "production", map[string]any{"soak_seconds": 20, "roll_back_on_failure": true})
	c.comesTo(toProduction, "approval")
	c.waitsForPeople("production")
	c.killed()
	require.Equal(t, "registry.example/api:1", c.image("production"), "nothing is done before somebody agrees")
	c.mustCLI("approve", toProduction, "--promotion", "--app", chainApp, "-m", "looked at it")
	c.comesTo(toProduction, "soak")
	require.Equal(t, "registry.example/api:2", c.image("production"))
	c.crashes("production")
	c.killed()
	p := c.over(toProduction, "failed")
	require.Contains(t, p["message"], "did not stay healthy")
	require.Contains(t, p["message"], "exit code 3")
	require.NotEmpty(t, p["roll_back_deployment_id"])
	require.Equal(t, "registry.example/api:1", c.image("production"), "what ran before is back")
	require.Equal(t, map[string]int{"api": 1}, ready(t, c.client, chainApp+"-production"))
	c.mustCLI("policies", "delete", "new-workloads")

	require.Equal(t, []string{"succeeded", "succeeded"}, c.deployments("development"))
	require.Equal(t, []string{"succeeded", "succeeded"}, c.deployments("staging"))
	require.Equal(t, []string{"succeeded", "succeeded", "succeeded"}, c.deployments("production"), "the first, the second, and the way back")
	require.Len(t, c.list(org+"/apps/"+chainApp+"/promotions"), 4)
}

// waitsForPeople waits until the newest deployment of an environment does.
func (c *chained) waitsForPeople(env string) {
	c.t.Helper()
	c.eventually("the deployment waits for an approval", func() (bool, string) {
		d := c.list(envPath(chainApp, env) + "/deploys")[0]
		return d["waiting_for"] != nil, fmt.Sprint(d)
	})
}
