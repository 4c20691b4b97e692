package orchestrator

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"
)

const (
	liveRequests = 10              // the newest promotions, requests and runs that are told of, beside all that go on
	liveUnderway = 50              // that many of those at most
	liveClusters = 8               // environments of an application whose clusters are looked into
	liveHealth   = 4 * time.Second // between two looks into them
)

// LiveRuntimeOf is how one environment of an application runs.
type LiveRuntimeOf struct {
	EnvID   string
	Runtime EnvRuntime
}

// FollowApplication follows what changes in an application, from a position that
// an event had ("" = from the beginning: all that is so) until ctx ends or the
// application is gone: the application with its environments, its promotion path,
// what each environment runs, promotions, requests for environments, runs of
// pipelines, scheduled deployments, and how it runs in the first environments that
// have something running.
func (s *Service) FollowApplication(ctx context.Context, org, app, position string) (*Follow, error) {
	renew := func(ctx context.Context) error { _, err := s.readApp(ctx, org, app, RoleViewer); return err }
	if err := renew(ctx); err != nil {
		return nil, err
	}
	at, err := parseLivePosition(position)
	if err != nil {
		return nil, err
	}
	return s.followObject(ctx, "application "+AppObject(org, app), at, renew, nil, func() liveSource {
		a := newLiveApp(s, org, app)
		return liveSource{look: a.look, beside: func(ctx context.Context) { a.runtimes.watch(ctx, liveHealth) }}
	}), nil
}

// ApplicationNow lists what FollowApplication tells first.
func (s *Service) ApplicationNow(ctx context.Context, org, app string) ([]LiveEvent, error) {
	if _, err := s.readApp(ctx, org, app, RoleViewer); err != nil {
		return nil, err
	}
	a := newLiveApp(s, org, app)
	if _, err := a.look(ctx); err != nil { // finds what runs
		return nil, err
	}
	a.runtimes.read(ctx)
	return s.liveNow(ctx, a.look)
}

// liveApp looks at an application.
type liveApp struct {
	s        *Service
	org, app string
	sets     map[string][]WorkloadStatus // of sets, which never change; used by one look at a time
	runtimes *liveRuntimes
}

func newLiveApp(s *Service, org, app string) *liveApp {
	return &liveApp{s: s, org: org, app: app, sets: map[string][]WorkloadStatus{}, runtimes: newLiveRuntimes(s)}
}

func (a *liveApp) look(ctx context.Context) (*liveState, error) {
	found, err := a.s.store.GetApplication(ctx, a.org, a.app)
	if err != nil {
		return nil, err
	}
	view, err := a.s.viewApplication(ctx, found)
	if err != nil {
		return nil, err
	}
	state, err := a.lookAt(ctx, view)
	if IsNotFound(err) {
		// Of what has gone meanwhile; the application itself is there.
		return nil, fmt.Errorf("application %s: %s", a.app, err) //nolint:errorlint // it would say that the application is gone
	}
	return state, err
}

func (a *liveApp) lookAt(ctx context.Context, view *ApplicationView) (*liveState, error) {
	environments, facts := view.Environments, &liveFacts{keeper: a.s.keeper}
	facts.add(LiveApplication, LiveApplication, ApplicationView{Application: view.Application, Environments: namesOnly(environments)})
	status, err := a.s.appStatus(ctx, a.org, a.app, environments, a.sets)
	if err != nil {
		return nil, err
	}
	a.keepSets(status.Environments)
	facts.add(LivePath, LivePath, status.Path)
	for _, e := range status.Environments {
		if e.EndReason == EndIdle {
			e.EndsAt = roundedEnd(e.EndsAt)
		}
		facts.add("environment/"+e.ID, LiveEnvironment, e)
	}
	if err := a.requests(ctx, facts); err != nil {
		return nil, err
	}
	a.health(status.Environments, facts)
	return &liveState{facts: facts.facts}, facts.err
}

// namesOnly leaves what does not change by deployments, as in the list of applications.
func namesOnly(environments []Environment) []Environment {
	out := make([]Environment, 0, len(environments))
	for _, e := range environments {
		out = append(out, Environment{OrgID: e.OrgID, AppID: e.AppID, ID: e.ID, Name: e.Name, TypeID: e.TypeID})
	}
	return out
}

// keepSets forgets sets that run nowhere any more.
func (a *liveApp) keepSets(environments []EnvStatus) {
	used := map[string]bool{}
	for _, e := range environments {
		if e.Running != nil {
			used[e.Running.SetID] = true
		}
	}
	maps.DeleteFunc(a.sets, func(id string, _ []WorkloadStatus) bool { return !used[id] })
}

// requests are what people and rules asked for: what goes on, and the newest of what is over.
func (a *liveApp) requests(ctx context.Context, facts *liveFacts) error {
	store, filter := a.s.store, AttentionFilter{OrgID: a.org, Apps: []string{a.app}, Limit: liveUnderway}
	promotions, err := store.ListPromotions(ctx, a.org, a.app, liveRequests)
	if err != nil {
		return err
	}
	underway, err := store.PromotionsUnderway(ctx, filter)
	if err != nil {
		return err
	}
	addNewestAndOpen(facts, LivePromotion, promotions, underway, func(p Promotion) string { return p.ID })
	spinUps, err := store.ListSpinUps(ctx, a.org, a.app, liveRequests)
	if err != nil {
		return err
	}
	making, err := store.SpinUpsUnderway(ctx, filter)
	if err != nil {
		return err
	}
	addNewestAndOpen(facts, LiveRequest, spinUps, making, func(u SpinUp) string { return u.ID })
	runs, err := store.ListPipelineRuns(ctx, a.org, PipelineRunFilter{Apps: filter.Apps, Limit: liveRequests})
	if err != nil {
		return err
	}
	going, err := store.PipelineRunsUnderway(ctx, filter)
	if err != nil {
		return err
	}
	addNewestAndOpen(facts, LiveRun, runs, going, func(r PipelineRun) string { return r.ID })
	orders, err := store.ListScheduledDeployments(ctx, EnvRef{OrgID: a.org, AppID: a.app})
	if err != nil {
		return err
	}
	facts.add(LiveOrders, LiveOrders, orders)
	return nil
}

// addNewestAndOpen adds a fact for each of two lists that overlap, oldest first.
func addNewestAndOpen[T any](facts *liveFacts, kind string, newest, open []T, id func(T) string) {
	slices.Reverse(newest)
	for _, o := range mergedByID(newest, open, id) {
		facts.add(kind+"/"+id(o), kind, o)
	}
}

// health tells how the first environments run, as far as their clusters were looked into.
func (a *liveApp) health(environments []EnvStatus, facts *liveFacts) {
	running := []EnvRef{}
	for _, e := range environments {
		if e.Running != nil && len(running) < liveClusters {
			running = append(running, e.Ref())
		}
	}
	a.runtimes.lookInto(running)
	for _, ref := range running {
		if r := a.runtimes.get(ref); r != nil {
			facts.add("runtime/"+ref.EnvID, LiveRuntime, LiveRuntimeOf{EnvID: ref.EnvID, Runtime: *r})
		}
	}
}
