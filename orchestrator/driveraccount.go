package orchestrator

import (
	"context"

	"github.com/slipway-dev/slipway/drivers"
)

// accountSecret is where drivers get the credentials of an account (published
// driver contract: driver.secrets.account).
const accountSecret = "account"

// accountTypesTaken are the types of accounts that a driver takes: those of the
// registered driver that the definition names, else those of the driver that
// does the work. Empty: it takes none.
func (r *resolvedDriver) accountTypesTaken() []string {
	if len(r.way) > 0 && len(r.way[0].AccountTypes) > 0 {
		return r.way[0].AccountTypes
	}
	return r.descriptor.AccountTypes
}

// account gives the credentials of the account that a definition names, nil
// when the driver takes none: then the account is a name for others to refer to.
func (d *Deployer) account(ctx context.Context, org, id string, target *resolvedDriver) (map[string]any, error) {
	taken := target.accountTypesTaken()
	if id == "" || len(taken) == 0 {
		return nil, nil
	}
	return OpenAccount(ctx, d.store, d.keeper, AccountQuery{OrgID: org, ID: id, Types: taken, Input: "driver_account"})
}

// withAccount adds the credentials to the secrets of a driver, unless the
// definition gives some of its own there.
func withAccount(secrets, credentials map[string]any) map[string]any {
	if credentials == nil || secrets[accountSecret] != nil {
		return secrets
	}
	out := drivers.CloneMap(orEmpty(secrets))
	out[accountSecret] = credentials
	return out
}

// refreshAccount gives a driver that destroys the credentials that the account
// has now; those with which the resource was made, kept with it, when it is gone.
func (d *Deployer) refreshAccount(ctx context.Context, res *ActiveResource, target *resolvedDriver, secrets map[string]any) (map[string]any, error) {
	if res.DriverAccount == "" || secrets[accountSecret] == nil {
		return secrets, nil
	}
	credentials, err := d.account(ctx, res.OrgID, res.DriverAccount, target)
	if CodeOf(err) == CodeUnavailable {
		return nil, err
	}
	if err != nil || credentials == nil {
		return secrets, nil //nolint:nilerr // it was deleted or changed for the worse: what it was made with may still do
	}
	out := drivers.CloneMap(secrets)
	out[accountSecret] = credentials
	return out, nil
}
