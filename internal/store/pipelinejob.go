package store

import (
	"context"

	"github.com/slipway-dev/slipway/orchestrator"
)

type pipelineJobRow struct {
	OrgID           string `gorm:"primaryKey"`
	RunID           string `gorm:"primaryKey"`
	ID              string `gorm:"primaryKey"`
	Ordinal         int
	Name            string
	Status          string
	WaitingFor      string
	StatusMessage   string
	Outputs         doc[map[string]any]
	TimeoutSeconds  int64
	ContinueOnError bool
	Created         int64  `gorm:"column:created_at"`
	Updated         int64  `gorm:"column:updated_at"`
	Executing       *int64 `gorm:"column:executing_at"`
	CancelRequested *int64 `gorm:"column:cancel_requested_at"`
	Completed       *int64 `gorm:"column:completed_at"`
	Version         int64
}

// TableName names the table.
func (pipelineJobRow) TableName() string { return "pipeline_jobs" }

func (r pipelineJobRow) domain() orchestrator.PipelineJob {
	return orchestrator.PipelineJob{
		OrgID: r.OrgID, RunID: r.RunID, ID: r.ID, Ordinal: r.Ordinal, Name: r.Name, Status: r.Status, WaitingFor: r.WaitingFor,
		StatusMessage: r.StatusMessage, Outputs: r.Outputs.V, TimeoutSeconds: r.TimeoutSeconds, ContinueOnError: r.ContinueOnError,
		CreatedAt: instant(r.Created), UpdatedAt: instant(r.Updated), ExecutingAt: instantOrNil(r.Executing),
		CancelRequestedAt: instantOrNil(r.CancelRequested), CompletedAt: instantOrNil(r.Completed), Version: r.Version,
	}
}

func pipelineJobObject(id string) object { return object{"pipeline job", id} }

func pipelineJobKey(org, run, id string) key { return key{"org_id": org, "run_id": run, "id": id} }

// CreatePipelineJobs stores all jobs of a run at once.
func (s *Store) CreatePipelineJobs(ctx context.Context, jobs []orchestrator.PipelineJob) error {
	if len(jobs) == 0 {
		return nil
	}
	rows := make([]pipelineJobRow, 0, len(jobs))
	for _, j := range jobs {
		rows = append(rows, pipelineJobRow{
			OrgID: j.OrgID, RunID: j.RunID, ID: j.ID, Ordinal: j.Ordinal, Name: j.Name, Status: j.Status, WaitingFor: j.WaitingFor,
			StatusMessage: j.StatusMessage, Outputs: doc[map[string]any]{j.Outputs}, TimeoutSeconds: j.TimeoutSeconds,
			ContinueOnError: j.ContinueOnError, Created: nanos(j.CreatedAt), Updated: nanos(j.UpdatedAt), Executing: nanosOrNil(j.ExecutingAt),
			CancelRequested: nanosOrNil(j.CancelRequestedAt), Completed: nanosOrNil(j.CompletedAt), Version: 1,
		})
	}
	err := s.InTx(ctx, func(ctx context.Context) error { return s.writer(ctx).CreateInBatches(&rows, batch).Error })
	if err != nil && classify(err) == faultForeignKey {
		return pipelineRunObject(jobs[0].RunID).missing()
	}
	return s.fail(ctx, err, "store pipeline jobs")
}

// GetPipelineJob reads a job.
func (s *Store) GetPipelineJob(ctx context.Context, org, run, id string) (*orchestrator.PipelineJob, error) {
	row, err := find[pipelineJobRow](ctx, s, pipelineJobKey(org, run, id), pipelineJobObject(id))
	if err != nil {
		return nil, err
	}
	j := row.domain()
	return &j, nil
}

// ListPipelineJobs lists by ordinal.
func (s *Store) ListPipelineJobs(ctx context.Context, org, run string) ([]orchestrator.PipelineJob, error) {
	query := s.reader(ctx).Where(key{"org_id": org, "run_id": run}).Clauses(order("ordinal", "id"))
	return list(ctx, s, query, "pipeline jobs", pipelineJobRow.domain)
}

// UpdatePipelineJob writes everything that may change.
func (s *Store) UpdatePipelineJob(ctx context.Context, j *orchestrator.PipelineJob) error {
	set := columns{
		"status": j.Status, "waiting_for": j.WaitingFor, "status_message": j.StatusMessage, "outputs": doc[map[string]any]{j.Outputs},
		"updated_at": nanos(j.UpdatedAt), "executing_at": nanosOrNil(j.ExecutingAt),
		"cancel_requested_at": nanosOrNil(j.CancelRequestedAt), "completed_at": nanosOrNil(j.CompletedAt),
	}
	return s.update(ctx, &pipelineJobRow{}, pipelineJobKey(j.OrgID, j.RunID, j.ID), &j.Version, set, pipelineJobObject(j.ID))
}
