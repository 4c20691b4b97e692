package orchestrator

import (
	"context"
	"slices"
)

// existed reports whether a resource was ever provisioned. Before that it is
// only reserved, and nobody sees it.
func existed(r ActiveResource) bool { return r.Status != ResourcePending || r.DeployID != "" }

// ListActiveResources lists the resources of an environment by type, class and
// id. scheduled nil or false lists at most one per key, for clients take key and
// resource for the same thing; nil = all of these, false = those that stay.
// true lists all that are to be deleted, at the end those that another resource
// has replaced.
func (s *Service) ListActiveResources(ctx context.Context, ref EnvRef, scheduled *bool) ([]ActiveResource, error) {
	if err := s.requireApp(ctx, ref.OrgID, ref.AppID, RoleViewer); err != nil {
		return nil, err
	}
	if _, err := s.store.GetEnvironment(ctx, ref); err != nil {
		return nil, err
	}
	all, err := s.store.ListActiveResources(ctx, ref)
	if scheduled != nil && *scheduled {
		all, err = everything(ctx, s.store, ref)
	}
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(all, func(r ActiveResource) bool {
		return !existed(r) || (scheduled != nil && r.ScheduledDeletion != *scheduled)
	}), nil
}

// ListResourcesOfDefinition lists the active resources that a definition made,
// in all environments. It shows only applications that the one who asks may see.
func (s *Service) ListResourcesOfDefinition(ctx context.Context, org, defID string) ([]ActiveResource, error) {
	if err := s.requireOrg(ctx, org); err != nil {
		return nil, err
	}
	def, err := s.findDefinition(ctx, org, defID, true)
	if err != nil {
		return nil, err
	}
	all, err := s.resourcesOf(ctx, def)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(all, func(r ActiveResource) bool {
		return s.requireApp(ctx, org, r.AppID, RoleViewer) != nil
	}), nil
}

// PinActiveResource makes an active resource use a certain version of its
// definition from the next deployment on; nil unpins it. The id may belong to
// resources of several classes: then those are pinned whose definition has the
// version. The first of them is the answer.
func (s *Service) PinActiveResource(ctx context.Context, ref EnvRef, resourceType, id string, version *string) (*ActiveResource, error) {
	if err := s.requireEnvDeployer(ctx, ref); err != nil {
		return nil, err
	}
	var pinned *ActiveResource
	err := s.inTxAgain(ctx, func(ctx context.Context) error {
		pinned = nil
		resources, err := s.resourcesNamed(ctx, ref, resourceType, id)
		if err != nil {
			return err
		}
		resources = slices.DeleteFunc(resources, func(r ActiveResource) bool { return !existed(r) || r.Retired })
		if len(resources) == 0 {
			return noResource(resourceType, id)
		}
		for i := range resources {
			r := &resources[i]
			fits, err := s.canPin(ctx, r, version)
			if err != nil {
				return err
			}
			if !fits {
				continue
			}
			before := map[string]any{"target_def_version_id": r.TargetDefVersionID}
			r.TargetDefVersionID, r.UpdatedAt = "", s.now()
			setGiven(&r.TargetDefVersionID, version)
			if err := stale(s.store.UpdateActiveResource(ctx, r)); err != nil {
				return err
			}
			change := Change{
				Org: ref.OrgID, Action: "pin", Type: "active-resource", Object: EnvObject(ref) + "/resources/" + r.Key.Type + "/" + r.Key.ID,
				Before: before, After: map[string]any{"guresid": r.GUResID, "target_def_version_id": r.TargetDefVersionID},
			}
			if err := s.audit(ctx, change); err != nil {
				return err
			}
			if pinned == nil {
				pinned = r
			}
		}
		if pinned == nil {
			return Invalidf("target_def_version_id: resource definition %q has no version %q", resources[0].DefID, *version)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return pinned, nil
}

// canPin reports whether the version belongs to the definition of the resource;
// an archived version is an error.
func (s *Service) canPin(ctx context.Context, r *ActiveResource, version *string) (bool, error) {
	if version == nil {
		return true, nil
	}
	v, err := s.store.GetDefinitionVersion(ctx, r.OrgID, r.DefID, *version)
	if IsNotFound(err) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if v.Archived {
		return false, Invalidf("target_def_version_id: version %q of resource definition %q is archived", *version, r.DefID)
	}
	return true, nil
}

// resourcesNamed lists the resources with that type and id, or GUResID, reserved
// and retired ones included. The type may name a class ("postgres.large");
// otherwise those of all classes count.
func (s *Service) resourcesNamed(ctx context.Context, ref EnvRef, resourceType, id string) ([]ActiveResource, error) {
	all, err := everything(ctx, s.store, ref)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(all, func(r ActiveResource) bool {
		ofType := r.Key.Type == resourceType || r.Key.Type+"."+r.Key.Class == resourceType
		return !ofType || r.Key.ID != id && r.GUResID != id
	}), nil
}

func noResource(resourceType, id string) error {
	return NotFoundf("active resource %q of type %q does not exist", id, resourceType)
}
