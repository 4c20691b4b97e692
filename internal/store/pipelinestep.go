package store

import (
	"context"
	"strconv"

	"github.com/slipway-dev/slipway/orchestrator"
)

type pipelineStepRow struct {
	OrgID          string `gorm:"primaryKey"`
	RunID          string `gorm:"primaryKey"`
	JobID          string `gorm:"primaryKey"`
	StepIndex      int    `gorm:"primaryKey;autoIncrement:false"`
	Name           string
	Uses           string
	Status         string
	StatusMessage  string
	Outputs        doc[map[string]any]
	Related        doc[map[string]string]
	State          doc[map[string]string]
	TimeoutSeconds int64
	Created        int64  `gorm:"column:created_at"`
	Completed      *int64 `gorm:"column:completed_at"`
	Version        int64
}

// TableName names the table.
func (pipelineStepRow) TableName() string { return "pipeline_steps" }

func (r pipelineStepRow) domain() orchestrator.PipelineStep {
	return orchestrator.PipelineStep{
		OrgID: r.OrgID, RunID: r.RunID, JobID: r.JobID, Index: r.StepIndex, Name: r.Name, Uses: r.Uses, Status: r.Status,
		StatusMessage: r.StatusMessage, Outputs: r.Outputs.V, Related: r.Related.V, State: r.State.V, TimeoutSeconds: r.TimeoutSeconds,
		CreatedAt: instant(r.Created), CompletedAt: instantOrNil(r.Completed), Version: r.Version,
	}
}

func pipelineStepObject(index int) object { return object{"pipeline step", strconv.Itoa(index)} }

func pipelineStepKey(org, run, job string, index int) key {
	return key{"org_id": org, "run_id": run, "job_id": job, "step_index": index}
}

// CreatePipelineStep stores a step that begins.
func (s *Store) CreatePipelineStep(ctx context.Context, p *orchestrator.PipelineStep) error {
	row := pipelineStepRow{
		OrgID: p.OrgID, RunID: p.RunID, JobID: p.JobID, StepIndex: p.Index, Name: p.Name, Uses: p.Uses, Status: p.Status,
		StatusMessage: p.StatusMessage, Outputs: doc[map[string]any]{p.Outputs}, Related: doc[map[string]string]{p.Related},
		State: doc[map[string]string]{p.State}, TimeoutSeconds: p.TimeoutSeconds,
		Created: nanos(p.CreatedAt), Completed: nanosOrNil(p.CompletedAt), Version: 1,
	}
	if err := s.insert(ctx, &row, pipelineStepObject(p.Index), pipelineJobObject(p.JobID)); err != nil {
		return err
	}
	p.Version = row.Version
	return nil
}

// ListPipelineSteps lists those of a job that have begun, by index.
func (s *Store) ListPipelineSteps(ctx context.Context, org, run, job string) ([]orchestrator.PipelineStep, error) {
	query := s.reader(ctx).Where(key{"org_id": org, "run_id": run, "job_id": job}).Clauses(order("step_index"))
	return list(ctx, s, query, "pipeline steps", pipelineStepRow.domain)
}

// ListPipelineRunSteps lists those of all jobs of a run that have begun, by job and index.
func (s *Store) ListPipelineRunSteps(ctx context.Context, org, run string) ([]orchestrator.PipelineStep, error) {
	query := s.reader(ctx).Where(key{"org_id": org, "run_id": run}).Clauses(order("job_id", "step_index"))
	return list(ctx, s, query, "pipeline steps", pipelineStepRow.domain)
}

// UpdatePipelineStep writes everything that may change.
func (s *Store) UpdatePipelineStep(ctx context.Context, p *orchestrator.PipelineStep) error {
	set := columns{
		"status": p.Status, "status_message": p.StatusMessage, "outputs": doc[map[string]any]{p.Outputs},
		"related": doc[map[string]string]{p.Related}, "state": doc[map[string]string]{p.State}, "completed_at": nanosOrNil(p.CompletedAt),
	}
	return s.update(ctx, &pipelineStepRow{}, pipelineStepKey(p.OrgID, p.RunID, p.JobID, p.Index), &p.Version, set, pipelineStepObject(p.Index))
}

type pipelineLogRow struct {
	OrgID     string `gorm:"primaryKey"`
	RunID     string `gorm:"primaryKey"`
	JobID     string `gorm:"primaryKey"`
	StepIndex int    `gorm:"primaryKey;autoIncrement:false"`
	Line      int    `gorm:"primaryKey;autoIncrement:false"`
	At        int64
	Level     string
	Message   string
}

// TableName names the table.
func (pipelineLogRow) TableName() string { return "pipeline_step_logs" }

func (r pipelineLogRow) domain() orchestrator.PipelineLogLine {
	return orchestrator.PipelineLogLine{
		OrgID: r.OrgID, RunID: r.RunID, JobID: r.JobID, Index: r.StepIndex, Line: r.Line, At: instant(r.At), Level: r.Level, Message: r.Message,
	}
}

// AppendPipelineLog stores lines of one step in order and numbers them.
func (s *Store) AppendPipelineLog(ctx context.Context, lines []orchestrator.PipelineLogLine) error {
	if len(lines) == 0 {
		return nil
	}
	first := lines[0]
	step := pipelineStepKey(first.OrgID, first.RunID, first.JobID, first.Index)
	return s.InTx(ctx, func(ctx context.Context) error {
		// One who appends at a time: the numbers follow those that are there.
		if err := s.hold(ctx, &pipelineStepRow{}, step, lockNoKeyUpdate, pipelineStepObject(first.Index)); err != nil {
			return err
		}
		var last int64
		if err := s.writer(ctx).Model(&pipelineLogRow{}).Where(step).Count(&last).Error; err != nil {
			return s.fail(ctx, err, "count log lines")
		}
		rows := make([]pipelineLogRow, 0, len(lines))
		for i := range lines {
			l := &lines[i]
			l.Line = int(last) + i + 1
			rows = append(rows, pipelineLogRow{
				OrgID: l.OrgID, RunID: l.RunID, JobID: l.JobID, StepIndex: l.Index, Line: l.Line, At: nanos(l.At), Level: l.Level, Message: l.Message,
			})
		}
		return s.fail(ctx, s.writer(ctx).CreateInBatches(&rows, batch).Error, "store log lines")
	})
}

// ListPipelineLog lists lines of a step behind one, at most limit (0 = all).
func (s *Store) ListPipelineLog(ctx context.Context, org, run, job string, index, after, limit int) ([]orchestrator.PipelineLogLine, error) {
	query := s.reader(ctx).Where(pipelineStepKey(org, run, job, index)).Where("line > ?", after).Clauses(order("line"))
	if limit > 0 {
		query = query.Limit(limit)
	}
	return list(ctx, s, query, "log lines", pipelineLogRow.domain)
}

// PipelineLogHeads has the newest line of each step of a run that wrote something, without what it says.
func (s *Store) PipelineLogHeads(ctx context.Context, org, run string) ([]orchestrator.PipelineLogLine, error) {
	query := s.reader(ctx).Model(&pipelineLogRow{}).Where(key{"org_id": org, "run_id": run}).
		Select("org_id, run_id, job_id, step_index, max(line) AS line").Group("org_id, run_id, job_id, step_index").Clauses(order("job_id", "step_index"))
	return list(ctx, s, query, "newest log lines", pipelineLogRow.domain)
}
