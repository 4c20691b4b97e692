package store

import (
	"context"
	"time"

	"gorm.io/gorm/clause"

	"github.com/slipway-dev/slipway/orchestrator"
)

type pushRow struct {
	OrgID             string `gorm:"primaryKey"`
	AppID             string `gorm:"primaryKey"`
	EnvID             string `gorm:"primaryKey"`
	ID                string `gorm:"primaryKey"`
	ArtefactVersionID string
	ArtefactName      string
	Image             string
	Ref               string
	CommitID          string
	RuleID            string
	Status            string
	Reason            string
	DeploymentID      string
	Created           int64  `gorm:"column:created_at"`
	Handled           *int64 `gorm:"column:handled_at"`
	Version           int64
}

// TableName names the table.
func (pushRow) TableName() string { return "pushes" }

func (r pushRow) domain() orchestrator.Push {
	return orchestrator.Push{
		OrgID: r.OrgID, AppID: r.AppID, EnvID: r.EnvID, ID: r.ID, ArtefactVersionID: r.ArtefactVersionID,
		ArtefactName: r.ArtefactName, Image: r.Image, Ref: r.Ref, Commit: r.CommitID, RuleID: r.RuleID,
		Status: r.Status, Reason: r.Reason, DeploymentID: r.DeploymentID,
		CreatedAt: instant(r.Created), HandledAt: instantOrNil(r.Handled), Version: r.Version,
	}
}

// CreatePushes stores pushes.
func (s *Store) CreatePushes(ctx context.Context, pushes []orchestrator.Push) error {
	if len(pushes) == 0 {
		return nil
	}
	rows := make([]pushRow, 0, len(pushes))
	for _, p := range pushes {
		rows = append(rows, pushRow{
			OrgID: p.OrgID, AppID: p.AppID, EnvID: p.EnvID, ID: p.ID, ArtefactVersionID: p.ArtefactVersionID,
			ArtefactName: p.ArtefactName, Image: p.Image, Ref: p.Ref, CommitID: p.Commit, RuleID: p.RuleID,
			Status: p.Status, Reason: p.Reason, DeploymentID: p.DeploymentID,
			Created: nanos(p.CreatedAt), Handled: nanosOrNil(p.HandledAt), Version: 1,
		})
	}
	err := s.InTx(ctx, func(ctx context.Context) error { return s.writer(ctx).CreateInBatches(&rows, batch).Error })
	if err != nil && classify(err) == faultForeignKey {
		return environmentObject(pushes[0].EnvID).missing()
	}
	return s.fail(ctx, err, "store pushes")
}

// ListPushes lists newest first; limit 0 = all.
func (s *Store) ListPushes(ctx context.Context, ref orchestrator.EnvRef, limit int) ([]orchestrator.Push, error) {
	query := s.reader(ctx).Where(inEnvironment(ref)).Clauses(newestFirst)
	if limit > 0 {
		query = query.Limit(limit)
	}
	return list(ctx, s, query, "pushes", pushRow.domain)
}

// PendingPushes lists oldest first.
func (s *Store) PendingPushes(ctx context.Context, ref orchestrator.EnvRef) ([]orchestrator.Push, error) {
	query := s.reader(ctx).Where(inEnvironment(ref)).Where("status = 'pending'").Clauses(oldestFirst)
	return list(ctx, s, query, "pushes", pushRow.domain)
}

// EnvironmentsWithPushes lists the environments that have pending pushes from
// before a time, at most limit.
func (s *Store) EnvironmentsWithPushes(ctx context.Context, before time.Time, limit int) ([]orchestrator.EnvRef, error) {
	// The condition is spelled literally for the partial index.
	query := s.reader(systemWide(ctx)).Model(&pushRow{}).Distinct("org_id", "app_id", "env_id").
		Where("status = 'pending' AND created_at < ?", nanos(before)).Clauses(order("org_id", "app_id", "env_id")).Limit(limit)
	return list(ctx, s, query, "pushes", func(r pushRow) orchestrator.EnvRef {
		return orchestrator.EnvRef{OrgID: r.OrgID, AppID: r.AppID, EnvID: r.EnvID}
	})
}

// UpdatePush writes what became of a push.
func (s *Store) UpdatePush(ctx context.Context, p *orchestrator.Push) error {
	where := inEnvironment(p.EnvRef())
	where["id"] = p.ID
	set := columns{
		"status": p.Status, "reason": p.Reason, "deployment_id": p.DeploymentID, "handled_at": nanosOrNil(p.HandledAt),
	}
	return s.update(ctx, &pushRow{}, where, &p.Version, set, object{"push", p.ID})
}

// DeletePushes forgets those that were handled before a time.
func (s *Store) DeletePushes(ctx context.Context, ref orchestrator.EnvRef, before time.Time) error {
	err := s.writer(ctx).Where(inEnvironment(ref)).
		Where(clause.Lt{Column: "handled_at", Value: nanos(before)}).Delete(&pushRow{}).Error
	return s.fail(ctx, err, "delete pushes")
}
