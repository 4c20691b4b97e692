package store

import (
	"context"
	"time"

	"gorm.io/gorm"

	"github.com/slipway-dev/slipway/internal/runner/record"
	"github.com/slipway-dev/slipway/orchestrator"
)

type runnerRunRow struct {
	OrgID        string `gorm:"primaryKey"`
	ID           string `gorm:"primaryKey"`
	GUResID      string `gorm:"column:guresid"`
	DeploymentID string
	Node         string
	Action       string
	Fingerprint  string
	Status       string
	Phase        string
	Token        int64
	Spec         []byte
	Result       []byte
	ErrorCode    string
	Error        string
	Permanent    bool
	Reported     bool
	Host         string
	Boot         string
	WorkDir      string
	LaunchedAt   int64
	CancelAt     *int64
	Created      int64 `gorm:"column:created_at"`
	StartedAt    int64
	FinishedAt   int64
}

// TableName names the table.
func (runnerRunRow) TableName() string { return "runner_runs" }

func (r runnerRunRow) domain() record.Run {
	return record.Run{
		OrgID: r.OrgID, ID: r.ID, GUResID: r.GUResID, DeploymentID: r.DeploymentID, Node: r.Node, Action: r.Action,
		Fingerprint: r.Fingerprint, Status: record.Status(r.Status), Phase: r.Phase, Token: r.Token, Spec: r.Spec, Result: r.Result,
		ErrorCode: r.ErrorCode, Error: r.Error, Permanent: r.Permanent, Reported: r.Reported,
		Host: r.Host, Boot: r.Boot, WorkDir: r.WorkDir, LaunchedAt: instant(r.LaunchedAt), CancelAt: instantOrNil(r.CancelAt),
		CreatedAt: instant(r.Created), StartedAt: instant(r.StartedAt), FinishedAt: instant(r.FinishedAt),
	}
}

func runObject(id string) object { return object{"runner run", id} }

// errFenced says that a newer runner, or nobody, has the resource.
func errFenced(guresid string) error {
	return orchestrator.Errorf(orchestrator.CodePrecondition, "this runner has lost resource %q to another one", guresid)
}

// CreateRun stores a pending run; CodeConflict when the resource has one that is not over.
func (s *Store) CreateRun(ctx context.Context, r *record.Run) error {
	row := runnerRunRow{
		OrgID: r.OrgID, ID: r.ID, GUResID: r.GUResID, DeploymentID: r.DeploymentID, Node: r.Node, Action: r.Action,
		Fingerprint: r.Fingerprint, Status: string(record.Pending), Spec: notNil(r.Spec), Created: nanos(r.CreatedAt),
	}
	return s.insert(ctx, &row, runObject(r.ID), organizationObject(r.OrgID))
}

// GetRun finds a run.
func (s *Store) GetRun(ctx context.Context, org, id string) (*record.Run, error) {
	row, err := find[runnerRunRow](ctx, s, key{"org_id": org, "id": id}, runObject(id))
	if err != nil {
		return nil, err
	}
	out := row.domain()
	return &out, nil
}

// ListRuns lists the runs of a resource, newest first, at most limit (0 = all).
func (s *Store) ListRuns(ctx context.Context, org, guresid string, limit int) ([]record.Run, error) {
	query := s.reader(ctx).Where(key{"org_id": org, "guresid": guresid}).Clauses(newestFirst)
	if limit > 0 {
		query = query.Limit(limit)
	}
	return list(ctx, s, query, "runner runs", runnerRunRow.domain)
}

// StoppedRuns lists the runs of an organization that wait for a person, newest first.
func (s *Store) StoppedRuns(ctx context.Context, org string) ([]record.Run, error) {
	query := s.reader(ctx).Where(key{"org_id": org, "status": string(record.Stopped)}).Clauses(newestFirst)
	return list(ctx, s, query, "runner runs", runnerRunRow.domain)
}

// ClaimLaunch notes that a runner is being started for a pending run. It
// reports false when the run is not pending, or was launched after since.
func (s *Store) ClaimLaunch(ctx context.Context, org, id string, since, at time.Time) (bool, error) {
	res := s.writer(ctx).Model(&runnerRunRow{}).Where(key{"org_id": org, "id": id, "status": string(record.Pending)}).
		Where("launched_at <= ?", nanos(since)).UpdateColumns(columns{"launched_at": nanos(at)})
	return res.RowsAffected == 1, s.fail(ctx, res.Error, "launch "+runObject(id).String())
}

// RequestCancel asks the runner to stop. A run that no runner has taken is
// cancelled at once; one that is over is left alone.
func (s *Store) RequestCancel(ctx context.Context, org, id string, at time.Time) error {
	return s.InTx(ctx, func(ctx context.Context) error {
		pending := s.writer(ctx).Model(&runnerRunRow{}).Where(key{"org_id": org, "id": id, "status": string(record.Pending)}).
			UpdateColumns(columns{"status": string(record.Cancelled), "cancel_at": nanos(at), "finished_at": nanos(at),
				"error": "cancelled before it began"})
		if pending.Error != nil || pending.RowsAffected == 1 {
			return s.fail(ctx, pending.Error, "cancel "+runObject(id).String())
		}
		err := s.writer(ctx).Model(&runnerRunRow{}).Where(key{"org_id": org, "id": id, "status": string(record.Running)}).
			Where("cancel_at IS NULL").UpdateColumns(columns{"cancel_at": nanos(at)}).Error
		return s.fail(ctx, err, "cancel "+runObject(id).String())
	})
}

// MarkReported notes that somebody has taken the outcome of a run.
func (s *Store) MarkReported(ctx context.Context, org, id string) error {
	return s.overwrite(ctx, &runnerRunRow{}, key{"org_id": org, "id": id}, columns{"reported": true}, runObject(id))
}

// SetPhase says what a running run is doing.
func (s *Store) SetPhase(ctx context.Context, r *record.Run, phase string) error {
	return s.fencedRun(ctx, r, columns{"phase": phase})
}

// FinishRun writes the outcome (Status, Result, ErrorCode, Error, Permanent,
// FinishedAt) and gives the lease back.
func (s *Store) FinishRun(ctx context.Context, r *record.Run) error {
	return s.InTx(ctx, func(ctx context.Context) error {
		err := s.fencedRun(ctx, r, columns{
			"status": string(r.Status), "result": r.Result, "error_code": r.ErrorCode, "error": r.Error,
			"permanent": r.Permanent, "finished_at": nanos(r.FinishedAt),
		})
		if err != nil {
			return err
		}
		return s.fencedLease(ctx, r, columns{"run_id": "", "expires_at": int64(0)})
	})
}

// fencedRun changes a running run while its token is still the one it was taken with.
func (s *Store) fencedRun(ctx context.Context, r *record.Run, set columns) error {
	res := s.writer(ctx).Model(&runnerRunRow{}).
		Where(key{"org_id": r.OrgID, "id": r.ID, "token": r.Token, "status": string(record.Running)}).UpdateColumns(set)
	return s.fenced(ctx, res, r)
}

func (s *Store) fenced(ctx context.Context, res *gorm.DB, r *record.Run) error {
	if res.Error != nil {
		return s.fail(ctx, res.Error, "change "+runObject(r.ID).String())
	}
	if res.RowsAffected == 0 {
		return errFenced(r.GUResID)
	}
	return nil
}

// PruneRuns deletes all runs of a resource that are over but the newest keep and
// those that the journal names, with their events. keep 0 deletes the state, the journal and stored plans too:
// the resource is gone.
func (s *Store) PruneRuns(ctx context.Context, r *record.Run, keep int) error {
	return s.InTx(ctx, func(ctx context.Context) error {
		if err := s.fencedLease(ctx, r, columns{"owner": gorm.Expr("owner")}); err != nil {
			return err
		}
		if keep == 0 {
			for _, model := range []any{&runnerStateRow{}, &runnerEntryRow{}, &runnerPlanRow{}} {
				if err := s.writer(ctx).Where(key{"org_id": r.OrgID, "guresid": r.GUResID}).Delete(model).Error; err != nil {
					return s.fail(ctx, err, "forget the state of "+r.GUResID)
				}
			}
		}
		var ids []string
		err := s.writer(ctx).Model(&runnerRunRow{}).Where(key{"org_id": r.OrgID, "guresid": r.GUResID}).Where("id <> ?", r.ID).
			Where("id NOT IN (?)", s.writer(ctx).Model(&runnerEntryRow{}).Select("run_id").Where(key{"org_id": r.OrgID, "guresid": r.GUResID})).
			Clauses(newestFirst).Pluck("id", &ids).Error
		if err != nil || len(ids) <= keep {
			return s.fail(ctx, err, "list old runs of "+r.GUResID)
		}
		err = s.writer(ctx).Where(key{"org_id": r.OrgID}).Where("id IN ?", ids[keep:]).Delete(&runnerRunRow{}).Error
		return s.fail(ctx, err, "delete old runs of "+r.GUResID)
	})
}
