package orchestrator

import "context"

// Secrets that clients send go to the primary store of the organization. One
// outside Slipway is written to before the transaction that records where they
// are: no transaction waits for a network. A request that fails afterwards
// leaves a version that nothing refers to.

type trialKey struct{}

// onTrial marks a change that is rolled back: it must not reach other systems.
func onTrial(ctx context.Context) context.Context { return context.WithValue(ctx, trialKey{}, true) }

// outsidePrimary is the primary store when it is outside Slipway and this is no trial.
func (s *Service) outsidePrimary(ctx context.Context, org string) (*SecretStore, error) {
	if ctx.Value(trialKey{}) != nil {
		return nil, nil
	}
	return s.secrets.primary(ctx, org)
}

// sendSecrets stores the secrets of driver inputs when the primary store is
// outside Slipway; otherwise they are stored with the definition.
func (s *Service) sendSecrets(ctx context.Context, org, defID string, in *DriverInputsRequest) error {
	if in == nil || len(in.Secrets)+len(in.SecretRefs) == 0 {
		return nil
	}
	to, err := s.outsidePrimary(ctx, org)
	if err != nil || to == nil {
		return err
	}
	mixed, err := s.mixedSecrets(ctx, org, defID)
	if err != nil {
		return err
	}
	in.kept, err = in.keep(&secretWriter{
		org: org, defID: defID, mixed: mixed, source: s.secrets,
		put: func(ref, value string) (string, string, error) {
			version, err := s.secrets.keepOutside(ctx, *to, ref, value)
			return to.ID, version, err
		},
	})
	return err
}

// sendSecretsOf does so for a definition that must exist.
func (s *Service) sendSecretsOf(ctx context.Context, org, defID string, in *DriverInputsRequest) error {
	if in == nil || len(in.Secrets)+len(in.SecretRefs) == 0 {
		return nil
	}
	if _, err := s.findDefinition(ctx, org, defID, false); err != nil {
		return err
	}
	return s.sendSecrets(ctx, org, defID, in)
}

// sendUpdate stores the new text of a Shared Value that is a secret when the
// primary store is outside Slipway.
func (s *Service) sendUpdate(ctx context.Context, level EnvRef, key string, req *ValueUpdate) error {
	if req.Value == nil && req.SecretRef == nil {
		return nil
	}
	values, err := s.valuesByKey(ctx, level)
	if err != nil || !values[key].IsSecret {
		return err // what is wrong with the rest is said where it is changed
	}
	req.Value, req.SecretRef, err = s.sendValue(ctx, level, key, req.Value, req.SecretRef)
	return err
}

// sendValue stores the text of a secret Shared Value outside Slipway when the
// primary store is there, and gives what the value is assigned instead.
func (s *Service) sendValue(ctx context.Context, level EnvRef, key string, value *string, ref *SecretRef) (*string, *SecretRef, error) {
	if ref != nil && ref.Value == nil {
		return value, ref, nil
	}
	to, err := s.outsidePrimary(ctx, level.OrgID)
	if err != nil || to == nil {
		return value, ref, err
	}
	text := value
	if ref != nil {
		text = ref.Value
	}
	if text == nil {
		return value, ref, nil
	}
	name := valueSecretRef(level, key)
	version, err := s.secrets.keepOutside(ctx, *to, name, *text)
	if err != nil {
		return nil, nil, err
	}
	return nil, &SecretRef{Store: to.ID, Ref: name, Version: version}, nil
}
