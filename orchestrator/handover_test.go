package orchestrator_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/engine/deployset"
	"github.com/slipway-dev/slipway/engine/resource"
	"github.com/slipway-dev/slipway/orchestrator"
)

// scripted is a workflow engine that says what it is told to say, and keeps what
// it was given.
type scripted struct {
	fakeWorkflows
	states map[string]orchestrator.WorkflowState
	away   bool
	given  [][]orchestrator.QueueItem
	asked  []string
	cancel []string
}

func (s *scripted) Enqueue(_ context.Context, _ orchestrator.EnvRef, items ...orchestrator.QueueItem) error {
	if s.away {
		return orchestrator.Errorf(orchestrator.CodeUnavailable, "away")
	}
	s.given = append(s.given, items)
	return nil
}

func (s *scripted) Cancel(_ context.Context, _ orchestrator.EnvRef, item orchestrator.QueueItem) error {
	s.cancel = append(s.cancel, item.ID)
	return nil
}

func (s *scripted) State(_ context.Context, _ orchestrator.EnvRef, item orchestrator.QueueItem) (orchestrator.WorkflowState, error) {
	s.asked = append(s.asked, item.ID)
	if state, ok := s.states[item.ID]; ok {
		return state, nil
	}
	return orchestrator.WorkflowUnknown, nil
}

// last is what was handed over last: "id", "id again", "id follow".
func (s *scripted) last() []string {
	var out []string
	for _, item := range s.given[len(s.given)-1] {
		switch {
		case item.Follow:
			out = append(out, item.ID+" follow")
		case item.Again:
			out = append(out, item.ID+" again")
		default:
			out = append(out, item.ID)
		}
	}
	return out
}

// handing is a life whose queue is scripted.
func handing(l *life) (*orchestrator.Service, *scripted) {
	engine := &scripted{states: map[string]orchestrator.WorkflowState{}}
	now := func() time.Time { return time.Now().Add(l.clock) }
	return orchestrator.New(orchestrator.Options{Store: l.records, Workflows: engine, Keeper: l.keeper, Drivers: l.drivers, Now: now, Log: quiet}), engine
}

func (l *life) accept(service *orchestrator.Service) *orchestrator.Deployment {
	l.t.Helper()
	setID, err := l.records.PutSet(l.ctx, "acme", "shop", deployset.Set{})
	require.NoError(l.t, err)
	d, err := service.CreateDeployment(l.ctx, l.ref, orchestrator.DeploymentRequest{SetID: setID})
	require.NoError(l.t, err)
	return d
}

// TestHandOverCarriesEverything: whoever starts a queue anew, it learns of all
// that runs and waits, and one that runs only of what is new.
func TestHandOverCarriesEverything(t *testing.T) {
	t.Parallel()
	eachLife(t, func(t *testing.T, l *life) {
		service, engine := handing(l)
		first := l.accept(service)
		require.Equal(t, []string{first.ID}, engine.last())
		second := l.accept(service)
		require.Equal(t, []string{first.ID + " again", second.ID}, engine.last())

		_, err := l.deployer.Begin(l.ctx, orchestrator.DeploymentKey{EnvRef: l.ref, ID: first.ID})
		require.NoError(t, err)
		engine.away = true
		third := l.accept(service)
		engine.away = false
		fourth := l.accept(service)
		require.Equal(t, []string{first.ID + " follow", second.ID + " again", third.ID, fourth.ID}, engine.last())

		_, err = service.CancelDeployment(l.ctx, l.ref, second.ID)
		require.NoError(t, err)
		fifth := l.accept(service)
		require.Equal(t, []string{first.ID + " follow", third.ID + " again", fourth.ID + " again", fifth.ID}, engine.last(), "what is over is not handed over")
	})
}

// TestHandOverCarriesRunningDeletions: a resource that is being destroyed holds
// the lock of its environment, whichever queue began with it.
func TestHandOverCarriesRunningDeletions(t *testing.T) {
	t.Parallel()
	eachLife(t, func(t *testing.T, l *life) {
		l.define("def-a", "postgres", "test/one", nil, resource.Criteria{})
		l.define("def-b", "postgres", "test/two", nil)
		l.deploy(db, succeeded)
		l.match("def-a")
		l.match("def-b", resource.Criteria{})
		l.deploy(db, succeeded)
		leaving := l.leaving()
		require.Len(t, leaving, 1)
		order := orchestrator.ResourceItem(&leaving[0])

		service, engine := handing(l)
		engine.states[order.ID] = orchestrator.WorkflowRunning
		d := l.accept(service)
		require.Equal(t, []string{order.ID + " follow", d.ID}, engine.last())
		engine.states[order.ID] = orchestrator.WorkflowClosed
		next := l.accept(service)
		require.Equal(t, []string{d.ID + " again", next.ID}, engine.last(), "one that failed is not begun again by a deployment")
	})
}

// TestReconcilerAsksLittle: of a long queue it asks for the first and the last.
func TestReconcilerAsksLittle(t *testing.T) {
	t.Parallel()
	l := newLife(t, sqlite(t))
	service, engine := handing(l)
	var ids []string
	for range 30 {
		d := l.accept(service)
		ids = append(ids, d.ID)
		engine.states[d.ID] = orchestrator.WorkflowQueued
	}
	l.clock = time.Minute
	engine.given, engine.asked = nil, nil
	reconciler := orchestrator.NewReconciler(l.records, engine, func() time.Time { return time.Now().Add(l.clock) }, quiet)
	require.NoError(t, reconciler.Once(l.ctx))
	require.Equal(t, []string{ids[0], ids[29]}, engine.asked)
	require.Empty(t, engine.given)

	clear(engine.states) // the queue is gone
	require.NoError(t, reconciler.Once(l.ctx))
	engine.given = engine.given[:1]
	require.Equal(t, ids[0], engine.last()[0])
	require.Equal(t, ids[29]+" again", engine.last()[29], "a new queue learns of all of them")
}

// TestLostDeploymentsAreClosed: what a workflow that is gone leaves behind is
// closed once, nodes included, and a cancel that was asked for is what it becomes.
func TestLostDeploymentsAreClosed(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		cancel bool
		want   orchestrator.Outcome
		codes  []string
	}{
		"nobody asked for its end": {false, orchestrator.OutcomeFailed, []string{"DEP-LOST"}},
		"somebody had asked":       {true, orchestrator.OutcomeCancelled, []string{"cancelled", "DEP-LOST"}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			eachLife(t, func(t *testing.T, l *life) {
				l.define("def-a", "postgres", "test/one", nil, resource.Criteria{})
				key := l.begin(db)
				_, err := l.deployer.Advance(l.ctx, key)
				require.NoError(t, err)
				service, engine := handing(l)
				engine.states[key.ID] = orchestrator.WorkflowClosed
				if c.cancel {
					_, err := service.CancelDeployment(l.ctx, l.ref, key.ID)
					require.NoError(t, err)
				}
				reconciler := orchestrator.NewReconciler(l.records, engine, func() time.Time { return time.Now().Add(l.clock) }, quiet)
				l.clock = 10 * time.Second
				require.NoError(t, reconciler.Once(l.ctx))
				d, err := l.records.GetDeployment(l.ctx, l.ref, key.ID)
				require.NoError(t, err)
				require.False(t, d.Status.Terminal(), "its workflow may be about to say so itself")

				l.clock = time.Minute
				for range 2 {
					require.NoError(t, reconciler.Once(l.ctx))
				}
				d, err = l.records.GetDeployment(l.ctx, l.ref, key.ID)
				require.NoError(t, err)
				require.Equal(t, c.want, d.Outcome)
				require.Equal(t, "done", d.Phase)
				errs, err := l.records.ListDeploymentErrors(l.ctx, "acme", key.ID)
				require.NoError(t, err)
				var codes []string
				for _, e := range errs {
					codes = append(codes, e.Code)
				}
				require.Equal(t, c.codes, codes)
				nodes, err := l.records.ListNodes(l.ctx, "acme", key.ID)
				require.NoError(t, err)
				require.NotEmpty(t, nodes)
				for _, n := range nodes {
					require.False(t, n.Status == orchestrator.NodePending || n.Status == orchestrator.NodeRunning, "%s is left %s", n.Key, n.Status)
				}
				require.Equal(t, 1, l.terminalEvents(key.ID))
				require.Empty(t, engine.given, "it is not started again")
			})
		})
	}
}

// terminalEvents counts how often a deployment got a terminal status.
func (l *life) terminalEvents(id string) (n int) {
	l.t.Helper()
	events, err := l.records.ListEvents(l.ctx, "acme", id, 0, 0)
	require.NoError(l.t, err)
	for _, e := range events {
		if e.Type == "deployment.status" && orchestrator.DeploymentStatus(e.Status).Terminal() {
			n++
		}
	}
	return n
}

// TestFullQueueRefuses: one too many is a conflict with a code of its own, and
// leaves nothing behind.
func TestFullQueueRefuses(t *testing.T) {
	t.Parallel()
	l := newLife(t, sqlite(t))
	service := orchestrator.New(orchestrator.Options{Store: l.records, Workflows: l.queue, Keeper: l.keeper, Drivers: l.drivers, Log: quiet, QueueLimit: 3})
	var last *orchestrator.Deployment
	for range 3 {
		last = l.accept(service)
	}
	setID, err := l.records.PutSet(l.ctx, "acme", "shop", deployset.Set{})
	require.NoError(t, err)
	request := orchestrator.DeploymentRequest{SetID: setID}
	_, err = service.CreateDeployment(l.ctx, l.ref, request)
	var refused *orchestrator.Error
	require.ErrorAs(t, err, &refused)
	require.Equal(t, orchestrator.CodeConflict, refused.Code)
	require.Equal(t, orchestrator.ReasonQueueFull, refused.Reason)
	require.Equal(t, map[string]any{"unfinished": 3, "limit": 3}, refused.Details)
	open, err := l.records.UnfinishedDeployments(l.ctx, l.ref)
	require.NoError(t, err)
	require.Len(t, open, 3)
	env, err := l.records.GetEnvironment(l.ctx, l.ref)
	require.NoError(t, err)
	require.Equal(t, last.ID, env.FromDeployID, "the base is what was accepted")

	require.NoError(t, service.SetQueuePolicy(l.ctx, l.ref, orchestrator.QueuePolicySupersede))
	l.accept(service)
	open, err = l.records.UnfinishedDeployments(l.ctx, l.ref)
	require.NoError(t, err)
	require.Len(t, open, 1, "a superseding one makes its own place")
}

// TestWaitingPages: a queue that reads page by page reads everything once.
func TestWaitingPages(t *testing.T) {
	t.Parallel()
	l := newLife(t, sqlite(t))
	var want, got []string
	for range 7 {
		want = append(want, l.accept(l.service).ID)
	}
	for after, more := "", true; more; {
		var items []orchestrator.QueueItem
		var err error
		items, more, err = l.deployer.Waiting(l.ctx, l.ref, after, 3)
		require.NoError(t, err)
		require.LessOrEqual(t, len(items), 3)
		for _, item := range items {
			got, after = append(got, item.ID), item.ID
		}
	}
	require.Equal(t, want, got)
	require.True(t, slices.IsSorted(got), fmt.Sprint(got))
}
