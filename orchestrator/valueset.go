package orchestrator

import (
	"context"
	"maps"
	"time"
)

// zeroUUID stands for the latest version of a value set.
const zeroUUID = "00000000-0000-0000-0000-000000000000"

// appLevel is the level of Shared Values above an environment's.
func (r EnvRef) appLevel() EnvRef { return EnvRef{OrgID: r.OrgID, AppID: r.AppID} }

// latestValueSet is the newest version that a level sees: its own, or the
// application's for an environment that never had an override. nil = none yet.
func latestValueSet(ctx context.Context, store Store, level EnvRef) (*ValueSetVersion, error) {
	versions, err := valueSetHistory(ctx, store, level, 1)
	if err != nil || len(versions) == 0 {
		return nil, err
	}
	return &versions[0], nil
}

// valueSetHistory lists the versions that a level sees, newest first; limit 0 = all.
func valueSetHistory(ctx context.Context, store Store, level EnvRef, limit int) ([]ValueSetVersion, error) {
	versions, err := store.ListValueSetVersions(ctx, level.OrgID, level.AppID, level.EnvID, limit)
	if err != nil || len(versions) > 0 || level.EnvID == "" {
		return versions, err
	}
	return store.ListValueSetVersions(ctx, level.OrgID, level.AppID, "", limit)
}

// findValueSet finds a version by its id. An environment also finds those of
// the application: they were its own before it had overrides.
func findValueSet(ctx context.Context, store Store, level EnvRef, id string) (*ValueSetVersion, error) {
	v, err := store.GetValueSetVersion(ctx, level.OrgID, level.AppID, level.EnvID, id)
	if level.EnvID == "" || !IsNotFound(err) {
		return v, err
	}
	return store.GetValueSetVersion(ctx, level.OrgID, level.AppID, "", id)
}

// ensureValueSet returns the named version, or for "" the latest one that the
// environment sees; an application without any gets its first, empty one.
func ensureValueSet(ctx context.Context, store Store, now func() time.Time, ref EnvRef, id string) (*ValueSetVersion, error) {
	if id != "" && id != zeroUUID {
		return findValueSet(ctx, store, ref, id)
	}
	latest, err := latestValueSet(ctx, store, ref)
	if err != nil || latest != nil {
		return latest, err
	}
	at := now()
	first := &ValueSetVersion{
		OrgID: ref.OrgID, AppID: ref.AppID, ID: newUUID(), CreatedAt: at, UpdatedAt: at,
		CreatedBy: "UNKNOWN", Comment: "no values yet", Change: []ValueChange{},
		ResultOf: "app_values_delete", Values: map[string]Value{},
	}
	return first, store.CreateValueSetVersion(ctx, first)
}

// valueSetFor returns the values that a deployment of the environment sees; see
// ensureValueSet.
func (s *Service) valueSetFor(ctx context.Context, ref EnvRef, versionID string) (*ValueSetVersion, error) {
	return ensureValueSet(ctx, s.store, s.now, ref, versionID)
}

// valueChange is one change of Shared Values in the making, inside a transaction.
type valueChange struct {
	s     *Service
	level EnvRef
	at    time.Time

	app       map[string]Value            // the application's values
	overrides map[string]map[string]Value // by environment; for a change of an environment only its own
	touched   map[string][]ValueChange    // by environment, "" = application
}

// changeValues runs fn over the values of a level and records what it did as
// new versions: one of the level and, for a change of the application, one of
// every environment that has a history of its own and sees the change.
func (s *Service) changeValues(ctx context.Context, level EnvRef, result, comment, source string, fn func(ctx context.Context, c *valueChange) error) (*ValueSetVersion, error) {
	var made *ValueSetVersion
	err := s.inTxAgain(ctx, func(ctx context.Context) error {
		c, err := s.beginValueChange(ctx, level)
		if err != nil {
			return err
		}
		before := maps.Clone(c.own())
		if err := fn(ctx, c); err != nil {
			return err
		}
		kind := "app_"
		if level.EnvID != "" {
			kind = "env_"
		}
		made, err = c.record(ctx, ValueSetVersion{ResultOf: kind + result, Comment: comment, SourceID: source})
		if err != nil {
			return err
		}
		return s.audit(ctx, valuesChanged(level, result, before, c.own()))
	})
	return made, err
}

// valuesChanged is the entry in the audit log: only what differs, and of a
// secret where it is kept.
func valuesChanged(level EnvRef, result string, before, after map[string]Value) Change {
	was, is := map[string]any{}, map[string]any{}
	for key, value := range before {
		if now, still := after[key]; !still || now != value {
			was[key] = value
		}
	}
	for key, value := range after {
		if then, had := before[key]; !had || then != value {
			is[key] = value
		}
	}
	object := AppObject(level.OrgID, level.AppID) + "/values"
	if level.EnvID != "" {
		object = EnvObject(level) + "/values"
	}
	if changed := maps.Clone(was); len(was) <= 1 && len(is) <= 1 {
		maps.Copy(changed, is)
		for key := range changed {
			if len(changed) == 1 {
				object += "/" + key
			}
		}
	}
	return Change{
		Org: level.OrgID, Action: result, Type: "shared-value", Object: object,
		Before: map[string]any{"values": was}, After: map[string]any{"values": is},
	}
}

// beginValueChange reads the values and keeps other changes of the same
// application out by writing its row first.
func (s *Service) beginValueChange(ctx context.Context, level EnvRef) (*valueChange, error) {
	app, err := s.store.GetApplication(ctx, level.OrgID, level.AppID)
	if err != nil {
		return nil, err
	}
	if err := s.store.UpdateApplication(ctx, app); err != nil {
		return nil, stale(err)
	}
	c := &valueChange{
		s: s, level: level, at: s.now(),
		overrides: map[string]map[string]Value{}, touched: map[string][]ValueChange{},
	}
	if c.app, err = s.valuesByKey(ctx, level.appLevel()); err != nil {
		return nil, err
	}
	if level.EnvID != "" {
		c.overrides[level.EnvID], err = s.valuesByKey(ctx, level)
		return c, err
	}
	environments, err := s.store.ListEnvironments(ctx, level.OrgID, level.AppID)
	if err != nil {
		return nil, err
	}
	for _, env := range environments {
		if c.overrides[env.ID], err = s.valuesByKey(ctx, env.Ref()); err != nil {
			return nil, err
		}
	}
	return c, nil
}

func (s *Service) valuesByKey(ctx context.Context, level EnvRef) (map[string]Value, error) {
	values, err := s.store.ListValues(ctx, level.OrgID, level.AppID, level.EnvID)
	if err != nil {
		return nil, err
	}
	byKey := make(map[string]Value, len(values))
	for _, v := range values {
		byKey[v.Key] = v
	}
	return byKey, nil
}

// own are the values set on the level that is changed.
func (c *valueChange) own() map[string]Value {
	if c.level.EnvID == "" {
		return c.app
	}
	return c.overrides[c.level.EnvID]
}

// put stores a value on its level.
func (c *valueChange) put(ctx context.Context, v Value) error {
	if err := c.s.store.PutValue(ctx, &v); err != nil {
		return err
	}
	op := "add"
	if _, exists := c.own()[v.Key]; exists {
		op = "replace"
	}
	c.own()[v.Key] = v
	c.touched[c.level.EnvID] = append(c.touched[c.level.EnvID], ValueChange{Op: op, Path: "/" + v.Key})
	return nil
}

// remove deletes a value of the level; one of the application takes the
// overrides of all environments with it.
func (c *valueChange) remove(ctx context.Context, key string) error {
	if err := c.removeAt(ctx, c.level.EnvID, c.own(), key); err != nil || c.level.EnvID != "" {
		return err
	}
	for env, overrides := range c.overrides {
		if _, ok := overrides[key]; !ok {
			continue
		}
		if err := c.removeAt(ctx, env, overrides, key); err != nil {
			return err
		}
	}
	return nil
}

func (c *valueChange) removeAt(ctx context.Context, env string, values map[string]Value, key string) error {
	if err := c.s.store.DeleteValue(ctx, c.level.OrgID, c.level.AppID, env, key); err != nil {
		return err
	}
	delete(values, key)
	c.touched[env] = append(c.touched[env], ValueChange{Op: "remove", Path: "/" + key})
	return nil
}

// record stores the new version of the level and those of environments that
// see the change.
func (c *valueChange) record(ctx context.Context, v ValueSetVersion) (*ValueSetVersion, error) {
	v.Change = c.touched[c.level.EnvID]
	made, err := c.store(ctx, c.level, v)
	if err != nil || c.level.EnvID != "" {
		return made, err
	}
	for env := range c.overrides {
		level := EnvRef{c.level.OrgID, c.level.AppID, env}
		history, err := c.s.store.ListValueSetVersions(ctx, level.OrgID, level.AppID, env, 1)
		if err != nil {
			return nil, err
		}
		if len(history) == 0 || sameValues(history[0].Values, c.seen(env)) {
			continue
		}
		seen := v
		seen.SourceID = ""
		if _, err := c.store(ctx, level, seen); err != nil {
			return nil, err
		}
	}
	return made, nil
}

// store writes one version, later than all before it.
func (c *valueChange) store(ctx context.Context, level EnvRef, v ValueSetVersion) (*ValueSetVersion, error) {
	v.OrgID, v.AppID, v.EnvID = level.OrgID, level.AppID, level.EnvID
	v.ID, v.CreatedBy, v.Values = newUUID(), ActorFrom(ctx).UserID, c.seen(level.EnvID)
	if v.Change == nil {
		v.Change = []ValueChange{}
	}
	v.CreatedAt = c.at
	last, err := latestValueSet(ctx, c.s.store, level)
	if err != nil {
		return nil, err
	}
	if last != nil && !v.CreatedAt.After(last.CreatedAt) {
		v.CreatedAt = last.CreatedAt.Add(time.Microsecond)
	}
	v.UpdatedAt = v.CreatedAt
	return &v, c.s.store.CreateValueSetVersion(ctx, &v)
}

// seen is what a level sees: the application's values overlaid with overrides.
func (c *valueChange) seen(env string) map[string]Value {
	seen := maps.Clone(c.app)
	if env != "" {
		maps.Copy(seen, c.overrides[env])
	}
	return seen
}

func sameValues(a, b map[string]Value) bool {
	return maps.EqualFunc(a, b, sameValue)
}

// sameValue reports whether two states of a key are the same one, not merely equal.
func sameValue(a, b Value) bool {
	return a.EnvID == b.EnvID && a.Value == b.Value && a.Description == b.Description &&
		a.SecretStore == b.SecretStore && a.SecretKey == b.SecretKey && a.SecretVer == b.SecretVer &&
		a.UpdatedAt.Equal(b.UpdatedAt)
}
