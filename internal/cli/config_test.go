package cli_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/internal/cli"
)

func TestLogin(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	url, token := w.env["SLIPWAY_URL"], w.env["SLIPWAY_TOKEN"]
	w.env = map[string]string{"HOME": w.env["HOME"]}
	w.run("get", "apps").fails(t, 2, "no organization: add --org")
	w.run("get", "orgs").fails(t, 2, "no server: add --url, set SLIPWAY_URL")
	w.run("login").fails(t, 2, "--url")
	w.runWith(t.Context(), "wrong", "login", "--url", url).fails(t, 1, "did not accept the token")
	w.runWith(t.Context(), "", "login", "--url", url).fails(t, 2, "no token")
	w.runWith(t.Context(), token+"\n", "login", "--url", url, "--org", "rival").fails(t, 1, "rival is none of yours (acme)")

	r := w.runWith(t.Context(), token+"\n", "login", "--url", url+"/").ok(t, "logged in to "+url+" as Ada", "organization acme")
	require.NotContains(t, r.out+r.err, token)
	file := filepath.Join(w.env["HOME"], ".config", "slipway", "config.yaml")
	info, err := os.Stat(file)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	w.run("config", "path").ok(t, file)
	w.run("create", "app", "shop").ok(t)
	w.run("get", "apps").ok(t, "shop")
	w.run("get", "envs").fails(t, 2, "no Application")
	w.run("config", "set", "app", "shop").ok(t)
	w.run("get", "envs").ok(t, "development")
	r = w.run("config", "show").ok(t, url, "(set)", "shop", file)
	require.NotContains(t, r.out, token)
	w.run("config", "show", "--app", "other", "-o", "json").ok(t, `"value": "other"`, `"from": "--app"`)
	w.run("config", "set", "colour", "blue").fails(t, 2)
	w.run("config", "use").ok(t, "*")
	w.run("config", "use", "none").fails(t, 1, "no context \"none\"")

	// The token belongs to the server it was kept for.
	seen := make(chan string, 1)
	other := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { seen <- r.Header.Get("Authorization") }))
	t.Cleanup(other.Close)
	w.run("get", "apps", "--url", other.URL)
	require.Empty(t, <-seen)
	w.run("config", "set", "url", other.URL).ok(t)
	w.run("get", "apps")
	require.Empty(t, <-seen)
}

func TestContextFiles(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	deep := filepath.Join(root, "a", "b")
	require.NoError(t, os.MkdirAll(deep, 0o755))
	save := func(path, app string) string {
		file := filepath.Join(root, path)
		require.NoError(t, cli.SaveContext(file, "dev", "http://"+app+".example.com", app, "token"))
		return file
	}
	show := func(env map[string]string) result {
		return runIn(context.Background(), deep, env, "", "config", "show")
	}
	user := save("home/.config/slipway/config.yaml", "user")
	env := map[string]string{"HOME": filepath.Join(root, "home")}
	show(env).ok(t, "http://user.example.com", user)
	local := save("a/.slipway/cli.yaml", "local")
	show(env).ok(t, "http://local.example.com", local)
	env["SLIPWAY_HOME"] = filepath.Join(root, "server")
	show(env).ok(t, "http://local.example.com") // there is none in it yet
	save("server/cli.yaml", "server")
	show(env).ok(t, "http://server.example.com")
	env["SLIPWAY_CONFIG"] = save("mine.yaml", "mine")
	show(env).ok(t, "http://mine.example.com")
	env["SLIPWAY_URL"] = "http://env.example.com"
	show(env).ok(t, "http://env.example.com", "SLIPWAY_URL")
	runIn(context.Background(), deep, env, "", "config", "show", "--url", "http://flag.example.com").ok(t, "http://flag.example.com", "--url")

	delete(env, "SLIPWAY_CONFIG")
	delete(env, "SLIPWAY_HOME")
	require.NoError(t, os.Chmod(local, 0o644))
	show(env).fails(t, 1, "can be read by others", "chmod 600 "+local)
	require.NoError(t, os.Chmod(local, 0o600))
	require.NoError(t, os.WriteFile(local, []byte("contexts: 7"), 0o600))
	show(env).fails(t, 1, local+" is no file of contexts")
}

func TestSaveContextKeepsWhatIsThere(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "cli.yaml")
	env := map[string]string{"SLIPWAY_CONFIG": file}
	run := func(args ...string) result { return runIn(context.Background(), "/", env, "", args...) }
	require.NoError(t, cli.SaveContext(file, "dev", "http://localhost:1", "demo", "one"))
	require.NoError(t, cli.SaveContext(file, "cloud", "https://example.com", "acme", "two"))
	run("config", "use", "dev").ok(t)
	run("config", "set", "app", "shop").ok(t)
	require.NoError(t, cli.SaveContext(file, "dev", "http://localhost:1", "demo", "three"))
	run("config", "show").ok(t, "shop", "http://localhost:1")
	run("config", "use").ok(t, "cloud", "https://example.com")
	require.NoError(t, cli.SaveContext(file, "dev", "http://localhost:2", "demo", "four"))
	require.NotContains(t, run("config", "show").ok(t, "http://localhost:2").out, "shop")
}
