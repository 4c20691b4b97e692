package store_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/internal/store"
)

// readableBlobs are columns with bytes that are no ciphertexts.
var readableBlobs = map[string]string{
	"workload_profile_charts.archive": "charts hold no secrets: anybody of the organization could read what they render",
	"deployment_plans.content":        "what everybody who may read the environment is shown: names and addresses, no values",
	"nodes.planned":                   "the part of that which is about one node",
	"nodes.spec":                      "the plan of a node, with placeholders in place of secrets",
}

// A new column with bytes is either rotated or said to be readable.
func TestSealedColumnsAreAllThereAre(t *testing.T) {
	t.Parallel()
	dsn := sqliteDSN(t)
	require.NoError(t, store.Migrate(ctx, dsn, quiet))
	db := openRaw(t, dsn)
	known := map[string]bool{}
	for _, c := range store.SealedColumns() {
		known[c.String()] = true
		key := lines(t, db, `SELECT name FROM pragma_table_info('`+c.Table+`') WHERE pk > 0`)
		require.ElementsMatch(t, key, c.Key, "primary key of %s", c.Table)
	}
	blobs := lines(t, db, `SELECT m.name || '.' || c.name FROM sqlite_master m JOIN pragma_table_info(m.name) c
		WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' AND c.type = 'BLOB'`)
	require.Greater(t, len(blobs), len(readableBlobs))
	for _, column := range blobs {
		_, readable := readableBlobs[column]
		require.NotEqual(t, known[column], readable, "%s: name it in SealedColumns (and in internal/rotation), or in readableBlobs with a reason", column)
	}
	for column := range known {
		require.Contains(t, strings.Join(blobs, " "), column)
	}
}
