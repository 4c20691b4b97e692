package cli_test

import (
	"context"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/internal/api"
)

const hello = `apiVersion: score.dev/v1b1
metadata: {name: hello}
containers:
  web:
    image: .
    variables: {HOST: "${resources.db.host}"}
service:
  ports:
    http: {port: 80}
resources:
  db: {type: postgres}
`

// deployHello deploys the example and returns the deployment.
func (w *world) deployHello(image string) api.Deployment {
	w.t.Helper()
	w.file("score.yaml", hello)
	var d api.Deployment
	w.run("score", "deploy", "--app", "shop", "--env", "development", "--image", image, "--wait", "-o", "json").into(w.t, &d)
	return d
}

func TestScoreDeploy(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.file("score.yaml", hello)
	got := w.run("score", "deploy", "--app", "shop", "--env", "staging", "--image", "nginx:1", "-m", "first", "--wait").ok(t,
		"application shop did not exist: created, with the environment staging of type staging",
		"workload: hello (delta ", "postgres.default#modules.hello.externals.db succeeded", "  commit  ", "  url     ")
	require.Regexp(t, `deployment [0-9a-f]{16} succeeded in \d+\.\ds`, got.out)
	line := regexp.MustCompile(`^\d\d:\d\d:\d\d  \S`)
	for _, text := range strings.Split(got.out, "\n")[3:6] {
		require.Regexp(t, line, text)
	}
	require.Empty(t, got.err)

	var d api.Deployment
	w.run("get", "deploy", ".", "--app", "shop", "--env", "staging", "-o", "json").into(t, &d)
	require.Equal(t, "first", d.Comment)
	require.Contains(t, got.out, d.Target.Revision)

	var set api.Set
	w.run("get", "set", ".", "--app", "shop", "--env", "staging", "-o", "json").into(t, &set)
	require.Contains(t, set.Modules, "hello")
}

func TestScoreDeployOfSeveralFiles(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.file("a/score.yaml", strings.Replace(hello, "image: .", "image: a", 1))
	w.file("b/score.yaml", strings.NewReplacer("hello", "other", "image: .", "image: b\n    files: {/etc/motd: {source: motd}}").Replace(hello))
	w.file("b/motd", "Welcome to $HOME and ${metadata.name}")
	w.env["SLIPWAY_APP"], w.env["SLIPWAY_ENV"] = "shop", "development"
	w.run("score", "deploy", "-f", "a/score.yaml", "-f", "b/score.yaml", "--workload-source-url", "https://example.com/src", "--wait").
		ok(t, "workloads: hello, other")
	var deltas []api.Delta
	w.run("get", "deltas", "-o", "json").into(t, &deltas)
	require.Len(t, deltas, 1)
	require.Len(t, deltas[0].Modules.Add, 2)
	w.run("get", "set", ".", "-o", "yaml").ok(t, "Welcome to", "humanitec.io/workload-source: https://example.com/src")

	w.run("score", "deploy", "-f", "a/score.yaml", "-f", "a/score.yaml").fails(t, 1, "both describe the workload hello")
	w.run("score", "deploy", "-f", "a/score.yaml", "-f", "b/score.yaml", "-p", "a=b").fails(t, 2, "about one Score file")
}

func TestScoreDeployDryRunChangesNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.file("score.yaml", hello)
	var delta struct{ Modules struct{ Add map[string]any } }
	w.run("score", "deploy", "--app", "shop", "--env", "development", "--image", "x", "--dry-run", "-o", "json").into(t, &delta)
	require.Contains(t, delta.Modules.Add, "hello")
	w.run("get", "app", "shop").fails(t, 1, "shop")
}

func TestScoreDeployErrors(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.file("score.yaml", hello)
	w.file("broken.yaml", "apiVersion: score.dev/v1b1\nmetadata: {name: hello}\ncontainers: {web: {image: x, nope: 1}}\n")
	w.run("score", "deploy", "--env", "development").fails(t, 2, "no Application: add --app, set SLIPWAY_APP")
	w.run("score", "deploy", "-f", "none.yaml", "--app", "shop", "--env", "development").fails(t, 1, "none.yaml does not exist")
	w.run("score", "deploy", "-f", "broken.yaml", "--app", "shop", "--env", "development").fails(t, 1, "broken.yaml: 1 problem", "containers.web")
	w.run("score", "deploy", "--app", "shop", "--env", "development").fails(t, 1, "image")
	w.run("get", "app", "shop").fails(t, 1) // nothing was created on the way
	w.run("create", "app", "shop").ok(t)
	w.run("score", "deploy", "--app", "shop", "--env", "qa", "--image", "x").fails(t, 1, "has no environment qa (it has: development)", "slipway create env qa --app shop")
}

func TestFailedDeployment(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.file("score.yaml", strings.Replace(hello, "type: postgres", "type: postgres, class: huge", 1))
	w.env["SLIPWAY_APP"], w.env["SLIPWAY_ENV"] = "shop", "development"
	w.run("score", "deploy", "--image", "nginx:1", "--wait").fails(t, 3, " failed", "cause: ", "huge", "what to do next:", "slipway deploy again --app shop --env development")
	w.run("describe", "deploy").ok(t, "outcome:       failed", "huge", "what to do next:")
	w.run("describe", "env").ok(t, "slipway describe deploy ")
	w.run("get", "deploy-errors").ok(t, "SCOPE", "huge")
	w.run("rollback").fails(t, 1, "no earlier deployment than ", "slipway rollback <deployment>")
}

func TestWaitTimesOut(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.deployHello("nginx:1")
	open := w.engine.hold()
	defer open()
	w.env["SLIPWAY_APP"], w.env["SLIPWAY_ENV"] = "shop", "development"
	w.run("deploy", "again", "--timeout", "50ms").fails(t, 7, "not over after 50ms", "goes on", "slipway cancel ")
	w.run("deploy", "again", "--timeout", "-1s").fails(t, 2)
}

func TestInterruptDetaches(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.deployHello("nginx:1")
	open := w.engine.hold()
	defer open()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan result, 1)
	go func() {
		done <- w.runWith(ctx, "", "deploy", "again", "--wait", "--app", "shop", "--env", "development")
	}()
	require.Eventually(t, func() bool {
		var queue api.Queue
		w.run("get", "queue", "--app", "shop", "--env", "development", "-o", "json").into(t, &queue)
		return len(queue.Deployments) == 1
	}, waitLong, waitStep)
	cancel()
	(<-done).fails(t, 130, "detached", "goes on", "slipway cancel ")
	open()
	require.Eventually(t, func() bool {
		return strings.Contains(w.run("get", "queue", "--app", "shop", "--env", "development").out, "none")
	}, waitLong, waitStep)
	w.run("get", "deploy", ".", "--app", "shop", "--env", "development").ok(t, "succeeded")
}

func TestCancel(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.deployHello("nginx:1")
	w.env["SLIPWAY_APP"], w.env["SLIPWAY_ENV"] = "shop", "development"
	open := w.engine.hold()
	defer open()
	w.run("deploy", "again").ok(t, "follow it with: slipway logs ")
	w.run("queue", "show").ok(t, "queue", "pending")
	waiting := make(chan result, 1)
	var d api.Deployment
	w.run("get", "deploy", ".", "-o", "json").into(t, &d)
	go func() { waiting <- w.run("logs", d.ID, "--follow") }()
	w.run("cancel", d.ID, "--wait").ok(t, "cancelled")
	(<-waiting).ok(t)
	w.run("cancel", "0000000000000000").fails(t, 1, "0000000000000000")

	done := make(chan result, 1)
	go func() { done <- w.run("deploy", "again", "--wait") }()
	require.Eventually(t, func() bool {
		var queue api.Queue
		w.run("get", "queue", "-o", "json").into(t, &queue)
		return len(queue.Deployments) == 1
	}, waitLong, waitStep)
	w.run("cancel", ".").ok(t)
	(<-done).fails(t, 4, "cancelled", "slipway deploy again")
}

func TestQueuePolicy(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.deployHello("nginx:1")
	w.env["SLIPWAY_APP"], w.env["SLIPWAY_ENV"] = "shop", "development"
	w.run("queue", "policy").ok(t, "queue")
	w.run("queue", "policy", "freeze").ok(t, "now freeze")
	w.run("queue", "policy", "-o", "json").ok(t, `"policy": "freeze"`)
	w.run("deploy", "again").fails(t, 1, "frozen")
	w.run("queue", "policy", "hurry").fails(t, 2, "queue, supersede, reject, freeze")
}

func TestDeployRollbackAndDiff(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	first := w.deployHello("nginx:1")
	second := w.deployHello("nginx:2")
	w.env["SLIPWAY_APP"], w.env["SLIPWAY_ENV"] = "shop", "development"

	w.run("diff", "sets", "deploy/"+first.ID, ".").ok(t, "~ workload hello", `"nginx:1" -> "nginx:2"`)
	w.run("diff", "sets", "0", second.SetID).ok(t, "+ workload hello")
	w.run("diff", "sets", ".", "env/development").ok(t, "no difference")

	w.run("rollback", "--wait").ok(t, "going back to deployment "+first.ID)
	var now api.Deployment
	w.run("get", "deploy", ".", "-o", "json").into(t, &now)
	require.Equal(t, first.SetID, now.SetID)
	require.Equal(t, "Back to deployment "+first.ID, now.Comment)
	w.run("rollback", second.ID, "--wait").ok(t)
	w.run("diff", "sets", second.SetID, ".").ok(t, "no difference")

	w.run("create", "env", "staging", "--type", "staging").ok(t, "environment staging of application shop created")
	w.run("deploy", "env", "development", "staging", "--wait").ok(t, "to shop/staging")
	w.run("diff", "envs", "development", "staging").ok(t, "no difference")
	w.run("deploy", "deploy", first.ID, "staging", "--wait").ok(t, "to shop/staging")
	w.run("diff", "envs", "staging", "development", "-o", "json").ok(t, `"op": "replace"`)
	w.run("deploy", "set", first.SetID, "--wait").ok(t)
	w.run("deploy", "delta", second.DeltaID, "--wait").ok(t)
	w.run("diff", "sets", second.SetID, "env/development").ok(t, "no difference")
	w.run("deploy", "env", "nowhere", "staging").fails(t, 1, "nowhere")
}

func TestLooking(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	d := w.deployHello("nginx:1")
	w.env["SLIPWAY_APP"], w.env["SLIPWAY_ENV"] = "shop", "development"
	w.run("describe", "deploy", d.ID).ok(t, "outcome:       succeeded", "commit:        "+d.Target.Revision, "postgres.default#modules.hello.externals.db", "humanitec/")
	w.run("describe", "env").ok(t, "last deploy:   "+d.ID+" succeeded", "policy queue", "postgres.default#modules.hello.externals.db")
	w.run("describe", "resource", "modules.hello.externals.db").ok(t, "outputs:", "host: ", "password: (secret)")
	w.run("describe", "resource", "postgres#modules.hello.externals.dc").fails(t, 1, "did you mean postgres.default#modules.hello.externals.db?")
	w.run("get", "resources").ok(t, "postgres", "modules.hello.externals.db", "active")
	w.run("resources", "list", "--type", "postgres", "--text", "HELLO").ok(t, "shop", "development", "postgres", "modules.hello.externals.db", "active")
	w.run("resources", "list", "--env-type", "none", "-o", "json").ok(t, "[]")
	w.run("get", "resource", "modules.hello.externals.db", "-o", "yaml").ok(t, "res_id: modules.hello.externals.db")
	w.run("get", "graph").ok(t, "DEPENDS ON", "postgres.default#modules.hello.externals.db")
	w.run("resources", "graph", d.ID, "--format", "dot").ok(t, "digraph resources {", `" -> "`)
	w.run("resources", "graph", "--format", "mermaid").ok(t, "graph LR", " --> ")
	w.run("resources", "graph", "--format", "png").fails(t, 2)
	w.run("logs", ".").ok(t)
	w.run("logs", d.ID, "-o", "json").ok(t, "[")
	w.run("get", "deploys").ok(t, d.ID, "succeeded")
}

func TestDeployWithAPlan(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	first := w.deployHello("nginx:1")
	w.deployHello("nginx:2")
	w.env["SLIPWAY_APP"], w.env["SLIPWAY_ENV"] = "shop", "development"
	w.run("deploy", "set", first.SetID, "--plan").ok(t, "plan for shop/development: set "+first.SetID, "workload hello is changed", "--planned p1.")
	var plan api.DeploymentPlan
	w.run("deploy", "set", first.SetID, "--plan", "--exit-code", "-o", "json").into(t, &plan)
	w.run("deploy", "set", first.SetID, "--planned", plan.Fingerprint, "--wait").ok(t, "succeeded")
	w.run("deploy", "set", first.SetID, "--planned", plan.Fingerprint).fails(t, 1, "the plan is void")
	w.run("deploy", "again", "--plan", "--planned", plan.Fingerprint).fails(t, 2, "give one of them")
	w.run("deploy", "again", "--plan", "--wait").fails(t, 2, "nothing to wait for")
	w.run("deploy", "again", "--exit-code").fails(t, 2, "goes with --plan")
	w.run("deploy", "again", "--drivers").fails(t, 2, "goes with --plan")
	w.run("score", "deploy", "-f", "score.yaml", "--image", "nginx:3", "--plan").ok(t, "plan for shop/development", "workload hello is changed", "--planned p1.")
	w.run("plans", "list").ok(t)
	w.run("plans", "get", "nope").fails(t, 1, "nope")
	w.run("plans", "cancel", "nope").fails(t, 1, "nope")
}
