package store

import (
	"context"
	"time"

	"gorm.io/gorm"

	"github.com/slipway-dev/slipway/internal/runner/record"
	"github.com/slipway-dev/slipway/orchestrator"
)

type runnerEntryRow struct {
	OrgID    string `gorm:"primaryKey"`
	GUResID  string `gorm:"primaryKey;column:guresid"`
	Address  string `gorm:"primaryKey"`
	RunID    string
	Token    int64
	Action   string
	PriorID  string
	ObjectID string
	Step     string
	Detail   []byte
	Note     string
	Updated  int64 `gorm:"column:updated_at"`
}

// TableName names the table.
func (runnerEntryRow) TableName() string { return "runner_journal" }

func (r runnerEntryRow) domain() record.Entry {
	return record.Entry{
		OrgID: r.OrgID, GUResID: r.GUResID, Address: r.Address, RunID: r.RunID, Token: r.Token, Action: r.Action, PriorID: r.PriorID,
		ObjectID: r.ObjectID, Step: r.Step, Detail: r.Detail, Note: r.Note, UpdatedAt: instant(r.Updated),
	}
}

// Journal lists the open entries of a resource, by address.
func (s *Store) Journal(ctx context.Context, org, guresid string) ([]record.Entry, error) {
	query := s.reader(ctx).Where(key{"org_id": org, "guresid": guresid}).Clauses(order("address"))
	return list(ctx, s, query, "journal entries", runnerEntryRow.domain)
}

// JournalsOf lists the open entries of several resources, by address.
func (s *Store) JournalsOf(ctx context.Context, org string, guresids []string) ([]record.Entry, error) {
	return listEach(ctx, s, guresids, "journal entries", runnerEntryRow.domain, func(query *gorm.DB, ids []string) *gorm.DB {
		return query.Where(key{"org_id": org, "guresid": ids}).Clauses(order("guresid", "address"))
	})
}

// PutJournal replaces the open entries of the run's resource.
func (s *Store) PutJournal(ctx context.Context, r *record.Run, entries []record.Entry) error {
	return s.InTx(ctx, func(ctx context.Context) error {
		if err := s.fencedLease(ctx, r, columns{"owner": gorm.Expr("owner")}); err != nil {
			return err
		}
		if err := s.writer(ctx).Where(key{"org_id": r.OrgID, "guresid": r.GUResID}).Delete(&runnerEntryRow{}).Error; err != nil {
			return s.fail(ctx, err, "replace the journal of "+r.GUResID)
		}
		if len(entries) == 0 {
			return nil
		}
		rows := make([]runnerEntryRow, 0, len(entries))
		for _, e := range entries {
			rows = append(rows, runnerEntryRow{
				OrgID: r.OrgID, GUResID: r.GUResID, Address: e.Address, RunID: e.RunID, Token: r.Token, Action: e.Action,
				PriorID: e.PriorID, ObjectID: e.ObjectID, Step: e.Step, Detail: e.Detail, Note: e.Note, Updated: nanos(e.UpdatedAt),
			})
		}
		return s.fail(ctx, s.writer(ctx).CreateInBatches(&rows, batch).Error, "replace the journal of "+r.GUResID)
	})
}

// StepEntry moves one entry of the run on; an empty objectID keeps what is there.
func (s *Store) StepEntry(ctx context.Context, r *record.Run, address, step, objectID string, at time.Time) error {
	set := columns{"step": step, "updated_at": nanos(at)}
	if objectID != "" {
		set["object_id"] = objectID
	}
	err := s.writer(ctx).Model(&runnerEntryRow{}).
		Where(key{"org_id": r.OrgID, "guresid": r.GUResID, "address": address, "token": r.Token}).UpdateColumns(set).Error
	return s.fail(ctx, err, "write the journal of "+r.GUResID)
}

// ResolveEntry stores a person's answer to an uncertain entry of a stopped run.
// When it was the last one the run becomes resolved, which it reports.
func (s *Store) ResolveEntry(ctx context.Context, org, runID, address, answer, objectID string, at time.Time) (bool, error) {
	over := false
	err := s.InTx(ctx, func(ctx context.Context) error {
		run, err := s.GetRun(ctx, org, runID)
		if err != nil {
			return err
		}
		if err := s.hold(ctx, &runnerRunRow{}, key{"org_id": org, "id": runID, "status": string(record.Stopped)}, lockNoKeyUpdate, runObject(runID)); err != nil {
			return orchestrator.Conflictf("%s does not wait for an answer", runObject(runID))
		}
		res := s.writer(ctx).Model(&runnerEntryRow{}).
			Where(key{"org_id": org, "guresid": run.GUResID, "address": address, "step": record.Uncertain}).
			UpdateColumns(columns{"step": answer, "object_id": objectID, "updated_at": nanos(at)})
		if res.Error != nil {
			return s.fail(ctx, res.Error, "answer for "+address)
		}
		if res.RowsAffected == 0 {
			return orchestrator.NotFoundf("address %q of %s is not uncertain", address, runObject(runID))
		}
		left, err := s.exists(ctx, &runnerEntryRow{}, key{"org_id": org, "guresid": run.GUResID, "step": record.Uncertain}, runObject(runID))
		over = err == nil && !left
		if err != nil || left {
			return err
		}
		return s.overwrite(ctx, &runnerRunRow{}, key{"org_id": org, "id": runID}, columns{"status": string(record.Resolved)}, runObject(runID))
	})
	return over && err == nil, err
}

type runnerEventRow struct {
	Seq     int64 `gorm:"primaryKey;autoIncrement"`
	OrgID   string
	RunID   string
	At      int64
	Level   string
	Type    string
	Address string
	Message string
}

// TableName names the table.
func (runnerEventRow) TableName() string { return "runner_events" }

func (r runnerEventRow) domain() record.Event {
	return record.Event{
		Seq: r.Seq, OrgID: r.OrgID, RunID: r.RunID, At: instant(r.At), Level: r.Level, Type: r.Type, Address: r.Address, Message: r.Message,
	}
}

// AppendRunEvents stores events of a running run in order, and its log lines
// beside them, while the run still has its resource.
func (s *Store) AppendRunEvents(ctx context.Context, r *record.Run, events []record.Event) error {
	if len(events) == 0 {
		return nil
	}
	rows := make([]runnerEventRow, 0, len(events))
	lines := make([]*orchestrator.LogLine, 0, len(events))
	for _, e := range events {
		rows = append(rows, runnerEventRow{
			OrgID: r.OrgID, RunID: r.ID, At: nanos(e.At), Level: e.Level, Type: e.Type, Address: e.Address, Message: e.Message,
		})
		lines = append(lines, &orchestrator.LogLine{
			OrgID: r.OrgID, DeploymentID: r.DeploymentID, Node: r.Node, At: e.At, Level: e.Level, Text: e.Message,
		})
	}
	return s.InTx(ctx, func(ctx context.Context) error {
		if err := s.fencedLease(ctx, r, columns{"owner": gorm.Expr("owner")}); err != nil {
			return err
		}
		if err := s.writer(ctx).CreateInBatches(&rows, batch).Error; err != nil {
			return s.fail(ctx, err, "store events of "+runObject(r.ID).String())
		}
		return s.AppendLog(ctx, lines...)
	})
}

// ListRunEvents lists those with Seq > after, oldest first, at most limit (0 = all).
func (s *Store) ListRunEvents(ctx context.Context, org, runID string, after int64, limit int) ([]record.Event, error) {
	query := s.reader(ctx).Where(key{"org_id": org, "run_id": runID}).Where("seq > ?", after).Clauses(order("seq"))
	if limit > 0 {
		query = query.Limit(limit)
	}
	return list(ctx, s, query, "events of a run", runnerEventRow.domain)
}
