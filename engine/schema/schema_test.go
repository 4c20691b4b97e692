package schema_test

import (
	"encoding/json"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/engine/placeholder"
	"github.com/slipway-dev/slipway/engine/schema"
)

type m = map[string]any

func tree(t *testing.T, text string) m {
	t.Helper()
	var out m
	require.NoError(t, json.Unmarshal([]byte(text), &out))
	return out
}

func check(t *testing.T, schemaText, document string, o schema.Options) []string {
	t.Helper()
	s, err := schema.Compile(tree(t, schemaText))
	require.NoError(t, err)
	out := []string{}
	for _, p := range s.Check(tree(t, document), o) {
		out = append(out, p.String())
	}
	return out
}

func TestCheck(t *testing.T) {
	t.Parallel()
	const port = `{"type":"object","required":["host"],"properties":{"host":{"type":"string"},"port":{"type":"integer","minimum":1},
		"mode":{"enum":["a","b"]},"tags":{"type":"array","items":{"type":"string"}},"size":{"pattern":"^[0-9]+Gi$"}}}`
	cases := map[string]struct {
		schema, document string
		want             []string
	}{
		"empty schema":          {`{}`, `{"a":1}`, []string{}},
		"fits":                  {port, `{"host":"h","port":5432,"other":{}}`, []string{}},
		"missing":               {port, `{}`, []string{"/host: this is required and missing"}},
		"type":                  {port, `{"host":"h","port":"x"}`, []string{`/port: expected integer, this is the text "x"`}},
		"several":               {port, `{"host":1,"port":0}`, []string{"/host: expected string, this is 1", "/port: expected 1 or more, this is 0"}},
		"enum":                  {port, `{"host":"h","mode":"c"}`, []string{`/mode: expected one of the text "a", the text "b", this is the text "c"`}},
		"inside an array":       {port, `{"host":"h","tags":["x",2]}`, []string{"/tags/1: expected string, this is 2"}},
		"pattern":               {port, `{"host":"h","size":"1"}`, []string{`/size: expected a match of ^[0-9]+Gi$, this is the text "1"`}},
		"explicitly closed":     {`{"additionalProperties":false,"properties":{"a":{}}}`, `{"a":1,"b/c":2}`, []string{"/b~1c: the schema knows no such key"}},
		"alternatives":          {`{"properties":{"a":{"oneOf":[{"type":"string"},{"type":"number"}]}}}`, `{"a":[]}`, []string{"/a: it fits none of the alternatives of the schema (oneOf)"}},
		"reference to own part": {`{"$defs":{"p":{"type":"integer"}},"properties":{"a":{"$ref":"#/$defs/p"}}}`, `{"a":"x"}`, []string{`/a: expected integer, this is the text "x"`}},
		"draft 7":               {`{"$schema":"http://json-schema.org/draft-07/schema#","properties":{"a":{"type":"integer"}}}`, `{"a":"x"}`, []string{`/a: expected integer, this is the text "x"`}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, tc.want, check(t, tc.schema, tc.document, schema.Options{}))
		})
	}
}

// TestCheckEarly: what a placeholder may still become is not judged; everything else is.
func TestCheckEarly(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		schema, document string
		want             []string
	}{
		"number from a placeholder":     {`{"properties":{"port":{"type":"integer"}}}`, `{"port":"${externals.db.port}"}`, []string{}},
		"escape":                        {`{"properties":{"size":{"maxLength":3}}}`, `{"size":"$\\{x}"}`, []string{}},
		"object from a placeholder":     {`{"properties":{"o":{"type":"object"}}}`, `{"o":"${resources.config.values}"}`, []string{}},
		"object where a text should be": {`{"properties":{"o":{"type":"string"}}}`, `{"o":{"a":"${values.X}"}}`, []string{"/o: expected string, this is an object"}},
		"beside a placeholder":          {`{"properties":{"port":{"type":"integer"}}}`, `{"port":"x","host":"${values.H}"}`, []string{`/port: expected integer, this is the text "x"`}},
		"missing beside a placeholder":  {`{"required":["port"]}`, `{"host":"${values.H}"}`, []string{"/port: this is required and missing"}},
		"enum inside":                   {`{"enum":[{"a":"b"}]}`, `{"a":"${values.X}"}`, []string{}},
		"unique items": {
			`{"properties":{"l":{"uniqueItems":true}}}`, `{"l":["${values.X}","${values.X}"]}`, []string{}},
		"condition not known yet": {
			`{"if":{"properties":{"kind":{"const":"a"}}},"then":{"required":["x"]},"else":{"required":["y"]}}`, `{"kind":"${values.KIND}"}`, []string{}},
		"alternatives not known yet": {
			`{"oneOf":[{"required":["a"],"properties":{"k":{"const":1}}},{"required":["b"]}]}`, `{"k":"${values.K}"}`, []string{}},
		"condition known": {
			`{"if":{"properties":{"kind":{"const":"a"}}},"then":{"required":["x"]}}`, `{"kind":"a"}`, []string{"/x: this is required and missing"}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, tc.want, check(t, tc.schema, tc.document, schema.Options{Early: true}))
		})
	}
}

// TestSecretsAreNotShown holds every kind of message that repeats a value.
func TestSecretsAreNotShown(t *testing.T) {
	t.Parallel()
	secret := func(location []string) bool { return len(location) == 0 || location[0] == "secrets" }
	for name, keyword := range map[string]string{
		"type": `"type":"integer"`, "enum": `"enum":["a"]`, "const": `"const":"a"`, "pattern": `"pattern":"^a$"`,
		"min length": `"minLength":50`, "one of": `"oneOf":[{"const":"a"},{"type":"integer"}]`, "any of": `"anyOf":[{"const":"a"},{"pattern":"^b$"}]`,
		"not": `"not":{"type":"string"}`, "false": `"not":{}`, "if": `"if":true,"then":{"const":"x"}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			found := check(t, `{"properties":{"secrets":{"properties":{"password":{`+keyword+`}}}}}`,
				`{"secrets":{"password":"hunter2"}}`, schema.Options{Secret: secret})
			require.Len(t, found, 1)
			require.Contains(t, found[0], "/secrets/password: ")
			require.NotContains(t, found[0], "hunter2")
		})
	}
	t.Run("sealed leaf", func(t *testing.T) {
		t.Parallel()
		s, err := schema.Compile(m{"properties": m{"a": m{"type": "integer"}}})
		require.NoError(t, err)
		found := s.Check(m{"a": placeholder.Secret{Value: "hunter2"}}, schema.Options{})
		require.Len(t, found, 1)
		require.NotContains(t, found[0].String(), "hunter2")
	})
}

// TestGoTypesOfDrivers: drivers are free to use typed lists and maps.
func TestGoTypesOfDrivers(t *testing.T) {
	t.Parallel()
	s, err := schema.Compile(m{"properties": m{"l": m{"type": "array", "items": m{"type": "string"}}, "n": m{"type": "integer"}}})
	require.NoError(t, err)
	require.Empty(t, s.Check(m{"l": []string{"a"}, "n": int64(3)}, schema.Options{}))
	require.Empty(t, s.Check(m{"n": 3.0}, schema.Options{}))
	require.Len(t, s.Check(m{"l": map[string]string{}}, schema.Options{}), 1)
	require.Len(t, s.Check(m{"l": func() {}}, schema.Options{}), 1)
	require.Len(t, s.Check(m{"n": math.Inf(1)}, schema.Options{}), 1)
}

func TestCompileRefuses(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct{ schema, want string }{
		"wrong keyword":  {`{"properties":{"a":{"type":"number","minimum":"x"}}}`, "minimum"},
		"unknown type":   {`{"type":"text"}`, "type"},
		"a file":         {`{"$ref":"file:///etc/passwd"}`, "own parts"},
		"an address":     {`{"properties":{"a":{"$ref":"https://example.com/schema.json"}}}`, "own parts"},
		"a bad pattern":  {`{"pattern":"("}`, "no JSON schema"},
		"a dead pointer": {`{"$ref":"#/$defs/nope"}`, "nope"},
		"other dialect":  {`{"$schema":"https://example.com/dialect"}`, "own parts"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := schema.Compile(tree(t, tc.schema))
			require.ErrorContains(t, err, tc.want)
		})
	}
}

func FuzzCheck(f *testing.F) {
	f.Add(`{"type":"object","required":["a"]}`, `{"a":"${x.y}"}`)
	f.Add(`{"oneOf":[{"type":"string"}]}`, `{"a":[1]}`)
	f.Fuzz(func(t *testing.T, schemaText, document string) {
		var sm, dm m
		if json.Unmarshal([]byte(schemaText), &sm) != nil || json.Unmarshal([]byte(document), &dm) != nil {
			return
		}
		s, err := schema.Compile(sm)
		if err != nil {
			return
		}
		early := s.Check(dm, schema.Options{Early: true})
		require.LessOrEqual(t, len(early), 20)
	})
}

// TestSchemasThatReferToThemselves must end.
func TestSchemasThatReferToThemselves(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"directly": `{"$ref":"#"}`, "through allOf": `{"allOf":[{"$ref":"#"}]}`, "through a property": `{"properties":{"a":{"$ref":"#"}},"required":["b"]}`,
		"two parts": `{"$defs":{"a":{"$ref":"#/$defs/b"},"b":{"$ref":"#/$defs/a"}},"$ref":"#/$defs/a"}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, err := schema.Compile(tree(t, text))
			if err != nil {
				return
			}
			require.NotEmpty(t, s.Check(tree(t, `{"a":{"a":{}}}`), schema.Options{}))
		})
	}
}
