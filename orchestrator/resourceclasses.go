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
	return c, s.store.CreateResourceClass(ctx, c)
}

// DescribeResourceClass changes the description of a class.
func (s *Service) DescribeResourceClass(ctx context.Context, org, resourceType, id, description string) (*ResourceClass, error) {
	if err := s.requireOrgAdmin(ctx, org, "change resource classes"); err != nil {
		return nil, err
	}
	if err := checkText("description", description); err != nil {
		return nil, err
	}
	c, err := s.store.GetResourceClass(ctx, org, resourceType, id)
	if err != nil {
		return nil, err
	}
	c.Description = description
	return c, s.store.UpdateResourceClass(ctx, c)
}

// DeleteResourceClass deletes the documentation of a class; what has the class
// keeps it.
func (s *Service) DeleteResourceClass(ctx context.Context, org, resourceType, id string) error {
	if err := s.requireOrgAdmin(ctx, org, "delete resource classes"); err != nil {
		return err
	}
	return s.store.DeleteResourceClass(ctx, org, resourceType, id)
}
