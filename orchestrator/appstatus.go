package orchestrator

import (
	"context"
	"maps"
	"slices"
	"time"
)

// AppStatus is what an application runs where, at a glance.
type AppStatus struct {
	AppID        string
	Environments []EnvStatus // along the promotion path first, then by id
	Path         []PathStep  // empty = none is set
}

// EnvStatus is what one environment runs.
type EnvStatus struct {
	Environment
	Running     *Deployment // the newest that succeeded; nil = none yet
	Last        *Deployment // the newest accepted; nil = none yet
	Workloads   []WorkloadStatus
	FrozenUntil *time.Time // nil = it accepts deployments
	EndsAt      *time.Time // nil = it does not end by itself
	EndReason   string
	Protected   bool
}

// WorkloadStatus is one workload with the images of its containers.
type WorkloadStatus struct {
	ID         string
	Containers []ContainerStatus
}

// ContainerStatus is one container.
type ContainerStatus struct{ ID, Image string }

// PathStep is a station of the promotion path with its environments.
type PathStep struct {
	PromotionStep
	Environments []string
}

// GetAppStatus shows what runs where: what the last succeeded deployment of each
// environment brought.
func (s *Service) GetAppStatus(ctx context.Context, org, app string) (*AppStatus, error) {
	if _, err := s.readApp(ctx, org, app, RoleViewer); err != nil {
		return nil, err
	}
	environments, err := s.store.ListEnvironments(ctx, org, app)
	if err != nil {
		return nil, err
	}
	return s.appStatus(ctx, org, app, environments, map[string][]WorkloadStatus{})
}

// appStatus is GetAppStatus of environments that were read. It takes the
// workloads of sets from a map, and adds those that are not there.
func (s *Service) appStatus(ctx context.Context, org, app string, environments []Environment, sets map[string][]WorkloadStatus) (*AppStatus, error) {
	known, err := s.gatherStatus(ctx, org, app, environments)
	if err != nil {
		return nil, err
	}
	known.sets = sets
	out := &AppStatus{}
	for i := range environments {
		status, err := s.envStatus(ctx, &environments[i], known)
		if err != nil {
			return nil, err
		}
		out.Environments = append(out.Environments, *status)
	}
	path, err := s.store.GetPromotionPath(ctx, org, app)
	if err != nil && !IsNotFound(err) {
		return nil, err
	}
	if path != nil {
		out.Path = stationsOf(path.Steps, environments)
		sortAlong(out)
	}
	return out, nil
}

// statusParts are read once for all environments.
type statusParts struct {
	running   map[string]*Deployment // by environment
	last      map[string]*Deployment // by id
	lifetimes map[string]*Lifetime
	windows   map[string][]FreezeWindow   // by environment type
	sets      map[string][]WorkloadStatus // by id of the set
}

func (s *Service) gatherStatus(ctx context.Context, org, app string, environments []Environment) (*statusParts, error) {
	p := &statusParts{
		running: map[string]*Deployment{}, lifetimes: map[string]*Lifetime{}, windows: map[string][]FreezeWindow{},
	}
	succeeded, err := s.store.LastSucceeded(ctx, org, app)
	if err != nil {
		return nil, err
	}
	for i := range succeeded {
		p.running[succeeded[i].EnvID] = &succeeded[i]
	}
	if p.last, err = s.namedDeployments(ctx, org, app, environments); err != nil {
		return nil, err
	}
	lifetimes, err := s.store.ListLifetimes(ctx, org, app)
	if err != nil {
		return nil, err
	}
	for i := range lifetimes {
		p.lifetimes[lifetimes[i].EnvID] = &lifetimes[i]
	}
	windows, err := s.store.ListFreezeWindows(ctx, org, "")
	if err != nil {
		return nil, err
	}
	for _, w := range windows {
		p.windows[w.EnvTypeID] = append(p.windows[w.EnvTypeID], w)
	}
	return p, nil
}

func (s *Service) envStatus(ctx context.Context, env *Environment, p *statusParts) (*EnvStatus, error) {
	out := &EnvStatus{
		Environment: *env, Running: p.running[env.ID], Last: p.last[env.LastDeployID], FrozenUntil: frozenBy(p.windows[env.TypeID], s.now()),
	}
	if l := p.lifetimes[env.ID]; l != nil {
		out.Protected = l.Protected
		used, busy := env.CreatedAt, false
		if out.Last != nil {
			used, busy = out.Last.StatusChangedAt, !out.Last.Status.Terminal()
		}
		if out.EndsAt, out.EndReason = l.end(used, busy, s.now()); out.EndsAt == nil {
			out.EndReason = ""
		}
	}
	if out.Running == nil {
		return out, nil
	}
	workloads, known := p.sets[out.Running.SetID]
	if !known {
		set, err := s.store.GetSet(ctx, env.OrgID, env.AppID, out.Running.SetID)
		if err != nil {
			return nil, err
		}
		workloads = slices.Concat(workloadsOf(set.Modules), workloadsOf(set.Workloads))
		p.sets[out.Running.SetID] = workloads
	}
	out.Workloads = workloads
	return out, nil
}

// workloadsOf lists workloads with their images, by id.
func workloadsOf(modules map[string]map[string]any) []WorkloadStatus {
	var out []WorkloadStatus
	for _, id := range slices.Sorted(maps.Keys(modules)) {
		w := WorkloadStatus{ID: id}
		containers := mapAt(mapAt(modules[id], "spec"), "containers")
		for _, c := range slices.Sorted(maps.Keys(containers)) {
			container, _ := containers[c].(map[string]any)
			image, _ := container["image"].(string)
			w.Containers = append(w.Containers, ContainerStatus{ID: c, Image: image})
		}
		out = append(out, w)
	}
	return out
}

// stationsOf finds the environments of each station.
func stationsOf(steps []PromotionStep, environments []Environment) []PathStep {
	out := make([]PathStep, 0, len(steps))
	for _, step := range steps {
		station := PathStep{PromotionStep: step, Environments: []string{}}
		for _, env := range environments {
			if env.ID == step.Env || step.Type != "" && env.TypeID == step.Type {
				station.Environments = append(station.Environments, env.ID)
			}
		}
		out = append(out, station)
	}
	return out
}

// sortAlong orders environments by their first station.
func sortAlong(status *AppStatus) {
	place := map[string]int{}
	for i, station := range status.Path {
		for _, env := range station.Environments {
			if _, known := place[env]; !known {
				place[env] = i - len(status.Path)
			}
		}
	}
	slices.SortStableFunc(status.Environments, func(a, b EnvStatus) int { return place[a.ID] - place[b.ID] })
}

// GetPromotionPath returns the promotion path of an application; one without
// steps when none is set.
func (s *Service) GetPromotionPath(ctx context.Context, org, app string) ([]PathStep, error) {
	if _, err := s.readApp(ctx, org, app, RoleViewer); err != nil {
		return nil, err
	}
	path, err := s.store.GetPromotionPath(ctx, org, app)
	if IsNotFound(err) {
		return []PathStep{}, nil
	}
	if err != nil {
		return nil, err
	}
	environments, err := s.store.ListEnvironments(ctx, org, app)
	return stationsOf(path.Steps, environments), err
}

const maxPathSteps = 50

// SetPromotionPath sets the promotion path of an application; without steps it
// has none. An environment or type that a step names may come later.
func (s *Service) SetPromotionPath(ctx context.Context, org, app string, steps []PromotionStep) ([]PathStep, error) {
	if _, err := s.readApp(ctx, org, app, RoleOwner); err != nil {
		return nil, err
	}
	if len(steps) > maxPathSteps {
		return nil, Invalidf("steps: %d are too many; at most %d are possible", len(steps), maxPathSteps)
	}
	for i, step := range steps {
		if (step.Env == "") == (step.Type == "") {
			return nil, Invalidf("steps[%d]: expected either env or type", i)
		}
		if err := checkSlug("steps", step.Env+step.Type, maxKey); err != nil {
			return nil, err
		}
		if slices.Contains(steps[:i], step) {
			return nil, Invalidf("steps[%d]: %q is there twice", i, step.Env+step.Type)
		}
	}
	err := s.audited(ctx, func(ctx context.Context) (Change, error) {
		before, err := s.store.GetPromotionPath(ctx, org, app)
		if err != nil && !IsNotFound(err) {
			return Change{}, err
		}
		if before == nil {
			before = &PromotionPath{}
		}
		change := updated(org, "promotion-path", AppObject(org, app)+"/promotion-path", map[string]any{"steps": before.Steps}, map[string]any{"steps": steps})
		if len(steps) == 0 {
			err := s.store.DeletePromotionPath(ctx, org, app)
			if IsNotFound(err) {
				err = nil
			}
			return change, err
		}
		return change, s.store.PutPromotionPath(ctx, &PromotionPath{
			OrgID: org, AppID: app, Steps: steps, UpdatedAt: s.now(), UpdatedBy: ActorFrom(ctx).UserID, Version: before.Version,
		})
	})
	if err != nil {
		return nil, err
	}
	return s.GetPromotionPath(ctx, org, app)
}
