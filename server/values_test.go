package server_test

import (
	"fmt"
	"net/http"
	"os"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/internal/api"
)

const zeroUUID = "00000000-0000-0000-0000-000000000000"

func TestValues(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	app := h.app("shop")
	env := app + "/envs/development"

	var v api.Value
	h.do("POST", app+"/values", `{"key":"MSG","description":null,"value":"hello <b>"}`).must(http.StatusCreated, &v)
	require.Equal(t, "app", v.Source)
	require.Nil(t, v.SecretKey)
	h.do("POST", app+"/values", `{"key":"MSG","description":"","value":"x"}`).fails(http.StatusConflict, "MSG")
	h.do("POST", app+"/values", `{"key":"no spaces","description":"","value":"x"}`).fails(http.StatusBadRequest, "key")
	h.do("POST", env+"/values", `{"key":"OTHER","description":"","value":"x"}`).fails(http.StatusBadRequest, "OTHER")
	h.do("POST", env+"/values", `{"key":"MSG","description":"","value":"override"}`).must(http.StatusCreated, &v)
	require.Equal(t, "env", v.Source)

	require.Equal(t, map[string]string{"MSG": "app:hello <b>"}, h.values(app))
	require.Equal(t, map[string]string{"MSG": "env:override"}, h.values(env))
	h.do("PUT", env+"/values/MSG", `{"description":"d","value":"changed","is_secret":true}`).must(http.StatusOK, &v)
	require.False(t, v.IsSecret, "whether a value is a secret cannot change")
	require.Equal(t, "d", v.Description)
	h.do("PATCH", env+"/values/MSG", `{"description":"only this"}`).must(http.StatusOK, &v)
	require.Equal(t, "changed", v.Value)
	h.do("PUT", app+"/values/MSG", `{"description":"d"}`).fails(http.StatusBadRequest, "value")
	h.do("PATCH", app+"/values/MSG", `{}`).fails(http.StatusBadRequest, "at least one")
	h.do("PATCH", app+"/values/NOPE", `{"value":"1"}`).fails(http.StatusNotFound, "NOPE")
	h.do("DELETE", app+"/values/NOPE", "").fails(http.StatusNotFound, "NOPE")
	h.do("GET", app+"/envs/gone/values", "").fails(http.StatusBadRequest, "gone")
	h.do("POST", app+"/envs/gone/values", `{"key":"A","description":"","value":"1"}`).fails(http.StatusBadRequest, "gone")

	h.do("DELETE", env+"/values/MSG", "").must(http.StatusNoContent, nil)
	require.Equal(t, map[string]string{"MSG": "app:hello <b>"}, h.values(env))
	h.do("POST", env+"/values", `{"key":"MSG","description":"","value":"again"}`).must(http.StatusCreated, nil)
	h.do("DELETE", app+"/values/MSG", "").must(http.StatusNoContent, nil)
	require.Empty(t, h.values(env), "overrides go with the application's value")

	h.do("POST", app+"/values", `{"key":"a.b-c_D","description":"","value":"1"}`).must(http.StatusCreated, nil)
	h.do("POST", app+"/values", `{"key":"B","description":"","value":""}`).must(http.StatusCreated, nil)
	h.do("DELETE", app+"/values/a.b-c_D", "").must(http.StatusNoContent, nil)
	h.do("DELETE", app+"/values", "").must(http.StatusNoContent, nil)
	require.Empty(t, h.values(app))
}

// values lists "source:value" by key.
func (h *harness) values(level string) map[string]string {
	h.t.Helper()
	var list []api.Value
	h.do("GET", level+"/values", "").must(http.StatusOK, &list)
	out := map[string]string{}
	for _, v := range list {
		out[v.Key] = v.Source + ":" + v.Value
	}
	return out
}

func TestSecretValues(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	app := h.app("shop")
	env := app + "/envs/development"
	const secret = "correct-horse-battery-staple"

	var v api.Value
	h.do("POST", app+"/values", `{"key":"KEY","description":"","value":"`+secret+`","is_secret":true}`).must(http.StatusCreated, &v)
	require.Empty(t, v.Value)
	require.Equal(t, "orgs--acme--apps--shop--secret_values--KEY", *v.SecretKey)
	require.Equal(t, "humanitec", *v.SecretStoreID)
	require.Equal(t, "1", *v.SecretVersion)
	h.do("PUT", app+"/values/KEY", `{"description":"","value":"`+secret+`"}`).must(http.StatusOK, &v)
	require.Equal(t, "2", *v.SecretVersion, "a new version also of equal text")
	h.do("PATCH", app+"/values/KEY", `{"secret_ref":{"value":"`+secret+`"}}`).must(http.StatusOK, &v)
	require.Equal(t, "3", *v.SecretVersion)
	h.do("PATCH", app+"/values/KEY", `{"description":"same secret"}`).must(http.StatusOK, &v)
	require.Equal(t, "3", *v.SecretVersion)
	h.do("POST", env+"/values", `{"key":"KEY","description":"","secret_ref":{"store":"vault","ref":"path/to","version":"9"}}`).must(http.StatusCreated, &v)
	require.Equal(t, []string{"vault", "path/to", "9"}, []string{*v.SecretStoreID, *v.SecretKey, *v.SecretVersion})

	h.do("POST", app+"/values", `{"key":"PLAIN","description":"","value":"x"}`).must(http.StatusCreated, nil)
	for name, tc := range map[string]struct{ method, path, body, part string }{
		"built-in store":       {"POST", "/values", `{"key":"B","description":"","secret_ref":{"store":"humanitec","ref":"x"}}`, "secret_ref.store"},
		"no store":             {"POST", "/values", `{"key":"B","description":"","secret_ref":{"ref":"x"}}`, "secret_ref"},
		"empty reference":      {"POST", "/values", `{"key":"B","description":"","secret_ref":{}}`, "secret_ref"},
		"value and reference":  {"POST", "/values", `{"key":"B","description":"","value":"v","secret_ref":{"value":"w"}}`, "both"},
		"secret without value": {"POST", "/values", `{"key":"B","description":"","is_secret":true}`, "secret"},
		"plain stays plain":    {"PATCH", "/values/PLAIN", `{"secret_ref":{"value":"w"}}`, "not a secret"},
	} {
		t.Run(name, func(t *testing.T) {
			h := *h
			h.t = t
			h.do(tc.method, app+tc.path, tc.body).fails(http.StatusBadRequest, tc.part)
		})
	}
	require.NotContains(t, h.do("GET", app+"/value-set-versions", "").Body, secret)
	require.NotContains(t, h.logs.String(), secret)
	for _, file := range []string{h.database, h.database + "-wal"} {
		raw, err := os.ReadFile(file)
		if err == nil {
			require.NotContains(t, string(raw), secret, file)
		}
	}
}

func TestSecretsGoWithTheirApplication(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	app := h.app("shop")
	h.do("POST", app+"/values", `{"key":"OLD","description":"","value":"a","is_secret":true}`).must(http.StatusCreated, nil)
	h.do("POST", app+"/envs/development/values", `{"key":"OLD","description":"","value":"b","is_secret":true}`).must(http.StatusCreated, nil)
	h.do("DELETE", app+"/values/OLD", "").must(http.StatusNoContent, nil)
	refs := []string{"orgs--acme--apps--shop--secret_values--OLD", "orgs--acme--apps--shop--envs--development--secret_values--OLD"}
	for _, ref := range refs {
		_, err := h.store.GetSecret(t.Context(), org, ref, 0)
		require.NoError(t, err, "versions still refer to it")
	}
	h.do("DELETE", app, "").must(http.StatusNoContent, nil)
	for _, ref := range refs {
		_, err := h.store.GetSecret(t.Context(), org, ref, 0)
		require.Error(t, err)
	}
}

func TestValueHistory(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	app := h.app("shop")
	env := app + "/envs/development"
	require.Empty(t, h.versions(app, ""))
	h.do("GET", env+"/value-set-versions/"+zeroUUID, "").fails(http.StatusNotFound)

	h.do("POST", app+"/values", `{"key":"A","description":"","value":"1"}`).must(http.StatusCreated, nil)
	require.Equal(t, h.versions(app, ""), h.versions(env, ""), "without overrides an environment has the application's history")
	h.do("POST", env+"/values", `{"key":"A","description":"","value":"env"}`).must(http.StatusCreated, nil)
	h.do("POST", app+"/values", `{"key":"B","description":"","value":"2"}`).must(http.StatusCreated, nil)

	own := h.versions(env, "")
	require.Len(t, own, 2, "a change of the application is a new version of the environment, too")
	require.Equal(t, "app_value_create", own[0].ResultOf)
	require.Equal(t, "env_value_create", own[1].ResultOf)
	require.Equal(t, "2", own[0].Values["B"].Value)
	require.Equal(t, "env", own[0].Values["A"].Value)
	require.Equal(t, []api.JSONPatch{{Op: "add", Path: "/A", Value: "env"}}, own[1].Change)
	require.Len(t, h.versions(app, "?key_changed=B"), 1)
	var latest api.ValueSetVersion
	h.do("GET", env+"/value-set-versions/"+zeroUUID, "").must(http.StatusOK, &latest)
	require.Equal(t, own[0].ID, latest.ID)
	h.do("GET", app+"/value-set-versions/nope", "").fails(http.StatusNotFound)
	h.do("GET", app+"/envs/gone/value-set-versions", "").fails(http.StatusBadRequest, "gone")

	// The application's value is hidden by the override: nothing new to see.
	h.do("PUT", app+"/values/A", `{"description":"","value":"hidden"}`).must(http.StatusOK, nil)
	require.Len(t, h.versions(env, ""), 2)
}

func (h *harness) versions(level, query string) []api.ValueSetVersion {
	h.t.Helper()
	var list []api.ValueSetVersion
	h.do("GET", level+"/value-set-versions"+query, "").must(http.StatusOK, &list)
	return list
}

func TestRestoreValues(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	app := h.app("shop")
	env := app + "/envs/development"
	h.do("POST", app+"/values", `{"key":"A","description":"","value":"1"}`).must(http.StatusCreated, nil)
	h.do("POST", app+"/values", `{"key":"S","description":"","value":"s1","is_secret":true}`).must(http.StatusCreated, nil)
	before := h.versions(app, "")[0].ID
	h.do("PUT", app+"/values/A", `{"description":"","value":"2"}`).must(http.StatusOK, nil)
	h.do("PUT", app+"/values/S", `{"description":"","value":"s2"}`).must(http.StatusOK, nil)
	h.do("POST", app+"/values", `{"key":"B","description":"","value":"b"}`).must(http.StatusCreated, nil)
	h.do("POST", env+"/values", `{"key":"B","description":"","value":"env b"}`).must(http.StatusCreated, nil)

	var made api.ValueSetVersion
	h.do("POST", app+"/value-set-versions/"+before+"/restore/A", `{"comment":"oops"}`).must(http.StatusOK, &made)
	require.Equal(t, "app_value_set_version_restore", made.ResultOf)
	require.Equal(t, before, *made.SourceValueSetVersionID)
	require.Equal(t, "oops", made.Comment)
	require.Equal(t, map[string]string{"A": "app:1", "B": "app:b", "S": "app:"}, h.values(app))
	require.Equal(t, "2", *made.Values["S"].SecretVersion)
	h.do("POST", app+"/value-set-versions/"+before+"/restore/B", ``).fails(http.StatusBadRequest, "B")

	h.do("POST", app+"/value-set-versions/"+before+"/restore", ``).must(http.StatusOK, &made)
	require.Equal(t, map[string]string{"A": "app:1", "S": "app:"}, h.values(app))
	require.Equal(t, "1", *made.Values["S"].SecretVersion)
	require.Equal(t, map[string]string{"A": "app:1", "S": "app:"}, h.values(env), "the override went with its value")
	h.do("POST", app+"/value-set-versions/nope/restore", `{}`).fails(http.StatusNotFound)

	h.do("POST", env+"/values", `{"key":"A","description":"","value":"env"}`).must(http.StatusCreated, nil)
	overridden := h.versions(env, "")[0].ID
	h.do("DELETE", env+"/values", "").must(http.StatusNoContent, nil)
	h.do("POST", env+"/value-set-versions/"+overridden+"/restore", `{}`).must(http.StatusOK, &made)
	require.Equal(t, "env_value_set_version_restore", made.ResultOf)
	require.Equal(t, "env:env", h.values(env)["A"])
	h.do("POST", env+"/value-set-versions/"+before+"/restore/A", `{}`).must(http.StatusOK, nil)
	require.Equal(t, "app:1", h.values(env)["A"], "the environment did not override A then")
}

func TestPurgeValue(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	app := h.app("shop")
	env := app + "/envs/development"
	h.do("POST", app+"/values", `{"key":"A","description":"","value":"leaked"}`).must(http.StatusCreated, nil)
	h.do("POST", app+"/values", `{"key":"S","description":"","value":"s1","is_secret":true}`).must(http.StatusCreated, nil)
	h.do("POST", env+"/values", `{"key":"S","description":"","value":"e1","is_secret":true}`).must(http.StatusCreated, nil)
	old := h.versions(app, "")[0].ID
	purge := app + "/value-set-versions/" + old + "/purge/"
	h.do("POST", purge+"A", `{}`).fails(http.StatusBadRequest, "in use")
	h.do("POST", purge+"NOPE", `{}`).fails(http.StatusBadRequest, "NOPE")
	h.do("PUT", app+"/values/A", `{"description":"","value":"clean"}`).must(http.StatusOK, nil)
	h.do("PUT", app+"/values/S", `{"description":"","value":"s2"}`).must(http.StatusOK, nil)

	h.do("POST", purge+"A", `{"comment":"leaked"}`).must(http.StatusNoContent, nil)
	h.do("POST", purge+"S", ``).must(http.StatusNoContent, nil)
	for _, level := range []string{app, env} {
		require.NotContains(t, h.do("GET", level+"/value-set-versions", "").Body, "leaked\"}", level)
		for _, v := range h.versions(level, "") {
			require.NotEqual(t, "leaked", v.Values["A"].Value)
			for _, change := range v.Change {
				require.NotEqual(t, "leaked", change.Value)
			}
		}
	}
	require.Equal(t, "app_value_set_version_purge", h.versions(app, "")[0].ResultOf)
	h.do("POST", app+"/value-set-versions/"+old+"/restore/S", `{}`).fails(http.StatusBadRequest, "S")
	_, err := h.store.GetSecret(t.Context(), org, "orgs--acme--apps--shop--secret_values--S", 1)
	require.Error(t, err)
	_, err = h.store.GetSecret(t.Context(), org, "orgs--acme--apps--shop--secret_values--S", 2)
	require.NoError(t, err)
	require.Equal(t, map[string]string{"A": "app:clean", "S": "env:"}, h.values(env))
}

func TestConcurrentValueChangesLoseNothing(t *testing.T) {
	t.Parallel()
	onBothDatabases(t, concurrentValueChanges)
}

func concurrentValueChanges(t *testing.T, h *harness) {
	app := h.app("shop")
	h.do("POST", app+"/values", `{"key":"K","description":"","value":"0"}`).must(http.StatusCreated, nil)
	var wait sync.WaitGroup
	for i := range 6 {
		wait.Go(func() {
			got, _ := h.raw(h.token, "POST", app+"/values", fmt.Sprintf(`{"key":"K%d","description":"","value":"%d"}`, i, i))
			assert.Equal(t, http.StatusCreated, got.Status, got.Body)
		})
	}
	wait.Wait()
	versions := h.versions(app, "")
	require.Len(t, versions, 7)
	for i, v := range versions {
		require.Len(t, v.Values, 7-i, "every version builds on the one before")
	}
	require.NotContains(t, h.logs.String(), `"level":"ERROR"`)
}
