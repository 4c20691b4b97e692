package score_test

import (
	"errors"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/engine/score"
)

func TestAllSchemaProblemsAtOnce(t *testing.T) {
	t.Parallel()
	_, err := score.Convert(score.Input{Image: "x", Spec: parse(t, `
apiVersion: score.dev/v2
metadata: {name: Web}
kind: Workload
service: {ports: {w: {port: "80"}, ok: {protocol: SCTP}, big: {port: 70000}}}
containers:
  main:
    variables: {A: 1, B: null, "": x}
    before: {other: {}}
    command: ls
    resources: {limits: {cpu: 1, memory: lots}}
    files:
      /a: {}
      /b: {content: x, mode: "999"}
    livenessProbe: {httpGet: {path: /}}
resources:
  DB: {type: postgres}
  db: {params: {}}
  s3: {type: s3, properties: {}, metadata: {annotations: {"a b": c}}}
`)})
	var found *score.Error
	require.ErrorAs(t, err, &found)
	got := map[string]string{}
	for _, problem := range found.Problems {
		got[problem.Path] = problem.Message
	}
	for path, want := range map[string]string{
		"apiVersion":                                 `expected "score.dev/v1b1"`,
		"metadata.name":                              "expected 2 to 63 of a-z, 0-9 and '-'",
		"kind":                                       "Score has no such key here",
		"service.ports.w":                            `the name "w" is not allowed`,
		"service.ports.w.port":                       `expected an integer, this is the text "80"`,
		"service.ports.ok.port":                      "this is required",
		"service.ports.ok.protocol":                  `expected one of [TCP UDP], this is "SCTP"`,
		"service.ports.big.port":                     "expected 65535 or less, this is 70000",
		"containers.main.variables.A":                "expected a string, this is 1; put it in quotes",
		"containers.main.variables.B":                "expected a string, this is null",
		"containers.main.before":                     "Score has no such key here",
		"containers.main.command":                    `expected an array, this is the text "ls"`,
		"containers.main.resources.limits.cpu":       "put it in quotes",
		"containers.main.resources.limits.memory":    "such as 512Mi",
		`containers.main.files["/a"]`:                "exactly one of content, binaryContent and source",
		`containers.main.files["/b"].mode`:           "octal file mode",
		"containers.main.livenessProbe.httpGet.port": "this is required",
		"resources.DB":                               `the name "DB" is not allowed`,
		"resources.db.type":                          "this is required",
		`containers.main.variables[""]`:              `the name "" is not allowed`,
		`resources.s3.metadata.annotations["a b"]`:   `the name "a b" is not allowed`,
		"resources.s3.properties":                    "Score has no such key here",
	} {
		require.Contains(t, got, path, "%v", err)
		require.Contains(t, got[path], want)
	}
	require.Len(t, found.Problems, 24, "%v", err)
}

func TestImageAndSchemaProblemsTogether(t *testing.T) {
	t.Parallel()
	_, err := score.Convert(score.Input{Spec: parse(t, `{apiVersion: v, metadata: {name: web}, containers: {main: {args: 1}}}`)})
	var found *score.Error
	require.ErrorAs(t, err, &found)
	require.Len(t, found.Problems, 3, "%v", err)
	require.ErrorContains(t, err, "containers.main.image: the container leaves its image open")
}

func TestContentProblems(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		container, rest string
		want            []string
	}{
		"undeclared resource": {"variables: {A: '${resources.bd.host}'}", someResources, []string{
			`containers.main.variables.A: placeholder ${resources.bd.host}: the workload declares no resource "bd"; it declares: [annotated bucket cache db dns`}},
		"no resources at all": {"args: ['${resources.db.host}']", "", []string{`containers.main.args.0: `, `it declares: none`}},
		"shell default":       {"variables: {A: '${FOO:-x y}'}", "", []string{"write $${FOO:-x y}"}},
		"unknown in a file":   {"files: {/a: {content: 'x ${FOO:-y}'}}", "", []string{"containers.main.files", "or set noExpand: true"}},
		"undeclared external": {"variables: {A: '${externals.q.x}'}", someResources, []string{`no private resource "q"; it has: [db dns else vol]`}},
		"metadata":            {"variables: {A: '${metadata.nope}'}", "", []string{"no such key; it has: [annotations name price tier]"}},
		"in params":           {"", "resources: {a1: {type: s3, params: {p: ['${resources.x.y}']}}}", []string{"resources.a1.params.p.0: "}},
		"source left":         {"files: {/a: {source: ./conf}}", "", []string{`the content of "./conf" is not here`}},
		"base64":              {"files: {/a: {binaryContent: '!'}}", "", []string{"expected standard base64"}},
		"doubled header": {"livenessProbe: {httpGet: {path: /, port: 1, httpHeaders: [{name: A, value: b}, {name: A, value: c}]}}", "",
			[]string{`the header "A" is given twice`}},
		"list without target": {"files: [{content: x}]", "", []string{"containers.main.files.0.target: expected the path"}},
		"list of text":        {"volumes: [x]", "", []string{"containers.main.volumes.0: expected an object"}},
		"same target twice":   {"files: [{target: /a, content: x}, {target: /a, content: y}]", "", []string{"containers.main.files.1.target"}},
		"resId":               {"", "resources: {a1: {type: s3, metadata: {annotations: {score.humanitec.io/resId: nope}}}}", []string{"must be shared.<id>"}},
		"several at once":     {"variables: {A: '${resources.x.y}', B: '${FOO:-x}'}", "", []string{"variables.A", "variables.B"}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := score.Convert(score.Input{Spec: parse(t, workload(tc.container, tc.rest))})
			var found *score.Error
			require.ErrorAs(t, err, &found)
			for _, want := range tc.want {
				require.ErrorContains(t, err, want)
			}
		})
	}
}

func TestInputThatIsNotJSON(t *testing.T) {
	t.Parallel()
	for _, in := range []score.Input{
		{Spec: map[string]any{"x": math.NaN()}},
		{Spec: parse(t, hello), Overrides: map[string]any{"x": make(chan int)}},
		{Spec: parse(t, hello), PropertyOverrides: map[string]any{"x": "\xff"}},
		{Spec: parse(t, hello), Extensions: map[string]any{"apiVersion": score.ExtensionsVersion, "spec": errors.New("x")}},
		{},
	} {
		_, err := score.Convert(in)
		var found *score.Error
		require.ErrorAs(t, err, &found)
	}
}
