package compat

import (
	"fmt"

	"github.com/stretchr/testify/require"
)

type (
	object = map[string]any
	array  = []any
)

// shop is what later areas find: an application that is deployed.
type shop struct {
	app, env   string // paths
	deployment string // id of a deployment that succeeded
}

func module(image string) object {
	return object{
		"profile": "humanitec/default-module",
		"spec": object{"containers": object{"main": object{
			"id": "main", "image": image, "variables": object{"GREETING": "${values.greeting}", "TOKEN": "${values.token}"},
		}}},
		"externals": object{"host": object{"type": "dns"}},
	}
}

func (s *scenario) organizations() {
	require.Contains(s.t, s.do(200, "GET", "/orgs", nil).values("id"), "demo")
	require.Equal(s.t, "demo", s.do(200, "GET", s.org, nil).object()["id"])
	me := s.do(200, "GET", "/current-user", nil).object()
	s.do(200, "PATCH", "/current-user", object{"name": me["name"]})

	tokens := "/users/" + me["id"].(string) + "/tokens"
	made := s.do(200, "POST", tokens, object{"id": "compat", "description": "of the scenario", "type": "static", "expires_at": "2099-01-01T00:00:00Z"}).object()
	require.NotEmpty(s.t, made["token"])
	s.with(made["token"].(string)).do(200, "GET", "/current-user", nil)
	require.Contains(s.t, s.do(200, "GET", tokens, nil).values("id"), "compat")
	require.NotContains(s.t, s.do(200, "GET", tokens+"/compat", nil).object(), "token")
	s.do(409, "POST", tokens, object{"id": "compat", "description": "again", "type": "static"})
	s.do(204, "DELETE", tokens+"/compat", nil)
	s.with(made["token"].(string)).do(401, "GET", "/current-user", nil)
	s.do(404, "GET", tokens+"/compat", nil)
}

func (s *scenario) environmentTypes() {
	types := s.org + "/env-types"
	s.do(201, "POST", types, object{"id": "compat", "description": "made here"})
	s.do(409, "POST", types, object{"id": "compat", "description": "again"})
	s.do(400, "POST", types, object{"id": "Not An Id", "description": ""})
	require.Contains(s.t, s.do(200, "GET", types, nil).values("id"), "compat")
	s.do(200, "PATCH", types+"/compat", object{"description": "changed"})
	require.Equal(s.t, "changed", s.do(200, "GET", types+"/compat", nil).object()["description"])
	s.do(204, "DELETE", types+"/compat", nil)
	s.do(404, "GET", types+"/compat", nil)
}

// applications makes the shop.
func (s *scenario) applications() shop {
	apps := s.org + "/apps"
	s.do(201, "POST", apps, object{"id": "shop", "name": "Shop"})
	s.do(409, "POST", apps, object{"id": "shop", "name": "Shop"})
	s.do(400, "POST", apps, object{"id": "Shop!", "name": "Shop"})
	require.Contains(s.t, s.do(200, "GET", apps, nil).values("id"), "shop")
	app := apps + "/shop"
	s.do(200, "PATCH", app, object{"name": "The Shop"})
	require.Equal(s.t, "The Shop", s.do(200, "GET", app, nil).object()["name"])

	s.do(201, "POST", app+"/envs", object{"id": "staging", "name": "Staging", "type": "development"})
	s.do(409, "POST", app+"/envs", object{"id": "staging", "name": "Staging", "type": "development"})
	s.do(404, "POST", apps+"/nowhere/envs", object{"id": "staging", "name": "Staging", "type": "development"})
	s.do(200, "PATCH", app+"/envs/staging", object{"name": "Stage"})
	require.Equal(s.t, "Stage", s.do(200, "GET", app+"/envs/staging", nil).object()["name"])
	require.Len(s.t, s.do(200, "GET", app+"/envs", nil).list(), 2)
	return shop{app: app, env: app + "/envs/development"}
}

func (s *scenario) deltas(at shop) (id string) {
	deltas := at.app + "/deltas"
	content := object{"modules": object{"add": object{"web": module("registry.example/web:1")}}}
	id = s.do(200, "POST", deltas, content).text()
	archived := s.do(200, "POST", deltas, object{"metadata": object{"env_id": "development", "name": "second"}, "modules": object{}}).object()["id"].(string)
	s.do(200, "PATCH", deltas+"/"+id, array{object{"modules": object{"update": object{}}}})
	s.do(204, "PUT", deltas+"/"+archived, object{"modules": object{"remove": array{"gone"}}})
	s.do(204, "PUT", deltas+"/"+archived+"/metadata/name", "renamed")
	s.do(204, "PUT", deltas+"/"+archived+"/metadata/env_id", "staging")
	s.do(204, "PUT", deltas+"/"+archived+"/metadata/archived", true)
	require.Equal(s.t, "renamed", s.do(200, "GET", deltas+"/"+archived, nil).object()["metadata"].(object)["name"])
	require.NotContains(s.t, s.do(200, "GET", deltas, nil).values("id"), archived)
	require.Contains(s.t, s.do(200, "GET", deltas+"?archived=true&env=staging", nil).values("id"), archived)
	s.do(404, "GET", deltas+"/0000000000000000000000000000000000000000", nil)
	return id
}

// deployments deploys the delta, and leaves two deployments in development.
func (s *scenario) deployments(at *shop, delta string) {
	deploys := at.env + "/deploys"
	d := s.do(201, "POST", deploys, object{"delta_id": delta, "comment": "first"}).object()
	at.deployment = d["id"].(string)
	end := s.deployed(at.env, at.deployment)
	require.Equal(s.t, "succeeded", end["status"], "%v", end)
	require.Empty(s.t, s.do(200, "GET", deploys+"/"+at.deployment+"/errors", nil).list())

	s.do(400, "POST", deploys, object{"delta_id": "0000000000000000000000000000000000000000"})
	again := s.do(201, "POST", deploys, object{"set_id": end["set_id"], "comment": "the same set"}).object()["id"].(string)
	require.Equal(s.t, "succeeded", s.deployed(at.env, again)["status"])
	require.Len(s.t, s.do(200, "GET", deploys, nil).list(), 2)
	s.do(204, "PUT", at.app+"/envs/staging/from_deploy_id", at.deployment)
	s.do(400, "PUT", at.app+"/envs/staging/from_deploy_id", "0000000000000000")
	s.failing(at)
}

// failing deploys a workload whose resource nobody defines, to staging.
func (s *scenario) failing(at *shop) {
	broken := module("registry.example/web:1")
	broken["externals"] = object{"thing": object{"type": "compat-unknown"}}
	delta := s.do(200, "POST", at.app+"/deltas", object{"modules": object{"add": object{"broken": broken}}}).text()
	staging := at.app + "/envs/staging"
	id := s.do(201, "POST", staging+"/deploys", object{"delta_id": delta}).object()["id"].(string)
	require.Equal(s.t, "failed", s.deployed(staging, id)["status"])
	require.NotEmpty(s.t, s.do(200, "GET", staging+"/deploys/"+id+"/errors", nil).list())
}

func (s *scenario) sets(at shop) {
	sets := at.app + "/sets"
	all := s.do(200, "GET", sets, nil).values("id")
	require.NotEmpty(s.t, all)
	id := s.do(200, "GET", at.env+"/deploys/"+at.deployment, nil).object()["set_id"].(string)
	require.Contains(s.t, all, id)
	s.do(200, "GET", sets+"/"+id, nil)
	s.do(200, "GET", sets+"/"+id+"?diff="+id, nil)
	changed := s.do(200, "POST", sets+"/"+id, object{"modules": object{"add": object{"extra": module("registry.example/extra:1")}}}).text()
	require.NotEqual(s.t, id, changed)
	diff := s.do(200, "GET", fmt.Sprintf("%s/%s/diff/%s", sets, changed, id), nil).object()
	require.Contains(s.t, diff["modules"].(object)["add"], "extra")
	require.NotEmpty(s.t, s.do(200, "GET", sets+"/"+id+"/resources", nil).list())
	s.do(404, "GET", sets+"/nothere", nil)
}

func (s *scenario) score() {
	spec := object{"apiVersion": "score.dev/v1b1", "metadata": object{"name": "web"},
		"containers": object{"main": object{"image": "."}}, "resources": object{"db": object{"type": "postgres"}}}
	out := s.do(200, "POST", s.org+"/artefact-versions/convert-score", object{"spec": spec, "image": "registry.example/web:2"}).object()
	require.Contains(s.t, out["modules"], "web")
	s.do(400, "POST", s.org+"/artefact-versions/convert-score", object{"spec": object{"metadata": object{}}})
}

// sharedValues walks the values of one level; prefix is the path of the
// application or environment.
func (s *scenario) sharedValues(prefix string) {
	values, versions := prefix+"/values", prefix+"/value-set-versions"
	s.do(201, "POST", values, object{"key": "FIRST", "value": "1", "description": "plain"})
	s.do(201, "POST", values, object{"key": "SECRET", "value": "hush", "description": "secret", "is_secret": true})
	s.do(409, "POST", values, object{"key": "FIRST", "value": "1", "description": "again"})
	s.do(400, "POST", values, object{"key": "not a key", "value": "1", "description": ""})
	s.do(200, "PUT", values+"/FIRST", object{"value": "2", "description": "replaced"})
	s.do(200, "PATCH", values+"/FIRST", object{"value": "3"})
	list := s.do(200, "GET", values, nil)
	require.NotContains(s.t, string(list.body), "hush")
	require.Contains(s.t, list.values("key"), "SECRET")

	before := s.do(200, "GET", versions, nil).list()
	require.GreaterOrEqual(s.t, len(before), 4)
	s.do(200, "GET", versions+"?key_changed=FIRST", nil)
	oldest, newest := before[len(before)-1]["id"].(string), before[0]["id"].(string)
	s.do(200, "GET", versions+"/"+newest, nil)
	s.do(200, "POST", versions+"/"+newest+"/restore/FIRST", object{"comment": "one key"})
	s.do(204, "DELETE", values+"/FIRST", nil)
	s.do(404, "DELETE", values+"/FIRST", nil)
	s.do(200, "POST", versions+"/"+newest+"/restore", object{"comment": "all"})
	s.do(204, "POST", versions+"/"+oldest+"/purge/FIRST", object{"comment": "purged"})
	s.do(404, "GET", versions+"/11111111-0000-0000-0000-000000000000", nil)
	s.do(204, "DELETE", values, nil)
	for _, left := range s.do(200, "GET", values, nil).list() {
		require.Equal(s.t, "0", left["value"].(string)+zeroOf(left), "only what the application has: %v", left)
	}
}

// zeroOf stands for the value of a secret, which is not answered.
func zeroOf(value object) string {
	if value["is_secret"] == true {
		return "0"
	}
	return ""
}

// prepareValues sets what the shop's module asks for.
func (s *scenario) prepareValues(at shop) {
	s.do(201, "POST", at.app+"/values", object{"key": "greeting", "value": "hello", "description": ""})
	s.do(201, "POST", at.app+"/values", object{"key": "token", "value": "compat-secret", "description": "", "is_secret": true})
}

// teardown removes what the scenario made.
func (s *scenario) teardown(at shop) {
	s.removed(at.app + "/envs/staging")
	s.gone(at.app + "/envs/staging")
	s.removed(at.app)
	s.gone(at.app)
}

// removed deletes what may take a while.
func (s *scenario) removed(path string) {
	s.t.Helper()
	e := exchange{method: "DELETE", path: path, accept: "application/json"}
	s.send(&e)
	require.Contains(s.t, []int{202, 204}, e.status, "%s: %s", path, e.body)
	s.check(&e)
}
