package orchestrator

import (
	"context"
	"time"

	"github.com/slipway-dev/slipway/engine/resource"
)

// DriverInputsRequest are driver inputs as a client gives them. Secrets are
// plain; SecretRefs hold {store, ref, version} or {value} leaves. Only one of
// the two may be given.
type DriverInputsRequest struct {
	Values     map[string]any
	Secrets    map[string]any
	SecretRefs map[string]any

	kept map[string]any // what became of the secrets when they were stored before
}

// keep stores the secrets and gives the references to them.
func (in *DriverInputsRequest) keep(w *secretWriter) (map[string]any, error) {
	if len(in.Secrets) > 0 {
		return w.level(nil, in.Secrets, w.plain)
	}
	return w.level(nil, in.SecretRefs, w.reference)
}

// DefinitionRequest asks for a new definition, or replaces one: then ID, Type
// and Criteria do not count, and an empty DriverType keeps the driver.
type DefinitionRequest struct {
	ID                  string
	Name                string
	Type                string
	DriverType          string
	DriverAccount       string
	DriverInputs        *DriverInputsRequest // nil = none
	Provision           map[string]resource.Provision
	Criteria            []resource.Criteria // ids do not count
	InPlaceDriverChange bool
	Proposed            bool // store a version that is not in use yet
}

// What made a version of a definition.
const (
	actionCreated = "created"
	actionUpdated = "updated"
	actionDeleted = "deleted"
)

// GetDefinition returns a definition; a deleted one only when deleted is true.
func (s *Service) GetDefinition(ctx context.Context, org, id string, deleted bool) (*Definition, error) {
	if err := s.requireOrg(ctx, org); err != nil {
		return nil, err
	}
	return s.findDefinition(ctx, org, id, deleted)
}

func (s *Service) findDefinition(ctx context.Context, org, id string, deleted bool) (*Definition, error) {
	def, err := s.store.GetDefinition(ctx, org, id)
	if err != nil {
		return nil, err
	}
	if def.IsDeleted && !deleted {
		return nil, NotFoundf("resource definition %q does not exist", id)
	}
	return def, nil
}

// CreateDefinition creates a definition with its criteria. The id of a deleted
// definition can be used again.
func (s *Service) CreateDefinition(ctx context.Context, org string, req DefinitionRequest) (*Definition, error) {
	if err := s.requireOrgAdmin(ctx, org, "create resource definitions"); err != nil {
		return nil, err
	}
	if err := s.checkNewDefinition(ctx, org, req); err != nil {
		return nil, err
	}
	if err := s.sendSecrets(ctx, org, req.ID, req.DriverInputs); err != nil {
		return nil, err
	}
	var def *Definition
	err := s.store.InTx(ctx, func(ctx context.Context) error {
		if err := s.forgetDeleted(ctx, org, req.ID); err != nil {
			return err
		}
		at, by := s.now(), ActorFrom(ctx).UserID
		inputs, err := s.keepInputs(ctx, org, req.ID, req.DriverInputs, at)
		if err != nil {
			return err
		}
		version := DefinitionVersion{
			OrgID: org, DefID: req.ID, ID: newUUID(), Name: req.Name, Type: req.Type, DriverType: req.DriverType,
			DriverAccount: req.DriverAccount, DriverInputs: inputs, Provision: req.Provision,
			InPlaceDriverChange: req.InPlaceDriverChange, Action: actionCreated, Active: true, CreatedAt: at, CreatedBy: by,
		}
		if err := s.checkDriverInputs(ctx, &version); err != nil {
			return err
		}
		def = &Definition{
			OrgID: org, ID: req.ID, Type: req.Type, ActiveVersionID: version.ID, Active: version, Criteria: identified(req.Criteria, nil),
			CreatedAt: at, CreatedBy: by, UpdatedAt: at, UpdatedBy: by,
		}
		if err := s.store.CreateDefinition(ctx, def); err != nil {
			return err
		}
		return s.audit(ctx, created(org, "resource-definition", definitionObjectPath(org, def.ID), definitionState(def)))
	})
	if err != nil {
		return nil, err
	}
	return def, nil
}

// forgetDeleted removes the remains of a deleted definition, secrets included,
// so that its id is free. Resources that it made carry all that their deletion
// needs.
func (s *Service) forgetDeleted(ctx context.Context, org, id string) error {
	old, err := s.store.GetDefinition(ctx, org, id)
	if IsNotFound(err) {
		return nil
	}
	if err != nil || !old.IsDeleted {
		return err // CreateDefinition reports the conflict
	}
	if err := s.forgetDriverSecrets(ctx, org, id); err != nil {
		return err
	}
	return s.store.DeleteDefinition(ctx, org, id)
}

// DeleteDefinition marks a definition as deleted, so that it makes nothing new.
// While active resources use it that is a conflict whose body lists what they
// would be matched to instead, unless force is true.
func (s *Service) DeleteDefinition(ctx context.Context, org, id string, force bool) error {
	if err := s.requireOrgAdmin(ctx, org, "delete resource definitions"); err != nil {
		return err
	}
	return s.inTxAgain(ctx, func(ctx context.Context) error {
		def, err := s.findDefinition(ctx, org, id, false)
		if err != nil {
			return err
		}
		if err := s.checkUnused(ctx, def, force); err != nil {
			return err
		}
		last := def.Active
		last.ID, last.Action, last.Active, last.Proposed = newUUID(), actionDeleted, false, false
		last.CreatedAt, last.CreatedBy = s.now(), ActorFrom(ctx).UserID
		if err := s.store.CreateDefinitionVersion(ctx, &last); err != nil {
			return err
		}
		def.IsDeleted, def.UpdatedAt, def.UpdatedBy = true, last.CreatedAt, last.CreatedBy
		if err := stale(s.store.UpdateDefinition(ctx, def)); err != nil {
			return err
		}
		if err := s.pruneVersions(ctx, org, id); err != nil {
			return err
		}
		return s.audit(ctx, deleted(org, "resource-definition", definitionObjectPath(org, id), definitionState(def)))
	})
}

func definitionObjectPath(org, id string) string { return OrgObject(org) + "/resources/defs/" + id }

// definitionState is what the audit log tells of a definition: its active
// version, of secrets the references only, and its criteria.
func definitionState(d *Definition) map[string]any {
	return map[string]any{"active": versionState(&d.Active), "criteria": d.Criteria}
}

func versionState(v *DefinitionVersion) map[string]any {
	state := snapshot(v)
	if v.DriverInputs != nil {
		state["driver_inputs"] = map[string]any{"values": v.DriverInputs.Values, "secret_refs": v.DriverInputs.SecretRefs}
	}
	return state
}

func (s *Service) checkUnused(ctx context.Context, def *Definition, force bool) error {
	if force {
		return nil
	}
	changes, err := s.rematches(ctx, def, nil)
	if err != nil || len(changes) == 0 {
		return err
	}
	conflict := Conflictf("resource definition %q is used by %d active resources; force deletes it all the same", def.ID, len(changes))
	conflict.Body = changes
	return conflict
}

// keepInputs stores the secrets of driver inputs and returns what the
// definition remembers; nil stays nil.
func (s *Service) keepInputs(ctx context.Context, org, defID string, in *DriverInputsRequest, at time.Time) (*DriverInputs, error) {
	if in == nil {
		return nil, nil
	}
	refs, err := s.keepSecrets(ctx, org, defID, in, at)
	if err != nil {
		return nil, err
	}
	if len(refs) == 0 {
		refs = nil
	}
	return &DriverInputs{Values: in.Values, SecretRefs: refs}, nil
}
