package e2e

import (
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

// wait asks every second, for long.
func (i *instance) wait(patience time.Duration, done func() bool) {
	i.t.Helper()
	for end := time.Now().Add(patience); !done(); time.Sleep(time.Second) {
		if time.Now().After(end) {
			i.t.Fatalf("not within %s", patience)
		}
	}
}
