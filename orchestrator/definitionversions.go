package orchestrator

import "context"

// ListDefinitionVersions lists the versions of a definition, newest first; those
// of a deleted one only when deleted is true.
func (s *Service) ListDefinitionVersions(ctx context.Context, org, id string, deleted bool) ([]DefinitionVersion, error) {
	if err := s.requireOrg(ctx, org); err != nil {
		return nil, err
	}
	if _, err := s.findDefinition(ctx, org, id, deleted); err != nil {
		return nil, err
	}
	return s.store.ListDefinitionVersions(ctx, org, id)
}

// GetDefinitionVersion returns one version; see ListDefinitionVersions.
func (s *Service) GetDefinitionVersion(ctx context.Context, org, id, version string, deleted bool) (*DefinitionVersion, error) {
	if err := s.requireOrg(ctx, org); err != nil {
		return nil, err
	}
	if _, err := s.findDefinition(ctx, org, id, deleted); err != nil {
		return nil, err
	}
	return s.store.GetDefinitionVersion(ctx, org, id, version)
}

// PromoteDefinitionVersion puts a proposed or an older version into use.
func (s *Service) PromoteDefinitionVersion(ctx context.Context, org, id, version string) error {
	if err := s.requireOrgAdmin(ctx, org, "promote versions of resource definitions"); err != nil {
		return err
	}
	return s.inTxAgain(ctx, func(ctx context.Context) error {
		def, v, err := s.versionOf(ctx, org, id, version)
		if err != nil || v.Active {
			return err
		}
		if v.Archived {
			return Invalidf("version %s of resource definition %q is archived; take that back before promoting it", version, id)
		}
		if v.Action == actionDeleted {
			return Invalidf("version %s of resource definition %q records a deletion and cannot be promoted", version, id)
		}
		return s.activate(ctx, def, *v)
	})
}

// ArchiveDefinitionVersion forbids the use of a version for new resources, or
// takes that back. The active version cannot be archived: promote another first.
func (s *Service) ArchiveDefinitionVersion(ctx context.Context, org, id, version string, archived bool) error {
	if err := s.requireOrgAdmin(ctx, org, "archive versions of resource definitions"); err != nil {
		return err
	}
	return s.store.InTx(ctx, func(ctx context.Context) error {
		_, v, err := s.versionOf(ctx, org, id, version)
		if err != nil {
			return err
		}
		if v.Active && archived {
			return Invalidf("version %s of resource definition %q is active; promote another version before archiving it", version, id)
		}
		v.Archived = archived
		return s.store.UpdateDefinitionVersion(ctx, v)
	})
}

func (s *Service) versionOf(ctx context.Context, org, id, version string) (*Definition, *DefinitionVersion, error) {
	def, err := s.findDefinition(ctx, org, id, false)
	if err != nil {
		return nil, nil, err
	}
	v, err := s.store.GetDefinitionVersion(ctx, org, id, version)
	return def, v, err
}
