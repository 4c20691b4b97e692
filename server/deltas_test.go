package server_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/engine/deployset"
	"github.com/slipway-dev/slipway/internal/api"
	"github.com/slipway-dev/slipway/orchestrator"
)

const apiModule = `{"profile":"humanitec/default-module","spec":{"containers":{"api":{"image":"nginx:1"}}},"externals":{"db":{"type":"postgres"}}}`

func TestDeltaAnswersStringOrObject(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	app := h.app("shop")

	var id string
	h.do("POST", app+"/deltas", `{"modules":{"add":{"api":`+apiModule+`}}}`).must(http.StatusOK, &id)
	require.Regexp(t, `^[0-9a-f]{40}$`, id)
	var whole api.Delta
	h.do("POST", app+"/deltas", `{"id":"ignored","metadata":{"env_id":"development","name":"n","url":"x"},"shared":[{"op":"add","path":"/dns","value":{"type":"dns"}}]}`).
		must(http.StatusOK, &whole)
	require.Equal(t, "development", whole.Metadata.EnvID)
	require.Equal(t, "n", whole.Metadata.Name)
	require.Len(t, whole.Shared, 1)

	var list []api.Delta
	h.do("GET", app+"/deltas", "").must(http.StatusOK, &list)
	require.Len(t, list, 2)
	h.do("GET", app+"/deltas?env=development", "").must(http.StatusOK, &list)
	require.Len(t, list, 1)
	require.Equal(t, whole.ID, list[0].ID)

	var missing string
	h.do("GET", app+"/deltas/"+strings.Repeat("0", 40), "").must(http.StatusNotFound, &missing)
	require.Contains(t, missing, "0000")
	h.do("PATCH", app+"/deltas/nope", `[]`).must(http.StatusNotFound, &missing)
	h.do("POST", app+"/deltas", `{"modules":{"add":[]}}`).fails(http.StatusBadRequest, "modules")
}

func TestDeltaChanges(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	app := h.app("shop")
	var id string
	h.do("POST", app+"/deltas", `{"modules":{"add":{"api":`+apiModule+`,"gone":null}}}`).must(http.StatusOK, &id)
	delta := app + "/deltas/" + id

	_, colleague := h.user("user", map[string]string{
		orchestrator.OrgObject(org): orchestrator.RoleMember, orchestrator.AppObject(org, "shop"): orchestrator.RoleDeveloper})
	var got api.Delta
	h.as(colleague, "PATCH", delta, `[{"modules":{"update":{"api":[{"op":"replace","path":"/spec/containers/api/image","value":"nginx:2"}]}}},{"modules":{"remove":["old"]}}]`).
		must(http.StatusOK, &got)
	require.Equal(t, []string{"old"}, got.Modules.Remove)
	require.NotContains(t, got.Modules.Add, "gone")
	require.Len(t, got.Metadata.Contributors, 1)
	image := got.Modules.Add["api"]["spec"].(map[string]any)["containers"].(map[string]any)["api"].(map[string]any)["image"]
	require.Equal(t, "nginx:2", image)
	h.do("PATCH", delta, `[{"modules":{"update":{"api":[{"op":"replace","path":"/nope/x","value":1}]}}}]`).fails(http.StatusBadRequest)

	h.do("PUT", delta, `{"modules":{"remove":["web"]}}`).must(http.StatusNoContent, nil)
	h.do("PUT", delta+"/metadata/name", `"renamed"`).must(http.StatusNoContent, nil)
	h.do("PUT", delta+"/metadata/env_id", `"staging"`).must(http.StatusNoContent, nil)
	got = api.Delta{}
	h.do("GET", delta, "").must(http.StatusOK, &got)
	require.Equal(t, deployset.Changes{Add: map[string]map[string]any{}, Remove: []string{"web"}, Update: map[string][]deployset.Op{}}, got.Modules)
	require.Equal(t, "renamed", got.Metadata.Name)
	require.Equal(t, "staging", got.Metadata.EnvID)

	h.do("PUT", delta+"/metadata/archived", `true`).must(http.StatusNoContent, nil)
	for _, call := range [][2]string{{"", `{}`}, {"/metadata/name", `"x"`}, {"/metadata/env_id", `"x"`}} {
		h.do("PUT", delta+call[0], call[1]).fails(http.StatusBadRequest, "archived")
	}
	var list []api.Delta
	h.do("GET", app+"/deltas", "").must(http.StatusOK, &list)
	require.Empty(t, list)
	h.do("GET", app+"/deltas?archived=true", "").must(http.StatusOK, &list)
	require.Len(t, list, 1)
	h.do("GET", app+"/deltas?archived=perhaps", "").fails(http.StatusBadRequest, "archived", "perhaps")
	h.do("PUT", delta+"/metadata/archived", `false`).must(http.StatusNoContent, nil)
	h.do("PUT", delta, `{}`).must(http.StatusNoContent, nil)
}

func TestConcurrentMergesLoseNothing(t *testing.T) {
	t.Parallel()
	onBothDatabases(t, concurrentMerges)
}

func concurrentMerges(t *testing.T, h *harness) {
	app := h.app("shop")
	var id string
	h.do("POST", app+"/deltas", `{}`).must(http.StatusOK, &id)
	var wait sync.WaitGroup
	for i := range 12 {
		wait.Go(func() {
			got, _ := h.raw(h.token, "PATCH", app+"/deltas/"+id, fmt.Sprintf(`[{"modules":{"add":{"m%d":%s}}}]`, i, apiModule))
			assert.Equal(t, http.StatusOK, got.Status, got.Body)
		})
	}
	wait.Wait()
	var got api.Delta
	h.do("GET", app+"/deltas/"+id, "").must(http.StatusOK, &got)
	require.Len(t, got.Modules.Add, 12)
}

func TestSets(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	app := h.app("shop")
	var empty api.Set
	h.do("GET", app+"/sets/0", "").must(http.StatusOK, &empty)
	require.Equal(t, deployset.ZeroID, empty.ID)
	require.Equal(t, map[string]map[string]any{}, empty.Modules)

	var first, second string
	h.do("POST", app+"/sets/0", `{"modules":{"add":{"api":`+apiModule+`}}}`).must(http.StatusOK, &first)
	h.do("POST", app+"/sets/"+first, `{"shared":[{"op":"add","path":"/dns","value":{"type":"dns"}}]}`).must(http.StatusOK, &second)
	var set api.Set
	h.do("GET", app+"/sets/"+second, "").must(http.StatusOK, &set)
	require.Equal(t, second, set.ID)
	require.Contains(t, set.Shared, "dns")

	var viaQuery, viaPath deployset.Delta
	h.do("GET", app+"/sets/"+first+"?diff="+second, "").must(http.StatusOK, &viaQuery)
	h.do("GET", app+"/sets/"+first+"/diff/"+second, "").must(http.StatusOK, &viaPath)
	require.Equal(t, viaQuery, viaPath)
	raw, err := json.Marshal(viaPath)
	require.NoError(t, err)
	var back string
	h.do("POST", app+"/sets/"+second, string(raw)).must(http.StatusOK, &back)
	require.Equal(t, first, back, "apply(source, diff(target, source)) == target")

	var resources []api.ResourceInput
	h.do("GET", app+"/sets/"+second+"/resources", "").must(http.StatusOK, &resources)
	require.Len(t, resources, 2)
	var list []api.Set
	h.do("GET", app+"/sets", "").must(http.StatusOK, &list)
	require.Len(t, list, 2)

	var missing string
	h.do("GET", app+"/sets/nope", "").must(http.StatusNotFound, &missing)
	h.do("GET", app+"/sets/"+first+"?diff=nope", "").must(http.StatusNotFound, &missing)
	h.do("POST", app+"/sets/nope", `{}`).must(http.StatusNotFound, &missing)
	h.do("GET", h.app("other")+"/sets/"+first, "").must(http.StatusNotFound, &missing)
	h.do("POST", app+"/sets/"+first, `{"modules":{"update":{"web":[{"op":"add","path":"/x","value":1}]}}}`).fails(http.StatusBadRequest, "web")
}

func TestConvertScore(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	path := "/orgs/" + org + "/artefact-versions/convert-score"
	var out api.ConvertedScore
	h.do("POST", path, `{"spec":{"apiVersion":"score.dev/v1b1","metadata":{"name":"api"},"containers":{"main":{"image":"."}},"resources":{"db":{"type":"postgres"}}},"image":"nginx:3"}`).
		must(http.StatusOK, &out)
	require.Contains(t, out.Modules, "api")
	require.NotNil(t, out.Shared)
	h.do("POST", path, `{"spec":{"apiVersion":"score.dev/v1b1"}}`).fails(http.StatusBadRequest)
	var refused api.Error
	h.do("POST", path, `{"spec":{"apiVersion":"score.dev/v1b1","metadata":{"name":"api"},"containers":{"main":{"image":"nginx:3","imagee":"x"}}}}`).must(http.StatusBadRequest, &refused)
	require.Equal(t, []any{map[string]any{"path": "containers.main.imagee", "message": "Score has no such key here"}}, refused.Details["problems"])
	h.do("POST", path, `{}`).fails(http.StatusBadRequest)
}
