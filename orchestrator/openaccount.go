package orchestrator

import (
	"context"
	"slices"
	"strings"

	"github.com/slipway-dev/slipway/drivers"
)

// AccountQuery asks for the credentials of a resource account, for a driver.
type AccountQuery struct {
	// OrgID is the organization whose accounts are looked at, and no other's.
	OrgID string
	// ID is the account's, or "org/id".
	ID string
	// Types are the account types that will do.
	Types []string
	// Input is the input of the definition that names the account, for errors.
	Input string
}

// OpenAccount gives the credentials of an account as drivers get them. What
// cannot succeed (no such account, another type, credentials of another shape) is
// a permanent *drivers.Error. Errors hold no credentials.
func OpenAccount(ctx context.Context, store Store, keeper Keeper, q AccountQuery) (map[string]any, error) {
	a, err := store.GetResourceAccount(ctx, q.OrgID, strings.TrimPrefix(q.ID, q.OrgID+"/"))
	if IsNotFound(err) {
		return nil, drivers.Invalid("%s: there is no resource account %q; create it, or correct the definition", q.Input, q.ID)
	}
	if err != nil {
		return nil, err
	}
	if !slices.Contains(q.Types, a.Type) {
		return nil, drivers.Invalid("%s: account %q is of the type %s, and the driver takes accounts of: %s", q.Input, q.ID, a.Type, strings.Join(q.Types, ", "))
	}
	credentials, err := openAccount(keeper, a)
	if err != nil {
		return nil, err
	}
	if typ, known := findAccountType(a.Type); known {
		if problems := typ.problems(credentials); len(problems) > 0 {
			return nil, drivers.Invalid("%s: the credentials of account %q are not those of the type %s: %s", q.Input, q.ID, a.Type, strings.Join(problems, "; "))
		}
	}
	return delivered(a.Type, credentials), nil
}
