package pipeline_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/slipway-dev/slipway/engine/pipeline"
	"github.com/slipway-dev/slipway/engine/placeholder"
)

// things is a context with something of everything.
var things = pipeline.Context{
	"inputs": map[string]any{
		"env_id": "dev", "count": float64(3), "yes": true, "no": false, "empty": "", "list": []any{"a", "b"},
		"deep": map[string]any{"x": map[string]any{"y-z": "found"}}, "three": "3",
	},
	"steps": map[string]any{"dev-deploy": map[string]any{"status": "succeeded", "outputs": map[string]any{"set_id": "s1"}}},
	"app":   map[string]any{"values": map[string]any{"TOKEN": placeholder.Secret{Value: "hunter2"}, "github-token": "t"}},
}

func TestEvaluate(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]any{
		"no expression":               "no expression",
		"${{ inputs.env_id }}":        "dev",
		"in ${{ inputs.env_id }}, ok": "in dev, ok",
		"${{inputs.count}}":           float64(3),
		"n=${{ inputs.count }}":       "n=3",
		"${{ inputs.list }}":          []any{"a", "b"},
		"${{ inputs.list[0] }}":       "a",
		"${{ inputs.list[7] }}":       nil,
		"x${{ inputs.list }}":         `x["a","b"]`,
		"${{ inputs.deep.x.y-z }}":    "found",
		"${{ inputs['deep']['x'] }}":  map[string]any{"y-z": "found"},
		"${{ inputs.missing }}":       nil,
		"${{ inputs.missing.more }}":  nil,
		"[${{ inputs.missing }}]":     "[]",
		"${{ inputs.missing || steps.dev-deploy.outputs.set_id }}": "s1",
		"${{ inputs.env_id && 'yes' }}":                            "yes",
		"${{ ! inputs.missing }}":                                  true,
		"${{ !inputs.env_id }}":                                    false,
		"${{ inputs.env_id == 'dev' }}":                            true,
		"${{ inputs.env_id != \"dev\" }}":                          false,
		"${{ inputs.count == '3' && inputs.three == 3 }}":          true,
		"${{ inputs.missing == '' && inputs.missing == null }}":    true,
		"${{ inputs.yes == 'true' }}":                              true,
		"${{ inputs.list == '[\"a\",\"b\"]' }}":                    false,
		"${{ 2 < 10 && '2' < '10' && 'b' > 'a' && 1 >= 1 }}":       true,
		"${{ -1.5 }}":                                         -1.5,
		"${{ 'it''s' }}":                                      "it's",
		"${{ '}}' }}":                                         "}}",
		"${{ (false || true) && !false }}":                    true,
		"${{ tojson(inputs.list) }}":                          `["a","b"]`,
		"${{ toJSON('<a>') }}":                                `"<a>"`,
		"${{ fromjson('[1]')[0] }}":                           float64(1),
		"${{ contains(inputs.list, 'a') }}":                   true,
		"${{ contains('abc', 'bc') }}":                        true,
		"${{ contains(inputs.deep, 'x') }}":                   true,
		"${{ startsWith('refs/heads/main', 'refs/heads/') }}": true,
		"${{ endswith('a.b', '.b') }}":                        true,
		"${{ join(inputs.list, '-') }}":                       "a-b",
		"${{ format('{0}/{1} {{}}', inputs.env_id, 2) }}":     "dev/2 {}",
		"$${{ inputs.env_id }}":                               "${{ inputs.env_id }}",
		"a ${{ inputs environment }} b":                       "a ${{ inputs environment }} b",
		"open ${{ inputs.env_id":                              "open ${{ inputs.env_id",
		"${{ inputs.env_id }}\n":                              "dev",
	} {
		got, err := pipeline.Evaluate(text, things)
		require.NoError(t, err, text)
		require.Equal(t, want, got, text)
	}
}

func TestEvaluateRefuses(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"${{ }}":                 "empty",
		"${{ inputs env }}":      "not expected",
		"${{ github.sha }}":      "github",
		"${{ shout('a') }}":      "shout",
		"${{ tojson() }}":        "one argument",
		"${{ 'a }}":              "no end",
		"${{ inputs.a":           "no }}",
		"${{ inputs. }}":         "name after the dot",
		"${{ a == 'b' }} x":      "a",
		"${{ 'a' < 1 }}":         "compares",
		"${{ inputs.a + 1 }}":    "no meaning",
		"${{ fromjson('{') }}":   "not JSON",
		"${{ format('{9}') }}":   "format",
		"${{ (inputs.a }}":       "expected",
		"${{ inputs.list[0 }}":   "expected",
		"${{ 1.2.3 }}":           "number",
		"${{ inputs.list[] }}":   "value",
		"${{ tojson(1,) }}":      "value",
		"${{ inputs.a == }}":     "value",
		"${{ inputs.a } }}":      "no meaning",
		"x ${{ github.actor }}y": "github",
	} {
		_, err := pipeline.Evaluate(text, things)
		require.ErrorContains(t, err, want, text)
	}
	_, err := pipeline.Evaluate(map[string]any{"a": []any{"${{ x }}"}}, things)
	require.ErrorContains(t, err, "a[0]: ")
}

func TestSecretsStaySecrets(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"${{ app.values.TOKEN }}":                                   "hunter2",
		"Bearer ${{ app.values.TOKEN }}":                            "Bearer hunter2",
		"${{ inputs.missing || app.values.TOKEN }}":                 "hunter2",
		"${{ tojson(app.values) }}":                                 `{"TOKEN":"hunter2","github-token":"t"}`,
		"${{ format('<{0}>', app.values.TOKEN) }}":                  "<hunter2>",
		"${{ fromjson(format('[\"{0}\"]', app.values.TOKEN))[0] }}": "hunter2",
	} {
		got, err := pipeline.Evaluate(text, things)
		require.NoError(t, err, text)
		require.NotContains(t, fmt.Sprint(got), "hunter2", text)
		require.Equal(t, want, placeholder.Reveal(got), text)
	}
	_, err := pipeline.Evaluate("${{ app.values.TOKEN < 1 }}", things)
	require.NotContains(t, err.Error(), "hunter2")
	_, err = pipeline.Evaluate("${{ fromjson(app.values.TOKEN) }}", things)
	require.NotContains(t, err.Error(), "hunter2")
}

func TestCondition(t *testing.T) {
	t.Parallel()
	good, failed, cancelled := pipeline.Status{}, pipeline.Status{Failed: true}, pipeline.Status{Cancelled: true}
	for name, c := range map[string]struct {
		text string
		in   pipeline.Status
		want bool
	}{
		"none after a success":                   {"", good, true},
		"none after a failure":                   {"", failed, false},
		"none after a cancel":                    {"", cancelled, false},
		"with braces":                            {"${{ inputs.env_id == 'dev' }}", good, true},
		"without braces":                         {"inputs.env_id == 'dev'", good, true},
		"a boolean":                              {"false", good, false},
		"true is not enough after a failure":     {"true", failed, false},
		"always":                                 {"always()", cancelled, true},
		"failure after a failure":                {"failure()", failed, true},
		"failure after a success":                {"${{ failure() }}", good, false},
		"failure and more":                       {"failure() && inputs.env_id == 'qa'", failed, false},
		"success":                                {"success()", good, true},
		"not success":                            {"!success()", failed, true},
		"cancelled":                              {"cancelled()", cancelled, true},
		"a status function further in":           {"contains(inputs.list, 'a') && (always() || false)", failed, true},
		"an empty text is false":                 {"inputs.empty", good, false},
		"a word that says so is a text, so true": {"'false'", good, true},
	} {
		got, err := pipeline.Condition(c.text, things, c.in)
		require.NoError(t, err, name)
		require.Equal(t, c.want, got, name)
	}
	for _, text := range []string{"${{ true }} && ${{ false }}", "a }}", "nothing.here", "${{ true"} {
		_, err := pipeline.Condition(text, things, good)
		require.Error(t, err, text)
	}
}

// TestNoExpressionPanics feeds pieces of expressions in any order.
func TestNoExpressionPanics(t *testing.T) {
	t.Parallel()
	pieces := rapid.SampledFrom([]string{
		"${{", "}}", " ", "inputs", ".", "[", "]", "(", ")", "!", "==", "!=", "&&", "||", "<", ">=", "'", "\"", "a", "0", "-1e9", "list", "tojson(",
		"format('{0}{1}',", "always()", ",", "{", "}", "$", "\n", "é", "null", "steps.dev-deploy", "app.values.TOKEN", "contains(", "fromjson(",
	})
	rapid.Check(t, func(t *rapid.T) {
		text := ""
		for _, piece := range rapid.SliceOfN(pieces, 0, 30).Draw(t, "pieces") {
			text += piece
		}
		got, err := pipeline.Evaluate(text, things)
		if err == nil {
			again, err := pipeline.Evaluate(text, things)
			if err != nil || fmt.Sprint(again) != fmt.Sprint(got) {
				t.Fatalf("%q gives %v, then %v, %v", text, got, again, err)
			}
		}
		_, _ = pipeline.Condition(text, things, pipeline.Status{})
	})
}

func FuzzEvaluate(f *testing.F) {
	for _, text := range []string{"${{ inputs.a }}", "a ${{ tojson(inputs) }}$${{", "${{ ((((", "${{ '", "}}${{}}"} {
		f.Add(text)
	}
	f.Fuzz(func(_ *testing.T, text string) {
		_, _ = pipeline.Evaluate(text, things)
		_, _ = pipeline.Condition(text, things, pipeline.Status{Failed: true})
	})
}
