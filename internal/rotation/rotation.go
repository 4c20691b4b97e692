// Package rotation encrypts what the database keeps with the keyset's primary key, while servers and workers go on.
package rotation

import (
	"context"
	"fmt"

	"github.com/slipway-dev/slipway/internal/store"
)

// batch bounds how many values are in memory at once; rendered objects may have megabytes each.
const batch = 50

// maxPasses bounds how often all columns are gone through. A process that has not seen the new key yet may write with
// the old one after a pass; it sees it within seconds.
const maxPasses = 5

// Keeper is what rotation needs of a keyset.
type Keeper interface {
	Encrypt(plaintext, associatedData []byte) ([]byte, error)
	Decrypt(ciphertext, associatedData []byte) ([]byte, error)
	PrimaryKeyID() string
}

// Progress is told after each column that had something to do in it.
type Progress func(column string, done int)

// Reencrypt encrypts every value that was not made with the primary key anew, and counts them. It may be interrupted and
// run again, and by several at once: each value is replaced only if it is still the one that was read. A value that
// cannot be opened is an error that names it; nothing is lost by it.
func Reencrypt(ctx context.Context, db *store.Store, keeper Keeper, progress Progress) (int, error) {
	total := 0
	for range maxPasses {
		done := 0
		for _, column := range store.SealedColumns() {
			n, err := reencryptColumn(ctx, db, keeper, column)
			done += n
			if err != nil {
				return total + done, err
			}
			if n > 0 && progress != nil {
				progress(column.String(), n)
			}
		}
		total += done
		if done == 0 {
			return total, nil
		}
	}
	return total, nil
}

func reencryptColumn(ctx context.Context, db *store.Store, keeper Keeper, column store.SealedColumn) (int, error) {
	done := 0
	var after map[string]any
	for {
		values, err := db.ListSealed(ctx, column, keeper.PrimaryKeyID(), after, batch)
		if err != nil || len(values) == 0 {
			return done, err
		}
		for _, v := range values {
			replaced, err := reencrypt(ctx, db, keeper, column, v)
			if err != nil {
				return done, err
			}
			if replaced {
				done++
			}
		}
		after = values[len(values)-1].Key
	}
}

func reencrypt(ctx context.Context, db *store.Store, keeper Keeper, column store.SealedColumn, v store.SealedValue) (bool, error) {
	place, err := placeOf(column, v)
	if err != nil {
		return false, err
	}
	plain, err := keeper.Decrypt(v.Sealed, place)
	if err != nil {
		return false, fmt.Errorf("%s of %s: %w", column, place, err)
	}
	sealed, err := keeper.Encrypt(plain, place)
	if err != nil {
		return false, fmt.Errorf("%s of %s: %w", column, place, err)
	}
	return db.Reseal(ctx, column, v, sealed)
}

// Uses counts the values in the database by the id of their key and by column.
func Uses(ctx context.Context, db *store.Store) (map[string]map[string]int64, error) {
	out := map[string]map[string]int64{}
	for _, column := range store.SealedColumns() {
		uses, err := db.SealedUses(ctx, column)
		if err != nil {
			return nil, err
		}
		for id, n := range uses {
			if out[id] == nil {
				out[id] = map[string]int64{}
			}
			out[id][column.String()] = n
		}
	}
	return out, nil
}
