package store

import (
	"context"

	"gorm.io/gorm"

	"github.com/slipway-dev/slipway/internal/runner/record"
)

// PruneLike deletes the runs of a resource with the action of r that are over, but r and the newest keep of the others.
func (s *Store) PruneLike(ctx context.Context, r *record.Run, keep int) error {
	return s.InTx(ctx, func(ctx context.Context) error {
		if err := s.fencedLease(ctx, r, columns{"owner": gorm.Expr("owner")}); err != nil {
			return err
		}
		var ids []string
		err := s.writer(ctx).Model(&runnerRunRow{}).Where(key{"org_id": r.OrgID, "guresid": r.GUResID, "action": r.Action}).
			Where("id <> ? AND status NOT IN ?", r.ID, []string{string(record.Pending), string(record.Running)}).
			Clauses(newestFirst).Pluck("id", &ids).Error
		if err != nil || len(ids) <= keep {
			return s.fail(ctx, err, "list old runs of "+r.GUResID)
		}
		err = s.writer(ctx).Where(key{"org_id": r.OrgID}).Where("id IN ?", ids[keep:]).Delete(&runnerRunRow{}).Error
		return s.fail(ctx, err, "delete old runs of "+r.GUResID)
	})
}
