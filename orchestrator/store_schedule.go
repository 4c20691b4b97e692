package orchestrator

import (
	"context"
	"time"
)

// ScheduleStore keeps what is known of schedules, and of retention.
type ScheduleStore interface {
	// PutScheduleRecord stores the record of a schedule that has none (Version 0), or replaces it.
	PutScheduleRecord(ctx context.Context, r *ScheduleRecord) error
	// GetScheduleRecord is CodeNotFound when there is none.
	GetScheduleRecord(ctx context.Context, org, id string) (*ScheduleRecord, error)
	// ListScheduleRecords lists by id.
	ListScheduleRecords(ctx context.Context, org string) ([]ScheduleRecord, error)
	// DeleteScheduleRecord removes a record that still has its version.
	DeleteScheduleRecord(ctx context.Context, r *ScheduleRecord) error
	// UnsyncedSchedules lists those of all organizations that the workflow engine
	// has yet to hear of, oldest change first, at most limit; only for the system itself.
	UnsyncedSchedules(ctx context.Context, limit int) ([]ScheduleRecord, error)

	// PutRetentionSettings stores the settings of an organization that has none (Version 0), or replaces them.
	PutRetentionSettings(ctx context.Context, r *RetentionSettings) error
	// GetRetentionSettings is CodeNotFound when the organization has none.
	GetRetentionSettings(ctx context.Context, org string) (*RetentionSettings, error)
	CreateRetentionRun(ctx context.Context, r *RetentionRun) error
	GetRetentionRun(ctx context.Context, org, id string) (*RetentionRun, error)
	// ListRetentionRuns lists newest first; limit 0 = all.
	ListRetentionRuns(ctx context.Context, org string, limit int) ([]RetentionRun, error)
	UpdateRetentionRun(ctx context.Context, r *RetentionRun) error
	// DeleteRetentionRuns forgets those that ended before a time.
	DeleteRetentionRuns(ctx context.Context, org string, before time.Time) error
	// Expired finds records that are not to be kept any longer, and deletes them
	// unless the query is dry. It looks at a part of them at a time.
	Expired(ctx context.Context, q RetentionQuery) (RetentionStep, error)
	// DueLifetimesIn lists the lifetimes of an organization that end environments, by
	// application and environment.
	DueLifetimesIn(ctx context.Context, org string) ([]Lifetime, error)
}
