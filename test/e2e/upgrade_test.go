package e2e

import (
	"context"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	enumspb "go.temporal.io/api/enums/v1"
	historypb "go.temporal.io/api/history/v1"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/client"

	"github.com/slipway-dev/slipway/internal/secrets"
	"github.com/slipway-dev/slipway/internal/temporal"
	"github.com/slipway-dev/slipway/internal/testenv"
	"github.com/slipway-dev/slipway/worker"
)

// TestUpgrade has the previous build begin a deployment, kills it in the middle, and has this build finish it on the same data.
func TestUpgrade(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes longer than the fast tier allows")
	}
	old, version := previous(t)
	t.Logf("the previous build is %s", version)
	t.Run("dev", func(t *testing.T) {
		t.Parallel()
		upgradeDev(t, old)
	})
	t.Run("server and worker", func(t *testing.T) {
		t.Parallel()
		upgradeSplit(t, old)
	})
}

// upgradeDev: SQLite and a Temporal of its own, which dies as well.
func upgradeDev(t *testing.T, old string) {
	i := newInstance(t)
	current := i.bin
	i.bin = old
	i.start()
	u := i.beginUpgrade()
	i.kill()
	i.endTemporal()
	i.bin = current
	i.start()
	u.finish(i)
	address, _ := i.setting("SLIPWAY_TEMPORAL_PORT")
	i.requireReplay("127.0.0.1:"+address, "default", u)
}

// upgradeSplit: the order that docs/operations/upgrading.md gives.
func upgradeSplit(t *testing.T, old string) {
	s := newSplitWith(t, old, testenv.Postgres(t), testenv.Temporal(t))
	s.startAll(old)
	u := s.beginUpgrade()
	s.server.kill()
	s.worker.kill()
	s.run(s.bin, "migrate")
	s.startAll(s.bin)
	u.finish(s.instance)
	namespace, _ := s.setting("TEMPORAL_NAMESPACE")
	s.requireReplay(testenv.Temporal(t), namespace, u)
}

// setting is the value of a variable that the instance runs with.
func (i *instance) setting(name string) (string, bool) {
	for n := len(i.env) - 1; n >= 0; n-- {
		if value, ok := strings.CutPrefix(i.env[n], name+"="); ok {
			return value, true
		}
	}
	return "", false
}

// upgrade is what the previous build left.
type upgrade struct {
	hello       *helloDriver
	done, open  string // deployments: a finished one, and the one in the middle
	waiting     string // and one behind it
	answers     map[string]any
	beforeCalls int
}

// seenBefore are the paths whose answers must not change.
func seenBefore(done string) []string {
	return []string{
		org + "/apps/up", org + "/apps/up/values", envPath("up", "development") + "/deploys/" + done,
		envPath("up", "development") + "/deploys/" + done + "/nodes", org + "/resources/defs/slow", org + "/resources/drivers/hello", org + "/users",
	}
}

// beginUpgrade makes data of every kind that a deployment touches, and stops in the middle of a driver's work.
func (i *instance) beginUpgrade() *upgrade {
	i.t.Helper()
	u := &upgrade{hello: startHello(i.t), answers: map[string]any{}}
	i.driver("hello", u.hello.url)
	i.greeting("slow", "demo/hello", "hello", 4)
	i.app("up")
	i.must(http.StatusCreated, http.MethodPost, org+"/apps/up/values", map[string]any{"key": "KEPT", "value": "blue", "description": ""})
	i.must(http.StatusCreated, http.MethodPost, org+"/apps/up/values", map[string]any{"key": "HIDDEN", "value": "a secret value", "description": "", "is_secret": true})
	i.greeting("quick", "demo/hello", "${context.app.id}", 0)
	u.done = i.deploy("up", map[string]any{"delta_id": i.delta("up", shares("quick"))})
	i.succeeded("up", u.done)
	for _, path := range seenBefore(u.done) {
		status, answer := i.call(http.MethodGet, path, nil)
		if status == http.StatusOK {
			u.answers[path] = answer
		}
	}
	require.Greater(i.t, len(u.answers), 5)
	u.beforeCalls = len(u.hello.seen())
	u.open = i.deploy("up", map[string]any{"delta_id": i.delta("up", shares("slow"))})
	u.waiting = i.deploy("up", map[string]any{"delta_id": i.delta("up", addModule("late", plainModule("nginx:3")))})
	i.eventually("the driver is at work", func() (bool, string) { return len(u.hello.seen()) > u.beforeCalls, "not asked" })
	return u
}

// finish holds what this build makes of it against what must be true.
func (u *upgrade) finish(i *instance) {
	t := i.t
	for path, before := range u.answers {
		_, now := i.call(http.MethodGet, path, nil)
		requireWithin(t, path, before, now)
	}
	for _, id := range []string{u.open, u.waiting} {
		i.succeeded("up", id)
		require.Equal(t, 1, i.commits(id))
		requireOneCompletionPerNode(i, "up", id)
	}
	require.Len(t, u.hello.records(t), 2, "nothing is made twice")
	resources := i.list(envPath("up", "development") + "/resources")
	require.NotEmpty(t, resources)
	next := i.deploy("up", map[string]any{})
	i.succeeded("up", next)
	require.Empty(t, strings.TrimSpace(i.git("diff", "--stat", "main~1", "main")), "the same set gives the same objects")
}

// requireWithin: what was answered before is answered now; more fields may have come.
func requireWithin(t *testing.T, path string, before, now any) {
	t.Helper()
	switch b := before.(type) {
	case map[string]any:
		n, ok := now.(map[string]any)
		require.True(t, ok, "%s: was %v, is %v", path, before, now)
		for key, value := range b {
			requireWithin(t, path+"/"+key, value, n[key])
		}
	case []any:
		n, ok := now.([]any)
		require.True(t, ok && len(n) >= len(b), "%s: was %v, is %v", path, before, now)
		for k := range b {
			requireWithin(t, path, b[k], n[k])
		}
	default:
		require.Equal(t, before, now, path)
	}
}

// requireReplay replays what both builds did, and looks for tasks of workflows that failed.
func (i *instance) requireReplay(address, namespace string, u *upgrade) {
	t := i.t
	t.Helper()
	keeper, err := secrets.Open(filepath.Join(i.home, "keyset.json"))
	require.NoError(t, err)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	c, err := temporal.Connect(ctx, temporal.Options{Address: address, Namespace: namespace, Keeper: keeper})
	require.NoError(t, err)
	defer c.Close()
	ids := []string{"deploy:" + u.done, "deploy:" + u.open, "deploy:" + u.waiting}
	for _, id := range ids {
		replays(ctx, t, c, id, "")
	}
	var queues *workflowservice.ListWorkflowExecutionsResponse
	require.Eventually(t, func() bool {
		queues, err = c.ListWorkflow(ctx, &workflowservice.ListWorkflowExecutionsRequest{Query: "WorkflowId = 'env:demo/up/development'"})
		return err == nil && len(queues.GetExecutions()) > 0
	}, deadline, 100*time.Millisecond)
	for _, run := range queues.GetExecutions() {
		replays(ctx, t, c, run.GetExecution().GetWorkflowId(), run.GetExecution().GetRunId())
	}
}

func replays(ctx context.Context, t *testing.T, c client.Client, id, run string) {
	t.Helper()
	history := &historypb.History{}
	events := c.GetWorkflowHistory(ctx, id, run, false, enumspb.HISTORY_EVENT_FILTER_TYPE_ALL_EVENT)
	for events.HasNext() {
		e, err := events.Next()
		require.NoError(t, err)
		require.NotEqual(t, enumspb.EVENT_TYPE_WORKFLOW_TASK_FAILED, e.GetEventType(), "%s: %v", id, e)
		history.Events = append(history.Events, e)
	}
	require.NoError(t, worker.Replay(history), id)
}
