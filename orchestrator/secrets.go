package orchestrator

import (
	"context"
	"strconv"
	"time"
)

// BuiltinSecretStore is the id of the secret store that is part of Slipway,
// unless a setting gives it another.
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

// parseSecretVersion reads a version of the built-in store.
func parseSecretVersion(version string) (int, error) {
	n, err := strconv.Atoi(version)
	if err != nil || n < 1 {
		return 0, Invalidf("version %q is not a whole number from 1", shorten(version))
	}
	return n, nil
}
