package server_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/drivers/builtin"
	"github.com/slipway-dev/slipway/drivers/container"
	"github.com/slipway-dev/slipway/drivers/terraform"
	"github.com/slipway-dev/slipway/internal/api"
	"github.com/slipway-dev/slipway/orchestrator"
)

// keyTemplates are those of a definition that makes a key and passes a given secret on.
const keyTemplates = `{"templates":{
	"init":"name: key-{{ .driver.values.app }}\nsecretPart: {{ .driver.secrets.password | b64enc }}\nplain: {{ .driver.secrets.password | upper | lower }}",
	"manifests":"secret.yaml:\n  location: namespace\n  data:\n    apiVersion: v1\n    kind: Secret\n    metadata: {name: \"{{ .init.name }}\"}\n    stringData: {derived: \"{{ .driver.secrets.password | sha256sum }}\"}",
	"outputs":"name: {{ .init.name }}",
	"secrets":"password: {{ .driver.secrets.password }}",
	"cookie":"name: {{ .init.name }}"},"app":"${context.app.id}"}`

// draftOf is a request that tests a draft of type config, with more fields of the request after it.
func draftOf(driver, values, more string) string {
	return `{"definition":{"id":"draft","name":"draft","type":"config","driver_type":"` + driver + `","driver_inputs":{"values":` + values +
		`,"secret_refs":{"password":{"store":"vault","ref":"db"}}}}` + more + `}`
}

func testingPlatform(t *testing.T) *platform {
	t.Helper()
	h := newPlatform(t)
	require.NoError(t, builtin.Register(h.registry))
	tf, box := terraform.New(nil), container.New(nil)
	require.NoError(t, h.registry.Register(tf.Descriptor(), tf))
	require.NoError(t, h.registry.Register(box.Descriptor(), box))
	return h
}

func TestDefinitionTestComputes(t *testing.T) {
	t.Parallel()
	h := testingPlatform(t)
	const given = `,"context":{"app_id":"shop"},"secrets":{"password":"` + secretText + `"}`
	var got api.DefinitionTest
	raw := h.do("POST", resources+"/defs/test", draftOf("humanitec/template", strings.ReplaceAll(strings.ReplaceAll(keyTemplates, "\n\t", ""), "\n", ""), given))
	raw.must(http.StatusOK, &got)
	require.Equal(t, "computed", got.Status, "%s", raw.Body)
	require.Empty(t, got.Problems)
	require.Empty(t, got.Unstable)
	require.Equal(t, map[string]any{"name": "key-shop"}, got.Values)
	require.Equal(t, map[string]any{"password": "(secret)"}, got.Secrets)
	init, _ := got.Init.(map[string]any)
	require.Equal(t, "key-shop", init["name"])
	require.Equal(t, "(secret)", init["plain"])
	require.Equal(t, "(secret)", init["secretPart"])
	object, _ := json.Marshal(got.Manifests["secret.yaml"].Data)
	require.Contains(t, string(object), `"stringData":{"derived":"(secret)"}`)
	require.NotContains(t, raw.Body, secretText)
	require.NotContains(t, h.logs.String(), secretText)
	list, err := h.store.ListDefinitions(t.Context(), org, true)
	require.NoError(t, err)
	for _, d := range list {
		require.NotEqual(t, "draft", d.ID, "a draft is stored nowhere")
	}
}

func TestDefinitionTestAnswers(t *testing.T) {
	t.Parallel()
	h := testingPlatform(t)
	h.do("POST", resources+"/drivers", `{"id":"mine","type":"config","target":"driver://humanitec/template","account_types":[],"inputs_schema":{"type":"object"},
		"template":{"values":{"templates":{"outputs":"host: {{ .driver.values.name }}.example.com"}}}}`).must(http.StatusOK, nil)
	const nothing = `,"placeholders":{}`
	for name, c := range map[string]struct {
		body   string
		status string
		check  func(t *testing.T, got api.DefinitionTest)
	}{
		"placeholders without a value are problems where they are": {
			draftOf("humanitec/echo", `{"host":"${resources.dns.outputs.host}","port":"${resources.db.outputs.port}"}`, `,"placeholders":{"resources.db.outputs.ports":1}`), "failed", func(t *testing.T, got api.DefinitionTest) {
				require.Equal(t, []api.DefinitionTestProblem{
					{Message: "placeholder ${resources.db.outputs.port} has no value; given is resources.db.outputs.ports", Path: "/driver_inputs/values/port", Placeholder: "resources.db.outputs.port"},
					{Message: "placeholder ${resources.dns.outputs.host} has no value; given is resources.db.outputs.ports", Path: "/driver_inputs/values/host", Placeholder: "resources.dns.outputs.host"},
				}, got.Problems)
			}},
		"a default fills them": {
			draftOf("humanitec/echo", `{"host":"${resources.dns.outputs.host}"}`, `,"default":"test"`), "computed", func(t *testing.T, got api.DefinitionTest) {
				require.Equal(t, "test", got.Values["host"])
				require.Equal(t, []string{"resources.dns.outputs.host"}, got.Defaulted)
				require.NotEmpty(t, got.Notes, "the secret of the store is said to be missing")
			}},
		"an error of a template has its line": {
			draftOf("humanitec/template", `{"templates":{"outputs":"a: 1\nb: {{ fail \"not so\" }}"}}`, nothing), "failed", func(t *testing.T, got api.DefinitionTest) {
				require.Contains(t, got.Problems[0].Message, "not so")
			}},
		"a syntax error of a template has its line": {
			draftOf("humanitec/template", `{"templates":{"init":"a: 1\nb: {{ nothingSo }}"}}`, nothing), "failed", func(t *testing.T, got api.DefinitionTest) {
				require.Equal(t, "/driver_inputs/values/templates/init", got.Problems[0].Path)
				require.Equal(t, 2, got.Problems[0].Line)
			}},
		"what changes with each run is named": {
			draftOf("humanitec/template", `{"templates":{"init":"n: {{ randAlphaNum 8 }}","outputs":"host: {{ .init.n }}\nkind: same"}}`, nothing), "computed", func(t *testing.T, got api.DefinitionTest) {
				require.Equal(t, []string{"randAlphaNum"}, got.Random)
				require.Equal(t, []string{"values/host"}, got.Unstable)
			}},
		"Terraform says what it would run": {
			draftOf("humanitec/terraform", `{"source":{"url":"https://git.example.com/db.git","ref":"v2"},"variables":{"size":"${resources.x.outputs.y}"}}`, `,"default":"big"`), "not_run", func(t *testing.T, got api.DefinitionTest) {
				require.Contains(t, got.WouldRun, "checks out https://git.example.com/db.git at v2")
				require.Contains(t, got.WouldRun, "variables: size")
				require.Equal(t, map[string]any{"size": "big"}, got.Inputs.Values["variables"])
			}},
		"a container that would refuse its inputs says so": {
			draftOf("humanitec/container", `{"job":{"namespace":"jobs"}}`, nothing), "not_run", func(t *testing.T, got api.DefinitionTest) {
				require.Contains(t, strings.Join(got.Notes, "\n"), "job.image is missing")
			}},
		"a virtual driver is followed": {
			draftOf(org+"/mine", `{"name":"db"}`, nothing), "computed", func(t *testing.T, got api.DefinitionTest) {
				require.Equal(t, map[string]any{"host": "db.example.com"}, got.Values)
			}},
		"a driver that does not exist": {
			draftOf("humanitec/templat", `{}`, nothing), "failed", func(t *testing.T, got api.DefinitionTest) {
				require.Equal(t, "/driver_type", got.Problems[0].Path)
			}},
		"a malformed placeholder": {
			draftOf("humanitec/echo", `{"host":"${resources."}`, nothing), "failed", func(t *testing.T, got api.DefinitionTest) {
				require.Equal(t, "/driver_inputs/values/host", got.Problems[0].Path)
			}},
	} {
		t.Run(name, func(t *testing.T) {
			var got api.DefinitionTest
			raw := h.do("POST", resources+"/defs/test", c.body)
			raw.must(http.StatusOK, &got)
			require.Equal(t, c.status, got.Status, "%s", raw.Body)
			c.check(t, got)
		})
	}
}

// A stored definition is tested as it is in use, and none of its secrets is read.
func TestDefinitionTestStored(t *testing.T) {
	t.Parallel()
	h := testingPlatform(t)
	h.do("POST", resources+"/defs", `{"id":"pg-one","name":"pg-one","type":"postgres","driver_type":"humanitec/echo","driver_inputs":{"values":{"host":"db"},"secrets":{"password":"`+secretText+`"}}}`).must(http.StatusOK, nil)
	var got api.DefinitionTest
	raw := h.do("POST", resources+"/defs/test", `{"def_id":"pg-one"}`)
	raw.must(http.StatusOK, &got)
	require.Equal(t, map[string]any{"host": "db"}, got.Values)
	require.Empty(t, got.Secrets)
	require.Contains(t, strings.Join(got.Notes, ""), "secret password has no value")
	require.NotContains(t, raw.Body, secretText)

	h.do("POST", resources+"/defs/test", `{"def_id":"pg-one","version_id":"nobody"}`).must(http.StatusNotFound, nil)
	h.do("POST", resources+"/defs/test", `{"def_id":"nobody"}`).must(http.StatusNotFound, nil)
	h.do("POST", resources+"/defs/test", `{}`).must(http.StatusBadRequest, nil)
	h.do("POST", resources+"/defs/test", `{"def_id":"pg-one","definition":{"id":"other","type":"postgres","driver_type":"humanitec/echo"}}`).must(http.StatusBadRequest, nil)
	_, member := h.user("user", map[string]string{orchestrator.OrgObject(org): orchestrator.RoleMember})
	for token, status := range map[string]int{member: http.StatusForbidden, h.rival: http.StatusNotFound} {
		refused, _ := h.raw(token, "POST", resources+"/defs/test", `{"def_id":"pg-one"}`)
		refused.must(status, nil)
	}
}
