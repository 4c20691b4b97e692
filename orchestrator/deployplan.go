package orchestrator

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/slipway-dev/slipway/engine/deployset"
	"github.com/slipway-dev/slipway/engine/graph"
	"github.com/slipway-dev/slipway/engine/policy"
	"github.com/slipway-dev/slipway/engine/resource"
)

// PlanKeep is a resource of a plan that a deployment leaves as it is: its driver
// is called as it was called last. The other actions are ImpactCreate,
// ImpactUpdate, ImpactInPlace, ImpactReplace, ImpactTakeBack and ImpactRemove.
const PlanKeep = "keep"

// DeploymentPlan is what a deployment would do now.
type DeploymentPlan struct {
	BaseID            string // deployment whose set is the base; "" for the first
	SetID             string // what would be deployed
	ValueSetVersionID string // "" while there are no values
	// Fingerprint names all that the plan depends on, for DeploymentRequest.Plan;
	// "" when the deployment would fail.
	Fingerprint string
	// Changes lead from the set that was deployed last to SetID.
	Changes deployset.Delta
	// Values are the keys of Shared Values that differ from those of the last
	// deployment, sorted.
	Values    []string
	Resources []PlannedResource // dependencies first, then what is removed by key
	// Problems are why the deployment would fail; without a graph there are no Resources.
	Problems []string
	Warnings []string
	// Policies is what they would say.
	Policies policy.Decision
}

// PlannedResource is what would become of one resource.
type PlannedResource struct {
	Key     resource.Key
	Action  string
	GUResID string // "" when it does not exist
	// From is by what it was made, empty when it does not exist; To by what it will
	// be, empty when it is removed.
	From, To ImpactSide
	Reason   string // "" with PlanKeep
	// Destroys is what stands or stood for the key, and is destroyed once the
	// deployment has succeeded.
	Destroys []DestroyedResource
}

// DestroyedResource is a resource that another one takes the place of.
type DestroyedResource struct {
	GUResID string
	By      ImpactSide // by what it was made
}

// PlanDeployment tells what a deployment would do, and stores nothing. A
// deployment that would fail is no error: the plan says why. Only what is known
// before drivers are called is in it: of a resource that depends on one that
// changes it says that it may change, too.
func (s *Service) PlanDeployment(ctx context.Context, ref EnvRef, req DeploymentRequest) (*DeploymentPlan, error) {
	if err := s.requireEnvReader(ctx, ref); err != nil {
		return nil, err
	}
	env, err := s.store.GetEnvironment(ctx, ref)
	if err != nil {
		return nil, err
	}
	out, _, err := s.foretell(ctx, env, req)
	return out, err
}

// foretell tells what a deployment would do, and from what that was concluded.
func (s *Service) foretell(ctx context.Context, env *Environment, req DeploymentRequest) (*DeploymentPlan, *lookAhead, error) {
	start, ref := s.now(), env.Ref()
	view, err := s.lookAhead(ctx, env, req)
	if err != nil {
		return nil, nil, err
	}
	out := &DeploymentPlan{
		BaseID: env.FromDeployID, SetID: view.set.ID(), ValueSetVersionID: view.valuesID(),
		Problems: view.problems, Resources: []PlannedResource{},
	}
	if err := view.describe(ctx, s.store, "", out); err != nil {
		return nil, nil, err
	}
	if out.Policies, err = s.decideAhead(ctx, env, ActorFrom(ctx).UserID, out, nil); err != nil {
		return nil, nil, err
	}
	if len(out.Problems) == 0 {
		out.Fingerprint = view.world().fingerprint()
	}
	waiting, err := s.store.UnfinishedDeployments(ctx, ref)
	if err != nil {
		return nil, nil, err
	}
	for _, d := range waiting {
		out.Warnings = append(out.Warnings, fmt.Sprintf("deployment %s is %s; what it does to resources is not in the plan", d.ID, d.Status))
	}
	held, err := s.heldUp(ctx, env)
	if err != nil {
		return nil, nil, err
	}
	out.Warnings = append(out.Warnings, held...)
	s.log.InfoContext(ctx, "deployment foretold", slog.String("environment", EnvObject(ref)), slog.Int("resources", len(out.Resources)),
		slog.Int("problems", len(out.Problems)), slog.Duration("took", s.now().Sub(start)))
	return out, view, nil
}

// heldUp says why a deployment would not be accepted now, whatever it does.
func (s *Service) heldUp(ctx context.Context, env *Environment) ([]string, error) {
	var out []string
	if err := refusePaused(ctx, s.store, env); err != nil {
		if !IsConflict(err) {
			return nil, err
		}
		out = append(out, err.Error())
	}
	until, err := frozenUntil(ctx, s.store, s.now(), env)
	if err != nil {
		return nil, err
	}
	if until != nil {
		out = append(out, fmt.Sprintf("environments of type %q are frozen until %s; until then a deployment needs a reason to override that", env.TypeID, until.Format(time.RFC3339)))
	}
	if env.QueuePolicy == QueuePolicyFreeze {
		out = append(out, fmt.Sprintf("environment %q is frozen by its queue policy", env.ID))
	}
	return out, nil
}

// describe compares with what was deployed last, which need not be the base; only
// deployments before the one with that id count, "" = all.
func (v *lookAhead) describe(ctx context.Context, store Store, before string, out *DeploymentPlan) error {
	past := &pastPlans{store: store, ref: v.env.Ref(), plans: map[string]*pastPlan{}}
	var err error
	if v.last, v.touched, err = deployedLast(ctx, store, v.env.Ref(), before); err != nil {
		return err
	}
	if err := v.addSetChanges(ctx, past, out); err != nil || v.graph == nil {
		return err
	}
	out.Warnings = slices.Clone(v.graph.Warnings)
	out.Resources, err = v.compare(ctx, past)
	return err
}

// deployedLast are the newest deployment that succeeded, and the newest one that
// changed anything; "" = there is none. What was only accepted, or was refused,
// never was there.
func deployedLast(ctx context.Context, store Store, ref EnvRef, before string) (succeeded, touched string, err error) {
	err = eachDeployment(ctx, store, ref, func(d *Deployment) (bool, error) {
		if before != "" && d.ID >= before {
			return true, nil
		}
		if touched == "" && (d.Changed || d.Status == DeploymentSucceeded) {
			touched = d.ID
		}
		if d.Status == DeploymentSucceeded {
			succeeded = d.ID
		}
		return succeeded == "", nil
	})
	return succeeded, touched, err
}

func (v *lookAhead) addSetChanges(ctx context.Context, past *pastPlans, out *DeploymentPlan) error {
	last, err := past.of(ctx, v.last)
	if err != nil {
		return err
	}
	source := deployset.Set{}
	if last.setID != "" {
		if source, err = past.store.GetSet(ctx, v.env.OrgID, v.env.AppID, last.setID); err != nil {
			return err
		}
	}
	out.Changes = deployset.Diff(v.set, source)
	out.Values = last.changedValues(v.values)
	return nil
}

// summary is one line: "create 2, replace 1 (destroys 1)".
func (p *DeploymentPlan) summary() string {
	count, destroyed := map[string]int{}, 0
	for _, r := range p.Resources {
		count[r.Action]++
		destroyed += len(r.Destroys)
	}
	delete(count, PlanKeep)
	var parts []string
	for _, action := range slices.Sorted(maps.Keys(count)) {
		parts = append(parts, fmt.Sprintf("%s %d", action, count[action]))
	}
	if destroyed > 0 {
		parts = append(parts, fmt.Sprintf("destroys %d", destroyed))
	}
	if len(parts) == 0 {
		return "no resource changes"
	}
	return strings.Join(parts, ", ")
}

// lookAhead is all that a deployment would be planned from, and its graph.
type lookAhead struct {
	env       *Environment
	set       deployset.Set
	values    *ValueSetVersion // nil = there are none yet
	resources []ActiveResource // retired ones last
	places    *places
	made      madeByDefinition
	graph     *graph.Graph // nil when there are problems with it
	problems  []string

	// last is the newest deployment that succeeded, touched the newest one that
	// changed anything; "" = none.
	last, touched string
}

// lookAhead does what Deployer.Plan does, and stores nothing.
func (s *Service) lookAhead(ctx context.Context, env *Environment, req DeploymentRequest) (*lookAhead, error) {
	v := &lookAhead{env: env}
	var err error
	if v.set, err = s.setAhead(ctx, env, req); err != nil {
		return nil, err
	}
	if v.values, err = s.valuesAhead(ctx, env.Ref(), req.ValueSetVersionID); err != nil {
		return nil, err
	}
	if v.resources, err = everything(ctx, s.store, env.Ref()); err != nil {
		return nil, err
	}
	if v.places, err = placesOf(ctx, s.store, env.Ref(), v.resources); err != nil {
		return nil, err
	}
	book, err := loadRegisteredDrivers(ctx, s.store, env.OrgID)
	if err != nil {
		return nil, err
	}
	v.made = s.madeBy(book)
	source, err := loadGraphSource(ctx, s.store, env.OrgID, book.defaults(s.drivers.Defaults))
	if err != nil {
		return nil, err
	}
	pins, err := source.pinsOf(ctx, s.store, v.resources)
	if err != nil {
		return nil, err
	}
	in := source.input(env, pins)
	in.Set = v.set
	v.build(in)
	return v, nil
}

// setAhead is requestedSet without storing the result.
func (s *Service) setAhead(ctx context.Context, env *Environment, req DeploymentRequest) (deployset.Set, error) {
	if req.DeltaID != "" {
		return s.setToExplain(ctx, env, ExplainRequest{DeltaID: req.DeltaID})
	}
	return s.setToExplain(ctx, env, ExplainRequest{SetID: req.SetID})
}

// valuesAhead is valueSetFor without storing a first version.
func (s *Service) valuesAhead(ctx context.Context, ref EnvRef, id string) (*ValueSetVersion, error) {
	if id == "" || id == zeroUUID {
		return latestValueSet(ctx, s.store, ref)
	}
	values, err := findValueSet(ctx, s.store, ref, id)
	return values, asInvalid(err, "value_set_version_id")
}

// build makes the graph, or finds out why there is none.
func (v *lookAhead) build(in graph.Input) {
	values := v.values
	if values == nil {
		values = &ValueSetVersion{}
	}
	for _, missing := range missingValues(v.set, values, v.env) {
		v.problems = append(v.problems, missing.Message)
	}
	g, err := buildGraph(in)
	if build := graph.AsBuildError(err); build != nil {
		for _, p := range build.Problems {
			v.problems = append(v.problems, p.Message)
		}
		return
	}
	if err != nil {
		v.problems = append(v.problems, err.Error())
		return
	}
	for _, long := range tooLongKeys(g) {
		v.problems = append(v.problems, long.Message)
	}
	if len(g.Nodes) > MaxNodes {
		v.problems = append(v.problems, tooManyNodes(make([]Node, len(g.Nodes)))[0].Message)
	}
	v.graph = g
}

func (v *lookAhead) valuesID() string {
	if v.values == nil {
		return ""
	}
	return v.values.ID
}
