package orchestrator

import (
	"context"
	"time"
)

// OperateStore keeps the records of what changes a running environment without a deployment.
type OperateStore interface {
	CreateOperation(ctx context.Context, o *Operation) error
	GetOperation(ctx context.Context, ref EnvRef, id string) (*Operation, error)
	// ListOperations lists newest first; limit 0 = all.
	ListOperations(ctx context.Context, ref EnvRef, limit int) ([]Operation, error)
	// UnfinishedOperations lists those of one environment that are not terminal, oldest first.
	UnfinishedOperations(ctx context.Context, ref EnvRef) ([]Operation, error)
	// AllUnfinishedOperations lists those of every environment whose last status change is older than
	// before, oldest first, at most limit; only for the system itself.
	AllUnfinishedOperations(ctx context.Context, before time.Time, limit int) ([]Operation, error)
	// UpdateOperation writes status, message and times.
	UpdateOperation(ctx context.Context, o *Operation) error

	// CreatePause stores that the environment is paused; CodeConflict when it is already.
	CreatePause(ctx context.Context, p *Pause) error
	// GetPause is CodeNotFound when the environment is not paused.
	GetPause(ctx context.Context, ref EnvRef) (*Pause, error)
	// UpdatePause writes all but when and by whom it was made.
	UpdatePause(ctx context.Context, p *Pause) error
	DeletePause(ctx context.Context, ref EnvRef) error
}
