package orchestrator

import (
	"context"
	"maps"
	"slices"

	"github.com/slipway-dev/slipway/engine/deployset"
)

// NewDelta is what a caller says about a new delta.
type NewDelta struct {
	EnvID   string // may be empty, and may name an environment that does not exist yet
	Name    string
	Content deployset.Delta
}

// CreateDelta stores a delta.
func (s *Service) CreateDelta(ctx context.Context, org, app string, req NewDelta) (*Delta, error) {
	if _, err := s.readApp(ctx, org, app, RoleDeveloper); err != nil {
		return nil, err
	}
	if err := checkDeltaEnv(req.EnvID); err != nil {
		return nil, err
	}
	if err := checkDeltaIDs(req.Content); err != nil {
		return nil, err
	}
	now := s.now()
	delta := &Delta{
		OrgID: org, AppID: app, ID: randomHex(20), EnvID: req.EnvID, Name: req.Name,
		Contributors: []string{}, Content: withoutNulls(req.Content),
		CreatedAt: now, CreatedBy: ActorFrom(ctx).UserID, LastModifiedAt: now,
	}
	return delta, s.audited(ctx, func(ctx context.Context) (Change, error) {
		return created(org, "delta", deltaObjectPath(delta), delta), s.store.CreateDelta(ctx, delta)
	})
}

func deltaObjectPath(d *Delta) string { return AppObject(d.OrgID, d.AppID) + "/deltas/" + d.ID }

// checkDeltaEnv bounds the id; it is a label, not a reference.
func checkDeltaEnv(id string) error {
	if len(id) > maxKey {
		return Invalidf("env_id: %q has more than %d characters", shorten(id), maxKey)
	}
	return nil
}

// withoutNulls drops additions of null: they take a removal back when deltas
// are merged and mean nothing elsewhere.
func withoutNulls(d deployset.Delta) deployset.Delta {
	isNull := func(_ string, entry map[string]any) bool { return entry == nil }
	d.Modules.Add = maps.Clone(d.Modules.Add)
	maps.DeleteFunc(d.Modules.Add, isNull)
	if d.Workloads != nil {
		workloads := *d.Workloads
		workloads.Add = maps.Clone(workloads.Add)
		maps.DeleteFunc(workloads.Add, isNull)
		d.Workloads = &workloads
	}
	return d
}

// ListDeltas lists newest first; envID "" = any; archived adds archived ones.
func (s *Service) ListDeltas(ctx context.Context, org, app, envID string, archived bool) ([]Delta, error) {
	if _, err := s.readApp(ctx, org, app, RoleViewer); err != nil {
		return nil, err
	}
	return s.store.ListDeltas(ctx, org, app, envID, archived)
}

// GetDelta returns one delta, archived or not.
func (s *Service) GetDelta(ctx context.Context, org, app, id string) (*Delta, error) {
	if err := s.requireApp(ctx, org, app, RoleViewer); err != nil {
		return nil, err
	}
	return s.store.GetDelta(ctx, org, app, id)
}

// MergeDelta merges deltas into a stored one, in order.
func (s *Service) MergeDelta(ctx context.Context, org, app, id string, incoming []deployset.Delta) (*Delta, error) {
	return s.changeDelta(ctx, org, app, id, func(delta *Delta) error {
		for i, next := range incoming {
			merged, err := deployset.Merge(delta.Content, next)
			if err != nil {
				return Invalidf("delta %d of the request cannot be merged: %v", i, err)
			}
			delta.Content = merged
		}
		return checkDeltaIDs(delta.Content)
	})
}

// ReplaceDelta replaces what a stored delta changes.
func (s *Service) ReplaceDelta(ctx context.Context, org, app, id string, content deployset.Delta) error {
	_, err := s.changeDelta(ctx, org, app, id, func(delta *Delta) error {
		delta.Content = withoutNulls(content)
		return checkDeltaIDs(content)
	})
	return err
}

// ArchiveDelta archives a delta, or makes it usable again.
func (s *Service) ArchiveDelta(ctx context.Context, org, app, id string, archived bool) error {
	return s.inDelta(ctx, org, app, id, func(_ context.Context, delta *Delta) error {
		delta.Archived = archived
		return nil
	})
}

// SetDeltaEnv says which environment a delta is meant for.
func (s *Service) SetDeltaEnv(ctx context.Context, org, app, id, envID string) error {
	_, err := s.changeDelta(ctx, org, app, id, func(delta *Delta) error {
		delta.EnvID = envID
		return checkDeltaEnv(envID)
	})
	return err
}

// SetDeltaName names a delta.
func (s *Service) SetDeltaName(ctx context.Context, org, app, id, name string) error {
	_, err := s.changeDelta(ctx, org, app, id, func(delta *Delta) error {
		delta.Name = name
		return nil
	})
	return err
}

// changeDelta changes a delta that is not archived and notes who did.
func (s *Service) changeDelta(ctx context.Context, org, app, id string, fn func(delta *Delta) error) (*Delta, error) {
	var changed *Delta
	err := s.inDelta(ctx, org, app, id, func(ctx context.Context, delta *Delta) error {
		if delta.Archived {
			return Invalidf("delta %s is archived and cannot be changed", id)
		}
		if err := fn(delta); err != nil {
			return err
		}
		delta.LastModifiedAt = s.now()
		user := ActorFrom(ctx).UserID
		if user != delta.CreatedBy && !slices.Contains(delta.Contributors, user) {
			delta.Contributors = append(delta.Contributors, user)
		}
		changed = delta
		return nil
	})
	return changed, err
}

// inDelta is the read-modify-write of a delta.
func (s *Service) inDelta(ctx context.Context, org, app, id string, fn func(ctx context.Context, delta *Delta) error) error {
	if err := s.requireApp(ctx, org, app, RoleDeveloper); err != nil {
		return err
	}
	return s.inTxAgain(ctx, func(ctx context.Context) error {
		delta, err := s.store.GetDelta(ctx, org, app, id)
		if err != nil {
			return err
		}
		before := snapshot(delta) // merging changes maps in place
		if err := fn(ctx, delta); err != nil {
			return err
		}
		if err := stale(s.store.UpdateDelta(ctx, delta)); err != nil {
			return err
		}
		return s.audit(ctx, updated(org, "delta", deltaObjectPath(delta), before, delta))
	})
}
