package catalogue_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/engine/catalogue"
	"github.com/slipway-dev/slipway/engine/score"
)

type m = map[string]any

func TestBuiltinTemplatesMakeScoreFiles(t *testing.T) {
	t.Parallel()
	more := map[string]m{"cron-job": {"schedule": "@daily"}}
	wants := map[string][]string{"cron-job": {}, "service-with-postgres": {"postgres"}, "web-service": {"dns", "route"}, "worker-with-queue": {"amqp"}}
	for _, template := range catalogue.Builtin() {
		t.Run(template.ID, func(t *testing.T) {
			t.Parallel()
			require.NoError(t, template.Check())
			require.NotEmpty(t, template.Description)
			params := m{"name": "my-app"}
			for name, v := range more[template.ID] {
				params[name] = v
			}
			made, err := template.Instantiate(params)
			require.NoError(t, err)
			require.NotContains(t, made.Score+made.Extensions, "${params")
			spec, err := score.ParseYAML([]byte(made.Score))
			require.NoError(t, err)
			require.Equal(t, "my-app", spec["metadata"].(m)["name"])
			var types []string
			for _, r := range template.Resources() {
				types = append(types, r.Type)
			}
			require.ElementsMatch(t, wants[template.ID], types)
		})
	}
	require.Len(t, catalogue.Builtin(), len(wants))
}

const simple = `apiVersion: score.dev/v1b1
metadata:
  name: ${params.name}
containers:
  main: # the only one
    image: registry/${params.name}:${params.tag}
    variables:
      PORT: "${params.port}"
      DB: ${resources.db.host}
      RAW: $${params.name}
    args: ${params.args}
resources:
  db: {type: postgres}
`

func template(change func(t *catalogue.Template)) catalogue.Template {
	out := catalogue.Template{ID: "own", Score: simple, Parameters: m{
		"required": []any{"name"},
		"properties": m{
			"name": m{"type": "string", "minLength": 2}, "tag": m{"type": "string", "default": "latest"},
			"port": m{"type": "integer", "default": 8080.0}, "args": m{"type": "array", "items": m{"type": "string"}, "default": []any{}},
			"deep": m{"type": "object"}, "on": m{"type": "boolean"},
		},
	}}
	if change != nil {
		change(&out)
	}
	return out
}

func TestInstantiate(t *testing.T) {
	t.Parallel()
	made, err := template(nil).Instantiate(m{"name": "shop", "port": 9000.0, "args": []any{"a: b", "{{ x }}"}})
	require.NoError(t, err)
	require.Contains(t, made.Score, "# the only one", "comments stay")
	spec, err := score.ParseYAML([]byte(made.Score))
	require.NoError(t, err)
	main := spec["containers"].(m)["main"].(m)
	require.Equal(t, "registry/shop:latest", main["image"])
	require.Equal(t, []any{"a: b", "{{ x }}"}, main["args"])
	require.Equal(t, m{"PORT": "9000", "DB": "${resources.db.host}", "RAW": "${params.name}"}, main["variables"])
	require.Empty(t, made.Extensions)
}

// A parameter is a value and never a piece of YAML.
func TestParametersCannotChangeTheShape(t *testing.T) {
	t.Parallel()
	const evil = "x:1\"\n    command: [sh]\n  other: {image: y}\n#"
	made, err := template(nil).Instantiate(m{"name": "shop", "tag": evil})
	require.NoError(t, err)
	spec, err := score.ParseYAML([]byte(made.Score))
	require.NoError(t, err)
	require.Len(t, spec["containers"], 1)
	main := spec["containers"].(m)["main"].(m)
	require.Equal(t, "registry/shop:"+evil, main["image"])
	require.NotContains(t, main, "command")
}

func TestParametersThatAreRefused(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		params m
		want   string
	}{
		"missing":    {m{}, "name"},
		"too short":  {m{"name": "x"}, "name"},
		"wrong type": {m{"name": "shop", "port": "x"}, "port"},
		"fraction":   {m{"name": "shop", "port": 1.5}, "port"},
		"unknown":    {m{"name": "shop", "colour": "red"}, "colour"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := template(nil).Instantiate(c.params)
			var fault *catalogue.ParameterError
			require.ErrorAs(t, err, &fault)
			require.ErrorContains(t, err, c.want)
		})
	}
	_, err := template(nil).Instantiate(m{"name": "Not A Name!"})
	require.ErrorContains(t, err, "no valid Score file")
}

func TestTemplatesThatAreRefused(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(t *catalogue.Template)
		want   string
	}{
		"empty":              {func(t *catalogue.Template) { t.Score = "" }, "Score file"},
		"no YAML":            {func(t *catalogue.Template) { t.Score = "a: [" }, "line 1"},
		"no object":          {func(t *catalogue.Template) { t.Score = "- a" }, "apiVersion"},
		"no Score file":      {func(t *catalogue.Template) { t.Score = "apiVersion: v1" }, "score.dev/v1b1"},
		"no extension file":  {func(t *catalogue.Template) { t.Score += "---\napiVersion: v1\n" }, "humanitec.org/v1b1"},
		"three documents":    {func(t *catalogue.Template) { t.Score += "---\napiVersion: humanitec.org/v1b1\n---\na: 1\n" }, "extension file"},
		"undeclared":         {func(t *catalogue.Template) { t.Score += "  x: {type: '${params.colour}'}\n" }, `"colour" is not declared`},
		"misspelled":         {func(t *catalogue.Template) { t.Score += "  x: {type: '${params colour}'}\n" }, "${params.<name>}"},
		"aliases":            {func(t *catalogue.Template) { t.Score += "  x: &a {type: s3}\n  y: *a\n" }, "anchors"},
		"no object schema":   {func(t *catalogue.Template) { t.Parameters["type"] = "array" }, "object"},
		"broken schema":      {func(t *catalogue.Template) { t.Parameters["properties"].(m)["name"] = m{"type": "thing"} }, "parameters"},
		"name of a property": {func(t *catalogue.Template) { t.Parameters["properties"].(m)["a b"] = m{} }, `"a b"`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.ErrorContains(t, template(c.change).Check(), c.want)
		})
	}
}

func TestFromText(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		text string
		want any
	}{
		"name": {"12", "12"}, "port": {"12", 12.0}, "args": {`["a"]`, []any{"a"}}, "deep": {`{"a":1}`, m{"a": 1.0}}, "on": {"true", true},
	} {
		got, err := template(nil).FromText(name, c.text)
		require.NoError(t, err)
		require.Equal(t, c.want, got, name)
	}
	for name, text := range map[string]string{"port": "x", "on": "perhaps", "args": "a,b", "colour": "red"} {
		_, err := template(nil).FromText(name, text)
		require.ErrorContains(t, err, name)
	}
}
