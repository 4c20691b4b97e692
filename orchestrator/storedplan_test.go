package orchestrator_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/drivers"
	"github.com/slipway-dev/slipway/engine/deployset"
	"github.com/slipway-dev/slipway/engine/resource"
	"github.com/slipway-dev/slipway/internal/runner/record"
	"github.com/slipway-dev/slipway/orchestrator"
)

// planner is a driver that plans, keeps its plans where Terraform's are, and has states.
type planner struct {
	thing
	l  *life
	mu sync.Mutex
	// says is what it plans; nil is one change.
	says    func(r drivers.Request) (drivers.Plan, error)
	applied []string // the plans that Provision was given
	runs    int
}

// run does something as a run of a resource.
func (p *planner) run(guresid string, do func(r *record.Run)) {
	p.runs++
	now := time.Now()
	r := &record.Run{OrgID: "acme", ID: fmt.Sprintf("run-%s-%d", guresid, p.runs), GUResID: guresid, CreatedAt: now}
	require.NoError(p.l.t, p.l.records.CreateRun(p.l.ctx, r))
	taken, err := p.l.records.AcquireRun(p.l.ctx, r, "test", now, now, now.Add(time.Minute))
	require.NoError(p.l.t, err)
	require.True(p.l.t, taken)
	do(r)
	r.Status, r.FinishedAt = record.Succeeded, now
	require.NoError(p.l.t, p.l.records.FinishRun(p.l.ctx, r))
}

func (p *planner) state(guresid string) record.State {
	state, err := p.l.records.GetState(p.l.ctx, "acme", guresid)
	if orchestrator.IsNotFound(err) || state == nil {
		return record.State{}
	}
	require.NoError(p.l.t, err)
	return *state
}

// step is what somebody does to a resource: its state gets the next serial.
func (p *planner) step(guresid string) {
	state := p.state(guresid)
	p.run(guresid, func(r *record.Run) {
		_, err := p.l.records.PutState(p.l.ctx, r, &record.State{
			OrgID: "acme", GUResID: guresid, Lineage: "line", Serial: state.Serial + 1, Sealed: []byte("s"), UpdatedAt: time.Now(),
		})
		require.NoError(p.l.t, err)
	})
}

func (p *planner) Plan(_ context.Context, r drivers.Request) (drivers.Plan, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	plan := drivers.Plan{Summary: "1 to change", Changes: []drivers.Change{{Action: "create", Address: "x.a", Kind: "x"}}}
	if p.says != nil {
		var err error
		if plan, err = p.says(r); err != nil {
			return plan, err
		}
	}
	if plan.ID == "none" {
		plan.ID = ""
		return plan, nil
	}
	state := p.state(r.GUResID)
	p.run(r.GUResID, func(run *record.Run) {
		plan.ID = "plan-" + run.ID
		require.NoError(p.l.t, p.l.records.PutPlan(p.l.ctx, run, &record.Plan{
			OrgID: "acme", ID: plan.ID, GUResID: r.GUResID, Status: record.PlanOpen, Lineage: state.Lineage, Serial: state.Serial,
			Sealed: []byte("s"), CreatedAt: time.Now(),
		}, 5, time.Time{}))
	})
	return plan, nil
}

func (p *planner) Provision(ctx context.Context, r drivers.Request) (drivers.Result, error) {
	p.mu.Lock()
	p.applied = append(p.applied, r.ID+" "+r.PlanID)
	p.step(r.GUResID)
	p.mu.Unlock()
	return p.thing.Provision(ctx, r)
}

// planned is a life with a database whose driver plans, and a queue whose driver cannot.
func planning(t *testing.T) (*life, *planner) {
	t.Helper()
	l := newLife(t, sqlite(t))
	driver := &planner{thing: thing{"planner", l.at}, l: l}
	known, _ := l.drivers.(knownDrivers)
	require.NoError(t, known.Register(drivers.Descriptor{ID: "test/planner", Kind: drivers.Heavy, AccountTypes: []string{"aws"}}, driver))
	l.define("database", "postgres", "test/planner", nil, resource.Criteria{})
	l.define("queue", "redis", "test/one", nil, resource.Criteria{})
	one := "1"
	_, err := l.service.CreateValue(l.ctx, orchestrator.EnvRef{OrgID: "acme", AppID: "shop"}, orchestrator.NewValue{Key: "SIZE", Value: &one})
	require.NoError(t, err)
	return l, driver
}

// stored makes a plan for a set, and returns what it shows.
func (l *life) stored(shared map[string]any) (*orchestrator.StoredPlan, orchestrator.PlanContent) {
	l.t.Helper()
	set := deployset.Set{Shared: map[string]any{}}
	for id, v := range shared {
		set.Shared[id] = v
	}
	setID, err := l.records.PutSet(l.ctx, "acme", "shop", set)
	require.NoError(l.t, err)
	p, err := l.service.CreatePlan(l.ctx, l.ref, orchestrator.DeploymentRequest{SetID: setID})
	require.NoError(l.t, err)
	return l.make(p)
}

func (l *life) make(p *orchestrator.StoredPlan) (*orchestrator.StoredPlan, orchestrator.PlanContent) {
	l.t.Helper()
	_, err := l.service.MakePlan(l.ctx, p.Key(), l.deployer)
	require.NoError(l.t, err)
	p, err = l.service.GetPlan(l.ctx, l.ref, p.ID)
	require.NoError(l.t, err)
	content, err := p.Shown()
	require.NoError(l.t, err)
	return p, content
}

// node is the plan of one shared resource.
func node(t *testing.T, c orchestrator.PlanContent, id string) orchestrator.NodePlan {
	t.Helper()
	for _, n := range c.Nodes {
		if n.Key.ID == "shared."+id {
			return n
		}
	}
	t.Fatalf("no node %s among %v", id, c.Nodes)
	return orchestrator.NodePlan{}
}

func (l *life) begun(plan string) (orchestrator.DeploymentKey, error) {
	l.t.Helper()
	d, err := l.service.CreateDeployment(l.ctx, l.ref, orchestrator.DeploymentRequest{Plan: plan})
	if err != nil {
		return orchestrator.DeploymentKey{}, err
	}
	key := orchestrator.DeploymentKey{EnvRef: l.ref, ID: d.ID}
	_, err = l.deployer.Plan(l.ctx, key)
	return key, err
}

func dbSet(extra ...any) map[string]any {
	params := map[string]any{}
	for i := 0; i+1 < len(extra); i += 2 {
		params[extra[i].(string)] = extra[i+1]
	}
	return map[string]any{"db": map[string]any{"type": "postgres", "params": params}}
}

// TestStoredPlanIsAppliedAsItWasShown: the driver gets the plan that it has kept, for the resource that was named.
func TestStoredPlanIsAppliedAsItWasShown(t *testing.T) {
	t.Parallel()
	l, driver := planning(t)
	p, content := l.stored(map[string]any{
		"db":    map[string]any{"type": "postgres"},
		"queue": map[string]any{"type": "redis"},
		"other": map[string]any{"type": "postgres", "params": map[string]any{"host": "${shared.db.host}"}},
	})
	require.Equal(t, orchestrator.PlanReady, p.Status, p.Message)
	shown, later, cannot := node(t, content, "db"), node(t, content, "other"), node(t, content, "queue")
	require.Equal(t, orchestrator.NodePlanned, shown.State)
	require.Equal(t, map[string]int{"create": 1}, shown.Counts)
	require.Equal(t, orchestrator.NodeDeferred, later.State)
	require.Equal(t, "it is called with an output of postgres.default#shared.db, which is not known before that is there", later.Reason)
	require.Equal(t, orchestrator.NodeDeferred, cannot.State)
	require.Equal(t, "its driver cannot plan", cannot.Reason)
	for _, done := range l.at.took() {
		require.Contains(t, done, " light ", "only drivers that compute are called")
	}

	key, err := l.begun(p.ID)
	require.NoError(t, err)
	require.False(t, l.provision(key))
	l.finish(key, orchestrator.OutcomeSucceeded)
	res, err := l.records.GetActiveResource(l.ctx, l.ref, shown.Key)
	require.NoError(t, err)
	require.Equal(t, shown.GUResID, res.GUResID)
	require.Len(t, driver.applied, 2)
	require.Equal(t, "shared.db "+shown.PlanID, driver.applied[0])
	require.Regexp(t, "^shared.other plan-run-", driver.applied[1], "it has planned when its turn came")
	p, err = l.service.GetPlan(l.ctx, l.ref, p.ID)
	require.NoError(t, err)
	require.Equal(t, key.ID, p.DeploymentID)
	content, err = p.Shown()
	require.NoError(t, err)
	later = node(t, content, "other")
	require.Equal(t, "planned when its turn came in deployment "+key.ID, later.Reason)
	require.Equal(t, map[string]int{"create": 1}, later.Counts)

	_, err = l.begun(p.ID)
	require.ErrorContains(t, err, "the Terraform state of resource postgres.default#shared.db is another one", "not twice")
}

// TestStoredPlanKnowsWhatStays: outputs of what does not change are there for what depends on them.
func TestStoredPlanKnowsWhatStays(t *testing.T) {
	t.Parallel()
	l, driver := planning(t)
	l.deploy(needs{"db": "postgres"}, orchestrator.OutcomeSucceeded)
	driver.says = func(r drivers.Request) (drivers.Plan, error) {
		return drivers.Plan{Same: r.ID == "shared.db", Summary: "no changes"}, nil
	}
	_, content := l.stored(map[string]any{
		"db":    map[string]any{"type": "postgres"},
		"other": map[string]any{"type": "postgres", "params": map[string]any{"host": "${shared.db.host}"}},
	})
	require.True(t, node(t, content, "db").Same)
	require.Equal(t, orchestrator.NodePlanned, node(t, content, "other").State, node(t, content, "other").Reason)
}

// TestStoredPlanOfWhatWouldFail shows why, and cannot be deployed.
func TestStoredPlanOfWhatWouldFail(t *testing.T) {
	t.Parallel()
	l, driver := planning(t)
	driver.says = func(drivers.Request) (drivers.Plan, error) {
		return drivers.Plan{}, &drivers.Error{Code: "RES-100", Message: "no such region"}
	}
	p, content := l.stored(dbSet())
	require.Equal(t, orchestrator.PlanReady, p.Status)
	require.Equal(t, []string{"resource postgres.default#shared.db: no such region"}, content.Plan.Problems)
	_, err := l.begun(p.ID)
	require.Equal(t, orchestrator.CodeConflict, orchestrator.CodeOf(err))
	require.ErrorContains(t, err, "says that the deployment would fail")
}

// TestStoredPlanIsVoidWhenTheWorldMoved moves each part of it, before the deployment is accepted and after.
func TestStoredPlanIsVoidWhenTheWorldMoved(t *testing.T) {
	t.Parallel()
	values := orchestrator.EnvRef{OrgID: "acme", AppID: "shop"}
	cases := map[string]struct {
		move  func(l *life, driver *planner, c orchestrator.PlanContent, p *orchestrator.StoredPlan)
		says  string
		later bool // only the worker finds it
	}{
		"definition": {func(l *life, _ *planner, _ orchestrator.PlanContent, _ *orchestrator.StoredPlan) {
			_, err := l.service.PatchDefinition(l.ctx, "acme", "database", orchestrator.DefinitionPatch{DriverInputs: &orchestrator.DriverInputsRequest{Values: map[string]any{"by": "other"}}})
			require.NoError(l.t, err)
		}, "definitions, their matching", false},
		"shared value": {func(l *life, _ *planner, _ orchestrator.PlanContent, _ *orchestrator.StoredPlan) {
			two := "2"
			_, err := l.service.PatchValue(l.ctx, values, "SIZE", orchestrator.ValueUpdate{Value: &two})
			require.NoError(l.t, err)
		}, "shared values have changed", false},
		"secret version": {func(l *life, _ *planner, _ orchestrator.PlanContent, _ *orchestrator.StoredPlan) {
			next := "next"
			_, err := l.service.PatchValue(l.ctx, values, "TOKEN", orchestrator.ValueUpdate{Value: &next})
			require.NoError(l.t, err)
		}, "shared values have changed", false},
		"state serial": {func(_ *life, driver *planner, c orchestrator.PlanContent, _ *orchestrator.StoredPlan) {
			driver.step(node(driver.l.t, c, "db").GUResID)
		}, "the Terraform state of resource postgres.default#shared.db has changed: it was at serial 1 and is at 2", false},
		"base": {func(l *life, _ *planner, _ orchestrator.PlanContent, _ *orchestrator.StoredPlan) {
			l.deploy(needs{"db": "postgres"}, orchestrator.OutcomeSucceeded)
		}, "the Terraform state of resource", false},
		"resource deleted": {func(l *life, _ *planner, c orchestrator.PlanContent, _ *orchestrator.StoredPlan) {
			_, err := l.service.DeleteActiveResource(l.ctx, l.ref, "postgres", node(l.t, c, "db").Key.ID, true)
			require.NoError(l.t, err)
		}, "resources of the environment have changed", false},
		"resource pinned": {func(l *life, _ *planner, c orchestrator.PlanContent, _ *orchestrator.StoredPlan) {
			def, err := l.service.GetDefinition(l.ctx, "acme", "database", false)
			require.NoError(l.t, err)
			_, err = l.service.PinActiveResource(l.ctx, l.ref, "postgres", node(l.t, c, "db").Key.ID, &def.ActiveVersionID)
			require.NoError(l.t, err)
		}, "have changed", false},
		"newer plans": {func(l *life, _ *planner, _ orchestrator.PlanContent, _ *orchestrator.StoredPlan) {
			for i := range 5 {
				l.stored(dbSet("n", i))
			}
		}, "is not kept any more", false},
		"expired": {func(l *life, _ *planner, _ orchestrator.PlanContent, p *orchestrator.StoredPlan) {
			l.clock += 25 * time.Hour
			wait, err := l.service.EndPlan(l.ctx, p.Key(), "")
			require.NoError(l.t, err)
			require.Zero(l.t, wait)
		}, "it has expired", false},
		"account": {func(l *life, _ *planner, _ orchestrator.PlanContent, _ *orchestrator.StoredPlan) {
			l.account("other")
		}, "the inputs of resource postgres.default#shared.db are others: a secret, an account", true},
	}
	for name, tc := range cases {
		for _, accepted := range []bool{false, true} {
			if tc.later && !accepted || accepted && (name == "base" || name == "newer plans" || name == "resource deleted") {
				continue // the queue takes one after the other
			}
			t.Run(fmt.Sprintf("%s/accepted=%v", name, accepted), func(t *testing.T) {
				t.Parallel()
				l, driver := planning(t)
				l.account("first")
				secret := "first"
				_, err := l.service.CreateValue(l.ctx, values, orchestrator.NewValue{Key: "TOKEN", Value: &secret, IsSecret: true})
				require.NoError(t, err)
				account := "cloud"
				_, err = l.service.PatchDefinition(l.ctx, "acme", "database", orchestrator.DefinitionPatch{DriverAccount: &account})
				require.NoError(t, err)
				l.deploy(needs{"db": "postgres"}, orchestrator.OutcomeSucceeded)
				applied := len(driver.applied)
				p, content := l.stored(dbSet("x", 1))
				require.Equal(t, orchestrator.PlanReady, p.Status, p.Message)
				_, unmoved, err := l.service.GetPlanNow(l.ctx, l.ref, p.ID)
				require.NoError(t, err)
				require.Empty(t, unmoved)
				if !accepted {
					tc.move(l, driver, content, p)
					applied = len(driver.applied)
					now, moved, err := l.service.GetPlanNow(l.ctx, l.ref, p.ID)
					require.NoError(t, err)
					if now.Status == orchestrator.PlanReady {
						require.Contains(t, strings.Join(moved, "; "), tc.says, "who looks at it is told before")
					}
					_, err = l.begun(p.ID)
					require.Equal(t, orchestrator.CodeConflict, orchestrator.CodeOf(err), "%v", err)
					require.ErrorContains(t, err, tc.says)
				} else {
					d, err := l.service.CreateDeployment(l.ctx, l.ref, orchestrator.DeploymentRequest{Plan: p.ID})
					require.NoError(t, err)
					tc.move(l, driver, content, p)
					_, err = l.deployer.Plan(l.ctx, orchestrator.DeploymentKey{EnvRef: l.ref, ID: d.ID})
					require.ErrorContains(t, err, "the plan is void")
					causes, err := l.records.ListDeploymentErrors(l.ctx, "acme", d.ID)
					require.NoError(t, err)
					require.Equal(t, orchestrator.ReasonPlanStale, causes[0].Code)
					require.Contains(t, causes[0].Message, tc.says)
					nodes, err := l.records.ListNodes(l.ctx, "acme", d.ID)
					require.NoError(t, err)
					require.Empty(t, nodes)
				}
				require.Len(t, driver.applied, applied, "nothing was done")
			})
		}
	}
}

// account stores credentials under the account that the database uses.
func (l *life) account(secret string) {
	l.t.Helper()
	content := map[string]any{"aws_access_key_id": "id", "aws_secret_access_key": secret}
	_, err := l.service.CreateResourceAccount(l.ctx, "acme", orchestrator.ResourceAccount{ID: "cloud", Name: "cloud", Type: "aws"}, content, orchestrator.AccountOptions{})
	if orchestrator.IsConflict(err) {
		_, err = l.service.ChangeResourceAccount(l.ctx, "acme", "cloud", nil, content, orchestrator.AccountOptions{})
	}
	require.NoError(l.t, err)
}

// judge is a gate that decides as it is told.
type judge struct {
	verdict orchestrator.NodeVerdict
	asked   []string
}

func (j *judge) Gated(context.Context, orchestrator.DeploymentKey) (bool, error) { return true, nil }

func (j *judge) PassNode(_ context.Context, _ orchestrator.DeploymentKey, _ int, p orchestrator.NodePlan) (orchestrator.NodeVerdict, error) {
	j.asked = append(j.asked, p.Key.ID+" "+p.PlanID)
	return j.verdict, nil
}

// TestDeferredNodesPassTheGate: the real plan waits, passes, and is what is applied; or it is never applied.
func TestDeferredNodesPassTheGate(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		unkept bool
		denied string
	}{"passes": {}, "denied": {denied: "no new databases on Fridays"}, "not kept": {unkept: true}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l, driver := planning(t)
			if tc.unkept {
				driver.says = func(drivers.Request) (drivers.Plan, error) { return drivers.Plan{ID: "none"}, nil }
			}
			gate := &judge{verdict: orchestrator.NodeVerdict{Wait: time.Minute}}
			l.gated(gate)
			key := l.begin(needs{"db": "postgres"})
			advance, err := l.deployer.Advance(l.ctx, key)
			require.NoError(t, err)
			require.Len(t, advance.Heavy, 1)
			for range 2 {
				wait, err := l.deployer.ProvisionNode(l.ctx, key, advance.Heavy[0])
				require.NoError(t, err)
				if tc.unkept {
					require.Zero(t, wait)
					continue
				}
				require.Equal(t, time.Minute, wait)
			}
			require.Empty(t, driver.applied)
			gate.verdict = orchestrator.NodeVerdict{Denied: tc.denied}
			require.Equal(t, tc.denied != "" || tc.unkept, l.provision(key))
			if tc.denied != "" || tc.unkept {
				require.Empty(t, driver.applied)
				nodes, err := l.records.ListNodes(l.ctx, "acme", key.ID)
				require.NoError(t, err)
				require.Contains(t, nodes[advance.Heavy[0]].Error.Message, map[bool]string{true: "cannot keep the plan", false: tc.denied}[tc.unkept])
				return
			}
			require.Equal(t, gate.asked[0], driver.applied[0], "what has passed is what is applied")
			require.Len(t, gate.asked, 3)
			require.Equal(t, gate.asked[0], gate.asked[2], "it has planned once")
		})
	}
}

// TestPlansAreCancelledAndForgotten: what drivers keep goes with the plan.
func TestPlansAreCancelledAndForgotten(t *testing.T) {
	t.Parallel()
	l, _ := planning(t)
	p, content := l.stored(dbSet())
	kept := node(t, content, "db")
	found, err := l.records.DriverPlans(l.ctx, "acme", []string{kept.PlanID})
	require.NoError(t, err)
	require.Len(t, found, 1)
	cancelled, err := l.service.CancelPlan(l.ctx, l.ref, p.ID)
	require.NoError(t, err)
	require.Equal(t, orchestrator.PlanCancelled, cancelled.Status)
	_, err = l.service.CancelPlan(l.ctx, l.ref, p.ID)
	require.NoError(t, err, "harmless")
	_, err = l.begun(p.ID)
	require.ErrorContains(t, err, "it is cancelled")
	_, err = l.service.EndPlan(l.ctx, p.Key(), "cancelled")
	require.NoError(t, err)
	found, err = l.records.DriverPlans(l.ctx, "acme", []string{kept.PlanID})
	require.NoError(t, err)
	require.Empty(t, found)
	runs, err := l.records.ListRuns(l.ctx, "acme", kept.GUResID, 0)
	require.NoError(t, err)
	require.Empty(t, runs, "the resource was never made")

	p, err = l.service.CreatePlan(l.ctx, l.ref, orchestrator.DeploymentRequest{})
	require.NoError(t, err)
	_, err = l.service.CancelPlan(l.ctx, l.ref, p.ID)
	require.NoError(t, err)
	p, _ = l.make(p)
	require.Equal(t, orchestrator.PlanCancelled, p.Status, "it was cancelled while it was made")
}

// TestAPlanMadeWhileTheWorldMoves is none.
func TestAPlanMadeWhileTheWorldMoves(t *testing.T) {
	t.Parallel()
	l, driver := planning(t)
	driver.says = func(drivers.Request) (drivers.Plan, error) {
		two := "2"
		_, err := l.service.PatchValue(l.ctx, orchestrator.EnvRef{OrgID: "acme", AppID: "shop"}, "SIZE", orchestrator.ValueUpdate{Value: &two})
		return drivers.Plan{}, err
	}
	p, _ := l.stored(dbSet())
	require.Equal(t, orchestrator.PlanFailed, p.Status)
	require.Contains(t, p.Message, "while it was made, shared values have changed")
}

// TestPlansTellNoSecrets: neither of what drivers are given, nor of what they say.
func TestPlansTellNoSecrets(t *testing.T) {
	t.Parallel()
	l, driver := planning(t)
	const secret = "canary-3f9a"
	l.account(secret)
	account := "cloud"
	_, err := l.service.PatchDefinition(l.ctx, "acme", "database", orchestrator.DefinitionPatch{DriverAccount: &account})
	require.NoError(t, err)
	driver.says = func(r drivers.Request) (drivers.Plan, error) {
		require.Contains(t, fmt.Sprint(r.Secrets), secret)
		return drivers.Plan{Summary: "with " + secret, Changes: []drivers.Change{{Action: "create", Address: "x[" + secret + "]", Detail: secret}}}, nil
	}
	p, content := l.stored(dbSet())
	require.Equal(t, orchestrator.NodePlanned, node(t, content, "db").State)
	require.NotContains(t, string(p.Content), secret)
	driver.says = func(drivers.Request) (drivers.Plan, error) {
		return drivers.Plan{}, &drivers.Error{Message: "refused with " + secret}
	}
	p, _ = l.stored(dbSet())
	require.NotContains(t, string(p.Content), secret)
}

// TestPlansGoWithTheirEnvironment leaves nothing of what drivers have kept.
func TestPlansGoWithTheirEnvironment(t *testing.T) {
	t.Parallel()
	l, _ := planning(t)
	_, content := l.stored(dbSet())
	kept := node(t, content, "db")
	_, err := l.service.DeleteApplication(l.ctx, "acme", "shop")
	require.NoError(t, err)
	_, err = l.deployer.Teardown(l.ctx, l.ref)
	require.NoError(t, err)
	found, err := l.records.DriverPlans(l.ctx, "acme", []string{kept.PlanID})
	require.NoError(t, err)
	require.Empty(t, found)
	runs, err := l.records.ListRuns(l.ctx, "acme", kept.GUResID, 0)
	require.NoError(t, err)
	require.Empty(t, runs)
}

// TestAPlanGoesOnAfterItsWorkerDied: new resources keep the ids that their drivers have planned with.
func TestAPlanGoesOnAfterItsWorkerDied(t *testing.T) {
	t.Parallel()
	l, driver := planning(t)
	seen := map[string]bool{}
	died := false
	driver.says = func(r drivers.Request) (drivers.Plan, error) {
		seen[r.GUResID] = true
		if r.ID == "shared.other" && !died {
			died = true
			return drivers.Plan{}, context.DeadlineExceeded // of the surroundings
		}
		return drivers.Plan{Same: true}, nil
	}
	set := deployset.Set{Shared: dbSet()}
	set.Shared["other"] = map[string]any{"type": "postgres"}
	id, err := l.records.PutSet(l.ctx, "acme", "shop", set)
	require.NoError(t, err)
	p, err := l.service.CreatePlan(l.ctx, l.ref, orchestrator.DeploymentRequest{SetID: id})
	require.NoError(t, err)
	_, err = l.service.MakePlan(l.ctx, p.Key(), l.deployer)
	require.Error(t, err)
	p, _ = l.make(p)
	require.Equal(t, orchestrator.PlanReady, p.Status, p.Message)
	require.Len(t, seen, 2, "the same two resources")
}
