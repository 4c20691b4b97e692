package orchestrator

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"time"

	"github.com/slipway-dev/slipway/engine/manifest"
)

// DriftWorkflows starts scans for drift. An
// implementation answers CodeUnavailable when the workflow engine cannot be
// reached.
type DriftWorkflows interface {
	// StartDriftScan starts a scan that is recorded.
	StartDriftScan(ctx context.Context, env EnvRef, id string) error
}

type noDriftWorkflows struct{}

func (noDriftWorkflows) StartDriftScan(context.Context, EnvRef, string) error {
	return Errorf(CodeUnavailable, "this server starts no scans")
}

const (
	// driftKept is how long scans are remembered.
	driftKept = 30 * 24 * time.Hour
	// driftLost is after how long a scan that has not ended is given up: its workflow is gone.
	driftLost = 4 * time.Hour
	// driftShown is how many scans are listed.
	driftShown = 50
	// MinDriftInterval is the shortest time between two scans.
	MinDriftInterval = 5 * time.Minute
	// MaxDriftInterval is the longest.
	MaxDriftInterval = 31 * 24 * time.Hour
	// DefaultDriftInterval is between two scans where the settings say nothing.
	DefaultDriftInterval = 24 * time.Hour
	maxIgnoredFields     = 100
)

// ListDriftScans lists the newest scans of an environment, newest first.
func (s *Service) ListDriftScans(ctx context.Context, ref EnvRef) ([]DriftScan, error) {
	if err := s.requireEnvReader(ctx, ref); err != nil {
		return nil, err
	}
	return s.store.ListDriftScans(ctx, ref, driftShown)
}

// GetDriftScan returns one scan.
func (s *Service) GetDriftScan(ctx context.Context, ref EnvRef, id string) (*DriftScan, error) {
	if err := s.requireEnvReader(ctx, ref); err != nil {
		return nil, err
	}
	return s.store.GetDriftScan(ctx, ref, id)
}

// RequestDriftScan starts a scan now. One that runs already is answered instead.
func (s *Service) RequestDriftScan(ctx context.Context, ref EnvRef) (*DriftScan, error) {
	env, err := s.requireOperator(ctx, ref)
	if err != nil {
		return nil, err
	}
	if env.Status == StatusDeleting {
		return nil, Conflictf("environment %q is being deleted", env.ID)
	}
	if env.LastDeployID == "" {
		return nil, Conflictf("nothing was deployed to environment %q yet", env.ID)
	}
	if err := s.workflows.Ready(ctx); err != nil {
		return nil, err
	}
	var scan *DriftScan
	fresh := false
	err = s.inTxAgain(ctx, func(ctx context.Context) error {
		if _, err := s.store.LockEnvironment(ctx, ref); err != nil {
			return err
		}
		if scan, err = s.runningScan(ctx, ref); err != nil {
			return err
		}
		if fresh = scan == nil; fresh {
			_, id := s.deployIDs.next(s.now(), "")
			if scan, err = s.newScan(ctx, ref, id, DriftCauseRequest); err != nil {
				return err
			}
		}
		return s.audit(ctx, Change{Org: ref.OrgID, Action: "scan", Type: "drift", Object: EnvObject(ref) + "/drift/" + scan.ID, After: map[string]any{"id": scan.ID}})
	})
	if err != nil || !fresh {
		return scan, err
	}
	if err := s.drift.StartDriftScan(ctx, ref, scan.ID); err != nil {
		return nil, errors.Join(err, s.endScan(context.WithoutCancel(ctx), scan, DriftFailed, "the scan could not be started: "+err.Error()))
	}
	return scan, nil
}

// runningScan is the scan that runs, nil when none does. One whose workflow is
// gone is closed.
func (s *Service) runningScan(ctx context.Context, ref EnvRef) (*DriftScan, error) {
	all, err := s.store.ListDriftScans(ctx, ref, driftShown)
	if err != nil {
		return nil, err
	}
	for i := range all {
		scan := &all[i]
		if scan.Status.Terminal() {
			continue
		}
		if s.now().Sub(scan.CreatedAt) < driftLost {
			return scan, nil
		}
		if err := s.endScan(ctx, scan, DriftFailed, "its workflow ended without a result"); err != nil {
			return nil, err
		}
	}
	return nil, nil
}

func (s *Service) newScan(ctx context.Context, ref EnvRef, id, cause string) (*DriftScan, error) {
	scan := &DriftScan{
		OrgID: ref.OrgID, AppID: ref.AppID, EnvID: ref.EnvID, ID: id, Cause: cause, Status: DriftRunning,
		CreatedAt: s.now(), CreatedBy: ActorFrom(ctx).UserID,
	}
	return scan, s.store.CreateDriftScan(ctx, scan)
}

// DriftResultOf tells the workflow of a scan how it ended.
type DriftResultOf struct {
	Status     DriftStatus
	RedeployID string
}

// ScanDrift looks at the objects that were delivered to an environment and records
// what is not as it was deployed. Only Slipway itself may ask for it. A scan that
// is not recorded yet is one of the schedule. While a deployment or an operation
// runs, what is there is in motion: the error is CodeUnavailable then, and
// repeating helps.
func (s *Service) ScanDrift(ctx context.Context, ref EnvRef, id string) (DriftResultOf, error) {
	return s.scanDrift(ctx, ref, id, nil)
}

func (s *Service) scanDrift(ctx context.Context, ref EnvRef, id string, ask ResourceDrift) (DriftResultOf, error) {
	if !ActorFrom(ctx).System {
		return DriftResultOf{}, Forbiddenf("only Slipway itself carries out scans")
	}
	env, err := s.store.GetEnvironment(ctx, ref)
	if IsNotFound(err) || err == nil && env.Status == StatusDeleting {
		return DriftResultOf{Status: DriftFailed}, s.schedules.DeleteSchedule(ctx, ref.OrgID, ScheduleID(ScheduleDrift, ref.AppID, ref.EnvID))
	}
	if err != nil {
		return DriftResultOf{}, err
	}
	scan, err := s.store.GetDriftScan(ctx, ref, id)
	if IsNotFound(err) {
		scan, err = s.newScan(ctx, ref, id, DriftCauseSchedule)
	}
	if err != nil {
		return DriftResultOf{}, err
	}
	if scan.Status.Terminal() {
		return DriftResultOf{Status: scan.Status, RedeployID: scan.RedeployID}, nil
	}
	settings, err := s.viewDriftSettings(ctx, ref)
	if err != nil {
		return DriftResultOf{}, err
	}
	if err := s.compareForDrift(ctx, env, scan, settings.allIgnored(), ask); err != nil {
		return DriftResultOf{}, err
	}
	status := DriftClean
	if scan.Drifted > 0 {
		status = DriftFound
	}
	if status == DriftFound && settings.Redeploy {
		s.redeployDrifted(ctx, ref, scan)
	}
	if err := s.endScan(ctx, scan, status, scan.Message); err != nil {
		return DriftResultOf{}, err
	}
	return DriftResultOf{Status: status, RedeployID: scan.RedeployID}, s.store.DeleteDriftScans(ctx, ref, s.now().Add(-driftKept))
}

// FailDriftScan records why a scan came to nothing.
func (s *Service) FailDriftScan(ctx context.Context, ref EnvRef, id, why string) error {
	if !ActorFrom(ctx).System {
		return Forbiddenf("only Slipway itself carries out scans")
	}
	scan, err := s.store.GetDriftScan(ctx, ref, id)
	if IsNotFound(err) || err == nil && scan.Status.Terminal() {
		return nil
	}
	if err != nil {
		return err
	}
	return s.endScan(ctx, scan, DriftFailed, why)
}

// endScan gives a scan its terminal status, and tells webhooks of drift.
func (s *Service) endScan(ctx context.Context, scan *DriftScan, status DriftStatus, message string) error {
	at := s.now()
	scan.Status, scan.Message, scan.FinishedAt = status, message, &at
	err := s.store.InTx(ctx, func(ctx context.Context) error {
		if err := s.store.UpdateDriftScan(ctx, scan); err != nil || status != DriftFound {
			return err
		}
		return announce(ctx, s.store, at, scan.Ref(), environmentDrifted, scan.CreatedBy, "", map[string]string{
			"scan_id": scan.ID, "deploy_id": scan.BaseID, "summary": driftSummary(scan), "redeploy_id": scan.RedeployID,
		})
	})
	if err != nil {
		return err
	}
	s.outbox.flush(ctx, scan.OrgID, scan.AppID)
	s.observe("drift", string(status))
	s.log.InfoContext(ctx, "scan for drift finished", slog.String("environment", scan.Ref().String()), slog.String("scan", scan.ID),
		slog.String("status", string(status)), slog.Int("checked", scan.Checked), slog.Int("drifted", scan.Drifted), slog.String("message", message))
	return nil
}

// driftSummary names what drifted, in a line.
func driftSummary(scan *DriftScan) string {
	var parts []string
	for _, r := range scan.Results {
		if r.State != DriftStateUnknown && len(parts) < 10 {
			parts = append(parts, r.Kind+" "+r.Name+" "+r.State)
		}
	}
	return strings.Join(parts, ", ")
}

// requireAtRest answers CodeUnavailable while something changes the environment.
func (s *Service) requireAtRest(ctx context.Context, ref EnvRef) error {
	deployments, err := s.store.UnfinishedDeployments(ctx, ref)
	if err != nil {
		return err
	}
	for i := range deployments {
		if deployments[i].StartedAt != nil {
			return Errorf(CodeUnavailable, "deployment %s is under way; what is there is in motion", deployments[i].ID)
		}
	}
	operations, err := s.store.UnfinishedOperations(ctx, ref)
	if err != nil {
		return err
	}
	for i := range operations {
		if operations[i].StartedAt != nil {
			return Errorf(CodeUnavailable, "operation %s is under way; what is there is in motion", operations[i].ID)
		}
	}
	return nil
}

// expectedObjects are what a deployment delivered, with what was changed through
// Slipway since: a pause, and numbers of replicas.
func (s *Service) expectedObjects(ctx context.Context, ref EnvRef, deployID string) ([]manifest.Object, error) {
	objects, err := s.rendered(ctx, ref, deployID)
	if err != nil {
		return nil, err
	}
	operations, err := s.store.ListOperations(ctx, ref, 0)
	if err != nil {
		return nil, err
	}
	scaled := map[string]int{} // by workload, the newest counts
	for _, o := range operations {
		if o.Kind != OperationScale || o.StartedAt == nil || o.ID < deployID {
			continue
		}
		for workload, n := range o.Replicas {
			if _, newer := scaled[workload]; !newer {
				scaled[workload] = n
			}
		}
	}
	for _, o := range objects {
		spec, _ := o.Tree["spec"].(map[string]any)
		metadata, _ := o.Tree["metadata"].(map[string]any)
		labels, _ := metadata["labels"].(map[string]any)
		workload, _ := labels[manifest.LabelWorkload].(string)
		n, was := scaled[workload]
		if _, says := spec["replicas"]; says && was && isScalable(o) {
			spec["replicas"] = n
		}
	}
	return objects, holdPaused(ctx, s.store, ref, objects)
}

// redeployDrifted deploys again what the scan was compared with. When the
// environment does not accept that now, the scan says why.
func (s *Service) redeployDrifted(ctx context.Context, ref EnvRef, scan *DriftScan) {
	var policy QueuePolicy
	var made *Deployment
	err := s.inTxAgain(ctx, func(ctx context.Context) error {
		env, err := s.store.LockEnvironment(ctx, ref)
		if err != nil {
			return err
		}
		if env.LastDeployID != scan.BaseID {
			return Conflictf("deployment %s, which is newer, comes first", env.LastDeployID)
		}
		base, err := s.store.GetDeployment(ctx, ref, scan.BaseID)
		if err != nil {
			return err
		}
		policy = env.QueuePolicy
		made, err = s.acceptDeployment(ctx, env, DeploymentRequest{
			SetID: base.SetID, ValueSetVersionID: base.ValueSetVersionID, Comment: "Drift: " + shorten(driftSummary(scan)),
		})
		return err
	})
	if err != nil {
		scan.Message = "it could not be deployed again: " + err.Error()
		return
	}
	scan.RedeployID = made.ID
	s.handOver(ctx, ref, QueueItem{Kind: QueueDeployment, ID: made.ID, Policy: policy})
}
