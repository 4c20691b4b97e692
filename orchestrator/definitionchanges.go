package orchestrator

import (
	"context"
	"maps"

	"github.com/slipway-dev/slipway/engine/resource"
)

// DefinitionPatch changes a definition; nil keeps what is there.
//
// Of driver inputs and provision the patch replaces single keys: those of
// values, of the secrets and of provision. A key with null is deleted, a key
// that is not named stays, and the value of a key that is named is replaced as
// a whole: the published text says that a given map property "is replaced (or
// added)".
type DefinitionPatch struct {
	Name                *string
	DriverAccount       *string // "" = none
	DriverInputs        *DriverInputsRequest
	Provision           map[string]*resource.Provision // nil value = delete
	InPlaceDriverChange *bool
	Proposed            bool
}

// ReplaceDefinition makes a new version of a definition from the request alone:
// what is absent is unset, but for an empty driver type. Criteria stay.
func (s *Service) ReplaceDefinition(ctx context.Context, org, id string, req DefinitionRequest) (*Definition, error) {
	if err := s.requireOrgAdmin(ctx, org, "change resource definitions"); err != nil {
		return nil, err
	}
	if err := checkDefinitionContent(req); err != nil {
		return nil, err
	}
	if err := s.sendSecretsOf(ctx, org, id, req.DriverInputs); err != nil {
		return nil, err
	}
	return s.changeDefinition(ctx, org, id, req.Proposed, func(ctx context.Context, v *DefinitionVersion) error {
		if req.DriverType != "" && req.DriverType != v.DriverType {
			if err := s.checkDriverType(ctx, org, "driver_type", req.DriverType); err != nil {
				return err
			}
			v.DriverType = req.DriverType
		}
		v.Name, v.DriverAccount, v.Provision, v.InPlaceDriverChange = req.Name, req.DriverAccount, req.Provision, req.InPlaceDriverChange
		var err error
		v.DriverInputs, err = s.keepInputs(ctx, org, id, req.DriverInputs, v.CreatedAt)
		return err
	})
}

// PatchDefinition makes a new version of a definition from the active one.
func (s *Service) PatchDefinition(ctx context.Context, org, id string, p DefinitionPatch) (*Definition, error) {
	if err := s.requireOrgAdmin(ctx, org, "change resource definitions"); err != nil {
		return nil, err
	}
	if err := checkInputsRequest(p.DriverInputs); err != nil {
		return nil, err
	}
	if err := s.sendSecretsOf(ctx, org, id, p.DriverInputs); err != nil {
		return nil, err
	}
	return s.changeDefinition(ctx, org, id, p.Proposed, func(ctx context.Context, v *DefinitionVersion) error {
		setGiven(&v.Name, p.Name)
		setGiven(&v.DriverAccount, p.DriverAccount)
		setGiven(&v.InPlaceDriverChange, p.InPlaceDriverChange)
		v.Provision = patchProvision(v.Provision, p.Provision)
		var err error
		if v.DriverInputs, err = s.patchInputs(ctx, v, p.DriverInputs); err != nil {
			return err
		}
		return checkVersion(v)
	})
}

// patchInputs merges a patch into the inputs of a version.
func (s *Service) patchInputs(ctx context.Context, v *DefinitionVersion, patch *DriverInputsRequest) (*DriverInputs, error) {
	if patch == nil {
		return v.DriverInputs, nil
	}
	out := &DriverInputs{}
	if v.DriverInputs != nil {
		*out = *v.DriverInputs
	}
	refs, err := s.keepSecrets(ctx, v.OrgID, v.DefID, patch, v.CreatedAt)
	if err != nil {
		return nil, err
	}
	for _, given := range []map[string]any{patch.Secrets, patch.SecretRefs} {
		for key, value := range given {
			if value == nil {
				refs[key] = nil
			}
		}
	}
	out.Values = mergeKeys(out.Values, patch.Values)
	out.SecretRefs = mergeKeys(out.SecretRefs, refs)
	if len(out.SecretRefs) == 0 {
		out.SecretRefs = nil
	}
	return out, nil
}

// mergeKeys replaces the keys that patch names; null deletes. Neither argument
// is changed.
func mergeKeys(base, patch map[string]any) map[string]any {
	if patch == nil {
		return base
	}
	out := maps.Clone(orEmpty(base))
	for key, value := range patch {
		if value == nil {
			delete(out, key)
			continue
		}
		out[key] = value
	}
	return out
}

func patchProvision(base map[string]resource.Provision, patch map[string]*resource.Provision) map[string]resource.Provision {
	if len(patch) == 0 {
		return base
	}
	out := make(map[string]resource.Provision, len(base)+len(patch))
	maps.Copy(out, base)
	for key, p := range patch {
		if p == nil {
			delete(out, key)
			continue
		}
		out[key] = *p
	}
	return out
}

// changeDefinition makes a new version of a definition: change gets the active
// one with identity and time of the new one already filled in. A proposed
// version is stored only; any other becomes active at once.
func (s *Service) changeDefinition(ctx context.Context, org, id string, proposed bool, change func(ctx context.Context, v *DefinitionVersion) error) (*Definition, error) {
	var def *Definition
	err := s.inTxAgain(ctx, func(ctx context.Context) error {
		var err error
		if def, err = s.findDefinition(ctx, org, id, false); err != nil {
			return err
		}
		before, v := versionState(&def.Active), def.Active
		v.ID, v.Action, v.Active, v.Proposed, v.Archived = newUUID(), actionUpdated, false, proposed, false
		v.CreatedAt, v.CreatedBy = s.now(), ActorFrom(ctx).UserID
		if err := change(ctx, &v); err != nil {
			return err
		}
		if err := s.checkDriverInputs(ctx, &v); err != nil {
			return err
		}
		if err := s.store.CreateDefinitionVersion(ctx, &v); err != nil {
			return err
		}
		if !proposed {
			if err := s.activate(ctx, def, v); err != nil {
				return err
			}
		}
		if err := s.pruneVersions(ctx, org, id); err != nil {
			return err
		}
		return s.audit(ctx, updated(org, "resource-definition", definitionObjectPath(org, id), before, versionState(&v)))
	})
	if err != nil {
		return nil, err
	}
	return def, nil
}

// activate puts a stored version into use. Versions that were proposed before
// it was made are no longer newer than the active one, so they stop being proposed.
func (s *Service) activate(ctx context.Context, def *Definition, v DefinitionVersion) error {
	versions, err := s.store.ListDefinitionVersions(ctx, def.OrgID, def.ID)
	if err != nil {
		return err
	}
	for i := range versions {
		old := &versions[i]
		superseded := old.Proposed && !old.CreatedAt.After(v.CreatedAt)
		if old.ID == v.ID || (!old.Active && !superseded) {
			continue
		}
		old.Active, old.Proposed = false, old.Proposed && !superseded
		if err := s.store.UpdateDefinitionVersion(ctx, old); err != nil {
			return err
		}
	}
	v.Active, v.Proposed = true, false
	if err := s.store.UpdateDefinitionVersion(ctx, &v); err != nil {
		return err
	}
	def.Active, def.ActiveVersionID = v, v.ID
	def.UpdatedAt, def.UpdatedBy = s.now(), ActorFrom(ctx).UserID
	return stale(s.store.UpdateDefinition(ctx, def))
}
