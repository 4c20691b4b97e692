package store

import (
	"context"
	"time"

	"github.com/slipway-dev/slipway/orchestrator"
)

type deploymentRow struct {
	OrgID             string `gorm:"primaryKey"`
	AppID             string
	EnvID             string
	ID                string `gorm:"primaryKey"`
	FromID            string
	DeltaID           string
	SetID             string
	SetGiven          bool
	Comment           string
	Mode              string
	Created           int64 `gorm:"column:created_at"`
	CreatedBy         string
	Status            string
	StatusChangedAt   int64
	Outcome           string
	Phase             string
	Changed           bool
	CancelRequestedAt *int64
	CancelRequestedBy string
	EnqueuedAt        *int64
	StartedAt         *int64
	FinishedAt        *int64
	ValueSetVersionID string
	GraphID           string
	PlanFingerprint   string
	Gate              string
	FreezeOverride    string
	PlanID            string
	TargetKind        string
	TargetRevision    string
	TargetURL         string
	Pipeline          doc[*pipelineDoc]
	Version           int64
}

type pipelineDoc struct {
	ID        string `json:"id"`
	RunID     string `json:"run_id"`
	JobID     string `json:"job_id"`
	StepIndex int    `json:"step_index"`
}

// unfinished spells the condition of the partial indexes literally: with
// parameters the planner could not prove that it applies.
const unfinished = "status IN ('pending', 'in progress')"

// TableName names the table.
func (deploymentRow) TableName() string { return "deployments" }

func newDeploymentRow(d *orchestrator.Deployment) deploymentRow {
	return deploymentRow{
		OrgID: d.OrgID, AppID: d.AppID, EnvID: d.EnvID, ID: d.ID,
		FromID: d.FromID, DeltaID: d.DeltaID, SetID: d.SetID, SetGiven: d.SetGiven, Comment: d.Comment, Mode: d.Mode,
		Created: nanos(d.CreatedAt), CreatedBy: d.CreatedBy,
		Status: string(d.Status), StatusChangedAt: nanos(d.StatusChangedAt), Outcome: string(d.Outcome),
		Phase: d.Phase, Changed: d.Changed,
		CancelRequestedAt: nanosOrNil(d.CancelRequestedAt), CancelRequestedBy: d.CancelRequestedBy,
		EnqueuedAt: nanosOrNil(d.EnqueuedAt), StartedAt: nanosOrNil(d.StartedAt), FinishedAt: nanosOrNil(d.FinishedAt),
		ValueSetVersionID: d.ValueSetVersionID, GraphID: d.GraphID, PlanFingerprint: d.PlanFingerprint, Gate: string(d.Gate), FreezeOverride: d.FreezeOverride, PlanID: d.PlanID,
		TargetKind: d.TargetKind, TargetRevision: d.TargetRevision, TargetURL: d.TargetURL,
		Pipeline: doc[*pipelineDoc]{(*pipelineDoc)(d.Pipeline)}, Version: 1,
	}
}

func (r deploymentRow) domain() orchestrator.Deployment {
	return orchestrator.Deployment{
		OrgID: r.OrgID, AppID: r.AppID, EnvID: r.EnvID, ID: r.ID,
		FromID: r.FromID, DeltaID: r.DeltaID, SetID: r.SetID, SetGiven: r.SetGiven, Comment: r.Comment, Mode: r.Mode,
		CreatedAt: instant(r.Created), CreatedBy: r.CreatedBy,
		Status: orchestrator.DeploymentStatus(r.Status), StatusChangedAt: instant(r.StatusChangedAt),
		Outcome: orchestrator.Outcome(r.Outcome), Phase: r.Phase, Changed: r.Changed,
		CancelRequestedAt: instantOrNil(r.CancelRequestedAt), CancelRequestedBy: r.CancelRequestedBy,
		EnqueuedAt: instantOrNil(r.EnqueuedAt), StartedAt: instantOrNil(r.StartedAt), FinishedAt: instantOrNil(r.FinishedAt),
		ValueSetVersionID: r.ValueSetVersionID, GraphID: r.GraphID, PlanFingerprint: r.PlanFingerprint, Gate: orchestrator.GateState(r.Gate), FreezeOverride: r.FreezeOverride, PlanID: r.PlanID,
		TargetKind: r.TargetKind, TargetRevision: r.TargetRevision, TargetURL: r.TargetURL,
		Pipeline: (*orchestrator.PipelineRef)(r.Pipeline.V), Version: r.Version,
	}
}

// mutable lists the columns that may change after a deployment was created.
func (r deploymentRow) mutable() columns {
	return columns{
		"from_id": r.FromID, "delta_id": r.DeltaID, "set_id": r.SetID, "set_given": r.SetGiven,
		"comment": r.Comment, "mode": r.Mode,
		"status": r.Status, "status_changed_at": r.StatusChangedAt, "outcome": r.Outcome,
		"phase": r.Phase, "changed": r.Changed,
		"cancel_requested_at": r.CancelRequestedAt, "cancel_requested_by": r.CancelRequestedBy,
		"enqueued_at": r.EnqueuedAt, "started_at": r.StartedAt, "finished_at": r.FinishedAt,
		"value_set_version_id": r.ValueSetVersionID, "graph_id": r.GraphID, "plan_fingerprint": r.PlanFingerprint, "plan_id": r.PlanID,
		"gate": r.Gate, "freeze_override": r.FreezeOverride,
		"target_kind": r.TargetKind, "target_revision": r.TargetRevision, "target_url": r.TargetURL,
		"pipeline": r.Pipeline,
	}
}

func deploymentObject(id string) object { return object{"deployment", id} }

// CreateDeployment stores a deployment. Its id is unique in the whole database.
func (s *Store) CreateDeployment(ctx context.Context, d *orchestrator.Deployment) error {
	row := newDeploymentRow(d)
	if err := s.insert(ctx, &row, deploymentObject(d.ID), environmentObject(d.EnvID)); err != nil {
		return err
	}
	d.Version = row.Version
	return nil
}

// GetDeployment finds a deployment of the environment.
func (s *Store) GetDeployment(ctx context.Context, ref orchestrator.EnvRef, id string) (*orchestrator.Deployment, error) {
	where := inEnvironment(ref)
	where["id"] = id
	return s.findDeployment(ctx, where, id)
}

// FindDeployment finds a deployment by its id alone.
func (s *Store) FindDeployment(ctx context.Context, id string) (*orchestrator.Deployment, error) {
	return s.findDeployment(systemWide(ctx), key{"id": id}, id)
}

// FindDeploymentInApp finds a deployment of any environment of the application.
func (s *Store) FindDeploymentInApp(ctx context.Context, org, app, id string) (*orchestrator.Deployment, error) {
	return s.findDeployment(ctx, key{"org_id": org, "app_id": app, "id": id}, id)
}

func (s *Store) findDeployment(ctx context.Context, where key, id string) (*orchestrator.Deployment, error) {
	row, err := find[deploymentRow](ctx, s, where, deploymentObject(id))
	if err != nil {
		return nil, err
	}
	d := row.domain()
	return &d, nil
}

// ListDeployments lists newest first; limit 0 = all.
func (s *Store) ListDeployments(ctx context.Context, ref orchestrator.EnvRef, limit int) ([]orchestrator.Deployment, error) {
	query := s.reader(ctx).Where(inEnvironment(ref)).Clauses(descending("id"))
	if limit > 0 {
		query = query.Limit(limit)
	}
	return list(ctx, s, query, "deployments", deploymentRow.domain)
}

// UnfinishedDeployments lists those of one environment that are not terminal, oldest first.
func (s *Store) UnfinishedDeployments(ctx context.Context, ref orchestrator.EnvRef) ([]orchestrator.Deployment, error) {
	query := s.reader(ctx).Where(inEnvironment(ref)).Where(unfinished).Clauses(order("id"))
	return list(ctx, s, query, "deployments", deploymentRow.domain)
}

// AllUnfinishedDeployments lists those of every environment whose last status
// change is older than before, oldest deployment first, at most limit (0 = all).
func (s *Store) AllUnfinishedDeployments(ctx context.Context, before time.Time, limit int) ([]orchestrator.Deployment, error) {
	ctx = systemWide(ctx)
	query := s.reader(ctx).Where("status_changed_at < ?", nanos(before)).Where(unfinished).Clauses(order("id"))
	if limit > 0 {
		query = query.Limit(limit)
	}
	return list(ctx, s, query, "deployments", deploymentRow.domain)
}

// UpdateDeployment writes everything but the deployment's place, id and creation.
func (s *Store) UpdateDeployment(ctx context.Context, d *orchestrator.Deployment) error {
	where := inEnvironment(d.Ref())
	where["id"] = d.ID
	return s.update(ctx, &deploymentRow{}, where, &d.Version, newDeploymentRow(d).mutable(), deploymentObject(d.ID))
}

// lockDeployment keeps others from locking the deployment until the transaction ends.
func (s *Store) lockDeployment(ctx context.Context, org, id string) error {
	return s.hold(ctx, &deploymentRow{}, key{"org_id": org, "id": id}, lockNoKeyUpdate, deploymentObject(id))
}
