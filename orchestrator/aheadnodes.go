package orchestrator

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/slipway-dev/slipway/drivers"
	"github.com/slipway-dev/slipway/engine/manifest"
)

const (
	// planAtOnce bounds how many drivers of one plan work in parallel.
	planAtOnce = 4
	// planOneWithin bounds the planning of one node, planAllWithin that of all, less
	// than an attempt of the activity has: what there is no time for is deferred.
	planOneWithin = 20 * time.Minute
	planAllWithin = 50 * time.Minute
)

// PlanDrivers asks drivers what they would do. The Deployer does, as workers have
// drivers and servers have not.
type PlanDrivers interface {
	// PlanAhead decides for every node of a deployment that is not there yet what can be
	// said about it. It reports each step that takes time; a call that is repeated with
	// the same ScanID may follow what the first has begun.
	PlanAhead(ctx context.Context, in PlanInput, progress func([]NodePlan) error) (*PlannedAhead, error)
}

var _ PlanDrivers = (*Deployer)(nil)

// PlannedAhead is all that can be known of a deployment that is not there yet.
type PlannedAhead struct {
	Nodes []NodePlan
	// Objects are what would be delivered, with texts in place of what is not known;
	// Unknown are the paths of those by Object.Ref.
	Objects []manifest.Object
	Unknown map[string][]string
	// Notes say which objects cannot be told, Problems why the deployment would fail.
	Notes, Problems []string
	// Target is where they would be delivered to; nil when that is not known.
	Target *Target
	// Hidden are secret outputs that are known.
	Hidden []string
}

// PlanAhead does what PlanDrivers asks for. It stores nothing, and what drivers
// keep of their plans is named in the nodes.
func (d *Deployer) PlanAhead(ctx context.Context, in PlanInput, progress func([]NodePlan) error) (*PlannedAhead, error) {
	a, err := d.lookAhead(ctx, in)
	if err != nil {
		return nil, err
	}
	// A repeated attempt takes the same ids for what is new.
	if err := progress(slices.Clone(a.nodes)); err != nil {
		return nil, err
	}
	budget, stop := context.WithTimeout(ctx, planAllWithin)
	defer stop()
	for {
		heavy, err := a.computeAll(ctx)
		if err != nil {
			return nil, err
		}
		if len(heavy) == 0 {
			break
		}
		if err := a.planAll(ctx, budget, heavy); err != nil {
			return nil, err
		}
		if err := progress(slices.Clone(a.nodes)); err != nil {
			return nil, err
		}
	}
	out := &PlannedAhead{Nodes: a.nodes}
	for i := range a.nodes {
		if n := &a.nodes[i]; n.State == NodeUnplannable {
			out.Problems = append(out.Problems, fmt.Sprintf("resource %s: %s", n.Key, n.Reason))
		}
	}
	if len(out.Problems) > 0 {
		return out, nil
	}
	return out, a.render(ctx, out)
}

// planAll has the drivers of some nodes plan, several at once.
func (a *ahead) planAll(ctx, budget context.Context, heavy []*Node) error {
	calls := make([]*driverCall, len(heavy))
	for i, n := range heavy { // the run is not safe for several at once
		var err error
		if calls[i], err = a.inputs(ctx, n); err != nil {
			return err
		}
	}
	plans := make([]drivers.Plan, len(heavy))
	failures := make([]error, len(heavy))
	group, inner := errgroup.WithContext(ctx)
	group.SetLimit(planAtOnce)
	for i, call := range calls {
		if call == nil {
			continue
		}
		group.Go(func() error {
			plans[i], failures[i] = planOne(inner, budget, call)
			return nil
		})
	}
	_ = group.Wait()
	if ctx.Err() != nil {
		return ctx.Err()
	}
	for i, n := range heavy {
		if calls[i] == nil {
			continue
		}
		if err := a.planned(ctx, n, calls[i], plans[i], failures[i]); err != nil {
			return err
		}
	}
	return nil
}

// errCannotPlan is of a driver that only says afterwards what it has done, and
// errNoTime of one that was not asked or has not answered in time.
var (
	errCannotPlan = errors.New("its driver cannot plan")
	errNoTime     = fmt.Errorf("to plan it took longer than %s, or than there is for all resources, %s", planOneWithin, planAllWithin)
)

func planOne(ctx, budget context.Context, call *driverCall) (drivers.Plan, error) {
	planner, able := call.driver.(drivers.Planner)
	if !able {
		return drivers.Plan{}, errCannotPlan
	}
	if budget.Err() != nil {
		return drivers.Plan{}, errNoTime
	}
	within, stop := context.WithTimeout(budget, planOneWithin)
	defer stop()
	plan, err := planner.Plan(within, call.request.Clone())
	if err != nil && within.Err() != nil && ctx.Err() == nil {
		return plan, errNoTime
	}
	return plan, err
}

// planned decides a node by what its driver said.
func (a *ahead) planned(ctx context.Context, n *Node, call *driverCall, plan drivers.Plan, err error) error {
	node := &a.nodes[n.Ordinal]
	var known *drivers.Error
	switch {
	case errors.Is(err, errCannotPlan), errors.Is(err, errNoTime):
		return a.defers(ctx, n, err.Error())
	case errors.As(err, &known):
		if known.Code == drivers.CodeUncertain { // its message tells inputs
			err = errors.New("it is stopped until somebody answers the questions about it")
		}
		a.fails(n, err, call)
		return nil
	case err != nil:
		return err // of the surroundings
	}
	node.count(plan, a.d.redactor(call.hidden()...))
	node.State = NodePlanned
	if plan.ID == "" {
		node.State, node.Reason = NodeDeferred, "its driver cannot keep the plan that is shown, and plans again when its turn comes"
	}
	if !plan.Same {
		return nil
	}
	return a.stays(ctx, n)
}
