package orchestrator

import (
	"context"
	"maps"
	"slices"
)

// ListValueSetVersions lists the versions that a level sees, newest first;
// keyChanged "" = all, otherwise those that changed the key.
func (s *Service) ListValueSetVersions(ctx context.Context, level EnvRef, keyChanged string) ([]ValueSetVersion, error) {
	if err := s.requireValues(ctx, level, RoleViewer); err != nil {
		return nil, err
	}
	versions, err := valueSetHistory(ctx, s.store, level, 0)
	if err != nil || keyChanged == "" {
		return versions, err
	}
	return slices.DeleteFunc(versions, func(v ValueSetVersion) bool {
		return !slices.ContainsFunc(v.Change, func(c ValueChange) bool { return c.Path == "/"+keyChanged })
	}), nil
}

// GetValueSetVersion returns one version; the all-zero UUID is the latest.
func (s *Service) GetValueSetVersion(ctx context.Context, level EnvRef, id string) (*ValueSetVersion, error) {
	if err := s.requireValues(ctx, level, RoleViewer); err != nil {
		return nil, err
	}
	return s.valueSetVersion(ctx, level, id)
}

func (s *Service) valueSetVersion(ctx context.Context, level EnvRef, id string) (*ValueSetVersion, error) {
	if id != zeroUUID {
		return findValueSet(ctx, s.store, level, id)
	}
	latest, err := latestValueSet(ctx, s.store, level)
	if err == nil && latest == nil {
		err = NotFoundf("there is no value set version yet")
	}
	return latest, err
}

// RestoreValues gives a level all values it had in a version; what it did not
// have then is deleted. Of an environment only the overrides are restored: the
// application's values have a history of their own.
func (s *Service) RestoreValues(ctx context.Context, level EnvRef, id, comment string) (*ValueSetVersion, error) {
	return s.restore(ctx, level, id, comment, func(ctx context.Context, c *valueChange, from map[string]Value) error {
		for _, key := range slices.Sorted(maps.Keys(c.own())) {
			if _, kept := from[key]; kept {
				continue
			}
			if err := c.remove(ctx, key); err != nil {
				return err
			}
		}
		for _, key := range slices.Sorted(maps.Keys(from)) {
			if err := c.restoreOne(ctx, from[key]); err != nil {
				return err
			}
		}
		return nil
	})
}

// RestoreValue gives a level one value it had in a version. For an environment
// that did not override the key then, the override goes.
func (s *Service) RestoreValue(ctx context.Context, level EnvRef, id, key, comment string) (*ValueSetVersion, error) {
	return s.restore(ctx, level, id, comment, func(ctx context.Context, c *valueChange, from map[string]Value) error {
		if v, ok := from[key]; ok {
			return c.restoreOne(ctx, v)
		}
		if _, overridden := c.own()[key]; overridden && level.EnvID != "" {
			return c.remove(ctx, key)
		}
		return Invalidf("version %s has no value of %q that could be restored", id, key)
	})
}

// restore runs fn with the values that were set on the level itself in a version.
func (s *Service) restore(ctx context.Context, level EnvRef, id, comment string, fn func(ctx context.Context, c *valueChange, from map[string]Value) error) (*ValueSetVersion, error) {
	if err := s.requireValues(ctx, level, RoleDeveloper); err != nil {
		return nil, err
	}
	source, err := s.valueSetVersion(ctx, level, id)
	if err != nil {
		return nil, err
	}
	return s.changeValues(ctx, level, "value_set_version_restore", comment, source.ID, func(ctx context.Context, c *valueChange) error {
		// Read again inside the transaction: a purge may have come in between.
		source, err := findValueSet(ctx, s.store, level, source.ID)
		if err != nil {
			return err
		}
		own := maps.Clone(source.Values)
		maps.DeleteFunc(own, func(_ string, v Value) bool { return v.EnvID != level.EnvID })
		return fn(ctx, c, own)
	})
}

// restoreOne puts a former state of a value back, unless it is the current one.
func (c *valueChange) restoreOne(ctx context.Context, v Value) error {
	current, exists := c.own()[v.Key]
	if exists && sameValue(current, v) {
		return nil
	}
	if _, ok := c.app[v.Key]; !ok && c.level.EnvID != "" {
		return Invalidf("%q cannot be restored: the application has no shared value of that key any more", v.Key)
	}
	v.OrgID, v.AppID, v.EnvID = c.level.OrgID, c.level.AppID, c.level.EnvID
	if exists {
		v.CreatedAt = current.CreatedAt
	}
	v.UpdatedAt = c.at
	return c.put(ctx, v)
}

// PurgeValue erases the value that a key had in a version from every version
// that has it, and a secret from its store: it can be neither read nor restored
// nor deployed any more. The value in use cannot be purged.
func (s *Service) PurgeValue(ctx context.Context, level EnvRef, id, key, comment string) error {
	if err := s.requireValues(ctx, level, RoleDeveloper); err != nil {
		return err
	}
	found, err := s.valueSetVersion(ctx, level, id)
	if err != nil {
		return err
	}
	purged, ok := found.Values[key]
	if !ok {
		return Invalidf("version %s has no value of %q that could be purged", found.ID, key)
	}
	// The record of the purge belongs where the value was set.
	level = EnvRef{found.OrgID, found.AppID, purged.EnvID}
	_, err = s.changeValues(ctx, level, "value_set_version_purge", comment, "", func(ctx context.Context, c *valueChange) error {
		if current, ok := c.own()[key]; ok && sameContent(current, purged) {
			return Invalidf("the value of %q in version %s is the one in use; change or delete it first", key, found.ID)
		}
		if err := s.purgeFrom(ctx, level, key, purged); err != nil {
			return err
		}
		return s.eraseSecret(ctx, purged)
	})
	return err
}

// sameContent recognizes a value also after it was restored.
func sameContent(a, b Value) bool {
	if a.IsSecret {
		return a.SecretStore == b.SecretStore && a.SecretKey == b.SecretKey && a.SecretVer == b.SecretVer
	}
	return !b.IsSecret && a.Value == b.Value
}

// purgeFrom erases a value from all versions of the level that set it and, for
// one of the application, of all environments, which saw it.
func (s *Service) purgeFrom(ctx context.Context, level EnvRef, key string, purged Value) error {
	levels := []EnvRef{level}
	if level.EnvID == "" {
		environments, err := s.store.ListEnvironments(ctx, level.OrgID, level.AppID)
		if err != nil {
			return err
		}
		for _, env := range environments {
			levels = append(levels, env.Ref())
		}
	}
	for _, l := range levels {
		versions, err := s.store.ListValueSetVersions(ctx, l.OrgID, l.AppID, l.EnvID, 0)
		if err != nil {
			return err
		}
		for i := range versions {
			v := &versions[i]
			had, ok := v.Values[key]
			if !ok || had.EnvID != purged.EnvID || !sameContent(had, purged) {
				continue
			}
			delete(v.Values, key)
			v.UpdatedAt = s.now()
			if err := s.store.UpdateValueSetVersion(ctx, v); err != nil {
				return stale(err)
			}
		}
	}
	return nil
}

// eraseSecret removes a purged secret from the built-in store. One that lies in
// a store of the user's own is the user's to remove.
func (s *Service) eraseSecret(ctx context.Context, v Value) error {
	if !v.IsSecret || !s.secrets.isBuiltin(v.SecretStore) {
		return nil
	}
	version, err := parseSecretVersion(v.SecretVer)
	if err != nil {
		return err
	}
	if err := s.store.DeleteSecret(ctx, v.OrgID, v.SecretKey, version); err != nil && !IsNotFound(err) {
		return err
	}
	return nil
}
