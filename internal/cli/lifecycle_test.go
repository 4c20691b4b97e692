package cli_test

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/internal/api"
)

// newRunningShop is a world whose application shop runs the example in development.
func newRunningShop(t *testing.T) *world {
	t.Helper()
	w := newWorld(t)
	w.run("create", "app", "shop").ok(t)
	w.deployHello("nginx:1")
	w.env["SLIPWAY_APP"] = "shop"
	return w
}

func TestEnvironmentsByCommand(t *testing.T) {
	t.Parallel()
	w := newRunningShop(t)
	w.run("values", "set", "COLOR", "blue").ok(t)
	w.run("values", "set", "COLOR", "red", "--env", "development").ok(t)

	t.Run("create", func(t *testing.T) {
		w.run("env", "create", "plain", "--type", "staging", "--name", "Plain one").ok(t, "environment plain made")
		var env api.Environment
		w.run("get", "env", "plain", "-o", "json").into(t, &env)
		require.Equal(t, []string{"Plain one", "staging"}, []string{env.Name, env.Type})
		got := w.run("env", "create", "deployed", "--from", "development", "--deploy", "-m", "why", "--value", "COLOR=green", "--wait").ok(t, "environment deployed made", "the environment is ready")
		require.Empty(t, got.err)
		require.Contains(t, w.run("env", "status").ok(t).out, "deployed     development  hello     nginx:1")
		require.Contains(t, w.run("values", "list", "--env", "deployed").ok(t).out, "green")
		w.run("env", "create", "plain").fails(t, 1, "plain")
		w.run("env", "create", "xyz", "--from", "nowhere").fails(t, 1, "nowhere")
		w.run("env", "create", "xyz", "--value", "nonsense").fails(t, 2, "--value", "KEY=VALUE")
		w.run("env", "create", "xyz", "--ttl", "soon").fails(t, 1, "ttl")
		w.run("env", "create", "xyz", "--on-failure", "cry").fails(t, 1, "on_failure")
		w.run("env", "create", "xyz", "--timeout", "-1s").fails(t, 2, "--timeout")
		w.run("env", "create").fails(t, 2, "ID")
	})
	t.Run("one that fails", func(t *testing.T) {
		w.file("bad.yaml", strings.ReplaceAll(hello, "type: postgres", "type: no-such-type"))
		var bad api.Deployment
		w.run("create", "env", "bad").ok(t)
		got := w.run("score", "deploy", "-f", "bad.yaml", "--env", "bad", "--image", "nginx:2", "--wait")
		require.Equal(t, 3, got.code, got.err)
		w.run("get", "deploy", ".", "--env", "bad", "-o", "json").into(t, &bad)
		w.run("env", "create", "doomed", "--from-deploy", bad.ID, "--deploy", "--wait").fails(t, 3, "failed")
		require.Contains(t, w.run("env", "requests").ok(t).out, "doomed")
	})
	t.Run("clone", func(t *testing.T) {
		w.run("env", "clone", "development", "copy", "--deploy", "--wait").ok(t, "environment copy made", "the environment is ready")
		require.Contains(t, w.run("values", "list", "--env", "copy").ok(t).out, "red")
		w.run("env", "clone", "development", "bare", "--without-values").ok(t)
		require.NotContains(t, w.run("values", "list", "--env", "bare").ok(t).out, "red")
		w.run("env", "clone", "nowhere", "copy2").fails(t, 1, "nowhere")
		w.run("env", "clone", "development").fails(t, 2, "needs ID")
	})
	t.Run("extend", func(t *testing.T) {
		w.run("env", "lifetime", "plain").ok(t, "environment plain does not end by itself")
		require.Contains(t, w.run("env", "extend", "plain", "--ttl", "2h", "--warn-before", "30m").ok(t).out, "environment plain ends at ")
		ends := func() time.Time {
			var l api.EnvironmentLifetime
			w.run("env", "lifetime", "plain", "-o", "json").into(t, &l)
			return l.EndsAt.Time
		}
		before := ends()
		w.run("env", "extend", "plain", "--by", "90m").ok(t)
		require.Equal(t, before.Add(90*time.Minute), ends())
		w.run("env", "extend", "plain").ok(t)
		require.Equal(t, before.Add(90*time.Minute+24*time.Hour), ends(), "a day when nothing is said")
		w.run("env", "extend", "plain", "--protected").ok(t, "is protected")
		w.run("env", "extend", "plain", "--protected=false").ok(t, "ends at")
		w.run("env", "extend", "plain", "--ttl", "0s").ok(t, "does not end by itself")
		w.run("env", "extend", "plain", "--by", "often").fails(t, 1, "extend_by")
		w.run("env", "extend", "nowhere").fails(t, 1, "nowhere")
	})
	t.Run("cancel", func(t *testing.T) {
		open := w.engine.hold()
		defer open()
		var up api.EnvironmentRequest
		w.run("env", "create", "held", "--from", "development", "--deploy", "-o", "json").into(t, &up)
		w.run("env", "create", "held2", "--from", "development", "--deploy", "--timeout", "1s").fails(t, 7, "goes on", "slipway env cancel")
		w.run("env", "cancel", up.ID).ok(t, "the end of request "+up.ID)
		w.eventually(func() bool {
			var all []api.EnvironmentRequest
			w.run("env", "requests", "-o", "json").into(t, &all)
			for _, r := range all {
				if r.ID == up.ID {
					return r.Status == "cancelled"
				}
			}
			return false
		})
		w.run("env", "cancel", "none").fails(t, 1, "none")
	})
	t.Run("delete", func(t *testing.T) {
		w.run("delete", "env", "plain").ok(t)
		w.run("get", "env", "plain").fails(t, 1, "plain")
		w.run("delete", "env", "plain").fails(t, 1, "plain")
		following := make(chan result, 1)
		go func() { following <- w.run("events", "--follow", "--env", "bare") }()
		w.eventually(func() bool {
			res, err := http.Get(w.env["SLIPWAY_URL"] + "/metrics")
			require.NoError(t, err)
			defer func() { _ = res.Body.Close() }()
			text, err := io.ReadAll(res.Body)
			require.NoError(t, err)
			return strings.Contains(string(text), "slipway_http_event_streams 1")
		})
		w.run("events", "orders", "--follow", "--env", "bare").fails(t, 2, "whole Environment")
		w.run("events", "--follow", "--env", "bare", "-o", "json").fails(t, 2, "--output")
		w.run("events", "--follow", "--env", "none").fails(t, 1, "none")
		w.run("env", "delete", "bare").ok(t, "env bare")
		(<-following).ok(t, "environment is gone")
		w.run("env", "delete", "bare").fails(t, 1, "bare")
	})
}

// eventually waits for what goes on in the background.
func (w *world) eventually(done func() bool) {
	w.t.Helper()
	for end := time.Now().Add(time.Minute); !done(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			w.t.Fatal("not within a minute")
		}
	}
}

func TestFreezeWindowsByCommand(t *testing.T) {
	t.Parallel()
	w := newRunningShop(t)
	require.NotContains(t, w.run("freeze", "list").ok(t).out, "staging")
	w.run("freeze", "add", "development", "--cron", "0 * * * *", "--for", "1h", "--zone", "Europe/Berlin", "-m", "no changes").ok(t, "added to environment type development")
	var windows []api.FreezeWindow
	w.run("freeze", "list", "development", "-o", "json").into(t, &windows)
	require.Len(t, windows, 1)
	require.NotNil(t, windows[0].OpenUntil, "it is open all the time")
	require.Contains(t, w.run("freeze", "list").ok(t).out, "no changes")
	w.run("freeze", "list", "staging").ok(t)

	deploy := []string{"score", "deploy", "--env", "development", "--image", "nginx:2"}
	w.run(deploy...).fails(t, 1, "frozen until")
	require.Contains(t, w.run("env", "status").ok(t).out, "frozen until")
	w.run("env", "create", "frozen", "--from", "development", "--deploy").fails(t, 1, "frozen until")
	w.run("env", "create", "thawed", "--from", "development", "--deploy", "--override-freeze", "urgent", "--wait").ok(t, "the environment is ready")

	for _, bad := range [][]string{
		{"--cron", "nonsense", "--for", "1h"}, {"--cron", "* * * * *", "--for", "long"}, {"--cron", "* * * * *", "--for", "1h", "--zone", "Mars/North"}, {"--for", "1h"},
	} {
		w.run(append([]string{"freeze", "add", "staging"}, bad...)...).fails(t, 1)
	}
	w.run("freeze", "add", "no-such-type", "--cron", "* * * * *", "--for", "1h").fails(t, 1, "no-such-type")
	w.run("freeze", "remove", "development", windows[0].ID).ok(t, "removed")
	w.run("freeze", "remove", "development", windows[0].ID).fails(t, 1, windows[0].ID)
	w.run(append(deploy, "--wait")...).ok(t)
}

func TestPreviewsByCommand(t *testing.T) {
	t.Parallel()
	w := newRunningShop(t)
	var rule api.PreviewRule
	w.run("preview", "add", "development", "--ref", "^refs/heads/feature/", "--ttl", "7d", "--idle-after", "2d", "--on-failure", "teardown", "-o", "json").into(t, &rule)
	require.Contains(t, w.run("preview", "rules").ok(t).out, rule.ID)
	w.run("preview", "add", "development", "--ref", "(", "--ttl", "1d").fails(t, 1, "match_ref")
	w.run("preview", "add", "development", "--ref", "x").fails(t, 1, "ttl")
	w.run("preview", "add", "nowhere", "--ref", "x", "--ttl", "1d").fails(t, 1, "nowhere")

	w.run("push", "image", "nginx:pr-1", "--branch", "feature/login").ok(t)
	var made string
	w.eventually(func() bool {
		var all []api.EnvironmentRequest
		w.run("env", "requests", "-o", "json").into(t, &all)
		for _, r := range all {
			if r.Kind == "preview" && r.Status == "succeeded" {
				made = r.EnvID
			}
		}
		return made != ""
	})
	require.Contains(t, w.run("env", "status").ok(t).out, "nginx:pr-1")
	w.run("env", "lifetime", made).ok(t, "ends at")
	w.run("preview", "remove", rule.ID, "feature/other").fails(t, 1, "feature/other")
	w.run("preview", "remove", rule.ID, "feature/login").ok(t, "feature/login")
	var env api.Environment
	w.run("get", "env", made, "-o", "json").into(t, &env)
	require.Equal(t, "deleting", env.Status)
	w.run("preview", "drop", rule.ID).ok(t, "removed")
	require.NotContains(t, w.run("preview", "rules").ok(t).out, rule.ID)
	w.run("preview", "drop", rule.ID).fails(t, 1, rule.ID)
}

func TestPromotionsByCommand(t *testing.T) {
	t.Parallel()
	w := newRunningShop(t)
	w.run("create", "env", "next", "--type", "staging").ok(t)
	w.run("promote", "--to", "next").fails(t, 2, "--from")
	w.run("promote", "--from", "development").fails(t, 2, "--to")
	w.run("promote", "--from", "development", "--to", "next", "--soak", "1500ms").fails(t, 2, "--soak", "whole seconds")
	w.run("promote", "--from", "next", "--to", "development").fails(t, 1, "nothing to promote")
	w.run("promote", "--from", "development", "--to", "next", "--workload", "none").fails(t, 1, "none", "hello")

	require.Contains(t, w.run("promote", "--from", "development", "--to", "next", "--dry-run").ok(t).out, "+ workload hello")
	require.NotContains(t, w.run("promotions", "list").ok(t).out, "development")
	got := w.run("promote", "--from", "development", "--to", "next", "--soak", "1s", "--roll-back", "-m", "go", "--wait").ok(t, "+ workload hello", "stay healthy")
	require.Contains(t, got.out, "the target stayed healthy")
	require.Contains(t, w.run("env", "status").ok(t).out, "next")

	w.deployHello("nginx:2")
	open := w.engine.hold()
	w.run("promote", "--from", "development", "--to", "next", "--timeout", "1s").fails(t, 7, "goes on", "slipway promotions cancel")
	var all []api.Promotion
	w.run("promotions", "list", "-o", "json").into(t, &all)
	require.Len(t, all, 2)
	id := all[0].ID
	require.Contains(t, w.run("promotions", "get", id).ok(t).out, "in progress (deploy)")
	w.run("promote", "--from", "development", "--to", "next").fails(t, 1, id, "in progress")
	w.run("promotions", "cancel", id).ok(t, "the end of promotion "+id)
	open()
	w.eventually(func() bool {
		var p api.Promotion
		w.run("promotions", "get", id, "-o", "json").into(t, &p)
		return p.Status == "cancelled"
	})
	w.run("promotions", "cancel", id).fails(t, 1, "cancelled")
	w.run("promotions", "get", "none").fails(t, 1, "none")

	w.run("promotions", "set", "development", "type:staging").ok(t, "has 2 stations")
	require.Regexp(t, `2 type:staging\s+next`, w.run("promotions", "show").ok(t).out)
	w.run("promotions", "set", "development", "development").fails(t, 1, "development")
	w.run("promotions", "clear").ok(t, "has 0 stations")
}
