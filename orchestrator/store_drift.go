package orchestrator

import (
	"context"
	"time"
)

// DriftStore keeps the results of looking for drift and its settings.
type DriftStore interface {
	CreateDriftScan(ctx context.Context, s *DriftScan) error
	GetDriftScan(ctx context.Context, ref EnvRef, id string) (*DriftScan, error)
	// ListDriftScans lists newest first, with their results; limit 0 = all.
	ListDriftScans(ctx context.Context, ref EnvRef, limit int) ([]DriftScan, error)
	// UpdateDriftScan writes how it ended.
	UpdateDriftScan(ctx context.Context, s *DriftScan) error
	// DeleteDriftScans removes those of an environment that were made before a time.
	DeleteDriftScans(ctx context.Context, ref EnvRef, before time.Time) error

	// PutDriftSettings stores the settings of an environment that has none (Version 0), or replaces them.
	PutDriftSettings(ctx context.Context, s *DriftSettings) error
	// GetDriftSettings is CodeNotFound when the environment has none.
	GetDriftSettings(ctx context.Context, ref EnvRef) (*DriftSettings, error)
	// ListDriftSettings lists those of an organization, by application and environment.
	ListDriftSettings(ctx context.Context, org string) ([]DriftSettings, error)
}
