package e2e

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/client"

	"github.com/slipway-dev/slipway/internal/secrets"
	"github.com/slipway-dev/slipway/internal/temporal"
	"github.com/slipway-dev/slipway/internal/testenv"
)

// What docs/operations/limits.md promises.
const (
	memoryLimit       = 400 << 20 // bytes, of slipway dev with all of it
	historyEvents     = 60        // of a deployment without heavy nodes, however many nodes it has
	historyBytes      = 64 << 10
	heavyNodeEvents   = 20 // more for each heavy node
	heavyNodeBytes    = 8 << 10
	wholeHistoryLimit = 51_200 // events, Temporal's own
)

// TestLimits deploys the largest things that are promised to work, and larger ones, which are refused.
func TestLimits(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes longer than the fast tier allows")
	}
	i := newInstance(t, "TEMPORAL_ADDRESS="+testenv.Temporal(t), fmt.Sprintf("TEMPORAL_NAMESPACE=limits-%d", time.Now().UnixNano()))
	i.start()
	for _, part := range []struct {
		name string
		test func(*instance)
	}{
		{"a thousand nodes", thousandNodes},
		{"more nodes than possible", tooManyNodes},
		{"heavy nodes", heavyNodes},
		{"fifty workloads with large files", fiftyWorkloads},
		{"names at their longest", longestNames},
		{"names that are too long", tooLongNames},
		{"bodies that are too large", tooLargeBodies},
	} {
		t.Run(part.name, func(t *testing.T) {
			began := time.Now()
			part.test(i.as(t))
			t.Logf("%s; slipway has taken %d MB at most", time.Since(began).Round(time.Millisecond), i.memory()>>20)
			require.Less(t, i.memory(), memoryLimit)
		})
	}
}

// memory is the most that the process has taken so far, in bytes; 0 where there is no /proc.
func (i *instance) memory() int {
	raw, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(i.cmd.Process.Pid), "status"))
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(raw), "VmHWM:")
	n, _ := strconv.Atoi(strings.Fields(rest + " 0")[0])
	return n << 10
}

// history is the number of events and bytes in the history of a workflow.
func (i *instance) history(id string) (events, size int64) {
	i.t.Helper()
	keeper, err := secrets.Open(filepath.Join(i.home, "keyset.json"))
	require.NoError(i.t, err)
	namespace, _ := i.setting("TEMPORAL_NAMESPACE")
	ctx, cancel := context.WithTimeout(i.t.Context(), deadline)
	defer cancel()
	c, err := temporal.Connect(ctx, temporal.Options{Address: testenv.Temporal(i.t), Namespace: namespace, Keeper: keeper})
	require.NoError(i.t, err)
	defer c.Close()
	return described(ctx, i.t, c, id)
}

func described(ctx context.Context, t *testing.T, c client.Client, id string) (events, size int64) {
	t.Helper()
	d, err := c.DescribeWorkflowExecution(ctx, id, "")
	require.NoError(t, err)
	return d.GetWorkflowExecutionInfo().GetHistoryLength(), d.GetWorkflowExecutionInfo().GetHistorySizeBytes()
}

// many is the content of a delta with so many shared resources.
func many(kind string, n int) map[string]any {
	content := addModule("web", plainModule("nginx:1"))
	shared := make([]any, 0, n)
	for k := range n {
		shared = append(shared, map[string]any{"op": "add", "path": fmt.Sprintf("/r%05d", k), "value": map[string]any{"type": kind}})
	}
	content["shared"] = shared
	return content
}

// echoes lets the driver that echoes its inputs make the s3 resources of an application.
func (i *instance) echoes(app string) {
	i.t.Helper()
	i.must(http.StatusOK, http.MethodPost, org+"/resources/defs", map[string]any{
		"id": "echo-" + app, "name": "echo-" + app, "type": "s3", "driver_type": "humanitec/echo", "criteria": []any{map[string]any{"app_id": app}},
		"driver_inputs": map[string]any{"values": map[string]any{"bucket": "${context.res.id}", "region": "eu"}},
	})
}

func thousandNodes(i *instance) {
	i.app("thousand")
	i.echoes("thousand")
	id := i.deploy("thousand", map[string]any{"delta_id": i.delta("thousand", many("s3", 1000))})
	i.succeeded("thousand", id)
	require.Greater(i.t, len(i.list(envPath("thousand", "development")+"/resources")), 1000)
	events, size := i.history("deploy:" + id)
	i.t.Logf("history: %d events, %d bytes", events, size)
	require.Less(i.t, events, int64(historyEvents))
	require.Less(i.t, size, int64(historyBytes))
	events, size = i.history("env:demo/thousand/development")
	require.Less(i.t, events, int64(historyEvents))
	require.Less(i.t, size, int64(historyBytes))
}

func tooManyNodes(i *instance) {
	i.app("too-many")
	i.echoes("too-many")
	id := i.deploy("too-many", map[string]any{"delta_id": i.delta("too-many", many("s3", 5000))})
	require.Equal(i.t, "failed", i.finished("too-many", id)["status"])
	errs := i.deploymentErrors("too-many", id)
	require.Len(i.t, errs, 1)
	require.Equal(i.t, "DEP-LIMIT", errs[0]["code"])
	require.Contains(i.t, errs[0]["message"], "at most 5000")
	require.Empty(i.t, i.list(envPath("too-many", "development")+"/resources"), "nothing is left of it")
}

// heavyNodes measures what one costs in the history.
func heavyNodes(i *instance) {
	const n = 40
	hello := startHello(i.t)
	i.driver("hello", hello.url)
	i.app("heavy")
	i.must(http.StatusOK, http.MethodPost, org+"/resources/defs", map[string]any{
		"id": "heavy", "name": "heavy", "type": "s3", "driver_type": "demo/hello", "criteria": []any{map[string]any{"app_id": "heavy"}},
		"driver_inputs": map[string]any{"values": map[string]any{"greeting": "hello", "seconds": 0}},
	})
	id := i.deploy("heavy", map[string]any{"delta_id": i.delta("heavy", many("s3", n))})
	i.succeeded("heavy", id)
	require.Len(i.t, hello.records(i.t), n)
	events, size := i.history("deploy:" + id)
	i.t.Logf("history: %d events, %d bytes for %d heavy nodes", events, size, n)
	require.Less(i.t, events, int64(historyEvents+n*heavyNodeEvents))
	require.Less(i.t, size, int64(historyBytes+n*heavyNodeBytes))
	require.Less(i.t, historyEvents+2000*heavyNodeEvents, wholeHistoryLimit, "the limit of heavy nodes fits")
}

func fiftyWorkloads(i *instance) {
	content := map[string]any{}
	for n := range 50 {
		module := plainModule("nginx:1")
		container := module["spec"].(map[string]any)["containers"].(map[string]any)["main"].(map[string]any)
		container["files"] = map[string]any{"/etc/large.txt": map[string]any{"mode": "0644", "value": strings.Repeat(fmt.Sprintf("%05d ", n), 7000)}}
		content[fmt.Sprintf("workload-%02d", n)] = module
	}
	i.app("fifty")
	id := i.deploy("fifty", map[string]any{"delta_id": i.delta("fifty", map[string]any{"modules": map[string]any{"add": content}})})
	i.succeeded("fifty", id)
	require.Equal(i.t, 1, i.commits(id))
	size := 0
	for _, line := range strings.Split(strings.TrimSpace(i.git("ls-tree", "-r", "-l", "main", "fifty/")), "\n") {
		n, err := strconv.Atoi(strings.Fields(line)[3])
		require.NoError(i.t, err, line)
		size += n
	}
	require.Greater(i.t, size, 2<<20, "bytes of manifests")
	events, bytes := i.history("deploy:" + id)
	i.t.Logf("%d bytes of manifests; history: %d events, %d bytes", size, events, bytes)
	require.Less(i.t, events, int64(historyEvents))
	require.Less(i.t, bytes, int64(historyBytes))
}

func longestNames(i *instance) {
	app, env := strings.Repeat("a", 50), strings.Repeat("e", 50)
	module, external, shared := strings.Repeat("m", 63), strings.Repeat("x", 256), strings.Repeat("s", 256)
	i.app(app)
	i.echoes(app)
	i.must(http.StatusCreated, http.MethodPost, org+"/apps/"+app+"/envs", map[string]any{"id": env, "name": strings.Repeat("n", 256)})
	i.must(http.StatusCreated, http.MethodPost, org+"/apps/"+app+"/values", map[string]any{"key": strings.Repeat("K", 256), "value": "v", "description": ""})
	content := addModule(module, plainModule("nginx:1"))
	content["modules"].(map[string]any)["add"].(map[string]any)[module].(map[string]any)["externals"] = map[string]any{external: map[string]any{"type": "s3"}}
	content["shared"] = []any{map[string]any{"op": "add", "path": "/" + shared, "value": map[string]any{"type": "s3"}}}
	content["metadata"] = map[string]any{"env_id": env, "name": "longest"}
	delta := i.must(http.StatusOK, http.MethodPost, org+"/apps/"+app+"/deltas", content)["id"]
	id := i.must(http.StatusCreated, http.MethodPost, envPath(app, env)+"/deploys", map[string]any{"delta_id": delta})["id"].(string)
	i.eventually("deployment ends", func() (bool, string) {
		d := i.must(http.StatusOK, http.MethodGet, envPath(app, env)+"/deploys/"+id, nil)
		status, _ := d["status"].(string)
		return status == "succeeded" || status == "failed", status
	})
	d := i.must(http.StatusOK, http.MethodGet, envPath(app, env)+"/deploys/"+id, nil)
	if d["status"] != "succeeded" {
		i.t.Fatalf("%v", i.list(envPath(app, env)+"/deploys/"+id+"/errors"))
	}
	require.Equal(i.t, 1, i.commits(id))
	require.Contains(i.t, i.git("ls-tree", "-r", "--name-only", "main"), app+"/"+env+"/")
	status, _ := i.call(http.MethodDelete, org+"/apps/"+app, nil)
	require.Equal(i.t, http.StatusAccepted, status)
	i.vanishes(org + "/apps/" + app)
}

// tooLongNames are refused where they are given, or by the deployment that cannot use them; nothing else happens.
func tooLongNames(i *instance) {
	long := strings.Repeat("l", 5000)
	for name, c := range map[string]struct {
		path string
		body map[string]any
	}{
		"application":      {org + "/apps", map[string]any{"id": long, "name": "x"}},
		"application name": {org + "/apps", map[string]any{"id": "long-name", "name": long}},
		"environment":      {org + "/apps/fifty/envs", map[string]any{"id": long, "name": "x"}},
		"value":            {org + "/apps/fifty/values", map[string]any{"key": long, "value": "x", "description": ""}},
		"definition":       {org + "/resources/defs", map[string]any{"id": long, "name": "x", "type": "s3", "driver_type": "humanitec/echo"}},
		"driver":           {org + "/resources/drivers", map[string]any{"id": long, "type": "s3", "account_types": []any{}, "inputs_schema": map[string]any{}, "target": "https://x.example"}},
		"type":             {org + "/resources/types", map[string]any{"type": "demo/" + long, "name": "x", "category": "x", "inputs_schema": map[string]any{}, "outputs_schema": map[string]any{}}},
		"module":           {org + "/apps/fifty/deltas", addModule(long, plainModule("nginx:1"))},
		"shared resource":  {org + "/apps/fifty/deltas", map[string]any{"shared": []any{map[string]any{"op": "add", "path": "/" + long, "value": map[string]any{"type": "s3"}}}}},
	} {
		got := i.ask(http.MethodPost, c.path, c.body)
		require.Equal(i.t, http.StatusBadRequest, got.status, "%s: %.300s", name, got.body)
		require.Less(i.t, len(got.body), 1000, "%s: the message does not repeat it all", name)
	}
	content := addModule("web", plainModule("nginx:1"))
	content["modules"].(map[string]any)["add"].(map[string]any)["web"].(map[string]any)["externals"] = map[string]any{long: map[string]any{"type": "s3"}}
	i.app("external")
	i.echoes("external")
	id := i.deploy("external", map[string]any{"delta_id": i.delta("external", content)})
	require.Equal(i.t, "failed", i.finished("external", id)["status"])
	errs := i.deploymentErrors("external", id)
	require.Len(i.t, errs, 1)
	require.Equal(i.t, "DEP-LIMIT", errs[0]["code"])
	require.Less(i.t, len(fmt.Sprint(errs)), 2000)
}

func tooLargeBodies(i *instance) {
	large := strings.Repeat("x", 9<<20)
	for _, c := range []struct{ method, path string }{
		{http.MethodPost, org + "/apps"}, {http.MethodPost, org + "/apps/fifty/deltas"}, {http.MethodPost, org + "/apps/fifty/values"},
		{http.MethodPost, org + "/resources/defs"}, {http.MethodPut, org + "/apps/fifty/values/X"}, {http.MethodPost, envPath("fifty", "development") + "/deploys"},
	} {
		got := i.ask(c.method, c.path, map[string]any{"id": "x", "value": large})
		require.Equal(i.t, http.StatusRequestEntityTooLarge, got.status, "%s: %.300s", c.path, got.body)
		require.Contains(i.t, got.body, "8 MiB")
	}
}
