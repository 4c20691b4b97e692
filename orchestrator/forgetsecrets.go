package orchestrator

import "context"

// forgetSecrets erases the secrets of a level's Shared Values, those of former
// versions included, from the built-in store. It comes before the level itself
// is deleted: afterwards nobody knows any more which secrets were its own.
func forgetSecrets(ctx context.Context, source secretSource, level EnvRef) error {
	store := source.store
	values, err := store.ListValues(ctx, level.OrgID, level.AppID, level.EnvID)
	if err != nil {
		return err
	}
	versions, err := store.ListValueSetVersions(ctx, level.OrgID, level.AppID, level.EnvID, 0)
	if err != nil {
		return err
	}
	refs := map[string]bool{}
	note := func(v Value) {
		if v.IsSecret && source.isBuiltin(v.SecretStore) && v.EnvID == level.EnvID {
			refs[v.SecretKey] = true
		}
	}
	for _, v := range values {
		note(v)
	}
	for _, version := range versions {
		for _, v := range version.Values {
			note(v)
		}
	}
	for ref := range refs {
		if err := store.DeleteSecret(ctx, level.OrgID, ref, 0); err != nil && !IsNotFound(err) {
			return err
		}
	}
	return nil
}
