package orchestrator

import "context"

// ListResourceClasses lists the classes that the organization documented, by
// type and id. Resources may have classes that nobody documented.
func (s *Service) ListResourceClasses(ctx context.Context, org string) ([]ResourceClass, error) {
	if err := s.requireOrg(ctx, org); err != nil {
		return nil, err
	}
	return s.store.ListResourceClasses(ctx, org, "")
}

// GetResourceClass returns one class of a type.
func (s *Service) GetResourceClass(ctx context.Context, org, resourceType, id string) (*ResourceClass, error) {
	if err := s.requireOrg(ctx, org); err != nil {
		return nil, err
	}
	return s.store.GetResourceClass(ctx, org, resourceType, id)
}

// CreateResourceClass documents a class of a built-in type or one of the organization.
func (s *Service) CreateResourceClass(ctx context.Context, org, resourceType, id, description string) (*ResourceClass, error) {
	if err := s.requireOrgAdmin(ctx, org, "create resource classes"); err != nil {
		return nil, err
	}
	if err := checkClassID("id", id); err != nil {
		return nil, err
	}
	if err := checkText("description", description); err != nil {
		return nil, err
	}
	if _, err := s.store.GetResourceType(ctx, org, resourceType); err != nil {
		return nil, err
	}
	c := &ResourceClass{
		OrgID: org, ResourceType: resourceType, ID: id, Description: description,
		CreatedAt: s.now(), CreatedBy: ActorFrom(ctx).UserID,
	}
	return c, s.audited(ctx, func(ctx context.Context) (Change, error) {
		return created(org, "resource-class", classObjectPath(org, resourceType, id), c), s.store.CreateResourceClass(ctx, c)
	})
}

// DescribeResourceClass changes the description of a class.
func (s *Service) DescribeResourceClass(ctx context.Context, org, resourceType, id, description string) (*ResourceClass, error) {
	if err := s.requireOrgAdmin(ctx, org, "change resource classes"); err != nil {
		return nil, err
	}
	if err := checkText("description", description); err != nil {
		return nil, err
	}
	var c *ResourceClass
	err := s.audited(ctx, func(ctx context.Context) (Change, error) {
		var err error
		if c, err = s.store.GetResourceClass(ctx, org, resourceType, id); err != nil {
			return Change{}, err
		}
		before := *c
		c.Description = description
		return updated(org, "resource-class", classObjectPath(org, resourceType, id), before, c), s.store.UpdateResourceClass(ctx, c)
	})
	if err != nil {
		return nil, err
	}
	return c, nil
}

// DeleteResourceClass deletes the documentation of a class; what has the class
// keeps it.
func (s *Service) DeleteResourceClass(ctx context.Context, org, resourceType, id string) error {
	if err := s.requireOrgAdmin(ctx, org, "delete resource classes"); err != nil {
		return err
	}
	return s.audited(ctx, func(ctx context.Context) (Change, error) {
		before, err := s.store.GetResourceClass(ctx, org, resourceType, id)
		if err != nil {
			return Change{}, err
		}
		return deleted(org, "resource-class", classObjectPath(org, resourceType, id), before), s.store.DeleteResourceClass(ctx, org, resourceType, id)
	})
}

func classObjectPath(org, resourceType, id string) string {
	return typeObjectPath(org, resourceType) + "/classes/" + id
}
