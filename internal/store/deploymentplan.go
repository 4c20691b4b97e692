package store

import (
	"context"
	"time"

	"gorm.io/gorm/clause"

	"github.com/slipway-dev/slipway/internal/runner/record"
	"github.com/slipway-dev/slipway/orchestrator"
)

type deploymentPlanRow struct {
	OrgID             string `gorm:"primaryKey"`
	AppID             string `gorm:"primaryKey"`
	EnvID             string `gorm:"primaryKey"`
	ID                string `gorm:"primaryKey"`
	DeltaID           string
	SetID             string
	ValueSetVersionID string
	Status            string
	Message           string
	Content           []byte
	DeploymentID      string
	Created           int64 `gorm:"column:created_at"`
	CreatedBy         string
	CancelRequested   *int64 `gorm:"column:cancel_requested_at"`
	HandedOver        *int64 `gorm:"column:handed_over_at"`
	Made              *int64 `gorm:"column:made_at"`
	Expires           *int64 `gorm:"column:expires_at"`
	Finished          *int64 `gorm:"column:finished_at"`
	Version           int64
}

// TableName names the table.
func (deploymentPlanRow) TableName() string { return "deployment_plans" }

func (r deploymentPlanRow) domain() orchestrator.StoredPlan {
	return orchestrator.StoredPlan{
		OrgID: r.OrgID, AppID: r.AppID, EnvID: r.EnvID, ID: r.ID, DeltaID: r.DeltaID, SetID: r.SetID, ValueSetVersionID: r.ValueSetVersionID,
		Status: orchestrator.PlanStatus(r.Status), Message: r.Message, Content: r.Content, DeploymentID: r.DeploymentID,
		CreatedAt: instant(r.Created), CreatedBy: r.CreatedBy, CancelRequestedAt: instantOrNil(r.CancelRequested), HandedOverAt: instantOrNil(r.HandedOver),
		MadeAt: instantOrNil(r.Made), ExpiresAt: instantOrNil(r.Expires), FinishedAt: instantOrNil(r.Finished), Version: r.Version,
	}
}

func deploymentPlanObject(id string) object { return object{"plan", id} }

func deploymentPlanKey(ref orchestrator.EnvRef, id string) key {
	where := inEnvironment(ref)
	where["id"] = id
	return where
}

// CreateDeploymentPlan stores a plan; its environment must exist.
func (s *Store) CreateDeploymentPlan(ctx context.Context, p *orchestrator.StoredPlan) error {
	row := deploymentPlanRow{
		OrgID: p.OrgID, AppID: p.AppID, EnvID: p.EnvID, ID: p.ID, DeltaID: p.DeltaID, SetID: p.SetID, ValueSetVersionID: p.ValueSetVersionID,
		Status: string(p.Status), Message: p.Message, Content: p.Content, DeploymentID: p.DeploymentID,
		Created: nanos(p.CreatedAt), CreatedBy: p.CreatedBy, CancelRequested: nanosOrNil(p.CancelRequestedAt), HandedOver: nanosOrNil(p.HandedOverAt),
		Made: nanosOrNil(p.MadeAt), Expires: nanosOrNil(p.ExpiresAt), Finished: nanosOrNil(p.FinishedAt), Version: 1,
	}
	if err := s.insert(ctx, &row, deploymentPlanObject(p.ID), environmentObject(p.EnvID)); err != nil {
		return err
	}
	p.Version = row.Version
	return nil
}

// GetDeploymentPlan reads a plan of an environment.
func (s *Store) GetDeploymentPlan(ctx context.Context, ref orchestrator.EnvRef, id string) (*orchestrator.StoredPlan, error) {
	row, err := find[deploymentPlanRow](ctx, s, deploymentPlanKey(ref, id), deploymentPlanObject(id))
	if err != nil {
		return nil, err
	}
	p := row.domain()
	return &p, nil
}

// ListDeploymentPlans lists those of an environment newest first; limit 0 = all.
func (s *Store) ListDeploymentPlans(ctx context.Context, ref orchestrator.EnvRef, limit int) ([]orchestrator.StoredPlan, error) {
	query := s.reader(ctx).Where(inEnvironment(ref)).Clauses(newestFirst)
	if limit > 0 {
		query = query.Limit(limit)
	}
	return list(ctx, s, query, "plans", deploymentPlanRow.domain)
}

// UpdateDeploymentPlan writes what became of a plan.
func (s *Store) UpdateDeploymentPlan(ctx context.Context, p *orchestrator.StoredPlan) error {
	set := columns{
		"status": string(p.Status), "message": p.Message, "content": p.Content, "deployment_id": p.DeploymentID,
		"cancel_requested_at": nanosOrNil(p.CancelRequestedAt), "handed_over_at": nanosOrNil(p.HandedOverAt),
		"made_at": nanosOrNil(p.MadeAt), "expires_at": nanosOrNil(p.ExpiresAt), "finished_at": nanosOrNil(p.FinishedAt),
	}
	return s.update(ctx, &deploymentPlanRow{}, deploymentPlanKey(p.Ref(), p.ID), &p.Version, set, deploymentPlanObject(p.ID))
}

// UnfinishedDeploymentPlans lists those of all organizations from before a time
// that no workflow was told of, or not since the time told, oldest first.
func (s *Store) UnfinishedDeploymentPlans(ctx context.Context, before, told time.Time, limit int) ([]orchestrator.StoredPlan, error) {
	query := s.reader(systemWide(ctx)).Where("finished_at IS NULL").
		Where("created_at < ? AND (handed_over_at IS NULL OR handed_over_at < ?)", nanos(before), nanos(told)).
		Clauses(oldestFirst).Limit(limit)
	return list(ctx, s, query, "plans", deploymentPlanRow.domain)
}

// DeleteDeploymentPlans forgets those of an environment that finished before a time.
func (s *Store) DeleteDeploymentPlans(ctx context.Context, ref orchestrator.EnvRef, before time.Time) error {
	err := s.writer(ctx).Where(inEnvironment(ref)).
		Where(clause.Lt{Column: "finished_at", Value: nanos(before)}).Delete(&deploymentPlanRow{}).Error
	return s.fail(ctx, err, "delete plans")
}

// DriverPlans tells of the Terraform plans that are kept under these ids, and of
// the states of their resources.
func (s *Store) DriverPlans(ctx context.Context, org string, ids []string) ([]orchestrator.DriverPlan, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	plans, err := list(ctx, s, s.reader(ctx).Where(key{"org_id": org}).Where("id IN ?", ids).Clauses(order("id")), "stored plans",
		func(r runnerPlanRow) orchestrator.DriverPlan {
			return orchestrator.DriverPlan{
				ID: r.ID, GUResID: r.GUResID, Open: r.Status == record.PlanOpen, Then: orchestrator.StateMark{Lineage: r.Lineage, Serial: r.Serial},
			}
		})
	if err != nil || len(plans) == 0 {
		return nil, err
	}
	var guresids []string
	for _, p := range plans {
		guresids = append(guresids, p.GUResID)
	}
	var states []runnerStateRow
	err = s.reader(ctx).Select("guresid", "lineage", "serial").Where(key{"org_id": org}).Where("guresid IN ?", guresids).Find(&states).Error
	if err != nil {
		return nil, s.fail(ctx, err, "read the states of resources")
	}
	for i := range plans {
		for _, state := range states {
			if state.GUResID == plans[i].GUResID {
				plans[i].Now = orchestrator.StateMark{Lineage: state.Lineage, Serial: state.Serial}
			}
		}
	}
	return plans, nil
}

// ForgetDriverPlans drops Terraform plans of which nothing was applied, and the
// runs that planned resources which were never made.
func (s *Store) ForgetDriverPlans(ctx context.Context, org string, ids, guresids []string) error {
	return s.InTx(ctx, func(ctx context.Context) error {
		if len(ids) > 0 {
			err := s.writer(ctx).Where(key{"org_id": org, "status": record.PlanOpen}).Where("id IN ?", ids).Delete(&runnerPlanRow{}).Error
			if err != nil {
				return s.fail(ctx, err, "delete stored plans")
			}
		}
		if len(guresids) == 0 {
			return nil
		}
		for _, model := range []any{&runnerRunRow{}, &runnerLeaseRow{}} {
			err := s.writer(ctx).Where(key{"org_id": org}).Where("guresid IN ?", guresids).
				Where("guresid NOT IN (?)", s.writer(ctx).Model(&activeResourceRow{}).Select("guresid").Where(key{"org_id": org})).
				Where("guresid NOT IN (?)", s.writer(ctx).Model(&runnerStateRow{}).Select("guresid").Where(key{"org_id": org})).
				Where("guresid NOT IN (?)", s.writer(ctx).Model(&runnerRunRow{}).Select("guresid").
					Where(key{"org_id": org}).Where("status IN ?", []string{string(record.Pending), string(record.Running)})).
				Delete(model).Error
			if err != nil {
				return s.fail(ctx, err, "delete what is left of planning")
			}
		}
		return nil
	})
}
