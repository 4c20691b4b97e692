package orchestrator

import (
	"context"
	"time"
)

// LifecycleStore keeps how environments come and go.
type LifecycleStore interface {
	// CreateLifetime stores what ends an environment; there is at most one for each.
	CreateLifetime(ctx context.Context, l *Lifetime) error
	GetLifetime(ctx context.Context, ref EnvRef) (*Lifetime, error)
	// ListLifetimes lists those of an application, by environment.
	ListLifetimes(ctx context.Context, org, app string) ([]Lifetime, error)
	UpdateLifetime(ctx context.Context, l *Lifetime) error
	// DueLifetimes lists those of all organizations that were to be looked at
	// before a time, longest due first, at most limit; only for the system itself.
	DueLifetimes(ctx context.Context, before time.Time, limit int) ([]Lifetime, error)

	CreateSpinUp(ctx context.Context, u *SpinUp) error
	GetSpinUp(ctx context.Context, org, app, id string) (*SpinUp, error)
	// ListSpinUps lists those of an application newest first; limit 0 = all.
	ListSpinUps(ctx context.Context, org, app string, limit int) ([]SpinUp, error)
	UpdateSpinUp(ctx context.Context, u *SpinUp) error
	// UnfinishedSpinUps lists those of all organizations from before a time that no
	// workflow was told of, or not since the time told, oldest first, at most
	// limit; only for the system itself.
	UnfinishedSpinUps(ctx context.Context, before, told time.Time, limit int) ([]SpinUp, error)
	// DeleteSpinUps forgets those of an application that ended before a time.
	DeleteSpinUps(ctx context.Context, org, app string, before time.Time) error

	CreateFreezeWindow(ctx context.Context, w *FreezeWindow) error
	GetFreezeWindow(ctx context.Context, org, id string) (*FreezeWindow, error)
	// ListFreezeWindows lists by environment type, oldest first; envType "" = all.
	ListFreezeWindows(ctx context.Context, org, envType string) ([]FreezeWindow, error)
	DeleteFreezeWindow(ctx context.Context, org, id string) error

	GetPromotionPath(ctx context.Context, org, app string) (*PromotionPath, error)
	// PutPromotionPath stores the path of an application in place of the one before.
	PutPromotionPath(ctx context.Context, p *PromotionPath) error
	DeletePromotionPath(ctx context.Context, org, app string) error

	CreatePreviewRule(ctx context.Context, r *PreviewRule) error
	GetPreviewRule(ctx context.Context, org, app, id string) (*PreviewRule, error)
	// ListPreviewRules lists by application, oldest first; app "" = those of all.
	ListPreviewRules(ctx context.Context, org, app string) ([]PreviewRule, error)
	DeletePreviewRule(ctx context.Context, org, app, id string) error

	// LastSucceeded lists for each environment of an application the newest
	// deployment that succeeded, by environment.
	LastSucceeded(ctx context.Context, org, app string) ([]Deployment, error)
}
