package pipeline_test

import (
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/slipway-dev/slipway/engine/pipeline"
	"github.com/slipway-dev/slipway/engine/schema"
)

const whole = `name: Everything
id: every-thing
metadata: {team: web, tier: 1}
timeout-minutes: 90
concurrency:
  group: ${{ pipeline.id }}-${{ inputs.env_id }}
permissions:
  application: developer
  env-types: {development: deployer}
env: {REGION: eu, URL: "https://${{ inputs.env_id }}.test"}
on:
  deployment_request:
  pipeline_call:
    inputs:
      build: {type: string, required: true, description: which}
      tries: {type: integer, default: "3"}
      env_id:
  artefact:
    type: container
    include: registry/.*
    exclude: [registry/old]
    match-ref: refs/heads/main
  schedule:
  - cron: 0 6 * * mon-fri
    time-zone: Europe/Berlin
    inputs: {build: nightly}
jobs:
  first:
    name: First
    if: ${{ inputs.env_id != 'x' }}
    continue-on-error: true
    timeout-minutes: 5
    env: {A: b}
    outputs:
      delta: ${{ steps.make.outputs.delta_id }}
    steps:
    - id: make
      name: Make
      uses: native://actions/humanitec/create-delta@v1
      timeout-minutes: 1
      continue-on-error: true
      env: {C: d}
      with:
        env_id: ${{ inputs.env_id }}
        container_artefacts: ${{ inputs.container_artefacts }}
    - if: ${{ steps.make.status == 'failed' }}
      uses: actions/humanitec/fail
  second:
    needs: [first]
    steps:
    - uses: actions/slipway/http-request@v1
      with: {url: "https://x.test", data: {"delta": "${{ needs.first.outputs.delta }}", env: "${{ env.REGION }}"}}
  third:
    needs: second
    if: always()
    steps:
    - uses: actions/humanitec/log@v1
      with: {message: "${{ jobs.first.status }} ${{ needs.second.status }}"}
`

func TestParseReadsEverything(t *testing.T) {
	t.Parallel()
	d, warnings, err := pipeline.Parse([]byte(whole))
	require.NoError(t, err)
	require.Empty(t, warnings)
	require.Equal(t, "every-thing", d.ID)
	require.Equal(t, map[string]string{"team": "web", "tier": "1"}, d.Metadata)
	require.Equal(t, 90, d.TimeoutMinutes)
	require.Equal(t, "${{ pipeline.id }}-${{ inputs.env_id }}", d.ConcurrencyGroup)
	require.Equal(t, pipeline.Permissions{Application: "developer", EnvTypes: map[string]string{"development": "deployer"}}, d.Permissions)
	require.Equal(t, []string{"artefact", "deployment_request", "pipeline_call", "schedule"}, d.On.Types())
	require.Equal(t, pipeline.Input{Type: "integer", Default: float64(3), HasDefault: true}, d.On.PipelineCall.Inputs["tries"])
	require.Equal(t, pipeline.Input{Type: "string"}, d.On.PipelineCall.Inputs["env_id"])
	require.Equal(t, []string{"registry/.*"}, d.On.Artefact.Include)
	require.Equal(t, pipeline.Schedule{Cron: "0 6 * * mon-fri", TimeZone: "Europe/Berlin", Inputs: map[string]any{"build": "nightly"}}, d.On.Schedules[0])
	require.Len(t, d.Jobs, 3)
	first := d.Jobs[0]
	require.Equal(t, "first", first.ID)
	require.True(t, first.ContinueOnError)
	require.Equal(t, 5, first.TimeoutMinutes)
	require.Equal(t, pipeline.ActionRef{Name: "humanitec/create-delta", Version: "v1"}, first.Steps[0].Action)
	require.Equal(t, "Make", first.Steps[0].DisplayName())
	require.Equal(t, 1, first.Steps[1].Index)
	require.Equal(t, pipeline.ActionHTTP, d.Jobs[1].Steps[0].Action.Name, "an alias")
	require.Equal(t, []string{"second"}, d.Jobs[2].Needs)
	_, found := d.Job("third")
	require.True(t, found)
}

// smallest is a pipeline that is valid; tests break it.
const smallest = "name: A\non:\n  pipeline_call:\njobs:\n  a:\n    steps:\n    - uses: actions/humanitec/log\n      with: {message: hi}\n"

func TestParseNamesThePlace(t *testing.T) {
	t.Parallel()
	change := func(from, to string) string { return strings.Replace(smallest, from, to, 1) }
	steps := func(steps string) string {
		return change("    - uses: actions/humanitec/log\n      with: {message: hi}\n", steps)
	}
	for name, c := range map[string]struct{ text, want string }{
		"no name":                  {change("name: A\n", ""), "line 1, column 1: name is required and missing"},
		"empty name":               {change("name: A", `name: ""`), "line 1, column 7: name: this must not be empty"},
		"no on":                    {change("on:\n  pipeline_call:\n", ""), "on is required"},
		"empty on":                 {change("on:\n  pipeline_call:\n", "on: {}\n"), "line 2, column 5: on: a pipeline needs a trigger"},
		"unknown trigger":          {change("pipeline_call", "push"), "line 3, column 3: on.push"},
		"no jobs":                  {"name: A\non: {pipeline_call: }\n", "jobs is required"},
		"empty jobs":               {"name: A\non: {pipeline_call: }\njobs: {}\n", "line 3, column 7: jobs: a pipeline needs a job"},
		"job without steps":        {change("    steps:\n    - uses: actions/humanitec/log\n      with: {message: hi}\n", "    name: x\n"), "jobs.a: steps is required"},
		"null job":                 {"name: A\non: {pipeline_call: }\njobs: {a: }\n", "jobs.a: a job needs steps"},
		"no steps":                 {change("    steps:\n    - uses: actions/humanitec/log\n      with: {message: hi}\n", "    steps: []\n"), "jobs.a.steps: a job needs a step"},
		"unknown key":              {change("      with:", "      wiht:"), "jobs.a.steps[0].wiht: there is no such key"},
		"key twice":                {smallest + "name: B\n", "line 9, column 1: name: the key is there twice"},
		"id of a job":              {change("  a:\n    steps", "  1a:\n    steps"), `jobs["1a"]: the id of a job`},
		"bad id":                   {"id: a b\n" + smallest, "line 1, column 5: id: an id has"},
		"wrong type":               {"timeout-minutes: soon\n" + smallest, "timeout-minutes: expected a whole number"},
		"no minutes":               {"timeout-minutes: 0\n" + smallest, "1 to"},
		"continue on what":         {change("    steps:", "    continue-on-error: maybe\n    steps:"), "expected true or false, this is a text"},
		"name is a list":           {change("name: A", "name: [A]"), "name: expected a text, this is an array"},
		"unknown action":           {change("humanitec/log", "humanitec/shout"), "line 7, column 13: jobs.a.steps[0].uses: there is no action humanitec/shout"},
		"unknown version":          {change("humanitec/log", "humanitec/log@v9"), "there is no version v9"},
		"no action at all":         {change("actions/humanitec/log", "checkout"), "does not name an action"},
		"missing input":            {change("message: hi", ""), "humanitec/log@v1 needs the input message"},
		"no with":                  {steps("    - uses: actions/humanitec/apply\n"), "line 7, column 13: jobs.a.steps[0].uses: humanitec/apply@v1 needs the input env_id"},
		"unknown input":            {change("message: hi", "message: hi, loud: true"), "line 8, column 27: jobs.a.steps[0].with.loud"},
		"type of an input":         {steps("    - uses: actions/humanitec/create-delta\n      with: {env_id: a, workload_artefacts: one}\n"), "workload_artefacts: expected an array, this is a text"},
		"one of two":               {steps("    - uses: actions/humanitec/deploy\n      with: {env_id: a}\n"), "needs one of set_id, delta_id"},
		"two names for one":        {steps("    - uses: actions/humanitec/approve\n      with: {env_id: a, environment: a}\n"), "means the same"},
		"not one of":               {steps("    - uses: actions/humanitec/http\n      with: {url: a, method: SEND}\n"), "method: expected one of GET"},
		"needs nobody":             {change("    steps:", "    needs: [b]\n    steps:"), `jobs.a.needs: there is no job "b"`},
		"needs itself":             {change("    steps:", "    needs: a\n    steps:"), "needs itself"},
		"circle":                   {change("    steps:", "    needs: b\n    steps:") + "  b:\n    needs: a\n    steps: [{uses: actions/humanitec/fail}]\n", "a needs b needs a"},
		"step id twice":            {steps("    - {id: x, uses: actions/humanitec/fail}\n    - {id: x, uses: actions/humanitec/fail}\n"), "line 8, column 12: jobs.a.steps[1].id: another step"},
		"bad expression":           {change("message: hi", `message: "${{ inputs. }}"`), "expected a name after the dot"},
		"bad if":                   {change("    steps:", "    if: inputs.a ==\n    steps:"), "line 6, column 9: jobs.a.if: expected a value"},
		"unknown context":          {change("message: hi", `message: "a ${{ github.sha }}"`), `"github" is no context`},
		"steps in an if of a job":  {change("    steps:", "    if: steps.a.status == 'x'\n    steps:"), "steps cannot be used here"},
		"a step that comes later":  {steps("    - uses: actions/humanitec/log\n      with: {message: \"${{ steps.late.status }}\"}\n    - {id: late, uses: actions/humanitec/fail}\n"), "no step before this one has the id late"},
		"a job not needed":         {change("message: hi", `message: "${{ needs.b.status }}"`), "b is not among the needs"},
		"no such job":              {change("message: hi", `message: "${{ jobs.b.status }}"`), "there is no job b"},
		"no such thing of a step":  {steps("    - {id: x, uses: actions/humanitec/fail}\n    - uses: actions/humanitec/log\n      with: {message: \"${{ steps.x.result }}\"}\n"), "has status and outputs, no result"},
		"status outside of if":     {change("message: hi", `message: "${{ always() }}"`), "only in an if"},
		"in a block text":          {steps("    - uses: actions/humanitec/log\n      with:\n        message: |\n          one\n          ${{ github.sha }} two\n"), "line 11, column"},
		"two ways to act":          {"permissions: {run-as: inherit, application: viewer}\n" + smallest, "leave out application"},
		"unknown role":             {"permissions: {application: king}\n" + smallest, "expected viewer, developer or owner"},
		"unknown role on a type":   {"permissions: {env-types: {dev: owner}}\n" + smallest, "expected deployer"},
		"unknown run-as":           {"permissions: {run-as: root}\n" + smallest, "expected inherit"},
		"settings of a request":    {change("pipeline_call:", "deployment_request: {env: a}"), "takes no settings"},
		"type of a declared input": {change("pipeline_call:", "pipeline_call: {inputs: {a: {type: date}}}"), "expected one of string"},
		"default of another type":  {change("pipeline_call:", "pipeline_call: {inputs: {a: {type: number, default: x}}}"), "expected a number"},
		"artefact without filter":  {change("pipeline_call:", "artefact: {type: container}"), "include: .*include|it needs a pattern"},
		"artefact with bad regex":  {change("pipeline_call:", "artefact: {type: container, include: ['(']}"), "is not a regular expression"},
		"artefact of no type":      {change("pipeline_call:", "artefact: {type: wheel, include: [a]}"), "expected container or workload"},
		"null artefact":            {change("pipeline_call:", "artefact:"), "needs type and include"},
		"bad cron":                 {change("pipeline_call:", "schedule: [{cron: soon}]"), "is no schedule"},
		"bad minute":               {change("pipeline_call:", "schedule: [{cron: '99 * * * *'}]"), "is no schedule"},
		"bad zone":                 {change("pipeline_call:", "schedule: [{cron: '0 6 * * *', time-zone: Mars/Olympus}]"), "there is no time zone"},
		"zone in cron":             {change("pipeline_call:", "schedule: [{cron: 'TZ=UTC 0 6 * * *'}]"), "use time-zone"},
		"every":                    {change("pipeline_call:", "schedule: [{cron: '@every 1s'}]"), "@every"},
		"never":                    {change("pipeline_call:", "schedule: [{cron: '0 0 30 2 *'}]"), "never comes"},
		"no schedules":             {change("pipeline_call:", "schedule: []"), "expected 1 to"},
		"expression in schedule":   {change("pipeline_call:", "schedule: [{cron: '@daily', inputs: {a: '${{ run.id }}'}}]"), "are fixed"},
		"two documents":            {smallest + "---\n" + smallest, "a second document"},
		"nothing":                  {"", "the document is empty"},
		"a comment":                {"# nothing\n", "the document is empty"},
		"null":                     {"null\n", "this is null"},
		"no YAML":                  {"a: [\n", "line 1"},
		"an alias of itself":       {"name: &a [*a]\n", "nested deeper|contains itself"},
		"not UTF-8":                {"\xff\xfe\xfd", "UTF-8"},
		"a tag":                    {change("message: hi", "message: !!binary aGk="), "tag"},
		"not a number":             {change("message: hi", "message: .nan"), "number that JSON has"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, _, err := pipeline.Parse([]byte(c.text))
			require.Error(t, err)
			var invalid *pipeline.Invalid
			require.True(t, errors.As(err, &invalid))
			found := false
			for want := range strings.SplitSeq(c.want, "|") {
				found = found || strings.Contains(err.Error(), want)
			}
			require.True(t, found, "%s\nwanted: %s", err, c.want)
		})
	}
}

func TestParseFindsAllProblemsInOrder(t *testing.T) {
	t.Parallel()
	_, _, err := pipeline.Parse([]byte("name: []\nmore: 1\non: {push: }\njobs: {a: {steps: [{uses: x}]}}\n"))
	var invalid *pipeline.Invalid
	require.True(t, errors.As(err, &invalid))
	var lines []int
	for _, p := range invalid.Problems {
		lines = append(lines, p.Line)
	}
	require.Equal(t, []int{1, 2, 3, 4}, lines)
}

func TestParseWarns(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ message, want string }{
		"text that is no expression": {"a ${{ inputs env }}", "stays as it is"},
		"an input nobody gives":      {"${{ inputs.nothing }}", "no trigger gives the input nothing"},
	} {
		d, warnings, err := pipeline.Parse([]byte(strings.Replace(smallest, "message: hi", `message: "`+c.message+`"`, 1)))
		require.NoError(t, err, name)
		require.NotNil(t, d, name)
		require.Len(t, warnings, 1, name)
		require.Contains(t, warnings[0].String(), c.want, name)
		require.Equal(t, 8, warnings[0].Line, name)
	}
}

func TestMergeKeysAndAnchors(t *testing.T) {
	t.Parallel()
	d, _, err := pipeline.Parse([]byte("name: A\non: {pipeline_call: }\njobs:\n  a: &a\n    steps: [{uses: actions/humanitec/fail}]\n  b:\n    <<: *a\n    needs: a\n"))
	require.NoError(t, err)
	require.Equal(t, d.Jobs[0].Steps, d.Jobs[1].Steps)
	require.Equal(t, []string{"a"}, d.Jobs[1].Needs)
}

func TestDefaultPipelineIsValid(t *testing.T) {
	t.Parallel()
	d, warnings, err := pipeline.Parse([]byte(pipeline.Default))
	require.NoError(t, err)
	require.Empty(t, warnings)
	require.True(t, d.On.DeploymentRequest)
	require.True(t, d.Permissions.Inherit)
}

// TestSchemaAcceptsWhatParseAccepts keeps the JSON schema for editors from refusing what works.
func TestSchemaAcceptsWhatParseAccepts(t *testing.T) {
	t.Parallel()
	compiled, err := schema.Compile(pipeline.Schema())
	require.NoError(t, err)
	texts := map[string]string{"whole": whole, "smallest": smallest, "default": pipeline.Default}
	for name, text := range texts {
		tree, err := pipeline.Tree([]byte(text))
		require.NoError(t, err)
		require.Empty(t, compiled.Check(tree, schema.Options{}), name)
	}
	bad, err := pipeline.Tree([]byte(strings.Replace(smallest, "message", "mesage", 1)))
	require.NoError(t, err)
	require.NotEmpty(t, compiled.Check(bad, schema.Options{}))
}

func TestSchemaAcceptsRealPipelines(t *testing.T) {
	t.Parallel()
	compiled, err := schema.Compile(pipeline.Schema())
	require.NoError(t, err)
	for _, file := range corpus(t) {
		raw, err := os.ReadFile(file)
		require.NoError(t, err)
		tree, err := pipeline.Tree(raw)
		require.NoError(t, err)
		require.Empty(t, compiled.Check(tree, schema.Options{}), file)
	}
}

func TestCallInputs(t *testing.T) {
	t.Parallel()
	call := &pipeline.PipelineCall{Inputs: map[string]pipeline.Input{
		"build": {Type: "string", Required: true}, "tries": {Type: "integer", Default: float64(3), HasDefault: true}, "dry": {Type: "boolean"},
	}}
	got, err := call.CallInputs(map[string]any{"build": float64(7), "dry": "true"})
	require.NoError(t, err)
	require.Equal(t, map[string]any{"build": "7", "tries": float64(3), "dry": true}, got)
	_, err = call.CallInputs(map[string]any{"tries": 1.5, "more": "x"})
	require.EqualError(t, err, `the input "build" is required; the input "tries": expected a whole number, this is a number; the pipeline has no input "more"`)
}

func TestSchedulesKnowTimeZones(t *testing.T) {
	t.Parallel()
	s := pipeline.Schedule{Cron: "0 6 * * *", TimeZone: "Europe/Berlin"}
	winter, err := s.Next(time.Date(2024, 1, 10, 0, 0, 0, 0, time.UTC))
	require.NoError(t, err)
	require.Equal(t, time.Date(2024, 1, 10, 5, 0, 0, 0, time.UTC), winter)
	summer, err := s.Next(time.Date(2024, 7, 10, 5, 0, 0, 0, time.UTC))
	require.NoError(t, err)
	require.Equal(t, time.Date(2024, 7, 11, 4, 0, 0, 0, time.UTC), summer)
}

func TestArtefactMatches(t *testing.T) {
	t.Parallel()
	a := &pipeline.Artefact{Type: "container", Include: []string{"registry/.*"}, Exclude: []string{".*/old"}, MatchRef: "refs/heads/(main|next)"}
	require.True(t, a.Matches("container", "registry/api", "refs/heads/main"))
	require.False(t, a.Matches("workload", "registry/api", "refs/heads/main"))
	require.False(t, a.Matches("container", "my-registry/api", "refs/heads/main"), "the whole name must match")
	require.False(t, a.Matches("container", "registry/old", "refs/heads/main"))
	require.False(t, a.Matches("container", "registry/api", "refs/heads/main2"))
	require.Equal(t, "container_artefacts", a.InputName())
}

// TestNoDocumentPanics puts pieces of pipelines where they do not belong.
func TestNoDocumentPanics(t *testing.T) {
	t.Parallel()
	lines := strings.Split(whole, "\n")
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Split(whole, "\n")
		for range rapid.IntRange(1, 5).Draw(t, "changes") {
			at := rapid.IntRange(0, len(text)-1).Draw(t, "line")
			line := rapid.SampledFrom(lines).Draw(t, "other")
			switch rapid.IntRange(0, 4).Draw(t, "how") {
			case 0:
				text[at] = line
			case 1:
				text[at] = "  " + text[at]
			case 2:
				text[at] = strings.TrimSpace(text[at])
			case 3:
				text[at] = text[at][:rapid.IntRange(0, len(text[at])).Draw(t, "cut")]
			case 4:
				text[at] += rapid.SampledFrom([]string{" [", " {", ": ", " &a", " *a", " ~", " '", " ${{", " - "}).Draw(t, "noise")
			}
		}
		raw := []byte(strings.Join(text, "\n"))
		document, _, err := pipeline.Parse(raw)
		if (document == nil) == (err == nil) {
			t.Fatalf("document %v and error %v", document, err)
		}
		if err == nil {
			if _, err := pipeline.Tree(raw); err != nil {
				t.Fatalf("valid, and no tree: %v", err)
			}
		}
	})
}

func FuzzParse(f *testing.F) {
	for _, text := range []string{whole, smallest, pipeline.Default, "name: &a [*a]", "? [a]\n: b", "<<: 1", "a: !!x y", "{}"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		document, _, err := pipeline.Parse([]byte(text))
		if (document == nil) == (err == nil) {
			t.Fatalf("document %v and error %v", document, err)
		}
	})
}
