package rotation

import (
	"context"
	"fmt"

	"github.com/slipway-dev/slipway/internal/secrets"
	"github.com/slipway-dev/slipway/internal/store"
)

// Check refuses a keyset that lacks the key of what the database holds, the keyset of another installation above all. It
// looks at one value of each column, so it costs the same however much there is.
func Check(ctx context.Context, db *store.Store, keeper interface{ Has(keyID string) bool }) error {
	for _, column := range store.SealedColumns() {
		sealed, err := db.SampleSealed(ctx, column)
		if err != nil {
			return err
		}
		if len(sealed) == 0 {
			continue
		}
		id, err := secrets.KeyIDOf(sealed)
		if err != nil {
			return fmt.Errorf("%s: %w", column, err)
		}
		if !keeper.Has(id) {
			return fmt.Errorf("the database holds values (%s) that were encrypted with key %s, which the keyset lacks: "+
				"give the keyset of this installation, or the newest copy of it (--keyset)", column, id)
		}
	}
	return nil
}
