package store

import (
	"context"
	"time"

	"gorm.io/gorm"

	"github.com/slipway-dev/slipway/internal/runner/record"
)

type runnerPlanRow struct {
	OrgID   string `gorm:"primaryKey"`
	ID      string `gorm:"primaryKey"`
	GUResID string `gorm:"column:guresid"`
	RunID   string
	Status  string
	BegunBy string
	Inputs  string
	Lineage string
	Serial  int64
	Engine  string
	Version string
	Sealed  []byte
	Created int64 `gorm:"column:created_at"`
}

// TableName names the table.
func (runnerPlanRow) TableName() string { return "runner_plans" }

func planObject(id string) object { return object{"stored plan", id} }

// PutPlan stores a plan of the run's resource while the run still has it. Of the
// resource's plans only the newest keep stay, and none from before since.
func (s *Store) PutPlan(ctx context.Context, r *record.Run, p *record.Plan, keep int, since time.Time) error {
	return s.InTx(ctx, func(ctx context.Context) error {
		if err := s.fencedLease(ctx, r, columns{"owner": gorm.Expr("owner")}); err != nil {
			return err
		}
		row := runnerPlanRow{
			OrgID: r.OrgID, ID: p.ID, GUResID: r.GUResID, RunID: r.ID, Status: record.PlanOpen, Inputs: p.Inputs, Lineage: p.Lineage,
			Serial: p.Serial, Engine: p.Engine, Version: p.Version, Sealed: notNil(p.Sealed), Created: nanos(p.CreatedAt),
		}
		if err := s.insert(ctx, &row, planObject(p.ID), organizationObject(r.OrgID)); err != nil {
			return err
		}
		mine := key{"org_id": r.OrgID, "guresid": r.GUResID}
		err := s.writer(ctx).Where(mine).Where("created_at < ?", nanos(since)).Delete(&runnerPlanRow{}).Error
		if err != nil {
			return s.fail(ctx, err, "delete old plans of "+r.GUResID)
		}
		var ids []string
		err = s.writer(ctx).Model(&runnerPlanRow{}).Where(mine).Clauses(newestFirst).Pluck("id", &ids).Error
		if err != nil || len(ids) <= keep {
			return s.fail(ctx, err, "list old plans of "+r.GUResID)
		}
		err = s.writer(ctx).Where(key{"org_id": r.OrgID}).Where("id IN ?", ids[keep:]).Delete(&runnerPlanRow{}).Error
		return s.fail(ctx, err, "delete old plans of "+r.GUResID)
	})
}

// GetPlan finds a stored plan.
func (s *Store) GetPlan(ctx context.Context, org, id string) (*record.Plan, error) {
	r, err := find[runnerPlanRow](ctx, s, key{"org_id": org, "id": id}, planObject(id))
	if err != nil {
		return nil, err
	}
	return &record.Plan{
		OrgID: r.OrgID, ID: r.ID, GUResID: r.GUResID, RunID: r.RunID, Status: r.Status, BegunBy: r.BegunBy, Inputs: r.Inputs,
		Lineage: r.Lineage, Serial: r.Serial, Engine: r.Engine, Version: r.Version, Sealed: r.Sealed, CreatedAt: instant(r.Created),
	}, nil
}

// StepPlan notes that the run begins to apply a plan of its resource
// (record.PlanBegun), or has done so (record.PlanApplied, which drops the
// content), while the run still has the resource.
func (s *Store) StepPlan(ctx context.Context, r *record.Run, id, status string) error {
	return s.InTx(ctx, func(ctx context.Context) error {
		if err := s.fencedLease(ctx, r, columns{"owner": gorm.Expr("owner")}); err != nil {
			return err
		}
		set := columns{"status": status, "begun_by": r.Fingerprint}
		if status == record.PlanApplied {
			set["sealed"] = []byte{}
		}
		return s.overwrite(ctx, &runnerPlanRow{}, key{"org_id": r.OrgID, "id": id, "guresid": r.GUResID}, set, planObject(id))
	})
}
