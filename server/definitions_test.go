package server_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/internal/api"
	"github.com/slipway-dev/slipway/orchestrator"
)

const defs = resources + "/defs"

// nextPage is the target of the Link header.
func nextPage(t *testing.T, a answer) string {
	t.Helper()
	found := regexp.MustCompile(`^<([^>]+)>; rel="next"$`).FindStringSubmatch(a.Header.Get("Link"))
	require.NotNil(t, found, a.Header.Get("Link"))
	return found[1]
}

func raw(t *testing.T, a answer) map[string]any {
	t.Helper()
	var body map[string]any
	require.NoError(t, json.Unmarshal([]byte(a.Body), &body))
	return body
}

func TestDefinitionLifeCycle(t *testing.T) {
	t.Parallel()
	h := newPlatform(t)
	created := h.do("POST", defs, `{"id":"pg-dev","name":"PG","type":"postgres","driver_type":"humanitec/template","driver_account":"aws-dev",
		"driver_inputs":{"values":{"a":1,"n":null,"deep":{"list":[1.5,"x",{}]},"e":{}}},
		"provision":{"aws-policy.p#x":{"is_dependent":true,"params":{"k":"${resources.postgres.outputs.host}"}},"dns#d":{}},
		"criteria":[{},{"app_id":"no-such-app","class":"no-such-class"}]}`).must(http.StatusOK, nil)
	body := raw(t, created)
	require.Equal(t, map[string]any{"values": map[string]any{
		"a": 1.0, "n": nil, "deep": map[string]any{"list": []any{1.5, "x", map[string]any{}}}, "e": map[string]any{},
	}}, body["driver_inputs"])
	require.Equal(t, map[string]any{"is_dependent": false, "match_dependents": false}, body["provision"].(map[string]any)["dns#d"])
	criteria := body["criteria"].([]any)
	require.Len(t, criteria, 2)
	require.Equal(t, "default", criteria[0].(map[string]any)["class"])
	require.Len(t, criteria[0].(map[string]any), 2, "unset fields are absent: %v", criteria[0])
	require.NotEmpty(t, body["active_version_id"])
	require.Equal(t, body, raw(t, h.do("GET", defs+"/pg-dev", "")))
	h.do("POST", defs, `{"id":"pg-dev","name":"PG","type":"postgres","driver_type":"humanitec/echo"}`).fails(http.StatusConflict, "pg-dev")

	put := raw(t, h.do("PUT", defs+"/pg-dev", `{"name":"New","type":"ignored"}`).must(http.StatusOK, nil))
	require.Equal(t, "humanitec/template", put["driver_type"], "an absent driver stays")
	require.Equal(t, "postgres", put["type"])
	require.Equal(t, criteria, put["criteria"])
	for _, unset := range []string{"driver_inputs", "provision", "driver_account"} {
		require.NotContains(t, put, unset)
	}
	require.NotEqual(t, body["active_version_id"], put["active_version_id"])

	h.do("DELETE", defs+"/pg-dev", "").must(http.StatusNoContent, nil)
	h.do("GET", defs+"/pg-dev", "").fails(http.StatusNotFound, "pg-dev")
	h.do("PUT", defs+"/pg-dev", `{"name":"x"}`).fails(http.StatusNotFound)
	h.do("DELETE", defs+"/pg-dev", "").fails(http.StatusNotFound)
	require.Equal(t, true, raw(t, h.do("GET", defs+"/pg-dev?deleted=true", ""))["is_deleted"])
	var list []api.ResourceDefinition
	h.do("GET", defs, "").must(http.StatusOK, &list)
	require.Empty(t, list)
	h.do("GET", defs+"?deleted=true", "").must(http.StatusOK, &list)
	require.Len(t, list, 1)
	var versions []api.ResourceDefinitionVersion
	h.do("GET", defs+"/pg-dev/versions?deleted=true", "").must(http.StatusOK, &versions)
	require.Equal(t, []string{"deleted", "updated", "created"}, []string{versions[0].Action, versions[1].Action, versions[2].Action})

	// The id and the criteria are free again.
	h.define("pg-dev", "mysql", `[{}]`)
}

func TestDriverInputsAreAnsweredAsGiven(t *testing.T) {
	t.Parallel()
	h := newPlatform(t)
	for name, tc := range map[string]struct{ given, want string }{
		"none":           {``, `null`},
		"null":           {`,"driver_inputs":null`, `null`},
		"empty":          {`,"driver_inputs":{}`, `{}`},
		"empty values":   {`,"driver_inputs":{"values":{}}`, `{"values":{}}`},
		"null values":    {`,"driver_inputs":{"values":null}`, `{}`},
		"empty refs":     {`,"driver_inputs":{"values":{"a":1},"secret_refs":{}}`, `{"values":{"a":1}}`},
		"html":           {`,"driver_inputs":{"values":{"a":"<b>&"}}`, `{"values":{"a":"<b>&"}}`},
		"escaped":        {`,"driver_inputs":{"values":{"a":"$\\{b} $c {{ .d }}"}}`, `{"values":{"a":"$\\{b} $c {{ .d }}"}}`},
		"foreign secret": {`,"driver_inputs":{"secret_refs":{"a":{"b":{"store":"vault","ref":"x/y","version":"3","value":null}}}}`, `{"secret_refs":{"a":{"b":{"store":"vault","ref":"x/y","version":"3"}}}}`},
		"placeholder":    {`,"driver_inputs":{"secret_refs":{"a":{"value":"${resources.redis.outputs.password}"}}}`, `{"secret_refs":{"a":{"value":"${resources.redis.outputs.password}"}}}`},
		"in secrets":     {`,"driver_inputs":{"secrets":{"a":"${resources['agent#agent'].outputs.url}","n":null}}`, `{"secret_refs":{"a":{"value":"${resources['agent#agent'].outputs.url}"}}}`},
	} {
		t.Run(name, func(t *testing.T) {
			h := *h.harness
			h.t = t
			id := "d-" + strings.ReplaceAll(name, " ", "-")
			got := raw(t, h.do("POST", defs, `{"id":"`+id+`","name":"d","type":"dns","driver_type":"humanitec/echo"`+tc.given+`}`).must(http.StatusOK, nil))
			inputs, err := json.Marshal(got["driver_inputs"])
			require.NoError(t, err)
			require.JSONEq(t, tc.want, string(inputs))
			require.Equal(t, got, raw(t, h.do("GET", defs+"/"+id, "")))
		})
	}
}

func TestDefinitionSecrets(t *testing.T) {
	t.Parallel()
	h := newPlatform(t)
	ref := func(path string) string { return "orgs--acme--resources--defs--pg1--driver_secrets--" + path }
	leaf := func(path, version string) map[string]any {
		return map[string]any{"store": "humanitec", "ref": ref(path), "version": version}
	}
	secretRefs := func(a answer) map[string]any {
		t.Helper()
		require.NotContains(t, a.Body, "s3cr3t")
		return raw(t, a)["driver_inputs"].(map[string]any)["secret_refs"].(map[string]any)
	}
	got := h.do("POST", defs, `{"id":"pg1","name":"PG","type":"postgres","driver_type":"humanitec/echo",
		"driver_inputs":{"secrets":{"creds":{"user":"s3cr3t-u","pass":"s3cr3t $\\{x}"},"port":5432}}}`).must(http.StatusOK, nil)
	require.Equal(t, map[string]any{
		"creds": map[string]any{"user": leaf("creds--user", "1"), "pass": leaf("creds--pass", "1")}, "port": leaf("port", "1"),
	}, secretRefs(got))
	require.Equal(t, "s3cr3t-u", h.reveal(ref("creds--user"), 1))
	require.Equal(t, "s3cr3t ${x}", h.reveal(ref("creds--pass"), 1), "escapes are undone once")
	require.Equal(t, "5432", h.reveal(ref("port"), 1))

	got = h.do("PUT", defs+"/pg1", `{"name":"PG","driver_inputs":{"secret_refs":{"creds":{"user":{"value":"s3cr3t-2"}},"ext":{"store":"vault","ref":"p"}}}}`).must(http.StatusOK, nil)
	require.Equal(t, map[string]any{
		"creds": map[string]any{"user": leaf("creds--user", "2")}, "ext": map[string]any{"store": "vault", "ref": "p"},
	}, secretRefs(got))
	require.Equal(t, "s3cr3t-2", h.reveal(ref("creds--user"), 2))

	// What was read can be written back.
	back, err := json.Marshal(raw(t, got)["driver_inputs"])
	require.NoError(t, err)
	again := h.do("PUT", defs+"/pg1", `{"name":"PG","driver_inputs":`+string(back)+`}`).must(http.StatusOK, nil)
	require.Equal(t, secretRefs(got), secretRefs(again))

	got = h.do("PATCH", defs+"/pg1", `{"driver_inputs":{"secrets":{"ext":null,"more":"s3cr3t-3"}}}`).must(http.StatusOK, nil)
	require.Equal(t, map[string]any{
		"creds": map[string]any{"user": leaf("creds--user", "2")}, "more": leaf("more", "1"),
	}, secretRefs(got))
	var versions []api.ResourceDefinitionVersion
	require.NotContains(t, h.do("GET", defs+"/pg1/versions", "").must(http.StatusOK, &versions).Body, "s3cr3t")
	require.Len(t, versions, 4)
	require.NotContains(t, h.logs.String(), "s3cr3t")

	// A definition that takes the place of a deleted one starts without its secrets.
	h.do("DELETE", defs+"/pg1", "").must(http.StatusNoContent, nil)
	require.Equal(t, "s3cr3t-2", h.reveal(ref("creds--user"), 2), "a deployment that runs may still need it")
	h.define("pg1", "postgres", `[]`)
	_, err = h.store.GetSecret(t.Context(), org, ref("creds--user"), 0)
	require.True(t, orchestrator.IsNotFound(err))
}

// A secret that mixes its own text with the secret of another resource is
// stored like any other; the reference in it keeps its effect on the graph.
func TestSecretsWithReferencesInThem(t *testing.T) {
	t.Parallel()
	h := newPlatform(t)
	got := h.do("POST", defs, `{"id":"mixed","name":"d","type":"dns","driver_type":"humanitec/echo","criteria":[{}],
		"driver_inputs":{"secrets":{"dsn":"user:s3cr3t@${resources['config#shared'].outputs.host}"}}}`).must(http.StatusOK, nil)
	require.NotContains(t, got.Body, "s3cr3t")
	inputs := raw(t, got)["driver_inputs"]
	leaf := inputs.(map[string]any)["secret_refs"].(map[string]any)["dsn"]
	ref := "orgs--acme--resources--defs--mixed--driver_secrets--dsn"
	require.Equal(t, map[string]any{"store": "humanitec", "ref": ref, "version": "1"}, leaf)
	require.Equal(t, "user:s3cr3t@${resources['config#shared'].outputs.host}", h.reveal(ref, 1))

	back, err := json.Marshal(inputs)
	require.NoError(t, err)
	h.do("PUT", defs+"/mixed", `{"name":"d","driver_inputs":`+string(back)+`}`).must(http.StatusOK, nil)
	d, err := h.store.GetDefinition(t.Context(), org, "mixed")
	require.NoError(t, err)
	kept := d.Active.DriverInputs.SecretRefs["dsn"].(map[string]any)
	require.Equal(t, "${resources['config#shared'].outputs.host}", kept["value"], "the graph still sees the reference")
}

// Keys of secrets may be named like the parts of a reference.
func TestSecretsNamedLikeReferences(t *testing.T) {
	t.Parallel()
	h := newPlatform(t)
	given := `{"a":{"value":"s3cr3t"},"b":{"store":"s3cr3t","ref":"s3cr3t"},"value":"s3cr3t"}`
	got := h.do("POST", defs, `{"id":"abc","name":"d","type":"dns","driver_type":"humanitec/echo","driver_inputs":{"secrets":`+given+`}}`).must(http.StatusOK, nil)
	require.NotContains(t, got.Body, "s3cr3t")
	inputs := raw(t, got)["driver_inputs"]
	require.Contains(t, inputs.(map[string]any)["secret_refs"].(map[string]any)["a"].(map[string]any)["value"], "ref")
	back, err := json.Marshal(inputs)
	require.NoError(t, err)
	require.Equal(t, inputs, raw(t, h.do("PUT", defs+"/abc", `{"name":"d","driver_inputs":`+string(back)+`}`).must(http.StatusOK, nil))["driver_inputs"])
}

func TestConcurrentDefinitionChanges(t *testing.T) {
	t.Parallel()
	onBothDatabases(t, func(t *testing.T, base *harness) {
		h := newPlatformOn(t, base)
		h.define("pg1", "postgres", `[]`)
		const writers = 6
		var all sync.WaitGroup
		statuses := make([][2]int, writers)
		for i := range writers {
			all.Go(func() {
				patch, _ := h.raw(h.token, "PATCH", defs+"/pg1", fmt.Sprintf(`{"driver_inputs":{"values":{"k%d":%d}}}`, i, i))
				rule, _ := h.raw(h.token, "POST", defs+"/pg1/criteria", fmt.Sprintf(`{"app_id":"app-%d"}`, i))
				statuses[i] = [2]int{patch.Status, rule.Status}
			})
		}
		all.Wait()
		for _, got := range statuses {
			require.Equal(t, [2]int{http.StatusOK, http.StatusOK}, got)
		}
		var def api.ResourceDefinition
		h.do("GET", defs+"/pg1", "").must(http.StatusOK, &def)
		require.Len(t, def.DriverInputs.Values, writers+1, "no change is lost")
		require.Len(t, def.Criteria, writers)
		var versions []api.ResourceDefinitionVersion
		h.do("GET", defs+"/pg1/versions", "").must(http.StatusOK, &versions)
		require.Len(t, versions, writers+1)
		active := 0
		for _, v := range versions {
			if v.Active {
				active++
				require.Equal(t, def.ActiveVersionID, v.ID)
			}
		}
		require.Equal(t, 1, active)
	})
}

// The depth of a merge is the decision of vector B13: keys of driver_inputs'
// maps are replaced as a whole.
func TestDefinitionPatch(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct{ patch, field, want string }{
		"b13":                {`{"driver_inputs":{"values":{"a":null,"b":{"d":3}}}}`, "driver_inputs", `{"values":{"b":{"d":3}}}`},
		"keeps":              {`{"driver_inputs":{"values":{"z":0}}}`, "driver_inputs", `{"values":{"a":1,"b":{"c":2},"z":0}}`},
		"null maps":          {`{"driver_inputs":{"values":null}}`, "driver_inputs", `{"values":{"a":1,"b":{"c":2}}}`},
		"null inputs":        {`{"driver_inputs":null,"name":null}`, "driver_inputs", `{"values":{"a":1,"b":{"c":2}}}`},
		"name":               {`{"name":"New"}`, "name", `"New"`},
		"account":            {`{"driver_account":"gcp-dev"}`, "driver_account", `"gcp-dev"`},
		"in place":           {`{"in_place_driver_change":true}`, "in_place_driver_change", `true`},
		"provision added":    {`{"provision":{"dns#e":{"match_dependents":true}}}`, "provision", `{"dns":{"is_dependent":true,"match_dependents":false},"dns#e":{"is_dependent":false,"match_dependents":true}}`},
		"provision replaced": {`{"provision":{"dns":{}}}`, "provision", `{"dns":{"is_dependent":false,"match_dependents":false}}`},
		"provision dropped":  {`{"provision":{"dns":null}}`, "provision", `null`},
		"proposed":           {`{"name":"New","proposed":true}`, "name", `"d"`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newPlatform(t)
			h.do("POST", defs, `{"id":"ddd","name":"d","type":"redis","driver_type":"humanitec/echo","driver_inputs":{"values":{"a":1,"b":{"c":2}}},
				"provision":{"dns":{"is_dependent":true}},"criteria":[{}]}`).must(http.StatusOK, nil)
			body := raw(t, h.do("PATCH", defs+"/ddd", tc.patch).must(http.StatusOK, nil))
			got, err := json.Marshal(body[tc.field])
			require.NoError(t, err)
			require.JSONEq(t, tc.want, string(got))
			require.Len(t, body["criteria"], 1)
			require.Equal(t, body, raw(t, h.do("GET", defs+"/ddd", "")))
		})
	}
}

func TestDefinitionVersions(t *testing.T) {
	t.Parallel()
	h := newPlatform(t)
	first := h.define("pg1", "postgres", `[]`)
	versions := func() []api.ResourceDefinitionVersion {
		var list []api.ResourceDefinitionVersion
		h.do("GET", defs+"/pg1/versions", "").must(http.StatusOK, &list)
		return list
	}
	h.do("PUT", defs+"/pg1", `{"name":"proposed","proposed":true}`).must(http.StatusOK, nil)
	h.do("PATCH", defs+"/pg1", `{"name":"also proposed","proposed":true}`).must(http.StatusOK, nil)
	list := versions()
	require.Len(t, list, 3)
	require.True(t, list[0].Proposed && list[1].Proposed && list[2].Active)
	require.False(t, list[0].Active || list[1].Active)

	item := defs + "/pg1/versions/" + list[1].ID
	h.do("POST", item+"/actions/archive", ``).must(http.StatusNoContent, nil)
	h.do("POST", item+"/actions/promote", "").fails(http.StatusBadRequest, "archived")
	h.do("POST", item+"/actions/archive", `{"archived":false}`).must(http.StatusNoContent, nil)
	h.do("POST", item+"/actions/promote", "").must(http.StatusNoContent, nil)
	h.do("POST", item+"/actions/promote", "").must(http.StatusNoContent, nil)
	h.do("POST", item+"/actions/archive", `{}`).fails(http.StatusBadRequest, "active")
	list = versions()
	require.True(t, list[1].Active && !list[1].Proposed && list[0].Proposed && !list[2].Active)
	var def api.ResourceDefinition
	h.do("GET", defs+"/pg1", "").must(http.StatusOK, &def)
	require.Equal(t, "proposed", def.Name)
	require.Equal(t, list[1].ID, def.ActiveVersionID)
	require.Nil(t, def.DriverInputs)

	h.do("POST", defs+"/pg1/versions/"+first.ActiveVersionID+"/actions/promote", "").must(http.StatusNoContent, nil)
	h.do("PATCH", defs+"/pg1", `{"name":"now"}`).must(http.StatusOK, &def)
	require.Equal(t, "pg1", def.DriverInputs.Values["host"], "a patch starts from the active version")
	for _, v := range versions() {
		require.Equal(t, v.ID == def.ActiveVersionID, v.Active)
		require.False(t, v.Proposed, "nothing is newer than the active version")
	}
	h.do("GET", defs+"/pg1/versions/"+first.ActiveVersionID, "").must(http.StatusOK, nil)
	h.do("GET", defs+"/pg1/versions/nope", "").fails(http.StatusNotFound, "nope")
	h.do("POST", defs+"/pg1/versions/nope/actions/promote", "").fails(http.StatusNotFound, "nope")
	page := h.do("GET", defs+"/pg1/versions?per_page=3", "").must(http.StatusOK, &list)
	require.Len(t, list, 3)
	h.do("GET", nextPage(t, page), "").must(http.StatusOK, &list)
	require.Len(t, list, 1)
}

func TestDefinitionErrors(t *testing.T) {
	t.Parallel()
	h := newPlatform(t)
	with := func(more string) string {
		return `{"id":"ddd","name":"d","type":"postgres","driver_type":"humanitec/echo"` + more + `}`
	}
	big := strings.Repeat("x", 1<<20)
	for name, tc := range map[string]struct {
		body  string
		parts []string
	}{
		"short id":            {`{"id":"ab","name":"d","type":"dns","driver_type":"humanitec/echo"}`, []string{"id", `"ab"`}},
		"dash at the end":     {`{"id":"abc-","name":"d","type":"dns","driver_type":"humanitec/echo"}`, []string{"id"}},
		"no name":             {`{"id":"abc","type":"dns","driver_type":"humanitec/echo"}`, []string{"name"}},
		"no type":             {`{"id":"abc","name":"d","driver_type":"humanitec/echo"}`, []string{"type"}},
		"type misspelt":       {`{"id":"abc","name":"d","type":"postgress","driver_type":"humanitec/echo"}`, []string{"type", `did you mean "postgres"`}},
		"type with class":     {`{"id":"abc","name":"d","type":"dns.x","driver_type":"humanitec/echo"}`, []string{"type"}},
		"no driver":           {`{"id":"abc","name":"d","type":"dns"}`, []string{"driver_type"}},
		"driver misspelt":     {`{"id":"abc","name":"d","type":"dns","driver_type":"humanitec/templete"}`, []string{`did you mean "humanitec/template"`}},
		"driver of nobody":    {`{"id":"abc","name":"d","type":"dns","driver_type":"acme/some-thing-else"}`, []string{"acme/some-thing-else"}},
		"account":             {with(`,"driver_account":"Not Valid"`), []string{"driver_account"}},
		"account placeholder": {with(`,"driver_account":"${resources.config#x}"`), []string{"/driver_account"}},
		"shell in values":     {with(`,"driver_inputs":{"values":{"run":{"script":["a","${HOME:-x}"]}}}`), []string{"/driver_inputs/values/run/script/1", "${HOME:-x}", `$\{`}},
		"no attribute":        {with(`,"driver_inputs":{"values":{"h":"${resources.dns}"}}`), []string{"/driver_inputs/values/h", "outputs"}},
		"not closed":          {with(`,"driver_inputs":{"values":{"h":"${resources.dns.outputs.host"}}`), []string{"/driver_inputs/values/h"}},
		"values no object":    {with(`,"driver_inputs":{"values":[]}`), []string{"values", "expected an object"}},
		"both secrets":        {with(`,"driver_inputs":{"secrets":{"a":"b"},"secret_refs":{"a":{"value":"b"}}}`), []string{"either secrets or secret_refs"}},
		"secret list":         {with(`,"driver_inputs":{"secrets":{"a":["s3cr3t"]}}`), []string{"driver_inputs.secrets.a", "list"}},
		"ref no object":       {with(`,"driver_inputs":{"secret_refs":{"a":"s3cr3t"}}`), []string{"driver_inputs.secret_refs.a"}},
		"ref without store":   {with(`,"driver_inputs":{"secret_refs":{"a":{"b":{"ref":"x"}}}}`), []string{"driver_inputs.secret_refs.a.b", "store"}},
		"store without ref":   {with(`,"driver_inputs":{"secret_refs":{"a":{"store":"x"}}}`), []string{"ref"}},
		"value and ref":       {with(`,"driver_inputs":{"secret_refs":{"a":{"value":"s3cr3t","store":"x","ref":"y"}}}`), []string{"value"}},
		"secrets of others":   {with(`,"driver_inputs":{"secret_refs":{"a":{"store":"humanitec","ref":"orgs--acme--apps--shop--secret_values--K"}}}`), []string{"own secrets"}},
		"malformed secret":    {with(`,"driver_inputs":{"secrets":{"a":"s3cr3t${oh no}"}}`), []string{"driver_inputs.secrets.a", `$\{`}},
		"half a secret":       {with(`,"driver_inputs":{"secrets":{"a":"s3cr3t${resources.dns}"}}`), []string{"driver_inputs.secrets.a"}},
		"provision key":       {with(`,"provision":{"#x":{}}`), []string{"provision", "#x"}},
		"provision params":    {with(`,"provision":{"dns#x":{"params":{"a":"${b"}}}`), []string{"/provision/dns#x/params/a"}},
		"large values":        {with(`,"driver_inputs":{"values":{"a":"` + big + `"}}`), []string{"driver_inputs.values", "bytes"}},
		"large secret":        {with(`,"driver_inputs":{"secrets":{"a":"` + big + `"}}`), []string{"driver_inputs.secrets.a", "bytes"}},
		"criteria no list":    {with(`,"criteria":{}`), []string{"criteria", "array"}},
	} {
		t.Run(name, func(t *testing.T) {
			h := *h.harness
			h.t = t
			got := h.do("POST", defs, tc.body)
			got.fails(http.StatusBadRequest, tc.parts...)
			require.NotContains(t, got.Body, "s3cr3t")
		})
	}
	h.define("pg1", "postgres", `[]`)
	for name, tc := range map[string]struct{ method, body, part string }{
		"put without name":  {"PUT", `{}`, "name"},
		"put driver":        {"PUT", `{"name":"x","driver_type":"humanitec/ecko"}`, "humanitec/echo"},
		"put values":        {"PUT", `{"name":"x","driver_inputs":{"values":{"a":"${b"}}}`, "/driver_inputs/values/a"},
		"patch name":        {"PATCH", `{"name":""}`, "name"},
		"patch values":      {"PATCH", `{"driver_inputs":{"values":{"a":"${b"}}}`, "/driver_inputs/values/a"},
		"patch secrets":     {"PATCH", `{"driver_inputs":{"secrets":{"a":[]}}}`, "secrets.a"},
		"patch both":        {"PATCH", `{"driver_inputs":{"secrets":{"a":"b"},"secret_refs":{"a":{"value":"b"}}}}`, "either"},
		"patch provision":   {"PATCH", `{"provision":{"a b":{}}}`, "a b"},
		"patch account":     {"PATCH", `{"driver_account":"A"}`, "driver_account"},
		"proposed too":      {"PATCH", `{"driver_account":"A","proposed":true}`, "driver_account"},
		"put proposed name": {"PUT", `{"proposed":true}`, "name"},
	} {
		t.Run(name, func(t *testing.T) {
			h := *h.harness
			h.t = t
			h.do(tc.method, defs+"/pg1", tc.body).fails(http.StatusBadRequest, tc.part)
		})
	}
	var versions []api.ResourceDefinitionVersion
	h.do("GET", defs+"/pg1/versions", "").must(http.StatusOK, &versions)
	require.Len(t, versions, 1, "what fails leaves no trace")
	for _, path := range []string{"", "/criteria", "/versions", "/resources"} {
		method, body := "GET", ""
		if path == "/criteria" {
			method, body = "PUT", "[]"
		}
		h.do(method, defs+"/nope"+path, body).fails(http.StatusNotFound, "nope")
	}
}
