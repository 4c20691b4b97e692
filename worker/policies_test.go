package worker_test

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/slipway-dev/slipway/orchestrator"
)

// roundsVariable makes TestQueuePoliciesUnderLoad longer: how many rounds it
// plays on each database.
const roundsVariable = "SLIPWAY_TEST_QUEUE_ROUNDS"

// step is what a client does; clients of an environment work at the same time.
type step struct {
	what   string // deploy | cancel | policy | end queue
	policy orchestrator.QueuePolicy
}

// lane is one environment with its clients.
type lane struct {
	policy  orchestrator.QueuePolicy
	mixed   bool // clients change the policy, too
	clients [][]step

	ref orchestrator.EnvRef
	mu  sync.Mutex
	// What the clients saw.
	accepted []acceptance
	refused  []error
	faults   []error
}

// acceptance is a change that a client was told is accepted.
type acceptance struct{ id, module string }

// drawLane draws what happens in one environment.
func drawLane(t *rapid.T, policy orchestrator.QueuePolicy, mixed bool) *lane {
	l := &lane{policy: policy, mixed: mixed}
	kinds := []string{"deploy", "deploy", "deploy", "cancel"}
	if mixed {
		kinds = append(kinds, "policy", "end queue")
	}
	for range rapid.IntRange(2, 4).Draw(t, "clients") {
		var steps []step
		for range rapid.IntRange(2, 4).Draw(t, "steps") {
			s := step{what: rapid.SampledFrom(kinds).Draw(t, "step")}
			if s.what == "policy" {
				s.policy = rapid.SampledFrom([]orchestrator.QueuePolicy{
					orchestrator.QueuePolicyQueue, orchestrator.QueuePolicySupersede, orchestrator.QueuePolicyReject,
				}).Draw(t, "policy")
			}
			steps = append(steps, s)
		}
		l.clients = append(l.clients, steps)
	}
	return l
}

// TestQueuePoliciesUnderLoad has clients of two servers deploy, cancel, change
// the policy and end the queue at the same time, with two workers over one
// database: no accepted change is lost, the order is kept, one runs at a time,
// each ends with exactly one terminal status.
func TestQueuePoliciesUnderLoad(t *testing.T) {
	t.Parallel()
	rounds := "2"
	if long := os.Getenv(roundsVariable); long != "" {
		rounds = long
	}
	require.NoError(t, flag.Set("rapid.checks", rounds))
	require.NoError(t, flag.Set("rapid.shrinktime", "0s")) // a race is not found again by trying
	require.NoError(t, flag.Set("rapid.nofailfile", "true"))
	eachDatabase(t, func(t *testing.T, p *platform) {
		p.forward(time.Minute)
		p.reconcile()
		round := 0
		rapid.Check(t, func(rt *rapid.T) {
			round++
			var lanes []*lane
			for _, policy := range []orchestrator.QueuePolicy{
				orchestrator.QueuePolicyQueue, orchestrator.QueuePolicySupersede, orchestrator.QueuePolicyReject, orchestrator.QueuePolicyFreeze,
			} {
				lanes = append(lanes, drawLane(rt, policy, false))
			}
			lanes = append(lanes, drawLane(rt, orchestrator.QueuePolicyQueue, true))
			for i, l := range lanes {
				l.ref = p.environment(fmt.Sprintf("round-%d-%d", round, i))
				require.NoError(rt, p.services[0].SetQueuePolicy(p.ctx, l.ref, l.policy))
			}
			p.play(lanes)
			for _, l := range lanes {
				p.judge(rt, l)
			}
		})
		p.oneAtATime()
	})
}

// play runs all clients of all environments at once and waits until nothing is
// left to do.
func (p *platform) play(lanes []*lane) {
	p.t.Helper()
	var clients sync.WaitGroup
	for _, l := range lanes {
		for i, steps := range l.clients {
			deltas := make([]string, len(steps))
			modules := make([]string, len(steps))
			for s := range steps {
				modules[s] = fmt.Sprintf("m%04d", p.number.Add(1))
				deltas[s] = p.change(modules[s])
			}
			clients.Go(func() {
				for s, step := range steps {
					p.do(l, p.services[i%2], step, deltas[s], modules[s])
				}
			})
		}
	}
	clients.Wait()
	for _, l := range lanes {
		p.eventually("the queue of "+l.ref.String()+" is empty", func() bool {
			open, err := p.records.UnfinishedDeployments(p.ctx, l.ref)
			return err == nil && len(open) == 0
		})
	}
}

func (p *platform) do(l *lane, service *orchestrator.Service, s step, delta, module string) {
	var err error
	switch s.what {
	case "deploy":
		var d *orchestrator.Deployment
		d, err = service.CreateDeployment(p.ctx, l.ref, orchestrator.DeploymentRequest{DeltaID: delta})
		l.mu.Lock()
		defer l.mu.Unlock()
		if err == nil {
			l.accepted = append(l.accepted, acceptance{d.ID, module})
		} else if orchestrator.IsConflict(err) {
			l.refused = append(l.refused, err)
			err = nil
		}
	case "cancel":
		l.mu.Lock()
		defer l.mu.Unlock()
		if len(l.accepted) == 0 {
			return
		}
		_, err = service.CancelDeployment(p.ctx, l.ref, l.accepted[len(l.accepted)-1].id)
		if orchestrator.IsConflict(err) {
			err = nil // it is over
		}
	case "policy":
		err = service.SetQueuePolicy(p.ctx, l.ref, s.policy)
		l.mu.Lock()
		defer l.mu.Unlock()
	case "end queue":
		_ = p.client.TerminateWorkflow(p.ctx, queueOf(l.ref), "", "by hand") // where one runs
		return
	}
	if err != nil {
		l.faults = append(l.faults, fmt.Errorf("%s: %w", s.what, err))
	}
}

// judge holds what became of an environment against the laws.
func (p *platform) judge(t *rapid.T, l *lane) {
	require.Empty(t, l.faults, "%s", l.ref)
	if l.policy == orchestrator.QueuePolicyQueue && !l.mixed || l.policy == orchestrator.QueuePolicySupersede {
		require.Empty(t, l.refused, "%s refuses nothing", l.policy)
	}
	if l.policy == orchestrator.QueuePolicyFreeze {
		require.Empty(t, l.accepted, "%s accepts nothing", l.policy)
	}
	stored, err := p.records.ListDeployments(p.ctx, l.ref, 0)
	require.NoError(t, err)
	slices.Reverse(stored)
	p.judgeAcceptance(t, l, stored)
	p.judgeOrder(t, l, stored)
	p.judgeChanges(t, l, stored)
}

// judgeAcceptance: what was accepted is stored, nothing else is, and each ended
// exactly once, having been delivered at most once.
func (p *platform) judgeAcceptance(t *rapid.T, l *lane, stored []orchestrator.Deployment) {
	var want, got []string
	for _, a := range l.accepted {
		want = append(want, a.id)
	}
	for i := range stored {
		d := &stored[i]
		got = append(got, d.ID)
		require.True(t, d.Status.Terminal(), d.ID)
		require.Equal(t, 1, p.terminal(d), "terminal statuses of %s (%s)", d.ID, d.Outcome)
		delivered := p.count("deliver " + d.ID)
		switch d.Outcome {
		case orchestrator.OutcomeSucceeded:
			require.Equal(t, 1, delivered, "deliveries of %s", d.ID)
		case orchestrator.OutcomeCancelled, orchestrator.OutcomeSuperseded:
			require.LessOrEqual(t, delivered, 1, "deliveries of %s", d.ID)
			require.True(t, d.StartedAt != nil || delivered == 0, "%s was delivered and had not begun", d.ID)
		default:
			t.Fatalf("%s ended as %s: %v", d.ID, d.Outcome, p.errors(d))
		}
		if d.Outcome == orchestrator.OutcomeSuperseded {
			require.Nil(t, d.StartedAt, "what has begun is not superseded")
			require.True(t, l.mixed || l.policy == orchestrator.QueuePolicySupersede)
		}
	}
	slices.Sort(want)
	require.Equal(t, want, got, "accepted and stored, in %s", l.ref)
}

// judgeOrder: they ran in the order of acceptance, one after another.
func (p *platform) judgeOrder(t *rapid.T, l *lane, stored []orchestrator.Deployment) {
	var before *orchestrator.Deployment
	for i := range stored {
		d := &stored[i]
		if l.policy == orchestrator.QueuePolicyReject && i > 0 {
			require.False(t, d.CreatedAt.Before(*stored[i-1].FinishedAt), "%s was accepted while %s was unfinished", d.ID, stored[i-1].ID)
		}
		if d.StartedAt == nil {
			continue
		}
		if before != nil {
			require.False(t, d.StartedAt.Before(*before.FinishedAt), "%s began before %s had ended, in %s", d.ID, before.ID, l.ref)
		}
		before = d
	}
}

// judgeChanges: the set that the next request builds on holds every accepted
// change but those that were withdrawn before they did anything, and each
// deployment was built on an earlier one.
func (p *platform) judgeChanges(t *rapid.T, l *lane, stored []orchestrator.Deployment) {
	byID := map[string]*orchestrator.Deployment{}
	for i := range stored {
		byID[stored[i].ID] = &stored[i]
	}
	var want []string
	for _, a := range l.accepted {
		if d := byID[a.id]; d.Outcome != orchestrator.OutcomeCancelled || d.Changed {
			want = append(want, a.module)
		}
	}
	slices.Sort(want)
	env, err := p.records.GetEnvironment(p.ctx, l.ref)
	require.NoError(t, err)
	var got []string
	if env.FromDeployID != "" {
		set, err := p.records.GetSet(p.ctx, l.ref.OrgID, l.ref.AppID, byID[env.FromDeployID].SetID)
		require.NoError(t, err)
		got = slices.Sorted(maps.Keys(set.Modules))
	}
	require.Equal(t, want, got, "changes in %s", l.ref)
	for _, d := range stored {
		require.Less(t, d.FromID, d.ID, "%s builds on what came later", d.ID)
	}
}
