package e2e

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/engine/score"
)

// refusal sends a request as it is and returns the status and the one message of the answer.
func (i *instance) refusal(method, path, body, token string) (status int, message string) {
	i.t.Helper()
	req, err := http.NewRequest(method, i.url+path, strings.NewReader(body))
	require.NoError(i.t, err)
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	resp, err := http.DefaultClient.Do(req)
	require.NoError(i.t, err)
	defer func() { _ = resp.Body.Close() }()
	raw, err := io.ReadAll(resp.Body)
	require.NoError(i.t, err)
	var text string
	if json.Unmarshal(raw, &text) == nil { // some answers of the published API are bare strings
		return resp.StatusCode, text
	}
	var object struct{ Error, Message string }
	require.NoError(i.t, json.Unmarshal(raw, &object), "%s %s: %d %s", method, path, resp.StatusCode, raw)
	if resp.StatusCode >= 400 {
		require.NotEmpty(i.t, object.Error, "%s %s has no code: %s", method, path, raw)
	}
	return resp.StatusCode, object.Message
}

// requireClear refuses messages that say nothing, or too much.
func requireClear(t *testing.T, message string) {
	t.Helper()
	require.Greater(t, len(message), 10, "a message that helps: %q", message)
	for _, inner := range []string{"goroutine ", "panic", "gorm", "SQLSTATE", "sqlite", ".go:", "Unexpected error", "%!"} {
		require.NotContains(t, message, inner)
	}
}

func refusedRequests(i *instance) {
	i.app("refused")
	app, env := org+"/apps/refused", envPath("refused", "development")
	i.must(http.StatusCreated, http.MethodPost, app+"/values", map[string]any{"key": "TAKEN", "value": "v", "description": ""})
	misfit := i.delta("refused", map[string]any{"modules": map[string]any{"remove": []string{"nobody"},
		"update": map[string]any{"nobody": []any{map[string]any{"op": "replace", "path": "/spec/x", "value": 1}}}}})
	const missing = "0000000000000000"
	cases := map[string]struct {
		method, path, body string
		status             int
		says               string
	}{
		"no such path":                {"GET", org + "/nothing-here", "", 404, "nothing-here"},
		"no such method":              {"PUT", app, "{}", 405, "PUT"},
		"no such organization":        {"GET", "/orgs/nobody/apps", "", 404, "nobody"},
		"no such application":         {"GET", org + "/apps/nobody", "", 404, "nobody"},
		"no such environment":         {"GET", app + "/envs/nowhere", "", 404, "nowhere"},
		"deploy to no environment":    {"POST", app + "/envs/nowhere/deploys", "{}", 404, "nowhere"},
		"no such deployment":          {"GET", env + "/deploys/" + missing, "", 404, missing},
		"errors of no deployment":     {"GET", env + "/deploys/" + missing + "/errors", "", 404, missing},
		"nodes of no deployment":      {"GET", env + "/deploys/" + missing + "/nodes", "", 404, missing},
		"events of no deployment":     {"GET", env + "/deploys/" + missing + "/events", "", 404, missing},
		"logs of no deployment":       {"GET", env + "/deploys/" + missing + "/logs", "", 404, missing},
		"cancel no deployment":        {"POST", env + "/deploys/" + missing + "/cancel", "", 404, missing},
		"no such set":                 {"GET", app + "/sets/nothing", "", 404, "nothing"},
		"no such delta":               {"GET", app + "/deltas/" + missing, "", 404, missing},
		"delta of no application":     {"POST", org + "/apps/nobody/deltas", `{"modules":{}}`, 404, "nobody"},
		"deploy no delta":             {"POST", env + "/deploys", `{"delta_id":"` + missing + `"}`, 400, missing},
		"deploy no set":               {"POST", env + "/deploys", `{"set_id":"nothing"}`, 400, "nothing"},
		"deploy in no mode":           {"POST", env + "/deploys", `{"mode":"quick"}`, 400, "quick"},
		"deploy no values":            {"POST", env + "/deploys", `{"value_set_version_id":"11111111-1111-1111-1111-111111111111"}`, 400, "value_set_version_id"},
		"a delta that does not fit":   {"POST", env + "/deploys", `{"delta_id":"` + misfit + `"}`, 400, "nobody"},
		"a list for an object":        {"POST", env + "/deploys", `[]`, 400, "object"},
		"a number for a string":       {"POST", env + "/deploys", `{"delta_id":5}`, 400, "delta_id"},
		"null":                        {"POST", env + "/deploys", `null`, 400, "null"},
		"nothing":                     {"POST", env + "/deploys", ``, 400, "empty"},
		"half of JSON":                {"POST", env + "/deploys", `{"delta_id":`, 400, "JSON"},
		"a NUL character":             {"POST", env + "/deploys", `{"comment":"\u0000"}`, 400, "NUL"},
		"not UTF-8":                   {"POST", env + "/deploys", "{\"comment\":\"\xff\"}", 400, "UTF-8"},
		"nested without end":          {"POST", app + "/deltas", `{"x":` + strings.Repeat("[", 100_000), 400, "nested"},
		"more than may be sent":       {"POST", env + "/deploys", `{"comment":"` + strings.Repeat("x", 9<<20) + `"}`, 413, "MiB"},
		"modules as a list":           {"POST", app + "/deltas", `{"modules":[]}`, 400, "modules"},
		"an operation that is none":   {"POST", app + "/deltas", `{"shared":[{"op":"jump","path":"/x"}]}`, 400, "jump"},
		"an operation without a path": {"POST", app + "/deltas", `{"shared":[{"op":"add","path":"x","value":1}]}`, 400, "path"},
		"a module that is a string":   {"POST", app + "/deltas", `{"modules":{"add":{"m":"text"}}}`, 400, "m"},
		"application without an id":   {"POST", org + "/apps", `{"name":"x"}`, 400, "id"},
		"application of a bad id":     {"POST", org + "/apps", `{"id":"Not Good","name":"x"}`, 400, "Not Good"},
		"application twice":           {"POST", org + "/apps", `{"id":"refused","name":"x"}`, 409, "refused"},
		"environment of no type":      {"POST", app + "/envs", `{"id":"staging","name":"x","type":"no-type"}`, 400, "no-type"},
		"environment from nothing":    {"POST", app + "/envs", `{"id":"staging","name":"x","type":"development","from_deploy_id":"` + missing + `"}`, 400, missing},
		"application of no type":      {"POST", org + "/apps", `{"id":"half-made","name":"x","env":{"id":"dev","name":"x","type":"no-type"}}`, 400, "no-type"},
		"value twice":                 {"POST", app + "/values", `{"key":"TAKEN","value":"v","description":""}`, 409, "TAKEN"},
		"value of a bad key":          {"POST", app + "/values", `{"key":"a b","value":"v","description":""}`, 400, "a b"},
		"value that is two":           {"POST", app + "/values", `{"key":"TWO","value":"v","description":"","is_secret":true,"secret_ref":{"value":"w"}}`, 400, "secret_ref"},
		"change no value":             {"PUT", app + "/values/NOBODY", `{"value":"v","description":""}`, 404, "NOBODY"},
		"values of no environment":    {"GET", app + "/envs/nowhere/values", "", 400, "nowhere"},
		"policy that is none":         {"PUT", env + "/queue/policy", `{"policy":"whatever"}`, 400, "whatever"},
		"score that is a string":      {"POST", org + "/artefact-versions/convert-score", `{"spec":"text"}`, 400, "spec"},
	}
	before := i.list(env + "/deploys")
	for name, c := range cases {
		i.t.Run(name, func(t *testing.T) {
			own := i.as(t)
			status, message := own.refusal(c.method, c.path, c.body, own.token())
			require.Equal(t, c.status, status, message)
			requireClear(t, message)
			require.Contains(t, message, c.says)
		})
	}
	for name, token := range map[string]string{"no token": "", "an unknown token": "sw_0000"} {
		status, message := i.refusal(http.MethodGet, app, "", token)
		require.Equal(i.t, http.StatusUnauthorized, status, name)
		requireClear(i.t, message)
	}
	require.Equal(i.t, before, i.list(env+"/deploys"), "no refused request leaves a deployment")
	for _, path := range []string{org + "/apps/half-made", app + "/envs/staging", app + "/values/TWO"} {
		status, _ := i.call(http.MethodGet, path, nil)
		require.Contains(i.t, []int{404, 405}, status, "%s was not made by halves", path)
	}
	id := i.deploy("refused", map[string]any{"delta_id": i.delta("refused", addModule("fine", plainModule("busybox:1")))})
	i.succeeded("refused", id)
}

// brokenScores converts what is no valid Score file.
func brokenScores(i *instance) {
	const head = "apiVersion: score.dev/v1b1\nmetadata: {name: broken}\n"
	type broken struct{ text, says string }
	files := map[string]broken{
		"no containers":     {head, "containers"},
		"no name":           {"apiVersion: score.dev/v1b1\nmetadata: {}\ncontainers: {main: {image: busybox}}\n", "metadata.name"},
		"wrong version":     {"apiVersion: score.dev/v9\nmetadata: {name: broken}\ncontainers: {main: {image: busybox}}\n", "score.dev/v9"},
		"unknown field":     {head + "containers: {main: {image: busybox, imagee: x}}\n", "imagee"},
		"port out of range": {head + "containers: {main: {image: busybox}}\nservice: {ports: {http: {port: 99999}}}\n", "service.ports.http.port"},
		"no YAML":           {head + "containers: {main: {image: busybox}\n", "line"},
		"volume of nothing": {head + "containers: {main: {image: busybox, volumes: {/data: {source: '${resources.data}'}}}}\n", "data"},
	}
	if dir := filepath.Join(findCorpus(i.t), "score"); dir != "score" {
		for _, row := range corpusIndex(i.t, filepath.Join(dir, "index.tsv")) {
			if row["valid"] == "yes" {
				continue
			}
			raw, err := os.ReadFile(filepath.Join(dir, row["file"]))
			require.NoError(i.t, err)
			files[row["file"]] = broken{text: string(raw)}
		}
	}
	for name, file := range files {
		i.t.Run(name, func(t *testing.T) {
			spec, err := score.ParseYAML([]byte(file.text))
			if err != nil {
				requireClear(t, err.Error())
				require.Contains(t, err.Error(), file.says)
				return
			}
			body, err := json.Marshal(map[string]any{"spec": spec})
			require.NoError(t, err)
			own := i.as(t)
			status, message := own.refusal(http.MethodPost, org+"/artefact-versions/convert-score", string(body), own.token())
			require.Equal(t, http.StatusBadRequest, status, message)
			requireClear(t, message)
			require.Contains(t, message, file.says)
			t.Log(message)
		})
	}
}

// brokenDeployment is a deployment that has to fail with one clear error.
type brokenDeployment struct {
	variable  string         // content of a variable of module m
	externals map[string]any // resources of module m
	module    map[string]any // replaces module m
	says      []string       // parts of the one error
}

var brokenCases = map[string]brokenDeployment{
	"unknown root":        {variable: "${foo.bar}", says: []string{"foo", "m", "/variables/V"}},
	"undeclared resource": {variable: "${externals.db.host}", says: []string{`"db"`, "m", "/variables/V"}},
	"undeclared shared":   {variable: "${shared.db.host}", says: []string{`"db"`, "/variables/V"}},
	"missing module":      {variable: "${modules.other.externals.db.host}", says: []string{`"other"`, "/variables/V"}},
	"missing value":       {variable: "${values.NOPE}", says: []string{"NOPE", "/variables/V"}},
	"unclosed":            {variable: "${externals.db", says: []string{"/variables/V"}},
	"unknown context":     {variable: "${context.nope}", says: []string{"context.nope", "/variables/V"}},
	"unknown output": {variable: "${externals.cache.nope}", externals: resourceOf("redis", ""),
		says: []string{"nope", "cache"}},
	"unknown type":     {externals: resourceOf("quantum-db", ""), says: []string{"quantum-db"}},
	"no definition":    {externals: resourceOf("cassandra", ""), says: []string{"cassandra", "modules.m.externals.cache", "development"}},
	"no such class":    {externals: resourceOf("redis", "huge"), says: []string{"redis", "huge", "modules.m.externals.cache"}},
	"unknown profile":  {module: map[string]any{"profile": "humanitec/nope", "spec": plainModule("x")["spec"]}, says: []string{"humanitec/nope"}},
	"no spec":          {module: map[string]any{"profile": "humanitec/default-module"}, says: []string{"m", "spec"}},
	"spec is a string": {module: map[string]any{"profile": "humanitec/default-module", "spec": "x"}, says: []string{"m", "spec"}},
	"no image": {module: map[string]any{"profile": "humanitec/default-module", "spec": map[string]any{
		"containers": map[string]any{"main": map[string]any{"id": "main"}}}}, says: []string{"m", "image"}},
	"resource refers to itself": {externals: map[string]any{"cache": map[string]any{
		"type": "redis", "params": map[string]any{"x": "${externals.cache.host}"}}}, says: []string{"cache"}},
	"definitions in a circle": {externals: resourceOf("s3", "circle"), says: []string{"s3", "sqs"}},
	"a template that fails":   {externals: resourceOf("s3", "unlucky"), says: []string{"no luck today", "modules.m.externals.cache", "broken-unlucky"}},
	"a template that is none": {externals: resourceOf("s3", "illegible"), says: []string{"modules.m.externals.cache", "broken-illegible"}},
}

func resourceOf(kind, class string) map[string]any {
	resource := map[string]any{"type": kind}
	if class != "" {
		resource["class"] = class
	}
	return map[string]any{"cache": resource}
}

// brokenDefinitions meet the resources of the cases by their class.
func (i *instance) brokenDefinitions() {
	i.t.Helper()
	template := func(text string) map[string]any { return map[string]any{"templates": map[string]any{"outputs": text}} }
	i.define("broken-circle-a", "s3", "circle", "humanitec/echo", map[string]any{"bucket": "${resources.sqs.outputs.url}"})
	i.define("broken-circle-b", "sqs", "circle", "humanitec/echo", map[string]any{"url": "${resources.s3.outputs.bucket}"})
	i.define("broken-unlucky", "s3", "unlucky", "humanitec/template", template(`{{ fail "no luck today" }}`))
	i.define("broken-illegible", "s3", "illegible", "humanitec/template", template(`bucket: {{ .resource`))
}

// define makes a definition that meets one class until the test ends.
func (i *instance) define(id, kind, class, driver string, values map[string]any) {
	i.t.Helper()
	i.defineWith(id, kind, class, driver, map[string]any{"values": values})
}

func (i *instance) defineWith(id, kind, class, driver string, inputs map[string]any) {
	i.t.Helper()
	i.must(http.StatusOK, http.MethodPost, org+"/resources/defs", map[string]any{
		"id": id, "name": id, "type": kind, "driver_type": driver, "driver_inputs": inputs,
		"criteria": []any{map[string]any{"class": class}},
	})
	i.t.Cleanup(func() {
		if i.gone() {
			return
		}
		status, out := i.call(http.MethodDelete, org+"/resources/defs/"+id+"?force=true", nil)
		require.Equal(i.t, http.StatusNoContent, status, "%v", out)
	})
}

func brokenDeployments(i *instance) {
	i.brokenDefinitions()
	type started struct{ name, app, id string }
	var all []started
	for name, c := range brokenCases {
		s := started{name: name, app: fmt.Sprintf("broken-%d", len(all))}
		i.app(s.app)
		module := c.module
		if module == nil {
			module = plainModule("busybox:1")
			container := module["spec"].(map[string]any)["containers"].(map[string]any)["main"].(map[string]any)
			container["variables"] = map[string]any{"V": c.variable}
			module["externals"] = c.externals
		}
		s.id = i.deploy(s.app, map[string]any{"delta_id": i.delta(s.app, addModule("m", module))})
		all = append(all, s)
	}
	for _, s := range all {
		i.t.Run(s.name, func(t *testing.T) {
			own := i.as(t)
			own.failsWithOneError(s.app, s.id, brokenCases[s.name].says)
			repair := addModule("fine", plainModule("busybox:1"))
			repair["modules"].(map[string]any)["remove"] = []string{"m"}
			own.succeeded(s.app, own.deploy(s.app, map[string]any{"delta_id": own.delta(s.app, repair)}))
		})
	}
}

// failsWithOneError waits for a deployment to fail and looks at its error.
func (i *instance) failsWithOneError(app, id string, says []string) {
	i.t.Helper()
	d := i.finished(app, id)
	require.Equal(i.t, "failed", d["status"])
	require.Equal(i.t, "failed", d["outcome"])
	errs := i.deploymentErrors(app, id)
	require.Len(i.t, errs, 1, "%v", errs)
	message := errs[0]["message"].(string)
	requireClear(i.t, message)
	for _, part := range says {
		require.Contains(i.t, message, part)
	}
	for _, field := range []string{"scope", "code", "error_type", "summary"} {
		require.NotEmpty(i.t, errs[0][field], field)
	}
	i.t.Log(message)
}
