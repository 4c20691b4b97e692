package worker_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	enumspb "go.temporal.io/api/enums/v1"

	"github.com/slipway-dev/slipway/orchestrator"
	"github.com/slipway-dev/slipway/workflows"
)

// byHand are the moments and ways in which a person, or a Temporal that lost its
// data, ends a workflow that runs; each has an environment of its own.
var byHand = map[string]func(p *platform, ref orchestrator.EnvRef, how string){
	"the queue, a deployment runs and others wait": killQueue,
	"a deployment":                       killDeployment,
	"the destruction of a resource":      killDeletion,
	"a teardown":                         killTeardown,
	"the queue, a resource is destroyed": killQueueOfDeletion,
	"the queue, a deployment of an environment that goes": killQueueBeforeTeardown,
}

// TestEndedByHand ends each kind of workflow while it runs: each piece of work
// comes right once, in order, and never two at a time.
func TestEndedByHand(t *testing.T) {
	t.Parallel()
	eachDatabase(t, func(t *testing.T, p *platform) {
		p.forward(time.Hour) // no grace: whatever the reconciler may do it does at once
		p.reconcile()
		n := 0
		t.Run("all", func(t *testing.T) {
			for name, test := range byHand {
				ways := []string{terminated, deleted}
				if p.postgres {
					ways = ways[:1] // deleting is no different there, and takes as long
				}
				for _, how := range ways {
					n++
					ref := p.environment(fmt.Sprintf("env-%d", n))
					t.Run(name+", "+how, func(t *testing.T) {
						t.Parallel()
						q := *p
						q.t = t
						test(&q, ref, how)
					})
				}
			}
		})
		p.oneAtATime()
	})
}

// killQueue: the deployment goes on, the new queue waits for it.
func killQueue(p *platform, ref orchestrator.EnvRef, how string) {
	release := p.world.hold(ref, "deliver")
	defer release()
	first, second := p.deploy(ref), p.deploy(ref)
	p.begins(ref, first.ID, 1)
	p.kill(how, queueOf(ref))
	third := p.deploy(ref)
	p.following(ref, workflows.WorkflowID(workflows.Item{Kind: workflows.KindDeployment, ID: first.ID}))
	fourth := p.deploy(ref)
	require.Nil(p.t, p.get(second).StartedAt, "nothing begins beside it")
	release()
	p.ends(orchestrator.OutcomeSucceeded, first, second, third, fourth)
	all := []*orchestrator.Deployment{p.get(first), p.get(second), p.get(third), p.get(fourth)}
	for i := 1; i < len(all); i++ {
		require.False(p.t, all[i].StartedAt.Before(*all[i-1].FinishedAt), "%d begins before %d has ended", i+1, i)
	}
	for _, d := range all {
		require.Equal(p.t, 1, p.count("deliver "+d.ID), "each is delivered once")
	}
}

// killDeployment: its record is closed, the next one begins.
func killDeployment(p *platform, ref orchestrator.EnvRef, how string) {
	release := p.world.hold(ref, "deliver")
	defer release()
	first := p.deploy(ref)
	p.begins(ref, first.ID, 1)
	p.kill(how, "deploy:"+first.ID)
	p.ends(orchestrator.OutcomeFailed, first)
	require.Equal(p.t, "DEP-LOST", p.errors(first)[0].Code)
	p.eventually("its activity learns that it is over", func() bool { return p.inside(ref) == 0 })
	second := p.deploy(ref)
	p.begins(ref, second.ID, 1)
	release()
	p.ends(orchestrator.OutcomeSucceeded, second)
	require.Zero(p.t, p.count("deliver "+first.ID))
	require.Equal(p.t, 1, p.terminal(p.get(first)))
}

func (p *platform) inside(ref orchestrator.EnvRef) int {
	p.world.mu.Lock()
	defer p.world.mu.Unlock()
	return len(p.world.inside[ref])
}

// doomed deploys a resource, then deploys without it, and has its destruction
// held up.
func (p *platform) doomed(ref orchestrator.EnvRef) (order string, release func()) {
	p.ends(orchestrator.OutcomeSucceeded, p.deployThings(ref, "db"))
	p.ends(orchestrator.OutcomeSucceeded, p.deployThings(ref))
	resources, err := p.records.ListActiveResources(p.ctx, ref)
	require.NoError(p.t, err)
	release = p.world.hold(ref, "destroy")
	for _, r := range resources {
		if r.Key.Type != "postgres" {
			continue
		}
		_, err := p.services[0].DeleteActiveResource(p.ctx, ref, "postgres", r.GUResID, false)
		require.NoError(p.t, err)
		p.begins(ref, "destroy "+r.GUResID, 1)
		return r.GUResID, release
	}
	p.t.Fatal("no resource was made")
	return "", release
}

func (p *platform) exists(ref orchestrator.EnvRef, guresid string) bool {
	_, err := p.records.FindActiveResource(p.ctx, ref, guresid)
	require.True(p.t, err == nil || orchestrator.IsNotFound(err), err)
	return err == nil
}

// killDeletion: the order is given again when its time has come.
func killDeletion(p *platform, ref orchestrator.EnvRef, how string) {
	id, release := p.doomed(ref)
	defer release()
	p.kill(how, "resource:"+id+"/1")
	p.begins(ref, "destroy "+id, 2)
	p.eventually("the first attempt learns that it is over", func() bool { return p.inside(ref) < 2 })
	release()
	p.eventually("the resource is gone", func() bool { return !p.exists(ref, id) })
	require.Equal(p.t, 1, p.count("destroy "+id))
}

// killQueueOfDeletion: a deployment waits for the destruction that runs.
func killQueueOfDeletion(p *platform, ref orchestrator.EnvRef, how string) {
	id, release := p.doomed(ref)
	defer release()
	p.kill(how, queueOf(ref))
	d := p.deploy(ref)
	p.following(ref, "resource:"+id+"/1")
	require.Nil(p.t, p.get(d).StartedAt)
	release()
	p.ends(orchestrator.OutcomeSucceeded, d)
	require.False(p.t, p.exists(ref, id))
	require.Equal(p.t, 1, p.count("destroy "+id))
}

// killTeardown: it is started again and comes to its end.
func killTeardown(p *platform, ref orchestrator.EnvRef, how string) {
	p.ends(orchestrator.OutcomeSucceeded, p.deploy(ref))
	release := p.world.hold(ref, "remove")
	defer release()
	going, err := p.services[0].DeleteEnvironment(p.ctx, ref)
	require.NoError(p.t, err)
	require.True(p.t, going)
	p.begins(ref, "teardown", 1)
	env, err := p.records.GetEnvironment(p.ctx, ref)
	require.NoError(p.t, err)
	p.kill(how, "teardown:"+orchestrator.TeardownItem(env).ID)
	p.begins(ref, "teardown", 2)
	p.eventually("the first attempt learns that it is over", func() bool { return p.inside(ref) < 2 })
	release()
	p.gone(ref)
	require.Equal(p.t, 1, p.count("remove "+ref.String()))
}

func (p *platform) gone(ref orchestrator.EnvRef) {
	p.t.Helper()
	p.eventually(ref.String()+" is gone", func() bool {
		_, err := p.records.GetEnvironment(p.ctx, ref)
		return orchestrator.IsNotFound(err)
	})
}

// killQueueBeforeTeardown: the teardown waits for the deployment that is being
// cancelled, also in a new queue.
func killQueueBeforeTeardown(p *platform, ref orchestrator.EnvRef, how string) {
	release := p.world.hold(ref, "deliver")
	defer release()
	d := p.deploy(ref)
	p.begins(ref, d.ID, 1)
	for _, e := range p.engines {
		e.set(ref, true) // neither cancel nor teardown get through
	}
	_, err := p.services[0].DeleteEnvironment(p.ctx, ref)
	require.NoError(p.t, err)
	p.kill(how, queueOf(ref))
	for _, e := range p.engines {
		e.set(ref, false)
	}
	p.gone(ref)
	require.Equal(p.t, 1, p.count("remove "+ref.String()))
	require.Zero(p.t, p.count("deliver "+d.ID))
}

// TestQueueCancelledByHand: cancel reaches what runs, the queue holds the lock
// until that has ended, and what waits is carried out afterwards.
func TestQueueCancelledByHand(t *testing.T) {
	t.Parallel()
	p := newPlatform(t, onSQLite(t))
	p.forward(time.Minute)
	p.reconcile()
	for name, before := range map[string]func(ref orchestrator.EnvRef, running *orchestrator.Deployment){
		"its child": func(orchestrator.EnvRef, *orchestrator.Deployment) {},
		"what it follows": func(ref orchestrator.EnvRef, running *orchestrator.Deployment) {
			p.kill(terminated, queueOf(ref))
			p.following(ref, "deploy:"+running.ID)
		},
	} {
		ref := p.environment("cancel-" + name[:3])
		release := p.world.hold(ref, "deliver")
		first, second := p.deploy(ref), p.deploy(ref)
		p.begins(ref, first.ID, 1)
		before(ref, first)
		queue, err := p.client.DescribeWorkflowExecution(p.ctx, queueOf(ref), "")
		require.NoError(t, err)
		run := queue.GetWorkflowExecutionInfo().GetExecution().GetRunId()
		p.kill(cancelled, queueOf(ref))
		p.ends(orchestrator.OutcomeCancelled, first)
		release()
		p.ends(orchestrator.OutcomeSucceeded, second)

		err = p.client.GetWorkflow(p.ctx, queueOf(ref), run).Get(p.ctx, nil)
		require.Error(t, err)
		queue, err = p.client.DescribeWorkflowExecution(p.ctx, queueOf(ref), run)
		require.NoError(t, err)
		require.Equal(t, enumspb.WORKFLOW_EXECUTION_STATUS_CANCELED, queue.GetWorkflowExecutionInfo().GetStatus(), name)
		child, err := p.client.DescribeWorkflowExecution(p.ctx, "deploy:"+first.ID, "")
		require.NoError(t, err)
		require.False(t, queue.GetWorkflowExecutionInfo().GetCloseTime().AsTime().Before(child.GetWorkflowExecutionInfo().GetCloseTime().AsTime()),
			"%s: the queue ended before what it had asked to end", name)
	}
	p.oneAtATime()
}

// TestCommittedWhileTemporalWasAway: whatever was committed and not handed over
// is done, and once.
func TestCommittedWhileTemporalWasAway(t *testing.T) {
	t.Parallel()
	eachDatabase(t, func(t *testing.T, p *platform) {
		ref := p.environment("away")
		goes := p.environment("goes")
		p.ends(orchestrator.OutcomeSucceeded, p.deployThings(ref, "db"))
		p.ends(orchestrator.OutcomeSucceeded, p.deployThings(ref), p.deploy(goes))
		resources, err := p.records.ListActiveResources(p.ctx, ref)
		require.NoError(t, err)
		release := p.world.hold(p.ref, "deliver")
		defer release()
		running := p.deploy(p.ref)
		p.begins(p.ref, running.ID, 1)

		for _, e := range p.engines {
			e.set(everywhere, true)
		}
		id := ""
		for _, r := range resources {
			if r.Key.Type == "postgres" {
				id = r.GUResID
			}
		}
		_, err = p.services[0].DeleteActiveResource(p.ctx, ref, "postgres", id, false)
		require.NoError(t, err)
		one, two, three := p.deploy(ref), p.deploy(ref), p.deploy(ref)
		_, err = p.services[1].CancelDeployment(p.ctx, ref, two.ID)
		require.NoError(t, err)
		_, err = p.services[1].CancelDeployment(p.ctx, p.ref, running.ID)
		require.NoError(t, err)
		_, err = p.services[1].DeleteEnvironment(p.ctx, goes)
		require.NoError(t, err)

		p.forward(time.Minute)
		p.reconcile() // its rounds fail
		require.Never(t, func() bool { return p.get(running).Status.Terminal() || p.get(one).StartedAt != nil }, time.Second, 100*time.Millisecond)
		for _, e := range p.engines {
			e.set(everywhere, false)
		}
		p.ends(orchestrator.OutcomeCancelled, running, two)
		release()
		p.ends(orchestrator.OutcomeSucceeded, one, three)
		p.eventually("the resource is gone", func() bool { return !p.exists(ref, id) })
		p.gone(goes)
		// Nothing is done a second time by the rounds that follow.
		p.forward(24 * time.Hour)
		time.Sleep(time.Second)
		require.Equal(t, []int{1, 0, 1, 1, 1, 0}, []int{p.count("deliver " + one.ID), p.count("deliver " + two.ID), p.count("deliver " + three.ID),
			p.count("destroy " + id), p.count("remove " + goes.String()), p.count("deliver " + running.ID)})
		p.oneAtATime()
	})
}

// TestNoWorkflowIsStartedTwice: two reconcilers that race for the same rows, and
// a server that hands the same work over again, start it once.
func TestNoWorkflowIsStartedTwice(t *testing.T) {
	t.Parallel()
	p := newPlatform(t, onSQLite(t))
	for _, e := range p.engines {
		e.set(everywhere, true)
	}
	var all []*orchestrator.Deployment
	for range 6 {
		all = append(all, p.deploy(p.ref))
	}
	for _, e := range p.engines {
		e.set(everywhere, false)
	}
	p.forward(time.Minute)
	p.reconcile()
	item := orchestrator.QueueItem{Kind: orchestrator.QueueDeployment, ID: all[5].ID, Policy: orchestrator.QueuePolicyQueue}
	for range 5 {
		require.NoError(t, p.engines[0].Enqueue(context.WithoutCancel(p.ctx), p.ref, item))
	}
	p.ends(orchestrator.OutcomeSucceeded, all...)
	for i, d := range all {
		require.Equal(t, 1, p.count("deliver "+d.ID), "deployment %d", i)
	}
	p.oneAtATime()
}
