package orchestrator

import (
	"context"
	"maps"
	"net/url"
	"slices"
	"strings"
)

// StoreSpec is how a request describes a secret store: one kind, its settings
// and the credentials.
type StoreSpec struct {
	Kind     string            // StoreVault, ...
	Settings map[string]string // only what the request names
	Auth     map[string]string // nil = not given; empty = none
}

// storeKind says what a kind of secret store is made of.
type storeKind struct {
	required, optional, auth []string
	addresses                []string // settings that are URLs
}

var storeKinds = map[string]storeKind{
	StoreVault: {
		required: []string{"url"}, optional: []string{"path", "agent_id", "namespace"},
		auth: []string{"token", "role", "role_id", "secret_id", "mount"}, addresses: []string{"url"},
	},
	StoreAWSSM: {
		required: []string{"region"}, optional: []string{"endpoint"}, auth: []string{"access_key_id", "secret_access_key"}, addresses: []string{"endpoint"},
	},
	StoreAzureKV: {
		required: []string{"url", "tenant_id"}, auth: []string{"client_id", "client_secret"}, addresses: []string{"url"},
	},
	StoreGCPSM: {required: []string{"project_id"}, auth: []string{"secret_access_key"}},
}

const maxCredential = 64 << 10 // bytes of one credential

// ListSecretStores lists the secret stores of an organization by id, the
// built-in one first (Kind ""). It is primary while no other is.
func (s *Service) ListSecretStores(ctx context.Context, org string) ([]SecretStore, error) {
	if err := s.requireOrg(ctx, org); err != nil {
		return nil, err
	}
	own, err := s.store.ListSecretStores(ctx, org)
	if err != nil {
		return nil, err
	}
	builtin, err := s.builtinStore(ctx, org, own)
	if err != nil {
		return nil, err
	}
	return append([]SecretStore{*builtin}, own...), nil
}

func (s *Service) builtinStore(ctx context.Context, org string, own []SecretStore) (*SecretStore, error) {
	owner, err := s.store.GetOrganization(ctx, org)
	if err != nil {
		return nil, err
	}
	return &SecretStore{
		OrgID: org, ID: s.secrets.builtin, Primary: !slices.ContainsFunc(own, func(v SecretStore) bool { return v.Primary }),
		CreatedAt: owner.CreatedAt, CreatedBy: SystemActor.UserID, UpdatedAt: owner.CreatedAt, UpdatedBy: SystemActor.UserID,
	}, nil
}

// GetSecretStore finds a secret store, the built-in one too.
func (s *Service) GetSecretStore(ctx context.Context, org, id string) (*SecretStore, error) {
	all, err := s.ListSecretStores(ctx, org)
	if err != nil {
		return nil, err
	}
	for i := range all {
		if all[i].ID == id || all[i].Kind == "" && s.secrets.isBuiltin(id) {
			return &all[i], nil
		}
	}
	return nil, NotFoundf("secret store %q does not exist", id)
}

// CreateSecretStore makes a secret store known. A new primary one takes the
// place of the one before; what is stored there stays there.
func (s *Service) CreateSecretStore(ctx context.Context, org, id string, primary bool, spec StoreSpec) (*SecretStore, error) {
	if err := s.requireOrgPerm(ctx, org, PermStoresManage); err != nil {
		return nil, err
	}
	if err := checkSlug("id", id, maxKey); err != nil {
		return nil, err
	}
	if s.secrets.isBuiltin(id) {
		return nil, Conflictf("secret store %q already exists: it is the built-in one", id)
	}
	if err := spec.check(); err != nil {
		return nil, err
	}
	at, by := s.now(), ActorFrom(ctx).UserID
	v := SecretStore{
		OrgID: org, ID: id, Kind: spec.Kind, Primary: primary, Settings: withoutEmpty(spec.Settings),
		CreatedAt: at, CreatedBy: by, UpdatedAt: at, UpdatedBy: by,
	}
	if err := checkStore(v.Kind, v.Settings); err != nil {
		return nil, err
	}
	var err error
	if v.Sealed, err = sealCredentials(s.keeper, CredentialsPlace("secret_stores", org, id), withoutEmpty(spec.Auth)); err != nil {
		return nil, err
	}
	err = s.inTxAgain(ctx, func(ctx context.Context) error {
		if _, err := s.store.GetSecretStore(ctx, org, id); !IsNotFound(err) {
			if err == nil {
				err = Conflictf("secret store %q already exists", id)
			}
			return err
		}
		if primary {
			if err := s.demoteStores(ctx, org, id); err != nil {
				return err
			}
		}
		if err := s.store.CreateSecretStore(ctx, &v); err != nil {
			return err
		}
		return s.audit(ctx, created(org, "secret-store", storeObjectPath(org, id), v))
	})
	if err != nil {
		return nil, err
	}
	return &v, nil
}

// ChangeSecretStore changes what the request names. The kind stays; primary nil
// keeps. Of the built-in store only primary can be changed, to true.
func (s *Service) ChangeSecretStore(ctx context.Context, org, id string, primary *bool, spec *StoreSpec) (*SecretStore, error) {
	if err := s.requireOrgPerm(ctx, org, PermStoresManage); err != nil {
		return nil, err
	}
	if s.secrets.isBuiltin(id) {
		return s.changeBuiltinStore(ctx, org, primary, spec)
	}
	if spec != nil {
		if err := spec.check(); err != nil {
			return nil, err
		}
	}
	var changed *SecretStore
	err := s.inTxAgain(ctx, func(ctx context.Context) error {
		v, err := s.store.GetSecretStore(ctx, org, id)
		if err != nil {
			return err
		}
		changed = v
		before := snapshot(v)
		if spec != nil {
			if err := s.applyStoreSpec(v, *spec); err != nil {
				return err
			}
		}
		if primary != nil {
			v.Primary = *primary
		}
		if v.Primary {
			if err := s.demoteStores(ctx, org, id); err != nil {
				return err
			}
		}
		v.UpdatedAt, v.UpdatedBy = s.now(), ActorFrom(ctx).UserID
		if err := stale(s.store.UpdateSecretStore(ctx, v)); err != nil {
			return err
		}
		return s.audit(ctx, updated(org, "secret-store", storeObjectPath(org, id), before, v))
	})
	if err != nil {
		return nil, err
	}
	return changed, nil
}

func (s *Service) changeBuiltinStore(ctx context.Context, org string, primary *bool, spec *StoreSpec) (*SecretStore, error) {
	if spec != nil || primary == nil {
		return nil, Forbiddenf("secret store %q is built in and cannot be changed; it can only be made the primary one", s.secrets.builtin)
	}
	if !*primary {
		return nil, Invalidf("primary: one secret store is always the primary one; make another one primary instead")
	}
	err := s.audited(ctx, func(ctx context.Context) (Change, error) {
		change := updated(org, "secret-store", storeObjectPath(org, s.secrets.builtin), nil, map[string]any{"primary": true})
		return change, s.demoteStores(ctx, org, "")
	})
	if err != nil {
		return nil, err
	}
	return s.GetSecretStore(ctx, org, s.secrets.builtin)
}

// applyStoreSpec changes the settings that are named and, when they are given,
// the credentials.
func (s *Service) applyStoreSpec(v *SecretStore, spec StoreSpec) error {
	if spec.Kind != v.Kind {
		return Invalidf("%s: secret store %q is of the kind %s, and that cannot change; make another store", spec.Kind, v.ID, v.Kind)
	}
	moved := false
	settings := maps.Clone(v.Settings)
	if settings == nil {
		settings = map[string]string{}
	}
	for key, value := range spec.Settings {
		moved = moved || slices.Contains(storeKinds[v.Kind].addresses, key) && settings[key] != value
		settings[key] = value
	}
	settings = withoutEmpty(settings)
	if err := checkStore(v.Kind, settings); err != nil {
		return err
	}
	if moved && spec.Auth == nil && len(v.Sealed) > 0 {
		return Invalidf("auth: the address changes, and the stored credentials are for the former one; give auth again")
	}
	v.Settings = settings
	if spec.Auth == nil {
		return nil
	}
	var err error
	v.Sealed, err = sealCredentials(s.keeper, CredentialsPlace("secret_stores", v.OrgID, v.ID), withoutEmpty(spec.Auth))
	return err
}

// DeleteSecretStore forgets a secret store that no definition and no Shared
// Value refers to. What is stored there stays there.
func (s *Service) DeleteSecretStore(ctx context.Context, org, id string) error {
	if err := s.requireOrgPerm(ctx, org, PermStoresManage); err != nil {
		return err
	}
	if s.secrets.isBuiltin(id) {
		return Forbiddenf("secret store %q is built in and cannot be deleted", s.secrets.builtin)
	}
	return s.inTxAgain(ctx, func(ctx context.Context) error {
		before, err := s.store.GetSecretStore(ctx, org, id)
		if err != nil {
			return err
		}
		users, err := s.storeUsers(ctx, org, id)
		if err != nil {
			return err
		}
		if len(users) > 0 {
			conflict := Conflictf("secret store %q is in use: %s", id, enumerate(users))
			conflict.Details = map[string]any{"used_by": users}
			return conflict
		}
		if err := s.store.DeleteSecretStore(ctx, org, id); err != nil {
			return err
		}
		return s.audit(ctx, deleted(org, "secret-store", storeObjectPath(org, id), before))
	})
}

func storeObjectPath(org, id string) string { return OrgObject(org) + "/secretstores/" + id }

// storeUsers names what refers to a secret store.
func (s *Service) storeUsers(ctx context.Context, org, id string) ([]string, error) {
	var out []string
	definitions, err := s.store.ListDefinitions(ctx, org, false)
	if err != nil {
		return nil, err
	}
	for _, def := range definitions {
		if def.Active.DriverInputs != nil && refersTo(def.Active.DriverInputs.SecretRefs, id) {
			out = append(out, "resource definition "+def.ID)
		}
	}
	apps, err := s.store.ListApplications(ctx, org)
	if err != nil {
		return nil, err
	}
	for _, app := range apps {
		environments, err := s.store.ListEnvironments(ctx, org, app.ID)
		if err != nil {
			return nil, err
		}
		levels := []EnvRef{{OrgID: org, AppID: app.ID}}
		for _, env := range environments {
			levels = append(levels, env.Ref())
		}
		for _, level := range levels {
			values, err := s.store.ListValues(ctx, org, app.ID, level.EnvID)
			if err != nil {
				return nil, err
			}
			for _, v := range values {
				if v.IsSecret && v.SecretStore == id {
					out = append(out, "shared value "+strings.Trim(app.ID+"/"+level.EnvID, "/")+" "+v.Key)
				}
			}
		}
	}
	return out, nil
}

// refersTo reports whether references lead to a store.
func refersTo(tree map[string]any, store string) bool {
	if leaf, isLeaf := readSecretLeaf(tree); isLeaf {
		return leaf.store == store
	}
	for _, child := range tree {
		if level, ok := child.(map[string]any); ok && refersTo(level, store) {
			return true
		}
	}
	return false
}

// demoteStores takes the rank of the primary store from every store but one.
func (s *Service) demoteStores(ctx context.Context, org, but string) error {
	all, err := s.store.ListSecretStores(ctx, org)
	if err != nil {
		return err
	}
	for i := range all {
		if v := &all[i]; v.Primary && v.ID != but {
			v.Primary, v.UpdatedAt, v.UpdatedBy = false, s.now(), ActorFrom(ctx).UserID
			if err := s.store.UpdateSecretStore(ctx, v); err != nil {
				return stale(err)
			}
		}
	}
	return nil
}

// check judges what a request says by itself. Messages never repeat credentials.
func (spec StoreSpec) check() error {
	kind, known := storeKinds[spec.Kind]
	if !known {
		return Invalidf("a secret store needs exactly one of %s", strings.Join(sortedNames(storeKinds), ", "))
	}
	for _, key := range sortedNames(spec.Settings) {
		if !slices.Contains(kind.required, key) && !slices.Contains(kind.optional, key) {
			return Invalidf("%s.%s: there is no such setting; there are: %s", spec.Kind, shorten(key), strings.Join(slices.Concat(kind.required, kind.optional), ", "))
		}
		if err := checkText(spec.Kind+"."+key, spec.Settings[key]); err != nil {
			return err
		}
	}
	for _, key := range sortedNames(spec.Auth) {
		if !slices.Contains(kind.auth, key) {
			return Invalidf("%s.auth.%s: there is no such credential; there are: %s", spec.Kind, shorten(key), strings.Join(kind.auth, ", "))
		}
		if len(spec.Auth[key]) > maxCredential {
			return Invalidf("%s.auth.%s: %d bytes are too many; at most %d are possible", spec.Kind, key, len(spec.Auth[key]), maxCredential)
		}
	}
	if spec.Kind == StoreVault {
		return checkVaultAuth(spec.Auth)
	}
	return nil
}

// checkVaultAuth demands one way to sign in: token, role (Kubernetes), or
// role_id with secret_id (AppRole).
func checkVaultAuth(auth map[string]string) error {
	ways := 0
	for _, key := range []string{"token", "role", "role_id"} {
		if auth[key] != "" {
			ways++
		}
	}
	if ways > 1 || auth["secret_id"] != "" && auth["role_id"] == "" {
		return Invalidf("vault.auth: use either token, or role (Kubernetes), or role_id and secret_id (AppRole)")
	}
	return nil
}

// checkStore judges the settings of a store as a whole.
func checkStore(kind string, settings map[string]string) error {
	for _, key := range storeKinds[kind].required {
		if settings[key] == "" {
			return Invalidf("%s.%s: it is required", kind, key)
		}
	}
	for _, key := range storeKinds[kind].addresses {
		if settings[key] == "" {
			continue
		}
		address, err := url.Parse(settings[key])
		if err != nil || address.Hostname() == "" || address.Scheme != "https" && address.Scheme != "http" {
			return Invalidf("%s.%s: %q is not valid; use an address such as https://vault.example.com:8200", kind, key, shorten(redactedTarget(address, settings[key])))
		}
		if address.User != nil || address.RawQuery != "" || address.Fragment != "" {
			return Invalidf("%s.%s: the address has a user, a query or a fragment in it; credentials belong into auth", kind, key)
		}
	}
	if path := settings["path"]; strings.ContainsAny(path, "?#%") || slices.Contains(strings.Split(path, "/"), "..") {
		return Invalidf("%s.path: %q is not valid; use the mount of the KV engine, such as secret, or secret/data/team for a folder in it", kind, path)
	}
	return nil
}

func withoutEmpty(m map[string]string) map[string]string {
	out := make(map[string]string, len(m))
	for key, value := range m {
		if value != "" {
			out[key] = value
		}
	}
	return out
}
