package orchestrator

import (
	"context"
	"maps"
	"slices"
)

// SecretRef is a secret (Value), or where it is kept (Store, Ref and perhaps
// Version).
type SecretRef struct {
	Store   string
	Ref     string
	Version string
	Value   *string
}

// NewValue asks for a new Shared Value. A secret is either Value with IsSecret,
// or SecretRef.
type NewValue struct {
	Key         string
	Description string
	Value       *string
	IsSecret    bool
	SecretRef   *SecretRef
}

// ValueUpdate changes a Shared Value; nil keeps what is there.
type ValueUpdate struct {
	Description *string
	Value       *string
	SecretRef   *SecretRef
}

// requireValues authorizes access to the values of a level (EnvID "" = the
// application's). An environment that does not exist is CodeInvalid: clients
// take that as "the environment was deleted".
func (s *Service) requireValues(ctx context.Context, level EnvRef, role string) error {
	if _, err := s.readApp(ctx, level.OrgID, level.AppID, role); err != nil {
		return err
	}
	if level.EnvID == "" {
		return nil
	}
	_, err := s.store.GetEnvironment(ctx, level)
	if IsNotFound(err) {
		return Invalidf("environment %q does not exist", level.EnvID)
	}
	return err
}

// ListValues lists what a level sees, by key.
func (s *Service) ListValues(ctx context.Context, level EnvRef) ([]Value, error) {
	if err := s.requireValues(ctx, level, RoleViewer); err != nil {
		return nil, err
	}
	seen, err := s.valuesByKey(ctx, level.appLevel())
	if err != nil {
		return nil, err
	}
	if level.EnvID != "" {
		overrides, err := s.valuesByKey(ctx, level)
		if err != nil {
			return nil, err
		}
		maps.Copy(seen, overrides)
	}
	values := make([]Value, 0, len(seen))
	for _, key := range slices.Sorted(maps.Keys(seen)) {
		values = append(values, seen[key])
	}
	return values, nil
}

// CreateValue sets a new value on a level. An environment can only override
// what the application has, and only by the same kind: a secret by a secret.
func (s *Service) CreateValue(ctx context.Context, level EnvRef, req NewValue) (*Value, error) {
	if err := s.requireValues(ctx, level, RoleDeveloper); err != nil {
		return nil, err
	}
	if err := checkKey(req.Key); err != nil {
		return nil, err
	}
	if req.Value != nil && req.SecretRef != nil {
		return nil, Invalidf("value and secret_ref: both are given; a value has either")
	}
	if err := s.checkSecretRef(req.SecretRef); err != nil {
		return nil, err
	}
	if req.IsSecret && req.Value == nil && req.SecretRef == nil {
		return nil, Invalidf("value: a secret needs a value or a secret_ref")
	}
	if req.IsSecret || req.SecretRef != nil {
		var err error
		if req.Value, req.SecretRef, err = s.sendValue(ctx, level, req.Key, req.Value, req.SecretRef); err != nil {
			return nil, err
		}
	}
	var made Value
	_, err := s.changeValues(ctx, level, "value_create", "", "", func(ctx context.Context, c *valueChange) error {
		if _, exists := c.own()[req.Key]; exists {
			return Conflictf("a shared value with the key %q exists already", req.Key)
		}
		if _, exists := c.app[req.Key]; !exists && level.EnvID != "" {
			return Invalidf("key: application %q has no shared value %q that the environment could override; create it on the application first", level.AppID, req.Key)
		}
		made = Value{
			OrgID: level.OrgID, AppID: level.AppID, EnvID: level.EnvID, Key: req.Key, Description: req.Description,
			IsSecret: req.IsSecret || req.SecretRef != nil, CreatedAt: c.at, UpdatedAt: c.at,
		}
		if err := s.assign(ctx, c, &made, req.Value, req.SecretRef); err != nil {
			return err
		}
		return c.put(ctx, made)
	})
	return &made, err
}

// ReplaceValue sets value and description of an existing value; it stays a
// secret or not.
func (s *Service) ReplaceValue(ctx context.Context, level EnvRef, key string, req ValueUpdate) (*Value, error) {
	if req.Value == nil && req.SecretRef == nil {
		return nil, s.refuseValue(ctx, level, "value: a value is required")
	}
	if req.Description == nil {
		req.Description = new(string)
	}
	return s.updateValue(ctx, level, key, req)
}

// PatchValue changes what the request names, at least one thing.
func (s *Service) PatchValue(ctx context.Context, level EnvRef, key string, req ValueUpdate) (*Value, error) {
	if req == (ValueUpdate{}) {
		return nil, s.refuseValue(ctx, level, "nothing to change: name at least one of value, description and secret_ref")
	}
	return s.updateValue(ctx, level, key, req)
}

// refuseValue answers a request that is wrong in itself, but not to somebody
// who must not know of the application.
func (s *Service) refuseValue(ctx context.Context, level EnvRef, message string) error {
	if err := s.requireValues(ctx, level, RoleDeveloper); err != nil {
		return err
	}
	return Invalidf("%s", message)
}

func (s *Service) updateValue(ctx context.Context, level EnvRef, key string, req ValueUpdate) (*Value, error) {
	if err := s.requireValues(ctx, level, RoleDeveloper); err != nil {
		return nil, err
	}
	if req.Value != nil && req.SecretRef != nil {
		return nil, Invalidf("value and secret_ref: both are given; a value has either")
	}
	if err := s.checkSecretRef(req.SecretRef); err != nil {
		return nil, err
	}
	if err := s.sendUpdate(ctx, level, key, &req); err != nil {
		return nil, err
	}
	var changed Value
	_, err := s.changeValues(ctx, level, "value_update", "", "", func(ctx context.Context, c *valueChange) error {
		current, exists := c.own()[key]
		if !exists {
			return NotFoundf("shared value %q does not exist", key)
		}
		if req.SecretRef != nil && !current.IsSecret {
			return Invalidf("secret_ref: %q is not a secret, and a value cannot become one; delete it and create it anew", key)
		}
		changed = current
		changed.UpdatedAt = c.at
		if req.Description != nil {
			changed.Description = *req.Description
		}
		if req.Value != nil || req.SecretRef != nil {
			if err := s.assign(ctx, c, &changed, req.Value, req.SecretRef); err != nil {
				return err
			}
		}
		return c.put(ctx, changed)
	})
	return &changed, err
}

// DeleteValue deletes a value of a level; one of the application goes with its
// overrides. Versions that have it keep it until it is purged from them.
func (s *Service) DeleteValue(ctx context.Context, level EnvRef, key string) error {
	if err := s.requireValues(ctx, level, RoleDeveloper); err != nil {
		return err
	}
	_, err := s.changeValues(ctx, level, "value_delete", "", "", func(ctx context.Context, c *valueChange) error {
		if _, exists := c.own()[key]; !exists {
			return NotFoundf("shared value %q does not exist", key)
		}
		return c.remove(ctx, key)
	})
	return err
}

// DeleteValues deletes all values of a level.
func (s *Service) DeleteValues(ctx context.Context, level EnvRef) error {
	if err := s.requireValues(ctx, level, RoleDeveloper); err != nil {
		return err
	}
	_, err := s.changeValues(ctx, level, "values_delete", "", "", func(ctx context.Context, c *valueChange) error {
		for _, key := range slices.Sorted(maps.Keys(c.own())) {
			if err := c.remove(ctx, key); err != nil {
				return err
			}
		}
		return nil
	})
	return err
}

// checkSecretRef validates the shape of a reference; whether it leads anywhere
// is not checked, because its store may be one that only the cluster can read.
func (s *Service) checkSecretRef(ref *SecretRef) error {
	if ref == nil || ref.Value != nil && ref.Ref == "" && ref.Store == "" {
		return nil
	}
	if ref.Value != nil {
		return Invalidf("secret_ref: both a value and a reference are given; use either value, or store and ref")
	}
	if ref.Ref == "" || ref.Store == "" {
		return Invalidf("secret_ref: use either value, or store and ref")
	}
	if s.secrets.isBuiltin(ref.Store) {
		return Invalidf("secret_ref.store: the built-in store %q cannot be referred to; send the secret as value", ref.Store)
	}
	return nil
}

// assign gives v its value, or for a secret the place where it is kept. Every
// assignment of a secret is a new version in the store, also of equal text.
func (s *Service) assign(ctx context.Context, c *valueChange, v *Value, value *string, ref *SecretRef) error {
	if ref != nil && ref.Value == nil {
		v.SecretStore, v.SecretKey, v.SecretVer = ref.Store, ref.Ref, ref.Version
		return nil
	}
	if ref != nil {
		value = ref.Value
	}
	text := ""
	if value != nil {
		text = *value
	}
	if !v.IsSecret {
		v.Value = text
		return nil
	}
	key := valueSecretRef(EnvRef{v.OrgID, v.AppID, v.EnvID}, v.Key)
	store, version, err := s.secrets.keepBuiltin(ctx, c.at, v.OrgID, key, text)
	if err != nil {
		return err
	}
	v.SecretStore, v.SecretKey, v.SecretVer = store, key, version
	return nil
}

// valueSecretRef is where the secret of a value is kept in the built-in store.
func valueSecretRef(level EnvRef, key string) string {
	ref := "orgs--" + level.OrgID + "--apps--" + level.AppID
	if level.EnvID != "" {
		ref += "--envs--" + level.EnvID
	}
	return ref + "--secret_values--" + key
}
