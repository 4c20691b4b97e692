package orchestrator_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/drivers"
	"github.com/slipway-dev/slipway/engine/policy"
	"github.com/slipway-dev/slipway/engine/resource"
	"github.com/slipway-dev/slipway/orchestrator"
)

// loss asks one other about the loss of a database.
var loss = orchestrator.Policy{
	ID: "no-loss", When: `plan.destroyed.exists(r, r.type == "postgres")`, Effect: policy.EffectApprove,
	Message: "a database would be lost", Approvals: 1, ExcludeProposer: true, Deadline: 2 * time.Hour,
}

// guardedPlanning is a life whose database is there, and whose driver replaces something of it next.
func guardedPlanning(t *testing.T, policies ...orchestrator.Policy) (*life, *planner) {
	t.Helper()
	l, driver := planning(t)
	l.deploy(needs{"db": "postgres"}, orchestrator.OutcomeSucceeded)
	driver.applied = nil
	driver.says = replaces
	for _, p := range policies {
		p.OrgID = "acme"
		_, err := l.service.PutPolicy(l.ctx, p)
		require.NoError(t, err)
	}
	return l, driver
}

func replaces(drivers.Request) (drivers.Plan, error) {
	return drivers.Plan{Summary: "1 to replace", Changes: []drivers.Change{{Action: "replace", Address: "x.a", Kind: "x"}}}, nil
}

func (l *life) look(key orchestrator.DeploymentKey) orchestrator.GateState {
	l.t.Helper()
	answer, err := l.deployer.Gate(l.ctx, key)
	require.NoError(l.t, err)
	return answer.State
}

// heavy is the node of the database, with everything before it done.
func (l *life) heavy(key orchestrator.DeploymentKey) int {
	l.t.Helper()
	advance, err := l.deployer.Advance(l.ctx, key)
	require.NoError(l.t, err)
	require.Len(l.t, advance.Heavy, 1)
	return advance.Heavy[0]
}

// try runs a node once, and says whether it waits for people.
func (l *life) try(key orchestrator.DeploymentKey, ordinal int) (waits bool) {
	l.t.Helper()
	wait, err := l.deployer.ProvisionNode(l.ctx, key, ordinal)
	require.NoError(l.t, err)
	return wait > 0
}

func (l *life) node(key orchestrator.DeploymentKey, ordinal int) orchestrator.Node {
	l.t.Helper()
	nodes, err := l.records.ListNodes(l.ctx, "acme", key.ID)
	require.NoError(l.t, err)
	return nodes[ordinal]
}

func (l *life) decide(id, decision string) error {
	_, err := l.service.DecideDeployment(person(l.t, "ben", nil), l.ref, id, orchestrator.DecisionRequest{Decision: decision, Comment: "looked at it"})
	return err
}

// again is a new worker: it knows only the records.
func (l *life) again() {
	l.gated(nil)
}

// TestPlansOfDeferredNodesWaitForPeople: what nobody could look at before the deployment began is looked at when it is known.
func TestPlansOfDeferredNodesWaitForPeople(t *testing.T) {
	t.Parallel()
	l, driver := guardedPlanning(t, loss)
	key := l.begin(needs{"db": "postgres"})
	require.Equal(t, orchestrator.GatePassed, l.look(key), "what drivers would do is not known yet")
	ordinal := l.heavy(key)
	require.True(t, l.try(key, ordinal))
	planned := l.node(key, ordinal)
	require.Equal(t, orchestrator.NodePending, planned.Status)
	waiting, err := l.service.WaitingIn(l.ctx, l.ref)
	require.NoError(t, err)
	require.Len(t, waiting[key.ID], 1)
	require.Equal(t, "postgres.default#shared.db", waiting[key.ID][0].Node)
	require.Equal(t, "1 to replace", waiting[key.ID][0].Summary)
	require.Equal(t, planned.PlanID, waiting[key.ID][0].Fingerprint)

	l.again()
	require.True(t, l.try(key, ordinal), "a worker that died forgets nothing")
	require.Equal(t, planned.PlanID, l.node(key, ordinal).PlanID, "it has planned once")
	require.Empty(t, driver.applied)
	require.NoError(t, l.decide(key.ID, orchestrator.DecisionApprove))
	l.again()
	require.False(t, l.try(key, ordinal))
	require.Equal(t, []string{"shared.db " + planned.PlanID}, driver.applied, "what was approved is what is applied")
	require.False(t, l.provision(key))
	l.finish(key, orchestrator.OutcomeSucceeded)
}

// TestPlansOfNodesThatNobodyAgreesTo are never applied: the node fails with the reason.
func TestPlansOfNodesThatNobodyAgreesTo(t *testing.T) {
	t.Parallel()
	denied := orchestrator.Policy{ID: "never", When: loss.When, Effect: policy.EffectDeny, Message: "no database is lost here"}
	for name, tc := range map[string]struct {
		policy orchestrator.Policy
		end    func(l *life, key orchestrator.DeploymentKey)
		says   string
	}{
		"denied": {denied, nil, "no database is lost here"},
		"rejected": {loss, func(l *life, key orchestrator.DeploymentKey) {
			require.NoError(l.t, l.decide(key.ID, orchestrator.DecisionReject))
		}, "rejected by ben: looked at it"},
		"expired": {loss, func(l *life, _ orchestrator.DeploymentKey) { l.clock += 3 * time.Hour }, "not approved in time"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l, driver := guardedPlanning(t, tc.policy)
			key := l.begin(needs{"db": "postgres"})
			require.Equal(t, orchestrator.GatePassed, l.look(key))
			ordinal := l.heavy(key)
			require.Equal(t, tc.end != nil, l.try(key, ordinal))
			if tc.end != nil {
				tc.end(l, key)
				require.False(t, l.try(key, ordinal))
			}
			n := l.node(key, ordinal)
			require.Equal(t, orchestrator.NodeFailed, n.Status)
			require.Equal(t, "RES-140", n.Error.Code)
			require.Contains(t, n.Error.Message, tc.says)
			require.False(t, l.try(key, ordinal), "asking again is harmless")
			require.True(t, l.provision(key))
			l.finish(key, orchestrator.OutcomeFailed)
			require.Empty(t, driver.applied)
			waiting, err := l.service.WaitingIn(l.ctx, l.ref)
			require.NoError(t, err)
			require.Empty(t, waiting)
			require.Error(t, l.decide(key.ID, orchestrator.DecisionApprove))
		})
	}
}

// TestCancelWhileANodeWaits: nothing is applied, whoever comes late.
func TestCancelWhileANodeWaits(t *testing.T) {
	t.Parallel()
	l, driver := guardedPlanning(t, loss)
	key := l.begin(needs{"db": "postgres"})
	l.look(key)
	ordinal := l.heavy(key)
	require.True(t, l.try(key, ordinal))
	_, err := l.service.CancelDeployment(l.ctx, l.ref, key.ID)
	require.NoError(t, err)
	require.ErrorContains(t, l.decide(key.ID, orchestrator.DecisionApprove), "is being cancelled")
	l.finish(key, orchestrator.OutcomeCancelled)
	require.False(t, l.try(key, ordinal), "an activity that comes late")
	require.Empty(t, driver.applied)
	gate, err := l.records.GetGate(l.ctx, "acme", key.ID, "postgres.default#shared.db")
	require.NoError(t, err)
	require.Equal(t, orchestrator.GateWithdrawn, gate.State)
}

// TestPlansOfNodesThatPassUnasked: what changes nothing, what no policy is about, and what cannot plan.
func TestPlansOfNodesThatPassUnasked(t *testing.T) {
	t.Parallel()
	everyChange := orchestrator.Policy{ID: "changes", When: `plan.changed.exists(r, r.type == "postgres")`, Effect: policy.EffectApprove, Approvals: 1}
	says := func(p drivers.Plan) func(drivers.Request) (drivers.Plan, error) {
		return func(drivers.Request) (drivers.Plan, error) { return p, nil }
	}
	for name, tc := range map[string]struct {
		policy orchestrator.Policy
		says   func(drivers.Request) (drivers.Plan, error)
		want   needs
		waits  bool
	}{
		"no changes":             {everyChange, says(drivers.Plan{Same: true, Summary: "no changes"}), needs{"db": "postgres"}, false},
		"only reads":             {everyChange, says(drivers.Plan{Changes: []drivers.Change{{Action: "read", Address: "data.x"}}}), needs{"db": "postgres"}, false},
		"only outputs":           {everyChange, says(drivers.Plan{Summary: "outputs change"}), needs{"db": "postgres"}, false},
		"a change":               {everyChange, nil, needs{"db": "postgres"}, true},
		"no policy is about it":  {loss, says(drivers.Plan{Changes: []drivers.Change{{Action: "update", Address: "x.a"}}}), needs{"db": "postgres"}, false},
		"it is made":             {everyChange, says(drivers.Plan{Changes: []drivers.Change{{Action: "create", Address: "x.a"}}}), needs{"db": "postgres", "more": "postgres"}, true},
		"its driver cannot plan": {everyChange, says(drivers.Plan{Same: true}), needs{"db": "postgres", "queue": "redis"}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l, driver := guardedPlanning(t, tc.policy)
			if tc.says != nil {
				driver.says = tc.says
			}
			key := l.begin(tc.want)
			require.Equal(t, orchestrator.GatePassed, l.look(key))
			advance, err := l.deployer.Advance(l.ctx, key)
			require.NoError(t, err)
			require.NotEmpty(t, advance.Heavy)
			for _, ordinal := range advance.Heavy {
				id := l.node(key, ordinal).Key.ID
				require.Equal(t, tc.waits && id == "shared.db", l.try(key, ordinal), "%s: what is made for the first time has not changed", id)
			}
		})
	}
}

// TestStoredPlansAreJudgedWithWhatDriversPlanned: the policy holds when the deployment is accepted, and the node is not asked about again.
func TestStoredPlansAreJudgedWithWhatDriversPlanned(t *testing.T) {
	t.Parallel()
	l, driver := guardedPlanning(t, loss)
	p, content := l.stored(dbSet("size", 2))
	require.Equal(t, orchestrator.PlanReady, p.Status, p.Message)
	require.Len(t, content.Plan.Policies.Requirements, 1)
	require.Equal(t, "no-loss", content.Plan.Policies.Requirements[0].Rule)
	kept := node(t, content, "db").PlanID

	key, err := l.begun(p.ID)
	require.NoError(t, err)
	require.Equal(t, orchestrator.GateWaiting, l.look(key))
	gate, err := l.records.GetGate(l.ctx, "acme", key.ID, "")
	require.NoError(t, err)
	require.Equal(t, []policy.Resource{{Type: "postgres", Class: "default", ID: "shared.db", Def: "database", Driver: "test/planner"}}, gate.Input.Plan.Destroyed)
	_, err = l.deployer.Advance(l.ctx, key)
	require.ErrorContains(t, err, "is not approved (waiting)")
	require.NoError(t, l.decide(key.ID, orchestrator.DecisionApprove))
	require.Equal(t, orchestrator.GatePassed, l.look(key))
	require.False(t, l.provision(key))
	l.finish(key, orchestrator.OutcomeSucceeded)
	require.Equal(t, []string{"shared.db " + kept}, driver.applied)
	gates, err := l.records.ListGates(l.ctx, "acme", key.ID)
	require.NoError(t, err)
	require.Len(t, gates, 1, "its node was not asked about")
}

// TestPlansOfANewSideAreNoChange: what another driver makes anew is replaced, for its own plan, too.
func TestPlansOfANewSideAreNoChange(t *testing.T) {
	t.Parallel()
	l, _ := planning(t)
	l.deploy(needs{"queue": "redis"}, orchestrator.OutcomeSucceeded)
	_, err := l.service.PutPolicy(l.ctx, orchestrator.Policy{
		OrgID: "acme", ID: "replaced", When: `plan.replaced.exists(r, r.type == "redis") && !plan.changed.exists(r, r.type == "redis")`, Effect: policy.EffectApprove, Approvals: 1,
	})
	require.NoError(t, err)
	l.match("queue", resource.Criteria{ResID: "never"})
	l.define("planned-queue", "redis", "test/planner", nil, resource.Criteria{})
	key := l.begin(needs{"queue": "redis"})
	require.Equal(t, orchestrator.GateWaiting, l.look(key))
	require.NoError(t, l.decide(key.ID, orchestrator.DecisionApprove))
	require.Equal(t, orchestrator.GatePassed, l.look(key))
	ordinal := l.heavy(key)
	require.True(t, l.try(key, ordinal), "its own plan is asked about as one that replaces")
	waiting, err := l.service.WaitingIn(l.ctx, l.ref)
	require.NoError(t, err)
	require.Equal(t, "redis.default#shared.queue", waiting[key.ID][0].Node)
}
