package template_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/drivers"
	"github.com/slipway-dev/slipway/drivers/template"
)

func TestRenderInputs(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		source          any
		values, secrets map[string]any
		fails           string
	}{
		"nothing":        {nil, map[string]any{"size": 3.0}, map[string]any{"key": "hunter2222"}, ""},
		"empty text":     {" ", map[string]any{"size": 3.0}, map[string]any{"key": "hunter2222"}, ""},
		"all of it":      {"{{ mustToRawJson .driver }}", map[string]any{"size": 3.0}, map[string]any{"key": "hunter2222"}, ""},
		"text":           {"values: {host: {{ .id }}-{{ .resource.name }}, n: {{ .driver.values.size }}}", map[string]any{"host": "a1-pics", "n": 3.0}, nil, ""},
		"structure":      {map[string]any{"values": map[string]any{"h": "{{ .id }}", "n": 1.0}, "secrets": map[string]any{"u": "x:{{ .driver.secrets.key }}"}}, map[string]any{"h": "a1", "n": 1.0}, map[string]any{"u": "x:hunter2222"}, ""},
		"other keys":     {map[string]any{"x": "1"}, nil, nil, "it gave x"},
		"values is text": {"values: x", nil, nil, "a text at values"},
		"a list":         {"[]", nil, nil, "a list"},
		"a number":       {5.0, nil, nil, "a number"},
		"leaks":          {"values: {k: {{ .driver.secrets.key }}}", nil, nil, "put it into secrets"},
		"fails":          {`{{ fail (printf "bad %s" .driver.secrets.key) }}`, nil, nil, "bad (secret)"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := drivers.Request{GUResID: "a1", Type: "s3", Resource: map[string]any{"name": "pics"},
				Values: map[string]any{"size": 3.0}, Secrets: map[string]any{"key": "hunter2222"}}
			before := r.Clone()
			got, err := template.RenderInputs(context.Background(), c.source, r)
			require.Equal(t, before, r)
			if c.fails != "" {
				require.ErrorContains(t, err, c.fails)
				require.NotContains(t, err.Error(), "hunter2222")
				return
			}
			require.NoError(t, err)
			require.Equal(t, c.values, got.Values)
			require.Equal(t, c.secrets, got.Secrets)
			require.Equal(t, r.Resource, got.Resource)
		})
	}
}

func TestCheckInputs(t *testing.T) {
	t.Parallel()
	for _, good := range []any{nil, "", 5.0, "{{ .driver.values.x | default 3 }}", map[string]any{"x": []any{"{{ .y }}", 2.0}}} {
		require.NoError(t, template.CheckInputs(good))
	}
	require.ErrorContains(t, template.CheckInputs("{{ if }}"), "template line 1")
	require.ErrorContains(t, template.CheckInputs("{{ env \"HOME\" }}"), "env")
	require.ErrorContains(t, template.CheckInputs(map[string]any{"values": map[string]any{"a": []any{"x", "{{ .b"}}}), "template.values.a[1]")
}
