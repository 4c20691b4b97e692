package orchestrator

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/slipway-dev/slipway/engine/deployset"
	"github.com/slipway-dev/slipway/engine/manifest"
)

// OperationRequest asks for an operation on what runs in an environment.
type OperationRequest struct {
	Kind      OperationKind
	Replicas  map[string]int // of a scale: by workload, each 0 to MaxReplicas
	Workloads []string       // of a restart; empty = all
}

// MaxReplicas is how many replicas a workload may be scaled to.
const MaxReplicas = 10000

const (
	// openOperations bounds the unfinished operations of an environment.
	openOperations = 20
	// operationsShown is how many operations are listed.
	operationsShown = 100
	// lookTimeout bounds how long a request waits for a cluster that only might refuse it.
	lookTimeout = 5 * time.Second
)

// ListOperations lists the newest operations of an environment first.
func (s *Service) ListOperations(ctx context.Context, ref EnvRef) ([]Operation, error) {
	if err := s.requireEnvReader(ctx, ref); err != nil {
		return nil, err
	}
	return s.store.ListOperations(ctx, ref, operationsShown)
}

// GetOperation returns one operation.
func (s *Service) GetOperation(ctx context.Context, ref EnvRef, id string) (*Operation, error) {
	if err := s.requireEnvReader(ctx, ref); err != nil {
		return nil, err
	}
	return s.store.GetOperation(ctx, ref, id)
}

// Operate accepts an operation: it is stored as pending, committed, and handed
// to the environment's queue, where it waits for what was accepted before. An
// environment that is paused refuses everything but to be resumed, one whose
// target is no cluster refuses everything, and an autoscaler owns the replicas of
// what it scales: these are conflicts.
func (s *Service) Operate(ctx context.Context, ref EnvRef, req OperationRequest) (*Operation, error) {
	env, err := s.requireOperator(ctx, ref)
	if err != nil {
		return nil, err
	}
	if err := s.checkOperation(ctx, env, &req); err != nil {
		return nil, err
	}
	if err := s.workflows.Ready(ctx); err != nil {
		return nil, err
	}
	var op *Operation
	err = s.inTxAgain(ctx, func(ctx context.Context) error {
		env, err := s.store.LockEnvironment(ctx, ref)
		if err != nil {
			return err
		}
		if op, err = s.acceptOperation(ctx, env, req); err != nil {
			return err
		}
		return s.audit(ctx, Change{
			Org: ref.OrgID, Action: string(req.Kind), Type: "operation", Object: operationPath(op), After: operationState(op),
		})
	})
	if err != nil {
		return nil, err
	}
	s.handOver(ctx, ref, op.item())
	return op, nil
}

func operationPath(o *Operation) string { return EnvObject(o.Ref()) + "/operations/" + o.ID }

func operationState(o *Operation) map[string]any {
	out := map[string]any{"id": o.ID, "kind": string(o.Kind), "status": string(o.Status)}
	if len(o.Replicas) > 0 {
		out["replicas"] = o.Replicas
	}
	if len(o.Workloads) > 0 {
		out["workloads"] = o.Workloads
	}
	return out
}

// requireOperator authorizes a change of what runs.
func (s *Service) requireOperator(ctx context.Context, ref EnvRef) (*Environment, error) {
	if err := s.requireApp(ctx, ref.OrgID, ref.AppID, RoleViewer); err != nil {
		return nil, err
	}
	env, err := s.store.GetEnvironment(ctx, ref)
	if err != nil {
		return nil, err
	}
	return env, s.requireDeployPerm(ctx, ref.OrgID, ref.AppID, env.TypeID, PermRuntimeWrite)
}

// checkOperation validates a request against what is deployed, and against the
// cluster when that answers at once.
func (s *Service) checkOperation(ctx context.Context, env *Environment, req *OperationRequest) error {
	named, err := req.check()
	if err != nil {
		return err
	}
	if env.Status == StatusDeleting {
		return Conflictf("environment %q is being deleted", env.ID)
	}
	if env.LastDeployID == "" {
		return Conflictf("nothing was deployed to environment %q yet", env.ID)
	}
	last, err := s.store.GetDeployment(ctx, env.Ref(), env.LastDeployID)
	if err != nil {
		return err
	}
	set, err := s.store.GetSet(ctx, env.OrgID, env.AppID, last.SetID)
	if err != nil {
		return err
	}
	for _, workload := range named {
		if ids := workloadIDs(set); !slices.Contains(ids, workload) {
			return Invalidf("workload %q is not in environment %q; it has %s", shorten(workload), env.ID, orNone(strings.Join(ids, ", ")))
		}
		if err := suits(req.Kind, set, workload); err != nil {
			return err
		}
	}
	target, err := s.operable(ctx, env)
	if err != nil || req.Kind != OperationScale {
		return err
	}
	return s.refuseAutoscaled(ctx, target, named)
}

// suits refuses what a built-in profile cannot do; another profile may.
func suits(kind OperationKind, set deployset.Set, workload string) error {
	profile, _ := set.Modules[workload]["profile"].(string)
	runsToItsEnd := profile == manifest.ProfileJob || profile == manifest.ProfileCronJob
	switch {
	case kind == OperationScale && (runsToItsEnd || profile == manifest.ProfileDaemonSet):
		return Conflictf("workload %q has the profile %s, which has no replicas to scale", workload, profile)
	case kind == OperationRestart && runsToItsEnd:
		return Conflictf("workload %q has the profile %s: it runs to its end and is not restarted; a deployment that changes it runs it again", workload, profile)
	}
	return nil
}

// check validates the shape of a request and returns the workloads it names, sorted.
func (q *OperationRequest) check() ([]string, error) {
	switch q.Kind {
	case OperationScale:
		if len(q.Replicas) == 0 {
			return nil, Invalidf("replicas: name at least one workload")
		}
		for workload, n := range q.Replicas {
			if n < 0 || n > MaxReplicas {
				return nil, Invalidf("replicas of workload %q: expected 0 to %d, got %d", shorten(workload), MaxReplicas, n)
			}
		}
		q.Workloads = nil
		return sortedNames(q.Replicas), nil
	case OperationRestart:
		q.Replicas = nil
		slices.Sort(q.Workloads)
		q.Workloads = slices.Compact(q.Workloads)
		return q.Workloads, nil
	case OperationPause, OperationResume:
		q.Replicas, q.Workloads = nil, nil
		return nil, nil
	}
	return nil, Invalidf("kind: expected %s, %s, %s or %s, got %q", OperationScale, OperationPause, OperationResume, OperationRestart, shorten(string(q.Kind)))
}

// operable is the cluster that Slipway delivers the environment to itself.
func (s *Service) operable(ctx context.Context, env *Environment) (Target, error) {
	resources, err := s.store.ListActiveResources(ctx, env.Ref())
	if err != nil {
		return Target{}, err
	}
	target, _, err := targetFor(s.keeper, env, resources)
	if err != nil {
		return Target{}, err
	}
	if s.clusters[target.Type] == nil {
		return Target{}, notOperable(env.ID, target.Type)
	}
	return target, nil
}

func notOperable(env, kind string) error {
	return Conflictf("environment %q is delivered to a target of type %q, which somebody else brings to the cluster: what runs there can only be changed by a deployment", env, kind)
}

// targetFor is where an environment was delivered to last, and the secret outputs of its resources.
func targetFor(keeper Keeper, env *Environment, resources []ActiveResource) (Target, []string, error) {
	var hidden []string
	var found *Target
	for i := range resources {
		r := &resources[i]
		sealed, err := openSealed(keeper, r)
		if err != nil {
			return Target{}, nil, Wrapf(CodeInternal, err, "the outputs of resource %s could not be read", r.Key)
		}
		hidden = append(hidden, stringLeaves(sealed.Secrets)...)
		if r.Key.Type == "k8s-cluster" && r.Key.ID == clusterID {
			kind, _ := r.Values["cluster_type"].(string)
			found = &Target{
				Env: env.Ref(), Type: kind, Values: r.Values, Credentials: mapAt(sealed.Secrets, "credentials"), Namespace: namespaceOf(env, resources),
			}
		}
	}
	if found == nil {
		return Target{}, nil, Conflictf("environment %q has no resource %s yet, so nothing runs in it that could be changed", env.ID, clusterID)
	}
	return *found, hidden, nil
}

// refuseAutoscaled answers at once what the operation would find out later. A
// cluster that does not answer now is no reason to refuse.
func (s *Service) refuseAutoscaled(ctx context.Context, target Target, workloads []string) error {
	entries, err := s.store.ListInventory(ctx, target.Env)
	if err != nil {
		return err
	}
	look, cancel := context.WithTimeout(ctx, lookTimeout)
	defer cancel()
	found, err := s.clusters[target.Type].Controllers(look, target, entries)
	if err != nil {
		s.log.WarnContext(ctx, "the cluster could not be asked before a scale; it is asked again", "environment", target.Env.String(), "error", err)
		return ctx.Err()
	}
	for _, c := range found {
		if c.Autoscaler != "" && slices.Contains(workloads, c.Workload) {
			return autoscaled(c)
		}
	}
	return nil
}

func autoscaled(c Controller) error {
	return Conflictf("workload %q is scaled by HorizontalPodAutoscaler %q, which would undo this: change its minReplicas and maxReplicas instead", c.Workload, c.Autoscaler)
}

// acceptOperation runs inside the transaction that holds the environment.
func (s *Service) acceptOperation(ctx context.Context, env *Environment, req OperationRequest) (*Operation, error) {
	if env.Status == StatusDeleting {
		return nil, Conflictf("environment %q is being deleted", env.ID)
	}
	open, err := s.store.UnfinishedOperations(ctx, env.Ref())
	if err != nil {
		return nil, err
	}
	if len(open) >= openOperations {
		return nil, Conflictf("%d operations of environment %q are unfinished; wait for some to end", len(open), env.ID)
	}
	at, id := s.deployIDs.next(s.now(), "")
	op := &Operation{
		OrgID: env.OrgID, AppID: env.AppID, EnvID: env.ID, ID: id, Kind: req.Kind, Replicas: req.Replicas, Workloads: req.Workloads,
		Status: OperationPending, CreatedAt: at, CreatedBy: ActorFrom(ctx).UserID, StatusChangedAt: at,
	}
	if err := s.applyPauseRules(ctx, env, op, open); err != nil {
		return nil, err
	}
	return op, s.store.CreateOperation(ctx, op)
}

// applyPauseRules refuses what a paused environment does not allow, and marks
// the environment as paused from now on.
func (s *Service) applyPauseRules(ctx context.Context, env *Environment, op *Operation, open []Operation) error {
	pause, err := s.store.GetPause(ctx, env.Ref())
	if err != nil && !IsNotFound(err) {
		return err
	}
	resuming := slices.ContainsFunc(open, func(o Operation) bool { return o.Kind == OperationResume })
	switch {
	case op.Kind == OperationPause && resuming:
		return Conflictf("environment %q is being resumed; wait for that to end", env.ID)
	case op.Kind == OperationPause && pause != nil: // again, after one that failed
		pause.OperationID = op.ID
		return stale(s.store.UpdatePause(ctx, pause))
	case op.Kind == OperationPause:
		return s.store.CreatePause(ctx, &Pause{
			OrgID: env.OrgID, AppID: env.AppID, EnvID: env.ID, OperationID: op.ID, CreatedAt: op.CreatedAt, CreatedBy: op.CreatedBy,
		})
	case op.Kind == OperationResume && pause == nil:
		return Conflictf("environment %q is not paused", env.ID)
	case op.Kind == OperationResume && resuming:
		return Conflictf("environment %q is being resumed already", env.ID)
	case op.Kind != OperationResume && pause != nil:
		return pausedError(env.ID)
	}
	return nil
}

func pausedError(env string) error {
	return Conflictf("environment %q is paused; resume it first", env)
}

// refusePaused keeps deployments out of an environment that is paused.
func refusePaused(ctx context.Context, store Store, env *Environment) error {
	_, err := store.GetPause(ctx, env.Ref())
	switch {
	case IsNotFound(err):
		return nil
	case err != nil:
		return err
	}
	return pausedError(env.ID)
}

// SetPaused pauses or resumes an environment. It is no error, and does nothing,
// when it is as wanted, or will be; the operation is nil then.
func (s *Service) SetPaused(ctx context.Context, ref EnvRef, paused bool) (*Operation, error) {
	if _, err := s.requireOperator(ctx, ref); err != nil {
		return nil, err
	}
	pause, err := s.store.GetPause(ctx, ref)
	if err != nil && !IsNotFound(err) {
		return nil, err
	}
	if !paused {
		if pause == nil || s.pending(ctx, ref, OperationResume) {
			return nil, nil
		}
		return s.Operate(ctx, ref, OperationRequest{Kind: OperationResume})
	}
	if pause != nil && !s.pending(ctx, ref, OperationResume) {
		last, err := s.store.GetOperation(ctx, ref, pause.OperationID)
		if err != nil {
			return nil, err
		}
		if last.Status != OperationFailed && last.Status != OperationCancelled {
			return nil, nil
		}
	}
	return s.Operate(ctx, ref, OperationRequest{Kind: OperationPause})
}

// pending reports whether an operation of that kind waits or runs.
func (s *Service) pending(ctx context.Context, ref EnvRef, kind OperationKind) bool {
	open, err := s.store.UnfinishedOperations(ctx, ref)
	return err == nil && slices.ContainsFunc(open, func(o Operation) bool { return o.Kind == kind })
}

// CancelOperation asks for the end of an operation. One that waits ends at once;
// of one that runs, what it has changed stays. Asking again is harmless; an
// operation that is over is a conflict.
func (s *Service) CancelOperation(ctx context.Context, ref EnvRef, id string) (*Operation, error) {
	if _, err := s.requireOperator(ctx, ref); err != nil {
		return nil, err
	}
	var op *Operation
	err := s.inTxAgain(ctx, func(ctx context.Context) error {
		if _, err := s.store.LockEnvironment(ctx, ref); err != nil {
			return err
		}
		var err error
		if op, err = s.store.GetOperation(ctx, ref, id); err != nil {
			return err
		}
		if op.Status == OperationCancelled {
			return nil
		}
		if op.Status.Terminal() {
			return Conflictf("operation %s is over: it %s", op.ID, op.Status)
		}
		before, at := operationState(op), s.now()
		op.CancelRequestedAt = &at
		if op.StartedAt == nil {
			err = endOperation(ctx, s.store, op, OperationCancelled, "cancelled before it began", at)
		} else {
			err = stale(s.store.UpdateOperation(ctx, op))
		}
		if err != nil {
			return err
		}
		return s.audit(ctx, Change{Org: ref.OrgID, Action: "cancel", Type: "operation", Object: operationPath(op), Before: before, After: operationState(op)})
	})
	if err != nil {
		return nil, err
	}
	s.outbox.flush(ctx, ref.OrgID, ref.AppID)
	s.handCancelOf(ctx, ref, op.item())
	return op, nil
}

func (s *Service) handCancelOf(ctx context.Context, ref EnvRef, item QueueItem) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), startTimeout)
	defer cancel()
	if err := s.workflows.Cancel(ctx, ref, item); err != nil {
		s.log.Warn("cancel did not reach the workflow; the reconciler will repeat it", "kind", item.Kind, "id", item.ID, "error", err)
	}
}

// endOperation gives an operation its terminal status, inside a transaction that
// holds the environment. A pause that has not touched anything is taken back;
// one that has stays, so that it can be resumed.
func endOperation(ctx context.Context, store Store, op *Operation, status OperationStatus, message string, at time.Time) error {
	op.Status, op.Message, op.StatusChangedAt, op.FinishedAt = status, message, at, &at
	if err := stale(store.UpdateOperation(ctx, op)); err != nil {
		return err
	}
	if op.Kind == OperationPause && status != OperationSucceeded {
		pause, err := store.GetPause(ctx, op.Ref())
		if err == nil && pause.OperationID == op.ID && !pause.Applied {
			err = store.DeletePause(ctx, op.Ref())
		}
		if err != nil && !IsNotFound(err) {
			return err
		}
	}
	return announce(ctx, store, at, op.Ref(), operationFinished, op.CreatedBy, "", map[string]string{
		"operation_id": op.ID, "kind": string(op.Kind), "status": string(op.Status), "message": op.Message,
	})
}

// describe says what an operation is about.
func (o *Operation) describe() string {
	switch {
	case o.Kind == OperationScale:
		var parts []string
		for _, workload := range sortedNames(o.Replicas) {
			parts = append(parts, fmt.Sprintf("%s to %d", workload, o.Replicas[workload]))
		}
		return "scale " + strings.Join(parts, ", ")
	case len(o.Workloads) > 0:
		return string(o.Kind) + " " + strings.Join(o.Workloads, ", ")
	}
	return string(o.Kind)
}

// GetPause returns the pause of an environment, nil when it is not paused.
func (s *Service) GetPause(ctx context.Context, ref EnvRef) (*Pause, error) {
	if err := s.requireEnvReader(ctx, ref); err != nil {
		return nil, err
	}
	pause, err := s.store.GetPause(ctx, ref)
	if IsNotFound(err) {
		return nil, nil
	}
	return pause, err
}
