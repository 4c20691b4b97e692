package orchestrator

import (
	"context"
	"encoding/json"
	"strings"
	"time"
)

// SecretBackend reads and writes secrets in stores outside Slipway. What it
// answers is bounded in time. CodeUnavailable means that the store may answer
// later (away, sealed, overloaded); everything else is CodeInvalid. Messages name
// store and reference, never a value.
type SecretBackend interface {
	// Read gives a secret; version "" is the newest.
	Read(ctx context.Context, at StoreAccess, ref, version string) (string, error)
	// Write stores a secret and gives the version that it became.
	Write(ctx context.Context, at StoreAccess, ref, value string) (version string, err error)
}

// StoreAccess is a secret store with the credentials for it.
type StoreAccess struct {
	Store SecretStore
	// Auth are the credentials by their names in the published API, and mount,
	// role_id and secret_id of a vault.
	Auth map[string]string
}

// secretSource reads secrets wherever they are kept.
type secretSource struct {
	store   Store
	keeper  Keeper
	outside SecretBackend // nil: none can be reached
	builtin string        // id under which the built-in store is known
}

func newSecretSource(store Store, keeper Keeper, outside SecretBackend, builtin string) secretSource {
	if builtin == "" {
		builtin = BuiltinSecretStore
	}
	return secretSource{store: store, keeper: keeper, outside: outside, builtin: builtin}
}

// isBuiltin reports whether an id means the built-in store. Its first name is
// understood for ever, because records name it.
func (s secretSource) isBuiltin(id string) bool { return id == s.builtin || id == BuiltinSecretStore }

// reveal reads a secret from its store; version "" is the newest. It answers
// CodeNotFound for one of the built-in store that does not exist or was purged.
func (s secretSource) reveal(ctx context.Context, org, storeID, ref, version string) (string, error) {
	if s.isBuiltin(storeID) {
		return s.revealBuiltin(ctx, org, ref, version)
	}
	found, err := s.store.GetSecretStore(ctx, org, storeID)
	if IsNotFound(err) {
		return "", Invalidf("secret %s: there is no secret store %q; create it, or correct the reference", ref, storeID)
	}
	if err != nil {
		return "", err
	}
	access, err := s.access(*found)
	if err != nil {
		return "", err
	}
	if s.outside == nil {
		return "", Invalidf("secret %s: this process reads no secret stores; %q cannot be read", ref, storeID)
	}
	return s.outside.Read(ctx, access, ref, version)
}

func (s secretSource) revealBuiltin(ctx context.Context, org, ref, version string) (string, error) {
	number := 0 // the newest
	if version != "" {
		n, err := parseSecretVersion(version)
		if err != nil {
			return "", Invalidf("secret %s: %v", ref, err)
		}
		number = n
	}
	secret, err := s.store.GetSecret(ctx, org, ref, number)
	if err != nil {
		return "", err
	}
	plain, err := s.keeper.Decrypt(secret.Sealed, secretAD(org, ref))
	if err != nil {
		return "", Wrapf(CodeInternal, err, "the secret %s could not be decrypted", ref)
	}
	return string(plain), nil
}

// access opens the credentials of a store.
func (s secretSource) access(v SecretStore) (StoreAccess, error) {
	out := StoreAccess{Store: v}
	err := openCredentials(s.keeper, CredentialsPlace("secret_stores", v.OrgID, v.ID), v.Sealed, &out.Auth)
	if err != nil {
		return out, Wrapf(CodeInternal, err, "the credentials of secret store %q could not be decrypted", v.ID)
	}
	return out, nil
}

// primary is the store outside Slipway that new secrets go to; nil is the built-in one.
func (s secretSource) primary(ctx context.Context, org string) (*SecretStore, error) {
	all, err := s.store.ListSecretStores(ctx, org)
	if err != nil {
		return nil, err
	}
	for i := range all {
		if all[i].Primary {
			return &all[i], nil
		}
	}
	return nil, nil
}

// keepBuiltin stores a secret in the built-in store.
func (s secretSource) keepBuiltin(ctx context.Context, at time.Time, org, ref, value string) (store, version string, err error) {
	version, err = storeSecret(ctx, s.store, s.keeper, at, org, ref, value)
	return s.builtin, version, err
}

// keepOutside stores a secret in a store outside Slipway. It must not be called
// inside a transaction, which would wait for a network.
func (s secretSource) keepOutside(ctx context.Context, in SecretStore, ref, value string) (version string, err error) {
	access, err := s.access(in)
	if err != nil {
		return "", err
	}
	if s.outside == nil {
		return "", Invalidf("this process writes to no secret stores; %q is the primary one of the organization", in.ID)
	}
	return s.outside.Write(ctx, access, ref, value)
}

// sealCredentials encrypts credentials for their place; empty ones are none.
func sealCredentials[V any](keeper Keeper, place []byte, credentials map[string]V) ([]byte, error) {
	if len(credentials) == 0 {
		return nil, nil
	}
	raw, err := json.Marshal(credentials)
	if err != nil {
		return nil, Wrapf(CodeInternal, err, "credentials could not be encoded")
	}
	sealed, err := keeper.Encrypt(raw, place)
	if err != nil {
		return nil, Wrapf(CodeInternal, err, "credentials could not be encrypted")
	}
	return sealed, nil
}

func openCredentials(keeper Keeper, place, sealed []byte, into any) error {
	if len(sealed) == 0 {
		return nil
	}
	raw, err := keeper.Decrypt(sealed, place)
	if err != nil {
		return err
	}
	return json.Unmarshal(raw, into)
}

// ownDefinitionRef reports whether a reference is to a secret that the
// definition had stored itself.
func ownDefinitionRef(org, defID, ref string) bool {
	return strings.HasPrefix(ref, definitionSecretRef(org, defID, nil))
}
