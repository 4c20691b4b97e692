package orchestrator_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/drivers"
	"github.com/slipway-dev/slipway/engine/redaction"
	"github.com/slipway-dev/slipway/engine/resource"
	"github.com/slipway-dev/slipway/internal/testenv"
	"github.com/slipway-dev/slipway/orchestrator"
)

const (
	soon  = time.Millisecond
	never = time.Hour
)

// patient is an in-process driver that says when it was called, and is done when it is told.
type patient struct {
	called chan drivers.Request
	answer chan error // nil = it worked
}

func newPatient() *patient {
	return &patient{called: make(chan drivers.Request), answer: make(chan error)}
}

var errPanic = errors.New("the driver has a fault")

func (p *patient) Provision(ctx context.Context, r drivers.Request) (drivers.Result, error) {
	p.called <- r
	select {
	case err := <-p.answer:
		if errors.Is(err, errPanic) {
			panic(err)
		}
		return drivers.Result{Values: map[string]any{"host": "h"}, Secrets: map[string]any{"password": "p"}}, err
	case <-ctx.Done():
		return drivers.Result{}, ctx.Err()
	}
}

func (*patient) Destroy(context.Context, drivers.Request) error { return nil }

// deafStore refuses to record that something runs, and counts how often nodes are written.
type deafStore struct {
	orchestrator.Store
	deaf bool

	mu     sync.Mutex
	writes []string // "db running"
}

func (s *deafStore) UpdateNode(ctx context.Context, n *orchestrator.Node) error {
	s.mu.Lock()
	s.writes = append(s.writes, n.Key.ID+" "+string(n.Status))
	s.mu.Unlock()
	if s.deaf && n.Status == orchestrator.NodeRunning {
		return errors.New("the disk is full")
	}
	return s.Store.UpdateNode(ctx, n)
}

// slowly gives the life a deployer that records starts after wait, and a driver test/slow.
func (l *life) slowly(wait time.Duration, driver drivers.Driver, records orchestrator.Store, log *slog.Logger) {
	l.t.Helper()
	known, _ := l.drivers.(knownDrivers)
	require.NoError(l.t, known.Register(drivers.Descriptor{ID: "test/slow"}, driver))
	l.define("slow", "postgres", "test/slow", nil, resource.Criteria{})
	l.deployer = l.worker(wait, records, log)
}

// worker is another one of the same installation.
func (l *life) worker(wait time.Duration, records orchestrator.Store, log *slog.Logger) *orchestrator.Deployer {
	known, _ := l.drivers.(knownDrivers)
	d := orchestrator.NewDeployer(orchestrator.DeployerOptions{
		Store: records, Keeper: l.keeper, Drivers: known.Registry, Log: log,
		Redactor: func(values ...string) func(string) string { return redaction.New(values...).String },
	})
	d.ShowStartsAfter(wait)
	return d
}

// advancing runs a step beside the test.
func advancing(ctx context.Context, d *orchestrator.Deployer, key orchestrator.DeploymentKey) <-chan error {
	done := make(chan error, 1)
	go func() {
		defer func() {
			if broken := recover(); broken != nil {
				done <- fmt.Errorf("panic: %v", broken)
			}
		}()
		advance, err := d.Advance(ctx, key)
		if err == nil && (!advance.Done || len(advance.Heavy) > 0) {
			err = fmt.Errorf("it is not done: %+v", advance)
		}
		done <- err
	}()
	return done
}

// shown waits until a node has a status, and returns it as it was then.
func (l *life) shown(key orchestrator.DeploymentKey, id string, status orchestrator.NodeStatus) orchestrator.Node {
	l.t.Helper()
	ctx, cancel := context.WithTimeout(l.ctx, 30*time.Second)
	defer cancel()
	wake, err := l.service.WatchDeployment(ctx, l.ref, key.ID)
	require.NoError(l.t, err)
	for {
		nodes, err := l.service.ListNodes(ctx, l.ref, key.ID)
		require.NoError(l.t, err)
		at := slices.IndexFunc(nodes, func(n orchestrator.Node) bool { return n.Key.ID == id })
		require.GreaterOrEqual(l.t, at, 0)
		if nodes[at].Status == status {
			return nodes[at]
		}
		select {
		case <-wake:
		case <-ctx.Done():
			require.Fail(l.t, "it never got there", "%s is %s instead of %s", id, nodes[at].Status, status)
		}
	}
}

// told lists the events of a node in their order: "running started".
func (l *life) told(key orchestrator.DeploymentKey, id string) (out []string) {
	l.t.Helper()
	events, err := l.service.DeploymentEvents(l.ctx, l.ref, key.ID, 0, 0)
	require.NoError(l.t, err)
	for _, e := range events {
		if strings.HasSuffix(e.Node, "#"+id) {
			out = append(out, e.Status+" "+e.Message)
		}
	}
	return out
}

const slowID = "shared.db"

// TestSlowInProcessNode: an in-process node is seen to run when its driver takes a while, and to end after that.
func TestSlowInProcessNode(t *testing.T) {
	t.Parallel()
	failure := &drivers.Error{Code: "RES-100", Permanent: true, Message: "no room"}
	cases := map[string]struct {
		answer error
		status orchestrator.NodeStatus
		told   string
		over   func(t *testing.T) string
	}{
		"it works":             {nil, orchestrator.NodeSucceeded, "succeeded ", func(t *testing.T) string { return testenv.Postgres(t) }},
		"it works over SQLite": {nil, orchestrator.NodeSucceeded, "succeeded ", sqlite},
		"it fails":             {failure, orchestrator.NodeFailed, "failed resource shared.db (postgres): no room", sqlite},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newLife(t, c.over(t))
			driver := newPatient()
			l.slowly(soon, driver, l.records, quiet)
			key := l.begin(db)
			done := advancing(l.ctx, l.deployer, key)
			request := <-driver.called
			running := l.shown(key, slowID, orchestrator.NodeRunning)
			require.Equal(t, 1, running.Attempt)
			require.NotNil(t, running.StartedAt)
			require.Nil(t, running.FinishedAt)
			require.Equal(t, []string{"running started"}, l.told(key, slowID))
			events, err := l.records.ListEvents(l.ctx, "acme", key.ID, 0, 0)
			require.NoError(t, err)
			require.WithinDuration(t, *running.StartedAt, events[len(events)-1].At, 0, "it says since when")

			// Nothing is held while the driver works: others write, and so does it.
			ctx, cancel := context.WithTimeout(l.ctx, 20*time.Second)
			defer cancel()
			_, err = l.service.CreateApplication(ctx, "acme", orchestrator.ApplicationRequest{ID: "other", Name: "other"})
			require.NoError(t, err)
			request.Log("half of it is there")
			require.NoError(t, request.Keep("begun"))

			driver.answer <- c.answer
			require.NoError(t, <-done)
			ended := l.shown(key, slowID, c.status)
			require.NotNil(t, ended.FinishedAt)
			require.WithinDuration(t, *running.StartedAt, *ended.StartedAt, 0)
			require.Equal(t, 1, ended.Attempt)
			require.Equal(t, []string{"running started", c.told}, l.told(key, slowID))
		})
	}
}

// TestFastInProcessNode: what is done at once is written once.
func TestFastInProcessNode(t *testing.T) {
	t.Parallel()
	l := newLife(t, sqlite(t))
	records := &deafStore{Store: l.records}
	driver := newPatient()
	l.slowly(never, driver, records, quiet)
	key := l.begin(db)
	done := advancing(l.ctx, l.deployer, key)
	<-driver.called
	driver.answer <- nil
	require.NoError(t, <-done)
	require.Equal(t, []string{"succeeded "}, l.told(key, slowID))
	slices.Sort(records.writes)
	require.Len(t, records.writes, 3)
	require.NotContains(t, fmt.Sprint(records.writes), "running")
}

// TestStartThatCannotBeRecorded: the work goes on, and operators are told.
func TestStartThatCannotBeRecorded(t *testing.T) {
	t.Parallel()
	l := newLife(t, sqlite(t))
	var mu sync.Mutex
	var said bytes.Buffer
	records := &deafStore{Store: l.records, deaf: true}
	driver := newPatient()
	l.slowly(soon, driver, records, slog.New(slog.NewTextHandler(writerFunc(func(p []byte) (int, error) {
		mu.Lock()
		defer mu.Unlock()
		return said.Write(p)
	}), nil)))
	key := l.begin(db)
	done := advancing(l.ctx, l.deployer, key)
	<-driver.called
	warned := func() bool {
		mu.Lock()
		defer mu.Unlock()
		return bytes.Contains(said.Bytes(), []byte("could not be recorded")) && bytes.Contains(said.Bytes(), []byte("the disk is full"))
	}
	require.Eventually(t, warned, 30*time.Second, time.Millisecond)
	driver.answer <- nil
	require.NoError(t, <-done)
	require.Equal(t, orchestrator.NodeSucceeded, l.shown(key, slowID, orchestrator.NodeSucceeded).Status)
	require.Equal(t, []string{"succeeded "}, l.told(key, slowID))
}

type writerFunc func(p []byte) (int, error)

func (f writerFunc) Write(p []byte) (int, error) { return f(p) }

// TestSlowNodeIsCancelled: a deployment that ends first ends its node, after its start.
func TestSlowNodeIsCancelled(t *testing.T) {
	t.Parallel()
	l := newLife(t, sqlite(t))
	driver := newPatient()
	l.slowly(soon, driver, l.records, quiet)
	key := l.begin(db)
	ctx, cancel := context.WithCancel(l.ctx)
	defer cancel()
	done := advancing(ctx, l.deployer, key)
	<-driver.called
	l.shown(key, slowID, orchestrator.NodeRunning)
	cancel()
	require.ErrorIs(t, <-done, context.Canceled)
	l.finish(key, orchestrator.OutcomeCancelled)
	require.Equal(t, []string{"running started", "skipped the deployment ended first"}, l.told(key, slowID))
	require.Equal(t, 1, l.terminalEvents(key.ID))
}

// TestWorkerIsLostWithASlowNode: another worker runs the node anew, and whatever the lost one still does changes nothing.
func TestWorkerIsLostWithASlowNode(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		lost, next time.Duration
		over       func(t *testing.T) string
	}{
		"both take their time":              {soon, soon, func(t *testing.T) string { return testenv.Postgres(t) }},
		"the lost one had recorded nothing": {never, soon, sqlite},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newLife(t, c.over(t))
			driver := newPatient()
			l.slowly(c.lost, driver, l.records, quiet)
			key := l.begin(db)
			lost := advancing(l.ctx, l.deployer, key)
			<-driver.called
			want := []string{}
			if c.lost == soon {
				l.shown(key, slowID, orchestrator.NodeRunning)
				want = append(want, "running started")
			}
			next := advancing(l.ctx, l.worker(c.next, l.records, quiet), key)
			<-driver.called
			if c.next == soon {
				want = append(want, "running started")
				require.Eventually(t, func() bool { return slices.Equal(want, l.told(key, slowID)) }, 30*time.Second, time.Millisecond)
			}
			driver.answer <- nil
			driver.answer <- nil // one of them is too late
			results := []error{<-lost, <-next}
			require.Contains(t, results, error(nil), "%v", results)
			require.Equal(t, orchestrator.NodeSucceeded, l.shown(key, slowID, orchestrator.NodeSucceeded).Status)
			require.Equal(t, append(want, "succeeded "), l.told(key, slowID))
			again, err := l.deployer.Advance(l.ctx, key)
			require.NoError(t, err)
			require.Equal(t, orchestrator.AdvanceResult{Done: true}, again, "nothing is run again")
		})
	}
}

// TestSlowDriverPanics: nothing is recorded behind the back of the step that repeats it.
func TestSlowDriverPanics(t *testing.T) {
	t.Parallel()
	l := newLife(t, sqlite(t))
	driver := newPatient()
	l.slowly(soon, driver, l.records, quiet)
	key := l.begin(db)
	done := advancing(l.ctx, l.deployer, key)
	<-driver.called
	driver.answer <- errPanic
	require.ErrorContains(t, <-done, errPanic.Error())
	begun := l.told(key, slowID)
	done = advancing(l.ctx, l.worker(never, l.records, quiet), key)
	<-driver.called
	driver.answer <- nil
	require.NoError(t, <-done)
	require.Equal(t, append(begun, "succeeded "), l.told(key, slowID))
}

// TestStartAndEndMeet: whichever comes first, the end is the last that is told, of nodes that run in the process and
// of those that run beside them.
func TestStartAndEndMeet(t *testing.T) {
	t.Parallel()
	eachLife(t, func(t *testing.T, l *life) {
		l.slowly(never, thing{"light", l.at}, l.records, quiet)
		l.define("beside", "redis", "test/one", nil, resource.Criteria{})
		want := needs{"cache-a": "redis", "cache-b": "redis"}
		for i := range 6 {
			want[fmt.Sprintf("db-%d", i)] = "postgres"
		}
		for _, wait := range []time.Duration{0, 300 * time.Microsecond, time.Millisecond} {
			l.deployer.ShowStartsAfter(wait)
			key := l.begin(want)
			advance, err := l.deployer.Advance(l.ctx, key)
			require.NoError(t, err)
			require.Len(t, advance.Heavy, 2)
			var beside sync.WaitGroup
			failures := make([]error, 2)
			for i, ordinal := range advance.Heavy {
				beside.Go(func() { _, failures[i] = l.deployer.ProvisionNode(l.ctx, key, ordinal) })
			}
			beside.Wait()
			require.NoError(t, errors.Join(failures...))
			require.False(t, l.provision(key))
			for id := range want {
				told := l.told(key, "shared."+id)
				require.Equal(t, "succeeded ", told[len(told)-1], "%s after %s", id, wait)
				require.LessOrEqual(t, len(told), 2)
				if len(told) == 2 {
					require.Equal(t, "running started", told[0])
				}
			}
			l.finish(key, succeeded)
			require.Equal(t, 1, l.terminalEvents(key.ID))
		}
	})
}
