package e2e

import (
	"fmt"
	"net/http"
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// environmentsComeAndGo clones an environment by the command line, lets it
// end by its time to live, and has one removed whose first deployment fails.
func environmentsComeAndGo(i *instance) {
	t := i.t
	const app = "coming"
	i.app(app)
	i.succeeded(app, i.deploy(app, map[string]any{"delta_id": i.delta(app, addModule("m", plainModule("busybox:1")))}))

	i.mustCLI("env", "clone", "development", "brief", "--app", app, "--deploy", "--ttl", "1h", "--warn-before", "30m", "--wait")
	tree := i.git("ls-tree", "-r", "--name-only", "main")
	require.Contains(t, tree, app+"/brief/")
	require.Contains(t, i.mustCLI("env", "status", "--app", app), "busybox:1")
	i.mustCLI("env", "extend", "brief", "--app", app, "--ttl", "2s")
	i.vanishes(envPath(app, "brief"))
	require.NotContains(t, i.git("ls-tree", "-r", "--name-only", "main"), app+"/brief/")

	bad := plainModule("busybox:1")
	bad["externals"] = map[string]any{"x": map[string]any{"type": "no-such-type"}}
	failed := i.finished(app, i.deploy(app, map[string]any{"delta_id": i.delta(app, addModule("bad", bad))}))
	require.Equal(t, "failed", failed["status"])
	_, _, code := i.cli("env", "create", "doomed", "--app", app, "--from-deploy", failed["id"].(string), "--deploy", "--on-failure", "teardown", "--wait")
	require.Equal(t, 3, code, "a failure has its exit code")
	i.vanishes(envPath(app, "doomed"))
}

// TestManyPreviewEnvironments makes SLIPWAY_PREVIEWS environments at once that
// end by themselves, and counts what is left.
func TestManyPreviewEnvironments(t *testing.T) {
	n, err := strconv.Atoi(os.Getenv("SLIPWAY_PREVIEWS"))
	if err != nil {
		t.Skip("a load check by hand: SLIPWAY_PREVIEWS=60 go test ./test/e2e -run TestManyPreviewEnvironments")
	}
	i := newInstance(t)
	i.start()
	const app = "many"
	i.app(app)
	i.succeeded(app, i.deploy(app, map[string]any{"delta_id": i.delta(app, addModule("m", plainModule("busybox:1")))}))
	begin := time.Now()
	for k := range n {
		i.must(http.StatusCreated, http.MethodPost, org+"/apps/"+app+"/env-requests", map[string]any{
			"id": fmt.Sprintf("pr-%03d", k), "from_env": "development", "deploy": true, "ttl": "60s", "on_failure": "teardown",
		})
	}
	accepted := time.Since(begin)
	count := func(status string) (n int) {
		for _, r := range i.list(org + "/apps/" + app + "/env-requests") {
			if r["status"] == status {
				n++
			}
		}
		return n
	}
	deployed, peak := time.Duration(0), 0
	i.wait(10*time.Minute, func() bool {
		done := count("succeeded")
		peak = max(peak, len(i.list(org+"/apps/"+app+"/envs"))-1)
		if deployed == 0 && done+count("failed") == n {
			deployed = time.Since(begin)
		}
		return deployed > 0 && len(i.list(org+"/apps/"+app+"/envs")) == 1
	})
	t.Logf("%d environments: accepted in %s, all requests over after %s (%d succeeded, %d failed), at most %d at once, none left after %s",
		n, accepted.Round(time.Second/10), deployed.Round(time.Second/10), count("succeeded"), count("failed"), peak, time.Since(begin).Round(time.Second/10))
	require.NotContains(t, i.git("ls-tree", "-r", "--name-only", "main"), app+"/pr-")
	require.Equal(t, n, count("succeeded"))
}

// wait asks every second, for long.
func (i *instance) wait(patience time.Duration, done func() bool) {
	i.t.Helper()
	for end := time.Now().Add(patience); !done(); time.Sleep(time.Second) {
		if time.Now().After(end) {
			i.t.Fatalf("not within %s", patience)
		}
	}
}
