package store

import (
	"context"
	"errors"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"github.com/slipway-dev/slipway/internal/runner/record"
	"github.com/slipway-dev/slipway/orchestrator"
)

// errNotPending rolls a transaction back: the run was taken, cancelled or ended meanwhile.
var errNotPending = errors.New("the run is not pending")

func isConflict(err error) bool { return orchestrator.CodeOf(err) == orchestrator.CodeConflict }

type runnerStateRow struct {
	OrgID   string `gorm:"primaryKey"`
	GUResID string `gorm:"primaryKey;column:guresid"`
	Token   int64
	RunID   string
	Lineage string
	Serial  int64
	Sealed  []byte
	Updated int64 `gorm:"column:updated_at"`
}

// TableName names the table.
func (runnerStateRow) TableName() string { return "runner_states" }

func stateObject(guresid string) object { return object{"Terraform state of resource", guresid} }

// GetState finds the newest snapshot of a resource; CodeNotFound when there is none.
func (s *Store) GetState(ctx context.Context, org, guresid string) (*record.State, error) {
	r, err := find[runnerStateRow](ctx, s, key{"org_id": org, "guresid": guresid}, stateObject(guresid))
	if err != nil {
		return nil, err
	}
	return &record.State{
		OrgID: r.OrgID, GUResID: r.GUResID, Token: r.Token, RunID: r.RunID, Lineage: r.Lineage, Serial: r.Serial,
		Sealed: r.Sealed, UpdatedAt: instant(r.Updated),
	}, nil
}

// PutState stores a snapshot of the run's resource, when the run still has the
// resource, the lineage is the stored one (any for the first) and the serial
// grew. It reports false for a snapshot that is not newer.
func (s *Store) PutState(ctx context.Context, r *record.Run, st *record.State) (bool, error) {
	stored := false
	err := s.InTx(ctx, func(ctx context.Context) error {
		// The row of the lease stays locked until the end: nobody takes the resource in between.
		if err := s.fencedLease(ctx, r, columns{"owner": gorm.Expr("owner")}); err != nil {
			return err
		}
		set := columns{"run_id": r.ID, "serial": st.Serial, "sealed": notNil(st.Sealed), "updated_at": nanos(st.UpdatedAt)}
		res := s.writer(ctx).Model(&runnerStateRow{}).
			Where(key{"org_id": r.OrgID, "guresid": r.GUResID, "token": r.Token, "lineage": st.Lineage}).
			Where("serial < ?", st.Serial).UpdateColumns(set)
		if stored = res.RowsAffected == 1; res.Error != nil || stored {
			return s.fail(ctx, res.Error, "store the "+stateObject(r.GUResID).String())
		}
		row := runnerStateRow{
			OrgID: r.OrgID, GUResID: r.GUResID, Token: r.Token, RunID: r.ID, Lineage: st.Lineage, Serial: st.Serial,
			Sealed: notNil(st.Sealed), Updated: nanos(st.UpdatedAt),
		}
		err := s.insert(ctx, &row, stateObject(r.GUResID), organizationObject(r.OrgID))
		stored = err == nil
		if isConflict(err) {
			return nil
		}
		return err
	})
	return stored && err == nil, err
}

// runnerLockRow is a provider lock file.
type runnerLockRow struct {
	OrgID   string `gorm:"primaryKey"`
	ID      string `gorm:"primaryKey"`
	Content string
	Created int64 `gorm:"column:created_at"`
}

// TableName names the table.
func (runnerLockRow) TableName() string { return "runner_locks" }

func lockFileObject(id string) object { return object{"provider lock file", id} }

// GetLockFile finds a provider lock file; CodeNotFound when there is none.
func (s *Store) GetLockFile(ctx context.Context, org, id string) (string, error) {
	row, err := find[runnerLockRow](ctx, s, key{"org_id": org, "id": id}, lockFileObject(id))
	if err != nil {
		return "", err
	}
	return row.Content, nil
}

// PutLockFile stores a provider lock file; the newest wins.
func (s *Store) PutLockFile(ctx context.Context, org, id, content string, at time.Time) error {
	row := runnerLockRow{OrgID: org, ID: id, Content: content, Created: nanos(at)}
	err := s.writer(ctx).Clauses(clause.OnConflict{
		Columns:   []clause.Column{{Name: "org_id"}, {Name: "id"}},
		DoUpdates: clause.AssignmentColumns([]string{"content", "created_at"}),
	}).Create(&row).Error
	if err != nil && classify(err) == faultForeignKey {
		return organizationObject(org).missing()
	}
	return s.fail(ctx, err, "store "+lockFileObject(id).String())
}
