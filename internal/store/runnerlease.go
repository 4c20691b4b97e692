package store

import (
	"context"
	"time"

	"gorm.io/gorm"

	"github.com/slipway-dev/slipway/internal/runner/record"
)

type runnerLeaseRow struct {
	OrgID     string `gorm:"primaryKey"`
	GUResID   string `gorm:"primaryKey;column:guresid"`
	Token     int64
	RunID     string
	Owner     string
	ExpiresAt int64
}

// TableName names the table.
func (runnerLeaseRow) TableName() string { return "runner_leases" }

func leaseObject(guresid string) object { return object{"lease of resource", guresid} }

// GetLease finds the lease of a resource; CodeNotFound when no runner ever had it.
func (s *Store) GetLease(ctx context.Context, org, guresid string) (*record.Lease, error) {
	r, err := find[runnerLeaseRow](ctx, s, key{"org_id": org, "guresid": guresid}, leaseObject(guresid))
	if err != nil {
		return nil, err
	}
	return &record.Lease{
		OrgID: r.OrgID, GUResID: r.GUResID, Token: r.Token, RunID: r.RunID, Owner: r.Owner, ExpiresAt: instant(r.ExpiresAt),
	}, nil
}

// AcquireRun gives a pending run the lease of its resource until expires, with
// the next fencing token, and makes it running. It reports false when the run
// is not pending, or when another runner's lease has not run out before free
// (now minus the grace time). It fills r.Token and r.Status.
func (s *Store) AcquireRun(ctx context.Context, r *record.Run, owner string, now, free, expires time.Time) (bool, error) {
	taken := false
	err := s.InTx(ctx, func(ctx context.Context) error {
		taken = false
		self := leaseObject(r.GUResID)
		row := runnerLeaseRow{OrgID: r.OrgID, GUResID: r.GUResID}
		if err := s.insert(ctx, &row, self, organizationObject(r.OrgID)); err != nil && !isConflict(err) {
			return err
		}
		res := s.writer(ctx).Model(&runnerLeaseRow{}).Where(key{"org_id": r.OrgID, "guresid": r.GUResID}).
			Where("expires_at < ?", nanos(free)).
			UpdateColumns(columns{"token": gorm.Expr("token + 1"), "run_id": r.ID, "owner": owner, "expires_at": nanos(expires)})
		if res.Error != nil || res.RowsAffected == 0 {
			return s.fail(ctx, res.Error, "take the "+self.String())
		}
		var token []int64
		err := s.writer(ctx).Model(&runnerLeaseRow{}).Where(key{"org_id": r.OrgID, "guresid": r.GUResID}).Pluck("token", &token).Error
		if err != nil || len(token) == 0 {
			return s.fail(ctx, err, "read the "+self.String())
		}
		res = s.writer(ctx).Model(&runnerRunRow{}).Where(key{"org_id": r.OrgID, "id": r.ID, "status": string(record.Pending)}).
			UpdateColumns(columns{"status": string(record.Running), "phase": "prepare", "token": token[0], "started_at": nanos(now),
				"host": r.Host, "boot": r.Boot, "work_dir": r.WorkDir})
		if res.Error != nil {
			return s.fail(ctx, res.Error, "take "+runObject(r.ID).String())
		}
		if res.RowsAffected == 0 {
			return errNotPending
		}
		for _, model := range []any{&runnerStateRow{}, &runnerEntryRow{}} {
			err := s.writer(ctx).Model(model).Where(key{"org_id": r.OrgID, "guresid": r.GUResID}).
				UpdateColumns(columns{"token": token[0]}).Error
			if err != nil {
				return s.fail(ctx, err, "take the state of "+r.GUResID)
			}
		}
		r.Token, r.Status, r.Phase, r.StartedAt, taken = token[0], record.Running, "prepare", now, true
		return nil
	})
	if err == errNotPending { //nolint:errorlint // never wrapped: it only rolls the transaction back
		return false, nil
	}
	return taken, err
}

// RenewLease extends the lease of a running run and reports whether its cancel
// was requested. A lease that has run out cannot be renewed.
func (s *Store) RenewLease(ctx context.Context, r *record.Run, now, expires time.Time) (cancel bool, err error) {
	res := s.writer(ctx).Model(&runnerLeaseRow{}).
		Where(key{"org_id": r.OrgID, "guresid": r.GUResID, "token": r.Token, "run_id": r.ID}).
		Where("expires_at > ?", nanos(now)).UpdateColumns(columns{"expires_at": nanos(expires)})
	if err := s.fenced(ctx, res, r); err != nil {
		return false, err
	}
	row, err := find[runnerRunRow](ctx, s, key{"org_id": r.OrgID, "id": r.ID}, runObject(r.ID))
	if err != nil {
		return false, err
	}
	return row.CancelAt != nil, nil
}

// LoseRun ends a running run whose lease ran out before free: it advances the
// token, so that nothing the old runner still writes is taken, and reports
// whether it did.
func (s *Store) LoseRun(ctx context.Context, r *record.Run, free, at time.Time) (bool, error) {
	lost := false
	err := s.InTx(ctx, func(ctx context.Context) error {
		res := s.writer(ctx).Model(&runnerLeaseRow{}).
			Where(key{"org_id": r.OrgID, "guresid": r.GUResID, "token": r.Token, "run_id": r.ID}).
			Where("expires_at < ?", nanos(free)).
			UpdateColumns(columns{"token": gorm.Expr("token + 1"), "run_id": "", "expires_at": int64(0)})
		if res.Error != nil || res.RowsAffected == 0 {
			lost = false
			return s.fail(ctx, res.Error, "end "+runObject(r.ID).String())
		}
		lost = true
		err := s.writer(ctx).Model(&runnerRunRow{}).Where(key{"org_id": r.OrgID, "id": r.ID, "status": string(record.Running)}).
			UpdateColumns(columns{"status": string(record.Lost), "error": "the runner died", "finished_at": nanos(at)}).Error
		return s.fail(ctx, err, "end "+runObject(r.ID).String())
	})
	return lost && err == nil, err
}

// fencedLease changes the lease while the run still has it.
func (s *Store) fencedLease(ctx context.Context, r *record.Run, set columns) error {
	res := s.writer(ctx).Model(&runnerLeaseRow{}).
		Where(key{"org_id": r.OrgID, "guresid": r.GUResID, "token": r.Token, "run_id": r.ID}).UpdateColumns(set)
	return s.fenced(ctx, res, r)
}
