package orchestrator

import (
	"context"
	"strings"

	"github.com/slipway-dev/slipway/drivers"
	"github.com/slipway-dev/slipway/engine/resource"
)

// ResourceTypePatch changes a resource type; nil keeps what is there.
type ResourceTypePatch struct {
	Name          *string
	Category      *string
	Use           *string
	InputsSchema  map[string]any
	OutputsSchema map[string]any
}

// ListResourceTypes lists the built-in types and those of the organization.
func (s *Service) ListResourceTypes(ctx context.Context, org string) ([]ResourceType, error) {
	if err := s.requireOrg(ctx, org); err != nil {
		return nil, err
	}
	return s.store.ListResourceTypes(ctx, org)
}

// GetResourceType returns a built-in type or one of the organization.
func (s *Service) GetResourceType(ctx context.Context, org, id string) (*ResourceType, error) {
	if err := s.requireOrg(ctx, org); err != nil {
		return nil, err
	}
	return s.store.GetResourceType(ctx, org, id)
}

// CreateResourceType creates a type of the organization; its id has the form
// <org>/<name>. Any JSON object is a legal schema.
func (s *Service) CreateResourceType(ctx context.Context, org string, t ResourceType) (*ResourceType, error) {
	if err := s.requireOrgAdmin(ctx, org, "create resource types"); err != nil {
		return nil, err
	}
	if _, err := s.store.GetResourceType(ctx, BuiltinOrg, t.ID); err == nil {
		return nil, builtinType(org, t.ID)
	}
	if err := checkOwnTypeID(org, t.ID); err != nil {
		return nil, err
	}
	t.OrgID = org
	if err := completeType(&t); err != nil {
		return nil, err
	}
	return &t, s.audited(ctx, func(ctx context.Context) (Change, error) {
		return created(org, "resource-type", typeObjectPath(org, t.ID), t), s.store.CreateResourceType(ctx, &t)
	})
}

// ReplaceResourceType replaces everything but the id; an absent schema is unset.
func (s *Service) ReplaceResourceType(ctx context.Context, org string, t ResourceType) (*ResourceType, error) {
	return s.changeResourceType(ctx, org, t.ID, func(old *ResourceType) {
		old.Name, old.Category, old.Use = t.Name, t.Category, t.Use
		old.InputsSchema, old.OutputsSchema = t.InputsSchema, t.OutputsSchema
	})
}

// PatchResourceType changes what the patch names.
func (s *Service) PatchResourceType(ctx context.Context, org, id string, p ResourceTypePatch) (*ResourceType, error) {
	return s.changeResourceType(ctx, org, id, func(t *ResourceType) {
		setGiven(&t.Name, p.Name)
		setGiven(&t.Category, p.Category)
		setGiven(&t.Use, p.Use)
		if p.InputsSchema != nil {
			t.InputsSchema = p.InputsSchema
		}
		if p.OutputsSchema != nil {
			t.OutputsSchema = p.OutputsSchema
		}
	})
}

func (s *Service) changeResourceType(ctx context.Context, org, id string, change func(t *ResourceType)) (*ResourceType, error) {
	if err := s.requireOrgAdmin(ctx, org, "change resource types"); err != nil {
		return nil, err
	}
	var t *ResourceType
	err := s.inTxAgain(ctx, func(ctx context.Context) error {
		var err error
		if t, err = s.ownResourceType(ctx, org, id); err != nil {
			return err
		}
		before := *t
		change(t)
		if err := completeType(t); err != nil {
			return err
		}
		if err := stale(s.store.UpdateResourceType(ctx, t)); err != nil {
			return err
		}
		return s.audit(ctx, updated(org, "resource-type", typeObjectPath(org, id), before, t))
	})
	if err != nil {
		return nil, err
	}
	return t, nil
}

// DeleteResourceType deletes a type of the organization with its classes. It
// answers CodeInvalid while resources of the type exist.
func (s *Service) DeleteResourceType(ctx context.Context, org, id string) error {
	if err := s.requireOrgAdmin(ctx, org, "delete resource types"); err != nil {
		return err
	}
	return s.store.InTx(ctx, func(ctx context.Context) error {
		before, err := s.ownResourceType(ctx, org, id)
		if err != nil {
			return err
		}
		count, err := s.store.CountActiveResourcesOfType(ctx, org, id)
		if err != nil {
			return err
		}
		if count > 0 {
			return Invalidf("resource type %q is in use: %d active resources are of this type; delete those first", id, count)
		}
		classes, err := s.store.ListResourceClasses(ctx, org, id)
		if err != nil {
			return err
		}
		for _, c := range classes {
			if err := s.store.DeleteResourceClass(ctx, org, id, c.ID); err != nil {
				return err
			}
		}
		if err := s.store.DeleteResourceType(ctx, org, id); err != nil {
			return err
		}
		return s.audit(ctx, deleted(org, "resource-type", typeObjectPath(org, id), before))
	})
}

func typeObjectPath(org, id string) string { return OrgObject(org) + "/resources/types/" + id }

// ownResourceType finds a type that the organization may change.
func (s *Service) ownResourceType(ctx context.Context, org, id string) (*ResourceType, error) {
	t, err := s.store.GetResourceType(ctx, org, id)
	if err != nil {
		return nil, err
	}
	if t.OrgID != org || org == BuiltinOrg {
		return nil, builtinType(org, id)
	}
	return t, nil
}

func builtinType(org, id string) error {
	return Forbiddenf("resource type %q is built in and cannot be changed; define a type %q instead", id, org+"/"+id)
}

// checkOwnTypeID demands <org>/<name>, which references can name.
func checkOwnTypeID(org, id string) error {
	name, own := strings.CutPrefix(id, org+"/")
	ref, err := resource.ParseRef(id)
	if !own || len(id) > maxKey || err != nil || ref.Type != id || strings.Contains(name, "/") {
		return Invalidf("type: %q is not valid; use %s/<name> with letters, digits, dashes and underscores", shorten(id), org)
	}
	return nil
}

// completeType validates a type and fills in what may be left out.
func completeType(t *ResourceType) error {
	switch t.Use {
	case resource.UseDirect, resource.UseIndirect, resource.UseImplicit:
	default:
		return Invalidf("use: expected %s, %s or %s, got %q", resource.UseDirect, resource.UseIndirect, resource.UseImplicit, shorten(t.Use))
	}
	if t.Name == "" {
		t.Name = t.ID
	}
	t.InputsSchema, t.OutputsSchema = orEmpty(t.InputsSchema), orEmpty(t.OutputsSchema)
	if err := checkText("name", t.Name); err != nil {
		return err
	}
	return checkText("category", t.Category)
}

// checkTypeName validates the type that a definition or driver names. A custom
// type may be defined later, and public definitions name types that nobody
// publishes; so an unknown name is refused only when it looks like a known one
// misspelt.
func (s *Service) checkTypeName(ctx context.Context, org, name string) error {
	ref, err := resource.ParseRef(name)
	if err != nil || ref.Type != name || len(name) > maxKey {
		return Invalidf("type: %q is not valid; use a built-in resource type or %s/<name>", shorten(name), org)
	}
	if strings.Contains(name, "/") {
		return nil
	}
	types, err := s.store.ListResourceTypes(ctx, org)
	if err != nil {
		return err
	}
	known := make([]string, 0, len(types))
	for _, t := range types {
		if t.ID == name {
			return nil
		}
		known = append(known, t.ID)
	}
	if near := drivers.Closest(name, known); near != "" {
		return Invalidf("type: there is no resource type %q; did you mean %q? A type of your own is %s/<name>", name, near, org)
	}
	return nil
}

// setGiven writes the value when there is one.
func setGiven[T any](into *T, value *T) {
	if value != nil {
		*into = *value
	}
}
