package orchestrator

import (
	"context"
	"maps"
	"slices"
)

// spinUpValues are the Shared Values that a new environment begins with: those
// that are copied, and over them those of the request. Secrets are read and
// sent before the transaction, as they may be kept outside Slipway.
func (s *Service) spinUpValues(ctx context.Context, target EnvRef, req SpinUpRequest) ([]NewValue, error) {
	values := map[string]NewValue{}
	if req.CopyValues {
		if err := s.copyValues(ctx, EnvRef{OrgID: target.OrgID, AppID: target.AppID, EnvID: req.FromEnvID}, values); err != nil {
			return nil, err
		}
	}
	given := map[string]bool{}
	for _, v := range req.Values {
		if given[v.Key] {
			return nil, Invalidf("values: %q is given twice", shorten(v.Key))
		}
		given[v.Key], values[v.Key] = true, v
	}
	if len(values) == 0 {
		return nil, nil
	}
	app, err := s.valuesByKey(ctx, target.appLevel())
	if err != nil {
		return nil, err
	}
	out := make([]NewValue, 0, len(values))
	for _, key := range slices.Sorted(maps.Keys(values)) {
		v := values[key]
		if err := s.checkNewValue(v, app, target.AppID); err != nil {
			return nil, err
		}
		if v.IsSecret = v.IsSecret || v.SecretRef != nil || app[key].IsSecret; v.IsSecret {
			if v.Value, v.SecretRef, err = s.sendValue(ctx, target, key, v.Value, v.SecretRef); err != nil {
				return nil, err
			}
		}
		out = append(out, v)
	}
	return out, nil
}

// checkNewValue holds an override to the rules of CreateValue; one of a secret
// is a secret.
func (s *Service) checkNewValue(v NewValue, app map[string]Value, appID string) error {
	if err := checkKey(v.Key); err != nil {
		return err
	}
	if (v.Value == nil) == (v.SecretRef == nil) {
		return Invalidf("values: %q needs either value or secret_ref", v.Key)
	}
	if err := s.checkSecretRef(v.SecretRef); err != nil {
		return err
	}
	above, exists := app[v.Key]
	if !exists {
		return Invalidf("values: application %q has no shared value %q that the environment could override; create it on the application first", appID, v.Key)
	}
	if !above.IsSecret && (v.IsSecret || v.SecretRef != nil) {
		return Invalidf("values: %q is not a secret on the application, so it cannot be one in an environment", v.Key)
	}
	return nil
}

// copyValues reads the values that an environment overrides. Secrets are for
// those who may deploy to it anyway: what is copied can be read by what is deployed.
func (s *Service) copyValues(ctx context.Context, from EnvRef, into map[string]NewValue) error {
	own, err := s.valuesByKey(ctx, from)
	if err != nil {
		return err
	}
	for key, v := range own {
		made := NewValue{Key: key, Description: v.Description, IsSecret: v.IsSecret}
		switch {
		case !v.IsSecret:
			made.Value = &v.Value
		case v.SecretKey != valueSecretRef(from, key): // somebody else keeps it
			made.SecretRef = &SecretRef{Store: v.SecretStore, Ref: v.SecretKey, Version: v.SecretVer}
		default:
			if err := s.requireEnvDeployer(ctx, from); err != nil {
				return err
			}
			text, err := s.secrets.reveal(ctx, v.OrgID, v.SecretStore, v.SecretKey, v.SecretVer)
			if err != nil {
				return err
			}
			made.Value = &text
		}
		if made.SecretRef != nil {
			if err := s.requireEnvDeployer(ctx, from); err != nil {
				return err
			}
		}
		into[key] = made
	}
	return nil
}

// putValues stores the values that an environment begins with, as one version.
func (s *Service) putValues(ctx context.Context, level EnvRef, values []NewValue) error {
	if len(values) == 0 {
		return nil
	}
	_, err := s.changeValues(ctx, level, "value_create", "values of the new environment", "", func(ctx context.Context, c *valueChange) error {
		for _, v := range values {
			made := Value{
				OrgID: level.OrgID, AppID: level.AppID, EnvID: level.EnvID, Key: v.Key, Description: v.Description, IsSecret: v.IsSecret,
				CreatedAt: c.at, UpdatedAt: c.at,
			}
			if err := s.assign(ctx, c, &made, v.Value, v.SecretRef); err != nil {
				return err
			}
			if err := c.put(ctx, made); err != nil {
				return err
			}
		}
		return nil
	})
	return err
}
