package e2e

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/internal/runner/recordtest"
)

// TestQuestionsAndAnswers: a runner dies in the middle of a create, so that nobody can tell whether the record exists. A person is
// asked, looks it up, and answers; the next deployment goes on from there.
func TestQuestionsAndAnswers(t *testing.T) {
	t.Parallel()
	records, settings := needsRecords(t)
	i := newInstance(t, settings...)
	i.start()
	cases := map[string]struct {
		answer func(i *instance, app, run string)
		want   int // records that exist in the end
		made   int // records that were ever made
	}{
		"import": {want: 1, made: 1, answer: func(i *instance, app, run string) {
			i.mustCLI("resources", "answer", run, recordAddress, "import", records.Named(app)[0].ID, "--org", "demo", "--app", app, "--env", "development")
		}},
		"retry": {want: 1, made: 2, answer: func(i *instance, app, run string) {
			records.Drop(records.Named(app)[0].ID) // the person has removed what there was
			answered := i.must(http.StatusOK, http.MethodPost, envPath(app, "development")+"/questions/"+run,
				map[string]any{"address": recordAddress, "answer": "retry"})
			require.Equal(i.t, true, answered["last"])
		}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			i := i.as(t)
			app := "ask-" + name
			id, question := i.stopped(app, records, recordModule())
			require.Equal(t, id, question["deployment_id"])
			run := question["run_id"].(string)
			c.answer(i, app, run)
			require.Empty(t, i.list(envPath(app, "development")+"/questions"))
			i.succeeded(app, i.deploy(app, map[string]any{}))
			require.Len(t, records.Named(app), c.want)
			require.Equal(t, c.made, records.Created(app))
			i.requireOutput(app, records.Named(app)[0].ID+".cache.example")
		})
	}
	t.Run("accept", func(t *testing.T) {
		i := i.as(t)
		module := recordModule()
		delete(module["spec"].(map[string]any)["containers"].(map[string]any)["main"].(map[string]any), "variables") // no output is needed
		_, question := i.stopped("ask-accept", records, module)
		i.mustCLI("resources", "answer", question["run_id"].(string), recordAddress, "accept", "--org", "demo", "--app", "ask-accept", "--env", "development")
		require.Empty(t, i.list(envPath("ask-accept", "development")+"/questions"))
		i.succeeded("ask-accept", i.deploy("ask-accept", map[string]any{}))
		require.Len(t, records.Named("ask-accept"), 1, "nothing is created")
		require.Equal(t, 1, records.Created("ask-accept"))
	})
}

// stopped brings an application to where a person is needed and returns the deployment that failed and its question.
func (i *instance) stopped(app string, records *recordtest.Service, module map[string]any) (id string, question map[string]any) {
	t := i.t
	i.app(app)
	i.defineRecord(app, records)
	records.Behave(app, recordtest.Behaviour{After: time.Minute})
	id = i.deploy(app, map[string]any{"delta_id": i.delta(app, addModule("api", module))})
	i.eventually("the record exists and nobody has its id", func() (bool, string) {
		state := i.stateOf(app, id)
		require.NotContains(t, state, "failed")
		return records.Created(app) == 1, state
	})
	i.killTerraform()
	records.Behave(app, recordtest.Behaviour{})
	d := i.finished(app, id)
	require.Equal(t, "failed", d["status"])
	errors := i.deploymentErrors(app, id)
	require.Contains(t, errors[0]["message"], recordAddress)

	open := i.list(envPath(app, "development") + "/questions")
	require.Len(t, open, 1)
	question = open[0]
	require.Equal(t, recordAddress, question["address"])
	require.Equal(t, "create", question["action"])
	require.Equal(t, "small", question["inputs"].(map[string]any)["value"])
	table := i.mustCLI("resources", "questions", "--org", "demo", "--app", app, "--env", "development")
	require.Contains(t, table, recordAddress)
	require.Contains(t, table, question["run_id"])
	return id, question
}

// stateOf tells how a deployment gets on, with what went wrong.
func (i *instance) stateOf(app, id string) string {
	i.t.Helper()
	d := i.must(http.StatusOK, http.MethodGet, envPath(app, "development")+"/deploys/"+id, nil)
	return fmt.Sprint(d["status"], " ", i.deploymentErrors(app, id))
}

// requireOutput looks for an output of the record among the active resources.
func (i *instance) requireOutput(app, host string) {
	i.t.Helper()
	for _, r := range i.list(envPath(app, "development") + "/resources") {
		if r["type"] == "redis" {
			require.Equal(i.t, host, r["resource"].(map[string]any)["host"])
			return
		}
	}
	i.t.Fatalf("%s has no resource of type redis", app)
}

// TestKilledInTheMiddleOfTerraform: the process that follows the runner dies, the runner does not.
func TestKilledInTheMiddleOfTerraform(t *testing.T) {
	t.Parallel()
	records, settings := needsRecords(t)
	i := newInstance(t, settings...)
	i.start()
	moments := map[string]struct {
		wait  func(app string) bool
		after time.Duration // spreads the deaths; the test holds wherever it falls
	}{
		"before the record is asked for": {wait: func(string) bool { return true }, after: 1500 * time.Millisecond},
		"while it is made":               {wait: func(app string) bool { return records.Asked(app) == 1 }},
		"when it exists":                 {wait: func(app string) bool { return records.Created(app) == 1 }},
	}
	n := 0
	for name, m := range moments {
		t.Run(name, func(t *testing.T) {
			outer := i
			i := i.as(t)
			defer func() { outer.cmd, outer.ended, outer.output = i.cmd, i.ended, i.output }()
			n++
			app := "kill-" + string(rune('a'+n))
			i.app(app)
			i.defineRecord(app, records)
			records.Behave(app, recordtest.Behaviour{Before: 2 * time.Second, After: 2 * time.Second})
			id := i.deploy(app, map[string]any{"delta_id": i.delta(app, addModule("api", recordModule()))})
			i.eventually(name, func() (bool, string) {
				state := i.stateOf(app, id)
				require.NotContains(t, state, "failed")
				return m.wait(app), state
			})
			time.Sleep(m.after)
			i.kill()
			i.start()
			i.succeeded(app, id)
			require.Equal(t, 1, records.Asked(app), "it was asked for once")
			require.Equal(t, 1, records.Created(app))
			require.Len(t, records.Named(app), 1)
			requireOneCompletionPerNode(i, app, id)
			require.Equal(t, 1, i.commits(id))
			i.requireOutput(app, records.Named(app)[0].ID+".cache.example")
		})
	}
	t.Run("while it looks for drift", func(t *testing.T) {
		outer := i
		i := i.as(t)
		defer func() { outer.cmd, outer.ended, outer.output = i.cmd, i.ended, i.output }()
		i.killedWhileLooking(records)
	})
	t.Run("while it plans", func(t *testing.T) {
		outer := i
		i := i.as(t)
		defer func() { outer.cmd, outer.ended, outer.output = i.cmd, i.ended, i.output }()
		i.killedWhilePlanning(records)
	})
}
