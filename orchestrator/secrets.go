package orchestrator

import (
	"context"
	"strconv"
	"time"
)

// BuiltinSecretStore is the id of the secret store that is part of Slipway.
const BuiltinSecretStore = "humanitec"

// secretAD binds a stored secret to the place it was stored for.
func secretAD(org, ref string) []byte { return []byte("secret|" + org + "|" + ref) }

// storeSecret encrypts a secret and stores it as the next version of ref in
// the built-in store. It returns the version, a decimal number.
func storeSecret(ctx context.Context, store Store, keeper Keeper, at time.Time, org, ref, value string) (string, error) {
	sealed, err := keeper.Encrypt([]byte(value), secretAD(org, ref))
	if err != nil {
		return "", Wrapf(CodeInternal, err, "the secret %s could not be encrypted", ref)
	}
	secret := &StoredSecret{OrgID: org, Ref: ref, Sealed: sealed, CreatedAt: at}
	if err := store.AddSecret(ctx, secret); err != nil {
		return "", err
	}
	return strconv.Itoa(secret.Version), nil
}

// revealStored reads a secret from its store; version "" is the newest. It
// answers CodeNotFound for a secret that does not exist or was purged, and
// CodeInvalid for a store this server cannot read.
func revealStored(ctx context.Context, store Store, keeper Keeper, org, storeID, ref, version string) (string, error) {
	if storeID != BuiltinSecretStore {
		return "", Invalidf("secret %s: the secret store %q cannot be read by this server; only %q can",
			ref, storeID, BuiltinSecretStore)
	}
	number := 0 // the newest
	if version != "" {
		n, err := parseSecretVersion(version)
		if err != nil {
			return "", Invalidf("secret %s: %v", ref, err)
		}
		number = n
	}
	secret, err := store.GetSecret(ctx, org, ref, number)
	if err != nil {
		return "", err
	}
	plain, err := keeper.Decrypt(secret.Sealed, secretAD(org, ref))
	if err != nil {
		return "", Wrapf(CodeInternal, err, "the secret %s could not be decrypted", ref)
	}
	return string(plain), nil
}

// revealSecret reads a secret from its store; see revealStored.
func (s *Service) revealSecret(ctx context.Context, org, store, ref, version string) (string, error) {
	return revealStored(ctx, s.store, s.keeper, org, store, ref, version)
}

// parseSecretVersion reads a version of the built-in store.
func parseSecretVersion(version string) (int, error) {
	n, err := strconv.Atoi(version)
	if err != nil || n < 1 {
		return 0, Invalidf("version %q is not a whole number from 1", shorten(version))
	}
	return n, nil
}
