package server_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/internal/api"
	"github.com/slipway-dev/slipway/orchestrator"
)

func TestCriteria(t *testing.T) {
	t.Parallel()
	h := newPlatform(t)
	h.define("one", "postgres", `[{"app_id":"shop"}]`)
	h.define("two", "postgres", `[]`)
	h.define("other", "mysql", `[]`)
	criteria := defs + "/two/criteria"

	var made api.MatchingCriteria
	h.do("POST", criteria, `{"app_id":"shop","env_type":"development"}`).must(http.StatusOK, &made)
	require.Equal(t, api.MatchingCriteria{ID: made.ID, AppID: "shop", EnvType: "development", Class: "default"}, made)
	require.NotEmpty(t, made.ID)
	h.do("POST", criteria, `{"app_id":"shop","env_type":"development","class":"default"}`).fails(http.StatusConflict, "two")
	h.do("POST", criteria, `{"app_id":"shop"}`).fails(http.StatusConflict, "one", "two")
	h.do("POST", defs+"/other/criteria", `{"app_id":"shop"}`).must(http.StatusOK, nil) // another type

	var list []api.MatchingCriteria
	h.do("PUT", criteria, `[{"class":"x"},{"app_id":"shop","env_type":"development"}]`).must(http.StatusOK, &list)
	require.Len(t, list, 2)
	require.Equal(t, made.ID, list[1].ID, "a rule that stays keeps its id")
	h.do("PUT", criteria, `[{},{}]`).fails(http.StatusConflict, "twice")
	h.do("PUT", criteria, `[{"app_id":"shop"}]`).fails(http.StatusConflict, "one")
	var def api.ResourceDefinition
	h.do("GET", defs+"/two", "").must(http.StatusOK, &def)
	require.Equal(t, list, def.Criteria, "a refused change changes nothing")

	h.do("POST", criteria, `{"res_id":"`+strings.Repeat("x", 2000)+`"}`).fails(http.StatusBadRequest, "criteria[2]", "2000")
	h.do("PUT", criteria, `[`+strings.Repeat(`{},`, 1000)+`{}]`).fails(http.StatusBadRequest, "1000")

	h.do("DELETE", criteria+"/nope", "").fails(http.StatusNotFound, "nope")
	h.do("DELETE", criteria+"/"+made.ID, "").must(http.StatusNoContent, nil)
	h.do("PUT", criteria, `[]`).must(http.StatusOK, &list)
	require.Empty(t, list)
	h.do("POST", defs, `{"id":"three","name":"t","type":"postgres","driver_type":"humanitec/echo","criteria":[{"app_id":"shop"}]}`).
		fails(http.StatusConflict, "one", "three")
	h.do("GET", defs+"/three", "").fails(http.StatusNotFound, "three")
}

func TestChangesOfActiveResources(t *testing.T) {
	t.Parallel()
	h := newPlatform(t)
	h.app("shop")
	wide := h.define("wide", "postgres", `[{}]`)
	narrow := h.define("narrow", "postgres", `[{"app_id":"shop"},{"env_type":"development"}]`)
	large := h.define("large", "postgres", `[{"class":"large"}]`)
	h.exist("shop", dbKey("default"), narrow)
	h.exist("shop", dbKey("large"), large)
	_, err := h.store.ReserveResource(t.Context(), &orchestrator.ActiveResource{
		OrgID: org, AppID: "shop", EnvID: "development", Key: dbKey("reserved"), GUResID: "r", DefID: wide.ID, Status: orchestrator.ResourcePending,
	})
	require.NoError(t, err)
	change := func(from, to string) []orchestrator.DefinitionChange {
		return []orchestrator.DefinitionChange{{AppID: "shop", EnvID: "development", ResID: "modules.api.externals.db", FromDef: from, ToDef: to}}
	}
	var changes []orchestrator.DefinitionChange

	h.do("DELETE", defs+"/narrow/criteria/"+narrow.Criteria[0].ID, "").must(http.StatusNoContent, nil) // the other one still matches
	h.do("DELETE", defs+"/narrow/criteria/"+narrow.Criteria[1].ID, "").must(http.StatusConflict, &changes)
	require.Equal(t, change("narrow", "wide"), changes)
	h.do("DELETE", defs+"/narrow", "").must(http.StatusConflict, &changes)
	require.Equal(t, change("narrow", "wide"), changes)
	h.do("DELETE", defs+"/large", "").must(http.StatusConflict, &changes)
	require.Equal(t, change("large", ""), changes)
	h.do("DELETE", defs+"/wide", "").must(http.StatusNoContent, nil) // only reserved

	var used []api.ActiveResource
	h.do("GET", defs+"/narrow/resources", "").must(http.StatusOK, &used)
	require.Len(t, used, 1)
	h.do("GET", defs+"/wide/resources", "").must(http.StatusOK, &used)
	require.Empty(t, used)
	h.do("DELETE", defs+"/narrow/criteria/"+narrow.Criteria[1].ID+"?force=true", "").must(http.StatusNoContent, nil)
	h.do("DELETE", defs+"/large?force=true", "").must(http.StatusNoContent, nil)
	h.do("GET", defs+"/large/resources", "").must(http.StatusOK, &used)
	require.Len(t, used, 1, "what a deleted definition made is still there")
	_, viewer := h.user("user", map[string]string{orchestrator.OrgObject(org): orchestrator.RoleMember})
	h.as(viewer, "GET", defs+"/large/resources", "").must(http.StatusOK, &used)
	require.Empty(t, used, "applications that one may not see stay hidden")
}

func TestDefinitionFilters(t *testing.T) {
	t.Parallel()
	h := newPlatform(t)
	h.app("shop")
	// Vector B5, and some that cannot match there.
	for id, criteria := range map[string]string{
		"dd1": `[{}]`, "dd2": `[{"env_type":"development"}]`, "dd3": `[{"app_id":"shop"}]`, "dd4": `[{"env_type":"development","app_id":"shop"}]`,
		"dd5": `[{"env_id":"development"}]`, "dd6": `[{"res_id":"modules.api.externals.db"},{"app_id":"zzz"}]`,
		"dd7": `[{"app_id":"shop","env_id":"development","env_type":"development"}]`,
		"dd8": `[{"class":"large","res_id":"modules.api.externals.db"}]`, "none": `[]`, "prod": `[{"env_type":"production"}]`, "app": `[{"app_id":"zoo"}]`,
	} {
		h.define(id, "postgres", criteria)
	}
	h.define("aaa-mysql", "mysql", `[{}]`)
	for name, tc := range map[string]struct {
		query string
		want  []string
	}{
		"everything about it": {"?app=shop&env=development&env_type=development&res=modules.api.externals.db&res_type=postgres&class=default",
			[]string{"dd6", "dd7", "dd5", "dd4", "dd3", "dd2", "dd1"}},
		"its class":               {"?class=large", []string{"dd8"}},
		"grouped by type":         {"?app=shop&env=development&class=default&res=none", []string{"aaa-mysql", "dd7", "dd5", "dd4", "dd3", "dd2", "dd1"}},
		"type of a known env":     {"?app=shop&env=development&res_type=postgres&class=large", []string{"dd8"}},
		"an open field can match": {"?app=zoo&res_type=postgres&class=default", []string{"dd6", "dd5", "app", "dd2", "prod", "dd1"}},
		"nothing of that type":    {"?res_type=redis", []string{}},
		"no filter":               {"", []string{"aaa-mysql", "app", "dd1", "dd2", "dd3", "dd4", "dd5", "dd6", "dd7", "dd8", "none", "prod"}},
	} {
		t.Run(name, func(t *testing.T) {
			h := *h.harness
			h.t = t
			var list []api.ResourceDefinition
			h.do("GET", defs+tc.query, "").must(http.StatusOK, &list)
			ids := []string{}
			for _, d := range list {
				ids = append(ids, d.ID)
			}
			require.Equal(t, tc.want, ids)
		})
	}
}
