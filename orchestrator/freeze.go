package orchestrator

import (
	"context"
	"time"
	"unicode/utf8"
)

// ReasonFrozen is the error code of a deployment that a freeze window refuses.
const ReasonFrozen = "ENV-FROZEN"

// FreezeView is a freeze window with what it does now.
type FreezeView struct {
	FreezeWindow
	Until *time.Time // when it ends; nil = it is not open now
	Next  *time.Time // when it opens next; nil = never
}

// FreezeRequest asks for a freeze window.
type FreezeRequest struct {
	Description string
	Cron        string
	Duration    time.Duration
	TimeZone    string // "" = UTC
}

// ListFreezeWindows lists the freeze windows of an environment type; "" = of all types.
func (s *Service) ListFreezeWindows(ctx context.Context, org, envType string) ([]FreezeView, error) {
	if err := s.requireOrg(ctx, org); err != nil {
		return nil, err
	}
	if envType != "" {
		if _, err := s.store.GetEnvironmentType(ctx, org, envType); err != nil {
			return nil, err
		}
	}
	windows, err := s.store.ListFreezeWindows(ctx, org, envType)
	if err != nil {
		return nil, err
	}
	views := make([]FreezeView, 0, len(windows))
	for _, w := range windows {
		views = append(views, viewFreeze(w, s.now()))
	}
	return views, nil
}

func viewFreeze(w FreezeWindow, now time.Time) FreezeView {
	view := FreezeView{FreezeWindow: w}
	if until, open := w.until(now); open {
		view.Until = &until
	}
	if next := w.next(now); !next.IsZero() {
		view.Next = &next
	}
	return view
}

// maxFreezeWindows bounds the windows of one environment type: each deployment looks at all of them.
const maxFreezeWindows = 50

// CreateFreezeWindow adds a freeze window to an environment type.
func (s *Service) CreateFreezeWindow(ctx context.Context, org, envType string, req FreezeRequest) (*FreezeView, error) {
	if err := s.requireOrgAdmin(ctx, org, "change freeze windows"); err != nil {
		return nil, err
	}
	if _, err := s.store.GetEnvironmentType(ctx, org, envType); err != nil {
		return nil, err
	}
	if utf8.RuneCountInString(req.Description) > maxName {
		return nil, Invalidf("description: more than %d characters", maxName)
	}
	if req.TimeZone == "" {
		req.TimeZone = "UTC"
	}
	w := FreezeWindow{
		OrgID: org, ID: randomHex(8), EnvTypeID: envType, Description: req.Description, Cron: req.Cron, Duration: req.Duration.Truncate(time.Second),
		TimeZone: req.TimeZone, CreatedAt: s.now(), CreatedBy: ActorFrom(ctx).UserID,
	}
	if err := w.checkSpan(w.CreatedAt); err != nil {
		return nil, err
	}
	err := s.audited(ctx, func(ctx context.Context) (Change, error) {
		there, err := s.store.ListFreezeWindows(ctx, org, envType)
		if err != nil {
			return Change{}, err
		}
		if len(there) >= maxFreezeWindows {
			return Change{}, Conflictf("environment type %q has %d freeze windows already; remove some", envType, len(there))
		}
		return created(org, "freeze-window", freezePath(&w), w), s.store.CreateFreezeWindow(ctx, &w)
	})
	view := viewFreeze(w, s.now())
	return &view, err
}

func freezePath(w *FreezeWindow) string {
	return EnvTypeObject(w.OrgID, w.EnvTypeID) + "/freeze-windows/" + w.ID
}

// DeleteFreezeWindow removes a freeze window; when it is open, deployments are accepted from now on.
func (s *Service) DeleteFreezeWindow(ctx context.Context, org, envType, id string) error {
	if err := s.requireOrgAdmin(ctx, org, "change freeze windows"); err != nil {
		return err
	}
	return s.audited(ctx, func(ctx context.Context) (Change, error) {
		w, err := s.store.GetFreezeWindow(ctx, org, id)
		if err == nil && w.EnvTypeID != envType {
			err = NotFoundf("freeze window %q does not exist", id)
		}
		if err != nil {
			return Change{}, err
		}
		return deleted(org, "freeze-window", freezePath(w), w), s.store.DeleteFreezeWindow(ctx, org, id)
	})
}

// frozenUntil is when the freeze windows that are open for an environment have
// ended, those included that open before that; nil when none is open.
func frozenUntil(ctx context.Context, store Store, now time.Time, env *Environment) (*time.Time, error) {
	windows, err := store.ListFreezeWindows(ctx, env.OrgID, env.TypeID)
	if err != nil {
		return nil, err
	}
	return frozenBy(windows, now), nil
}

func frozenBy(windows []FreezeWindow, now time.Time) *time.Time {
	var end *time.Time
	at := now
	for range 2 * maxFreezeWindows { // each round ends at least one of those that are open
		extended := false
		for _, w := range windows {
			if until, open := w.until(at); open && until.After(at) {
				at, extended = until, true
			}
		}
		if !extended {
			break
		}
		reached := at
		end = &reached
	}
	return end
}

// checkFreeze refuses a deployment while a freeze window is open, unless there
// is a reason and the caller may override it.
func (s *Service) checkFreeze(ctx context.Context, env *Environment, override string) error {
	if utf8.RuneCountInString(override) > maxText {
		return Invalidf("freeze_override: more than %d characters", maxText)
	}
	until, err := frozenUntil(ctx, s.store, s.now(), env)
	if err != nil || until == nil {
		return err
	}
	if override != "" {
		return s.requireDeployPerm(ctx, env.OrgID, env.AppID, env.TypeID, PermFreezeOverride)
	}
	ends := until.Format(time.RFC3339)
	frozen := Conflictf("environments of type %q are frozen until %s; deploy then, or give a reason to override the freeze (freeze_override), for which one needs the role owner or administrator",
		env.TypeID, ends)
	frozen.Reason, frozen.Details = ReasonFrozen, map[string]any{"ends_at": ends, "env_type": env.TypeID}
	return frozen
}
