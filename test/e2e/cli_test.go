package e2e

import (
	"os"
	"path/filepath"

	"github.com/stretchr/testify/require"
)

// commandLine types what the README tells a newcomer to type, and what follows
// when something goes wrong.
func commandLine(i *instance) {
	t := i.t
	out := i.mustCLI("score", "deploy", "-f", "examples/hello/score.yaml", "--app", "first", "--env", "development", "--wait")
	require.Contains(t, out, "succeeded")
	require.Contains(t, i.mustCLI("get", "resources", "--app", "first", "--env", "development"), "modules.hello")
	require.Contains(t, i.mustCLI("get", "deploys", "--app", "first", "--env", "development"), "succeeded")

	broken := filepath.Join(t.TempDir(), "score.yaml")
	require.NoError(t, os.WriteFile(broken, []byte("apiVersion: score.dev/v1b1\nmetadata: {name: search}\n"+
		"containers: {api: {image: nginx:1}}\nresources: {index: {type: redis, class: huge}}\n"), 0o600))
	out, errs, code := i.cli("score", "deploy", "-f", broken, "--app", "first", "--env", "development", "--wait")
	require.Equal(t, 3, code, "a failed deployment")
	require.Contains(t, out+errs, `no definition of type "redis" matches`)
	require.Contains(t, i.mustCLI("describe", "deploy", ".", "--app", "first", "--env", "development"), "class huge")
	require.Contains(t, i.mustCLI("rollback", "--app", "first", "--env", "development", "--wait"), "succeeded")
	_, _, code = i.cli("get", "deploys", "--no-such-flag")
	require.Equal(t, 2, code, "usage")
	_, errs, code = i.cli("get", "app", "nobody")
	require.Equal(t, 1, code)
	require.Contains(t, errs, `application "nobody" does not exist`)
}
