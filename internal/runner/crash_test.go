package runner_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/drivers"
	"github.com/slipway-dev/slipway/internal/runner"
	"github.com/slipway-dev/slipway/internal/runner/record"
	"github.com/slipway-dev/slipway/internal/runner/recordtest"
)

// threeRecords are made one after the other, so that a death falls between them.
const threeRecords = head + `
variable "prefix" {}
resource "slipwaytest_record" "a" { name = "${var.prefix}a" }
resource "slipwaytest_record" "b" { 
  name  = "${var.prefix}b"
  value = slipwaytest_record.a.id
}
resource "slipwaytest_record" "c" {
  name  = "${var.prefix}c"
  value = slipwaytest_record.b.id
}
output "ids" { value = [slipwaytest_record.a.id, slipwaytest_record.b.id, slipwaytest_record.c.id] }
`

// moment waits until a run has come as far as a test wants it.
type moment func(w *world, r drivers.Request)

func atPhase(name string) moment { return func(w *world, r drivers.Request) { w.phase(r, name) } }

// asked is the moment at which creating a record has begun; after adds to it.
func asked(name string, after time.Duration) moment {
	return func(w *world, r drivers.Request) {
		w.until(name+" is being created", func() bool { return w.records.Asked(name) > 0 })
		time.Sleep(after) // spreads the deaths over the create; the test holds wherever it falls
	}
}

func (w *world) threeSlowRecords() drivers.Request {
	for _, name := range []string{"a", "b", "c"} {
		w.records.Behave(name, recordtest.Behaviour{Before: 300 * time.Millisecond, After: 300 * time.Millisecond})
	}
	return w.request("d1", threeRecords, map[string]any{"prefix": ""})
}

func (w *world) requireEachOnce(t *testing.T) {
	t.Helper()
	for _, name := range []string{"a", "b", "c"} {
		require.Len(t, w.records.Named(name), 1, name)
		require.Equal(t, 1, w.records.Created(name), name)
	}
}

var moments = map[string]moment{
	"prepare":           atPhase("prepare"),
	"init":              atPhase("init"),
	"plan":              atPhase("plan"),
	"apply":             atPhase("apply"),
	"first asked":       asked("a", 0),
	"first half":        asked("a", 150*time.Millisecond),
	"first made":        asked("a", 400*time.Millisecond),
	"between":           asked("a", 600*time.Millisecond),
	"second made":       asked("b", 450*time.Millisecond),
	"third nearly done": asked("c", 580*time.Millisecond),
}

// TestFollowerDies kills the worker at ten moments: the runner goes on, the
// next worker follows it, and every record is made once.
func TestFollowerDies(t *testing.T) {
	for name, at := range moments {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			r := w.threeSlowRecords()
			worker := w.startFollower(r)
			at(w, r)
			first := w.newest(r).ID
			require.NoError(t, worker.Process.Kill())
			_ = worker.Wait()
			res, err := w.provision(r)
			require.NoError(t, err)
			require.Len(t, res.Values["ids"], 3)
			require.Equal(t, first, w.newest(r).ID, "the run that was under way is followed")
			w.requireEachOnce(t)
		})
	}
}

// TestRunnerDies kills the runner alone. The kernel interrupts Terraform, which
// ends its create and writes its state; the next runner waits for that and goes on.
func TestRunnerDies(t *testing.T) {
	for name, at := range moments {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t).mortal()
			r := w.threeSlowRecords()
			done := w.background(ctx, r)
			at(w, r)
			w.killRunner(r)
			require.NoError(t, w.wait(done))
			w.requireEachOnce(t)
		})
	}
}

// TestDeathsOnPostgres repeats the most telling deaths with the other database.
func TestDeathsOnPostgres(t *testing.T) {
	for name, kill := range map[string]func(*world, drivers.Request){"runner": (*world).killRunner, "session": (*world).killAll} {
		for _, at := range []string{"apply", "first half", "first made", "second made"} {
			t.Run(name+" "+at, func(t *testing.T) {
				t.Parallel()
				w := newWorldOn(t, databases["postgres"](t)).mortal()
				r := w.threeSlowRecords()
				done := w.background(ctx, r)
				moments[at](w, r)
				kill(w, r)
				w.settled(t, r, w.wait(done))
				w.requireEachOnce(t)
			})
		}
	}
}

// settled answers what a person is asked, and deploys again, until it succeeds.
func (w *world) settled(t *testing.T, r drivers.Request, err error) {
	t.Helper()
	for i := 0; err != nil; i++ {
		require.Less(t, i, 3, "it stops for ever: %v", err)
		w.answerTruly(t, r, err)
		r.DeploymentID = fmt.Sprintf("%s-%d", r.DeploymentID, i+2)
		_, err = w.provision(r)
	}
}

// TestSessionDies kills runner, Terraform and provider at once. Either the
// records can be accounted for, or the run stops for a person; the answer that is
// true ends with every record once.
func TestSessionDies(t *testing.T) {
	for name, at := range moments {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t).mortal()
			r := w.threeSlowRecords()
			done := w.background(ctx, r)
			at(w, r)
			w.killAll(r)
			w.settled(t, r, w.wait(done))
			w.requireEachOnce(t)
		})
	}
}

// answerTruly plays the person: looks at the service and answers each question.
func (w *world) answerTruly(t *testing.T, r drivers.Request, err error) {
	t.Helper()
	var known *drivers.Error
	require.ErrorAs(t, err, &known, "%v", err)
	require.Equal(t, runner.CodeUncertain, known.Code, "%v", err)
	run := w.newest(r)
	require.Equal(t, record.Stopped, run.Status)
	questions, err := w.service.Stopped(ctx, r.OrgID, run.ID)
	require.NoError(t, err)
	require.NotEmpty(t, questions)
	all, err := w.service.AllQuestions(ctx, r.OrgID)
	require.NoError(t, err)
	require.Subset(t, all, questions)
	for _, q := range questions {
		name := strings.TrimPrefix(q.Address, "slipwaytest_record.")
		w.until("the service is at rest", func() bool { return w.records.AtRest(name) })
		require.Contains(t, known.Message, q.Address)
		answer, id := runner.AnswerRetry, ""
		if found := w.records.Named(name); len(found) > 0 {
			answer, id = runner.AnswerImport, found[0].ID
		}
		_, err := w.service.Resolve(ctx, r.OrgID, run.ID, q.Address, answer, id)
		require.NoError(t, err)
	}
}

// stopped brings a resource to where a person is needed: its record exists and nobody knows the id.
func (w *world) stopped(t *testing.T) (drivers.Request, *record.Run, error) {
	t.Helper()
	w.records.Behave("a", recordtest.Behaviour{After: 30 * time.Second})
	r := w.request("d1", oneRecord, map[string]any{"name": "a", "value": "visible", "secret": "hidden-by-mark"})
	r.Values["script"] = strings.ReplaceAll(oneRecord, `variable "secret" { default = "s" }`, `variable "secret" { sensitive = true }`)
	done := w.background(ctx, r)
	w.until("the record exists", func() bool { return w.records.Created("a") == 1 })
	w.killAll(r)
	err := w.wait(done)
	w.records.Behave("a", recordtest.Behaviour{})
	return r, w.newest(r), err
}

func TestWaysOut(t *testing.T) {
	type answered struct {
		w   *world
		r   drivers.Request
		run *record.Run
	}
	for name, c := range map[string]struct {
		answer string
		id     func(a answered) string
		check  func(t *testing.T, a answered, res drivers.Result)
	}{
		"import": {runner.AnswerImport, func(a answered) string { return a.w.records.Named("a")[0].ID },
			func(t *testing.T, a answered, res drivers.Result) {
				require.Equal(t, a.w.records.Named("a")[0].ID, res.Values["id"])
				require.Equal(t, 1, a.w.records.Created("a"))
			}},
		"retry": {runner.AnswerRetry, func(a answered) string {
			a.w.records.Drop(a.w.records.Named("a")[0].ID) // the person removed what there was
			return ""
		}, func(t *testing.T, a answered, res drivers.Result) {
			require.Len(t, a.w.records.Named("a"), 1)
			require.Equal(t, a.w.records.Named("a")[0].ID, res.Values["id"])
		}},
		"accept": {runner.AnswerAccept, func(answered) string { return "" },
			func(t *testing.T, a answered, res drivers.Result) {
				require.Empty(t, res.Values)
				require.Equal(t, 1, a.w.records.Created("a"), "nothing is created")
			}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t).mortal()
			r, run, err := w.stopped(t)
			require.ErrorContains(t, err, address)
			require.ErrorContains(t, err, "visible", "the inputs are told")
			require.NotContains(t, err.Error(), "hidden-by-mark")
			require.Equal(t, record.Stopped, run.Status)

			r.DeploymentID = "d2"
			_, err = w.provision(r)
			require.ErrorContains(t, err, run.ID, "until it is answered every deployment hears the same")
			require.Equal(t, run.ID, w.newest(r).ID)
			require.Equal(t, 1, w.records.Created("a"))

			_, err = w.service.Resolve(ctx, r.OrgID, run.ID, address, "guess", "")
			require.ErrorContains(t, err, "no answer")
			_, err = w.service.Resolve(ctx, r.OrgID, run.ID, address, runner.AnswerImport, "")
			require.ErrorContains(t, err, "give the id")
			_, err = w.service.Resolve(ctx, r.OrgID, run.ID, "other.address", runner.AnswerRetry, "")
			require.ErrorContains(t, err, "not uncertain")
			a := answered{w, r, run}
			over, err := w.service.Resolve(ctx, r.OrgID, run.ID, address, c.answer, c.id(a))
			require.NoError(t, err)
			require.True(t, over)

			res, err := w.provision(r)
			require.NoError(t, err)
			c.check(t, a, res)
			left, err := w.store.Journal(ctx, r.OrgID, r.GUResID)
			require.NoError(t, err)
			require.Empty(t, left)
		})
	}
}

// TestWrongImport: an id that the provider does not know leads back to the question.
func TestWrongImport(t *testing.T) {
	t.Parallel()
	w := newWorld(t).mortal()
	r, run, err := w.stopped(t)
	require.Error(t, err)
	_, err = w.service.Resolve(ctx, r.OrgID, run.ID, address, runner.AnswerImport, "rec-999")
	require.NoError(t, err)
	r.DeploymentID = "d2"
	_, err = w.provision(r)
	require.ErrorContains(t, err, "import failed")
	require.Equal(t, 1, w.records.Created("a"))
	require.Equal(t, record.Stopped, w.newest(r).Status)
}

// TestTruncatedState: what lies in the folder of a dead run is not the truth.
func TestTruncatedState(t *testing.T) {
	t.Parallel()
	w := newWorld(t).mortal()
	r := w.threeSlowRecords()
	done := w.background(ctx, r)
	asked("b", 100*time.Millisecond)(w, r)
	folder := w.newest(r).WorkDir
	w.until("the first record is stored", func() bool {
		s, err := w.store.GetState(ctx, r.OrgID, r.GUResID)
		return err == nil && s.Serial > 0
	})
	w.killAll(r)
	require.NoError(t, os.Truncate(filepath.Join(folder, "work", "terraform.tfstate"), 0))
	if err := w.wait(done); err != nil {
		require.NotContains(t, err.Error(), "slipwaytest_record.a:", "the first record is known")
		w.answerTruly(t, r, err)
		r.DeploymentID = "d2"
		_, err = w.provision(r)
		require.NoError(t, err)
	}
	w.requireEachOnce(t)
}
