package store

import (
	"context"
	"time"

	"github.com/slipway-dev/slipway/internal/runner/record"
)

// FailPending ends a run that no runner has taken, because none will come. It
// reports false when the run is not pending any more.
func (s *Store) FailPending(ctx context.Context, r *record.Run, at time.Time) (bool, error) {
	res := s.writer(ctx).Model(&runnerRunRow{}).Where(key{"org_id": r.OrgID, "id": r.ID, "status": string(record.Pending)}).
		UpdateColumns(columns{
			"status": string(record.Failed), "error_code": r.ErrorCode, "error": r.Error, "permanent": r.Permanent, "finished_at": nanos(at),
		})
	return res.RowsAffected == 1, s.fail(ctx, res.Error, "end "+runObject(r.ID).String())
}
