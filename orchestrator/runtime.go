package orchestrator

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"
)

// Bounds of looking at what runs.
const (
	runtimeTimeout      = 10 * time.Second // for one cluster
	maxRuntimes         = 5                // environments in one question, as published
	runtimeConcurrency  = 5
	maxRuntimeEvents    = 500
	eventDeployments    = 3   // whose events are shown beside those of the cluster
	maxDeploymentEvents = 200 // of each of them
)

// EnvRuntime is how an environment runs.
type EnvRuntime struct {
	Namespace string
	Status    RuntimeStatus
	// Message says why there is nothing to see; "" when the cluster was asked.
	Message string
	Paused  bool
	// Modules are the workloads, by id: those that run, and those of the last
	// deployment that should.
	Modules map[string]*ModuleRuntime
	// Others are controllers that resources have brought.
	Others []RuntimeController
	Notes  []string // what could not be looked at
}

// ModuleRuntime is how one workload runs.
type ModuleRuntime struct {
	Status      RuntimeStatus
	Message     string
	Controllers []RuntimeController
}

// GetRuntime looks at what runs of an environment, now. A cluster that does not
// answer, an environment that was never deployed or is delivered to a repository
// are no errors: the answer says so, and its workloads are Unknown.
func (s *Service) GetRuntime(ctx context.Context, ref EnvRef) (*EnvRuntime, error) {
	if err := s.requireEnvReader(ctx, ref); err != nil {
		return nil, err
	}
	return s.readRuntime(ctx, ref)
}

func (s *Service) readRuntime(ctx context.Context, ref EnvRef) (*EnvRuntime, error) {
	out := &EnvRuntime{Status: RuntimeUnknown, Modules: map[string]*ModuleRuntime{}}
	wanted, err := s.deployedModules(ctx, ref)
	if err != nil {
		return nil, err
	}
	for _, id := range wanted {
		out.Modules[id] = &ModuleRuntime{Status: RuntimeUnknown}
	}
	at, why, err := s.runtimeAt(ctx, ref)
	if err != nil {
		return nil, err
	}
	if at == nil {
		out.Message = why
		return out, nil
	}
	out.Namespace = at.target.Namespace
	asking, cancel := context.WithTimeout(ctx, runtimeTimeout)
	defer cancel()
	state, err := at.reader.ReadRuntime(asking, at.target, RuntimeQuery{Hidden: at.hidden})
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if err != nil {
		out.Message = cannotTell(err)
		return out, nil
	}
	out.fill(state)
	return out, nil
}

// fill sorts what a cluster tells by workload.
func (r *EnvRuntime) fill(state *RuntimeState) {
	r.Namespace, r.Notes, r.Paused = state.Namespace, state.Notes, state.Stopped()
	for _, c := range state.Controllers {
		if c.Workload == "" {
			r.Others = append(r.Others, c)
			continue
		}
		m := r.Modules[c.Workload]
		if m == nil {
			m = &ModuleRuntime{}
			r.Modules[c.Workload] = m
		}
		m.Controllers = append(m.Controllers, c)
	}
	var all []RuntimeStatus
	for _, m := range r.Modules {
		if len(m.Controllers) == 0 {
			m.Message = "the cluster has nothing of it that runs"
			all = append(all, m.Status)
			continue
		}
		var parts []RuntimeStatus
		for _, c := range m.Controllers {
			parts = append(parts, c.Status)
			if m.Message == "" && c.Status.Class() != "Success" {
				m.Message = c.Message
			}
		}
		m.Status = JoinRuntime(parts)
		all = append(all, m.Status)
	}
	for _, c := range r.Others {
		all = append(all, c.Status)
	}
	if r.Status = JoinRuntime(all); len(all) == 0 {
		r.Message = "nothing that was delivered runs anything"
	}
}

// cannotTell is what people read when a cluster could not be asked.
func cannotTell(err error) string {
	var known *Error
	if errors.As(err, &known) && known.Code != CodeInternal {
		return known.Message
	}
	return "the cluster could not be asked"
}

// runtimeAsk is whom to ask about an environment, and what not to repeat.
type runtimeAsk struct {
	reader RuntimeReader
	target Target
	hidden []string
}

// runtimeAt finds whom to ask; nil, with the reason for people, when nobody can tell.
func (s *Service) runtimeAt(ctx context.Context, ref EnvRef) (*runtimeAsk, string, error) {
	at, why, err := RuntimeClusterOf(ctx, s.store, s.keeper, ref)
	if err != nil || at == nil {
		return nil, why, err
	}
	reader, ok := s.logs[at.Target.Type].(RuntimeReader)
	if !ok {
		return nil, fmt.Sprintf("this server cannot look into a cluster of type %q", at.Target.Type), nil
	}
	hidden, err := s.hiddenValues(ctx, ref, at.Hidden)
	if err != nil {
		return nil, "", err
	}
	return &runtimeAsk{reader: reader, target: at.Target, hidden: hidden}, "", nil
}

// deployedModules are the workloads of the newest deployment that has begun.
func (s *Service) deployedModules(ctx context.Context, ref EnvRef) ([]string, error) {
	var ids []string
	err := eachDeployment(ctx, s.store, ref, func(d *Deployment) (bool, error) {
		if d.StartedAt == nil {
			return true, nil
		}
		set, err := s.store.GetSet(ctx, ref.OrgID, ref.AppID, d.SetID)
		if err != nil {
			return false, err
		}
		ids = workloadIDs(set)
		return false, nil
	})
	return ids, err
}

// RuntimeSummary is the state of one of several environments.
type RuntimeSummary struct {
	EnvID  string
	Paused bool
	Status string // class of the state; "" when Error says why there is none
	Error  string
}

// ListRuntime looks at 1 to 5 environments at a time. One that does not exist or
// cannot be asked has an error and does not keep the others from an answer.
func (s *Service) ListRuntime(ctx context.Context, org, app string, ids []string) ([]RuntimeSummary, error) {
	if err := s.requireApp(ctx, org, app, RoleViewer); err != nil {
		return nil, err
	}
	if _, err := s.store.GetApplication(ctx, org, app); err != nil {
		return nil, err
	}
	if len(ids) == 0 || len(ids) > maxRuntimes {
		return nil, Invalidf("query parameter id: give 1 to %d environments, got %d", maxRuntimes, len(ids))
	}
	out := make([]RuntimeSummary, len(ids))
	var group sync.WaitGroup
	slots := make(chan struct{}, runtimeConcurrency)
	for i, id := range ids {
		group.Go(func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			out[i] = s.summarize(ctx, EnvRef{org, app, id})
		})
	}
	group.Wait()
	return out, ctx.Err()
}

func (s *Service) summarize(ctx context.Context, ref EnvRef) RuntimeSummary {
	out := RuntimeSummary{EnvID: ref.EnvID}
	_, err := s.store.GetEnvironment(ctx, ref)
	if IsNotFound(err) {
		out.Error = fmt.Sprintf("Environment %s does not exist", ref)
		return out
	}
	var found *EnvRuntime
	if err == nil {
		found, err = s.readRuntime(ctx, ref)
	}
	switch {
	case err != nil:
		s.log.WarnContext(ctx, "the runtime of an environment cannot be read", "environment", ref.String(), "error", err)
		out.Error = cannotTell(err)
	case found.Message != "":
		out.Error = found.Message
	default:
		out.Status, out.Paused = found.Status.Class(), found.Paused
	}
	return out
}

// EnvEvents is what happened in an environment lately.
type EnvEvents struct {
	Events  []RuntimeEvent // newest first
	Message string         // why the cluster tells nothing; "" when it was asked
}

// RuntimeEvents lists what the cluster noted about the objects of an environment
// or of one workload, and how its last deployments went, newest first. limit 0
// stands for 500, which is the most.
func (s *Service) RuntimeEvents(ctx context.Context, ref EnvRef, workload string, limit int) (*EnvEvents, error) {
	if err := s.requireEnvReader(ctx, ref); err != nil {
		return nil, err
	}
	out := &EnvEvents{Events: []RuntimeEvent{}}
	deployments, err := s.store.ListDeployments(ctx, ref, eventDeployments)
	if err != nil {
		return nil, err
	}
	for _, d := range deployments {
		told, err := s.store.ListEvents(ctx, ref.OrgID, d.ID, 0, maxDeploymentEvents)
		if err != nil {
			return nil, err
		}
		for _, e := range told {
			if e.Type != "deployment.status" && e.Type != "deployment.delivered" {
				continue
			}
			out.Events = append(out.Events, deploymentEvent(d, e))
		}
	}
	at, why, err := s.runtimeAt(ctx, ref)
	if err != nil {
		return nil, err
	}
	out.Message = why
	if at != nil {
		asking, cancel := context.WithTimeout(ctx, runtimeTimeout)
		defer cancel()
		found, err := at.reader.ReadEvents(asking, at.target, RuntimeQuery{Workload: workload, Hidden: at.hidden})
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if err != nil {
			out.Message = cannotTell(err)
		}
		out.Events = append(out.Events, found...)
	}
	slices.SortStableFunc(out.Events, func(a, b RuntimeEvent) int { return b.At.Compare(a.At) })
	if limit <= 0 || limit > maxRuntimeEvents {
		limit = maxRuntimeEvents
	}
	out.Events = out.Events[:min(len(out.Events), limit)]
	return out, nil
}

func deploymentEvent(d Deployment, e Event) RuntimeEvent {
	kind := "Normal"
	if e.Status == string(DeploymentFailed) {
		kind = "Warning"
	}
	return RuntimeEvent{
		At: e.At, Source: "slipway", Type: kind, Reason: cmp.Or(e.Status, e.Type), Kind: "deployment", Object: d.ID, Count: 1,
		Message: cmp.Or(e.Message, e.Type),
	}
}

// FollowContainerLogs tells lines as containers write them until ctx ends, tell
// fails, or the caller may not read the environment any more. Of what is there
// already it tells the last lines of each container, as many as the filter says.
// Where nothing can be followed it is an error that says why.
func (s *Service) FollowContainerLogs(ctx context.Context, ref EnvRef, f ContainerLogFilter, tell func(ContainerLogLine) error) error {
	if err := s.requireEnvReader(ctx, ref); err != nil {
		return err
	}
	if f.Limit < 0 || f.Limit > maxLogLines {
		return Invalidf("limit: expected 1 to %d, got %d", maxLogLines, f.Limit)
	}
	if f.Previous || !f.To.IsZero() || f.DeploymentID != "" || f.Invert {
		return Invalidf("previous, timestamp_to, deployment_id and invert tell of what is over and cannot be followed")
	}
	at, why, err := s.runtimeAt(ctx, ref)
	if err != nil {
		return err
	}
	if at == nil {
		return Conflictf("there are no logs to follow: %s", why)
	}
	q := ContainerLogQuery{
		Workload: f.Workload, Container: f.Container, Pod: f.Pod, Contains: f.Contains, From: f.From,
		Limit: cmp.Or(f.Limit, defaultLogLines), Ascending: true, Hidden: at.hidden,
	}
	return at.reader.FollowLogs(ctx, at.target, q, LogFollower{
		Tell: tell,
		Renew: func(ctx context.Context) ([]string, error) {
			ctx, err := s.Renewed(ctx)
			if err != nil {
				return nil, err
			}
			if err := s.requireEnvReader(ctx, ref); err != nil {
				return nil, err
			}
			now, _, err := s.runtimeAt(ctx, ref)
			if err != nil || now == nil {
				return nil, err
			}
			return now.hidden, nil
		},
	})
}
