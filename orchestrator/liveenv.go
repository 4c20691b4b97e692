package orchestrator

import (
	"context"
	"slices"
	"time"
)

const (
	liveDeployments = 3               // the newest that are told of, beside all that are not over
	liveOperations  = 1               // likewise
	liveCluster     = 2 * time.Second // between two looks into the cluster of an environment
)

// DeploymentProgress says how far a deployment is.
type DeploymentProgress struct {
	ID    string
	Nodes map[NodeStatus]int // how many resources have which status
}

// WaitingPlan is a plan that waits for people. What each of them can say to it is
// not told, because all who follow an environment are told the same.
type WaitingPlan struct {
	DeploymentID string
	Node         string // resource key; "" = the whole plan
	Summary      string // one line about the plan
	Message      string // what it waits for
	Until        *time.Time
}

// FollowEnvironment follows what changes in an environment, from a position that
// an event had ("" = from the beginning: all that is so) until ctx ends or the
// environment is gone: the environment itself, its deployments with the progress
// of the last one, operations, plans that wait for people, how it runs, its pause, its lifetime and the newest
// scan for drift.
func (s *Service) FollowEnvironment(ctx context.Context, ref EnvRef, position string) (*Follow, error) {
	if err := s.requireEnvReader(ctx, ref); err != nil {
		return nil, err
	}
	at, err := parseLivePosition(position)
	if err != nil {
		return nil, err
	}
	renew := func(ctx context.Context) error { return s.requireEnvReader(ctx, ref) }
	return s.followObject(ctx, "environment "+ref.String(), at, renew, nil, func() liveSource {
		e := newLiveEnv(s, ref)
		return liveSource{look: e.look, beside: func(ctx context.Context) { e.runtimes.watch(ctx, liveCluster) }}
	}), nil
}

// EnvironmentNow lists what FollowEnvironment tells first.
func (s *Service) EnvironmentNow(ctx context.Context, ref EnvRef) ([]LiveEvent, error) {
	if err := s.requireEnvReader(ctx, ref); err != nil {
		return nil, err
	}
	e := newLiveEnv(s, ref)
	e.runtimes.read(ctx)
	return s.liveNow(ctx, e.look)
}

// liveNow lists all that is so about an object.
func (s *Service) liveNow(ctx context.Context, look func(ctx context.Context) (*liveState, error)) ([]LiveEvent, error) {
	state, err := look(ctx)
	if err != nil {
		return nil, err
	}
	events := []LiveEvent{}
	at, _ := parseLivePosition("")
	for _, f := range state.facts {
		at.marks[f.name] = f.mark
		events = append(events, LiveEvent{Type: f.kind, Data: f.data})
	}
	if len(events) > 0 {
		events[len(events)-1].Position = at.String()
	}
	return events, nil
}

// liveEnv looks at an environment.
type liveEnv struct {
	s        *Service
	ref      EnvRef
	runtimes *liveRuntimes
}

func newLiveEnv(s *Service, ref EnvRef) *liveEnv {
	return &liveEnv{s: s, ref: ref, runtimes: newLiveRuntimes(s, ref)}
}

func (e *liveEnv) look(ctx context.Context) (*liveState, error) {
	s, store := e.s, e.s.store
	env, err := store.GetEnvironment(ctx, e.ref)
	if err != nil {
		return nil, err
	}
	view, err := s.viewEnvironment(ctx, env)
	if err != nil {
		return nil, err
	}
	facts := &liveFacts{keeper: s.keeper}
	facts.add(LiveEnvironment, LiveEnvironment, *view)
	deployments, err := e.deployments(ctx)
	if err != nil {
		return nil, err
	}
	for _, d := range deployments {
		facts.add("deployment/"+d.ID, LiveDeployment, d)
		if d.StartedAt == nil || d.Status.Terminal() && d.ID != env.LastDeployID {
			continue
		}
		nodes, err := store.CountNodes(ctx, d.OrgID, d.ID)
		if err != nil {
			return nil, err
		}
		facts.add("progress/"+d.ID, LiveProgress, DeploymentProgress{ID: d.ID, Nodes: nodes})
	}
	operations, err := newestAndOpen(ctx, e.ref, liveOperations, store.ListOperations, store.UnfinishedOperations, func(o Operation) string { return o.ID })
	if err != nil {
		return nil, err
	}
	for _, o := range operations {
		facts.add("operation/"+o.ID, LiveOperation, o)
	}
	waiting, err := e.waiting(ctx)
	if err != nil {
		return nil, err
	}
	facts.add(LiveApprovals, LiveApprovals, waiting)
	pause, err := store.GetPause(ctx, e.ref)
	if err != nil && !IsNotFound(err) {
		return nil, err
	}
	facts.add(LivePaused, LivePaused, pause)
	if err := e.lifetime(ctx, env, facts); err != nil {
		return nil, err
	}
	scans, err := store.ListDriftScans(ctx, e.ref, 1)
	if err != nil {
		return nil, err
	}
	for _, scan := range scans {
		facts.add(LiveDrift, LiveDrift, scan)
	}
	if r := e.runtimes.get(e.ref); r != nil {
		facts.add(LiveRuntime, LiveRuntime, r)
	}
	return &liveState{facts: facts.facts}, facts.err
}

// waiting are the plans that wait for people, oldest first.
func (e *liveEnv) waiting(ctx context.Context) ([]WaitingPlan, error) {
	gates, err := e.s.store.WaitingGates(ctx, e.ref.OrgID, e.ref.AppID, e.ref.EnvID)
	out := make([]WaitingPlan, 0, len(gates))
	for i := range gates {
		g := &gates[i]
		out = append(out, WaitingPlan{DeploymentID: g.DeploymentID, Node: g.Node, Summary: g.Summary, Message: g.Message, Until: g.Until})
	}
	return out, err
}

// deployments are those that are not over, oldest first, behind the newest ones that are.
func (e *liveEnv) deployments(ctx context.Context) ([]Deployment, error) {
	return newestAndOpen(ctx, e.ref, liveDeployments, e.s.store.ListDeployments, e.s.store.UnfinishedDeployments, func(d Deployment) string { return d.ID })
}

func newestAndOpen[T any](ctx context.Context, ref EnvRef, limit int, newest func(context.Context, EnvRef, int) ([]T, error), open func(context.Context, EnvRef) ([]T, error), id func(T) string) ([]T, error) {
	out, err := newest(ctx, ref, limit)
	if err != nil {
		return nil, err
	}
	slices.Reverse(out)
	unfinished, err := open(ctx, ref)
	if err != nil {
		return nil, err
	}
	return mergedByID(out, unfinished, id), nil
}

// mergedByID appends what is new in a list that was read later, and takes the rest from it.
func mergedByID[T any](list, later []T, id func(T) string) []T {
	for _, l := range later {
		if i := slices.IndexFunc(list, func(o T) bool { return id(o) == id(l) }); i >= 0 {
			list[i] = l
		} else {
			list = append(list, l)
		}
	}
	return list
}

// lifetime tells when the environment ends. While a deployment of an environment
// that ends when it is idle is not over, that moment moves along with the clock
// and is no news.
func (e *liveEnv) lifetime(ctx context.Context, env *Environment, facts *liveFacts) error {
	l, err := e.s.store.GetLifetime(ctx, e.ref)
	if IsNotFound(err) {
		facts.add(LiveLifetime, LiveLifetime, LifetimeView{Lifetime: Lifetime{OrgID: e.ref.OrgID, AppID: e.ref.AppID, EnvID: e.ref.EnvID}})
		return nil
	}
	if err != nil {
		return err
	}
	view, err := e.s.viewLifetime(ctx, env, l)
	if err != nil {
		return err
	}
	if view.Reason == EndIdle {
		view.EndsAt = roundedEnd(view.EndsAt)
	}
	facts.add(LiveLifetime, LiveLifetime, *view)
	return nil
}

func roundedEnd(end *time.Time) *time.Time {
	if end == nil {
		return nil
	}
	rounded := end.Truncate(time.Minute)
	return &rounded
}
