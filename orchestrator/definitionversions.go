package orchestrator

import (
	"context"
	"strconv"
)

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
		if err != nil {
			return err
		}
		promoted := Change{
			Org: org, Action: "promote", Type: "resource-definition", Object: definitionObjectPath(org, id),
			Before: map[string]any{"active_version_id": def.ActiveVersionID}, After: map[string]any{"active_version_id": version},
		}
		if v.Active {
			return s.audit(ctx, promoted)
		}
		if v.Archived {
			return Invalidf("version %s of resource definition %q is archived; take that back before promoting it", version, id)
		}
		if v.Action == actionDeleted {
			return Invalidf("version %s of resource definition %q records a deletion and cannot be promoted", version, id)
		}
		if err := s.activate(ctx, def, *v); err != nil {
			return err
		}
		return s.audit(ctx, promoted)
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
		before := map[string]any{"archived": v.Archived}
		v.Archived = archived
		if err := s.store.UpdateDefinitionVersion(ctx, v); err != nil {
			return err
		}
		return s.audit(ctx, Change{
			Org: org, Action: "archive", Type: "resource-definition-version", Object: definitionObjectPath(org, id) + "/versions/" + version,
			Before: before, After: map[string]any{"archived": archived},
		})
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

// keptVersions is how many of the newest versions of a definition are kept,
// beside the active one and those that resources refer to.
//
// Source: "Versions" in the behaviour reference (5.3).
const keptVersions = 50

// pruneVersions forgets the oldest versions of a definition when one was made,
// and the secrets that only they refer to. Resources, retired ones included,
// keep the version that made them and the one they are pinned to.
func (s *Service) pruneVersions(ctx context.Context, org, id string) error {
	versions, err := s.store.ListDefinitionVersions(ctx, org, id)
	if err != nil || len(versions) <= keptVersions {
		return err
	}
	made, err := s.store.ListActiveResourcesOf(ctx, org, id)
	if err != nil {
		return err
	}
	needed := map[string]bool{}
	for _, r := range made {
		needed[r.DefVersionID], needed[r.TargetDefVersionID] = true, true
	}
	var kept, gone []DefinitionVersion
	for i, v := range versions {
		if i < keptVersions || v.Active || needed[v.ID] {
			kept = append(kept, v)
			continue
		}
		gone = append(gone, v)
	}
	for _, v := range gone {
		if err := s.store.DeleteDefinitionVersion(ctx, org, id, v.ID); err != nil && !IsNotFound(err) {
			return err
		}
	}
	return s.forgetOrphans(ctx, org, id, gone, kept)
}

// forgetOrphans erases the stored secrets that only versions which are gone
// refer to.
func (s *Service) forgetOrphans(ctx context.Context, org, defID string, gone, kept []DefinitionVersion) error {
	needed := s.ownSecrets(org, defID, kept)
	for leaf := range s.ownSecrets(org, defID, gone) {
		version, err := strconv.Atoi(leaf.version)
		if needed[leaf] || err != nil || version == 0 { // 0 would erase all versions
			continue
		}
		if err := s.store.DeleteSecret(ctx, org, leaf.ref, version); err != nil && !IsNotFound(err) {
			return err
		}
	}
	return nil
}

// ownSecrets are the references of versions to secrets that their definition
// stored in the built-in store.
func (s *Service) ownSecrets(org, defID string, versions []DefinitionVersion) map[secretLeaf]bool {
	out := map[secretLeaf]bool{}
	var note func(tree map[string]any)
	note = func(tree map[string]any) {
		if leaf, isLeaf := readSecretLeaf(tree); isLeaf {
			if s.secrets.isBuiltin(leaf.store) && ownDefinitionRef(org, defID, leaf.ref) {
				out[secretLeaf{ref: leaf.ref, version: leaf.version}] = true
			}
			return
		}
		for _, child := range tree {
			if level, ok := child.(map[string]any); ok {
				note(level)
			}
		}
	}
	for _, v := range versions {
		if v.DriverInputs != nil {
			note(v.DriverInputs.SecretRefs)
		}
	}
	return out
}
