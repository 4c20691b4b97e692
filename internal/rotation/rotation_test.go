package rotation_test

import (
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib"
	"github.com/stretchr/testify/require"
	_ "modernc.org/sqlite"

	"github.com/slipway-dev/slipway/internal/rotation"
	"github.com/slipway-dev/slipway/internal/secrets"
	"github.com/slipway-dev/slipway/internal/store"
	"github.com/slipway-dev/slipway/internal/testenv"
	"github.com/slipway-dev/slipway/internal/testenv/migrated"
)

func TestMain(m *testing.M) { testenv.Main(m) }

// places are what the values of row i are bound to; they must never change, or what is stored cannot be opened.
var places = map[string]string{
	"secret_versions.sealed":   "secret|org_id-%[1]d|ref-%[1]d",
	"active_resources.sealed":  "resource|org_id-%[1]d|guresid-%[1]d",
	"nodes.sealed":             "node|org_id-%[1]d|deployment_id-%[1]d|%[1]d",
	"manifests.sealed":         "manifests|org_id-%[1]d|deployment_id-%[1]d",
	"runner_runs.spec":         "runner-spec|org_id-%[1]d|id-%[1]d",
	"runner_runs.result":       "runner-result|org_id-%[1]d|id-%[1]d",
	"runner_states.sealed":     "runner-state|org_id-%[1]d|guresid-%[1]d",
	"runner_plans.sealed":      "runner-plan|org_id-%[1]d|guresid-%[1]d|id-%[1]d",
	"runner_journal.detail":    "runner-detail|org_id-%[1]d|guresid-%[1]d|address-%[1]d",
	"secret_stores.sealed":     "secret_stores|org_id-%[1]d|id-%[1]d",
	"resource_accounts.sealed": "resource_accounts|org_id-%[1]d|id-%[1]d",
	"registries.sealed":        "registries|org_id-%[1]d|id-%[1]d",
	"webhooks.sealed":          "webhook|org_id-%[1]d|id-%[1]d",
	"receivers.sealed":         "receiver|org_id-%[1]d|id-%[1]d",
}

const rowsPerTable = 103 // several batches, the last one not full

type fixture struct {
	raw    *sql.DB
	db     *store.Store
	keeper *secrets.Keeper
	path   string
	post   bool
}

func onBoth(t *testing.T, fn func(t *testing.T, f *fixture)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		fn(t, newFixture(t, "sqlite", filepath.Join(t.TempDir(), "slipway.db")))
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		fn(t, newFixture(t, "pgx", testenv.Postgres(t)))
	})
}

func newFixture(t *testing.T, driver, dsn string) *fixture {
	t.Helper()
	quiet := slog.New(slog.DiscardHandler)
	migrated.Database(t, dsn)
	f := &fixture{post: driver == "pgx", path: filepath.Join(t.TempDir(), "keyset.json")}
	var err error
	f.keeper, err = secrets.Create(f.path)
	require.NoError(t, err)
	f.raw, err = sql.Open(driver, dsn)
	require.NoError(t, err)
	f.raw.SetMaxOpenConns(1)
	t.Cleanup(func() { _ = f.raw.Close() })
	f.fill(t)
	f.db, err = store.Open(t.Context(), store.Options{DSN: dsn, Log: quiet, MaxOpen: 4})
	require.NoError(t, err)
	t.Cleanup(func() { _ = f.db.Close() })
	return f
}

// fill stores rows without what they refer to, each with ciphertexts in its sealed columns.
func (f *fixture) fill(t *testing.T) {
	t.Helper()
	relaxed := "PRAGMA foreign_keys = 0"
	if f.post {
		relaxed = "SET session_replication_role = replica"
	}
	_, err := f.raw.Exec(relaxed)
	require.NoError(t, err)
	tx, err := f.raw.Begin()
	require.NoError(t, err)
	done := map[string]bool{}
	for _, c := range store.SealedColumns() {
		if done[c.Table] {
			continue
		}
		done[c.Table] = true
		types := f.columns(t, tx, c.Table)
		for i := range rowsPerTable {
			f.insert(t, tx, c.Table, types, i)
		}
	}
	require.NoError(t, tx.Commit())
}

func (f *fixture) columns(t *testing.T, tx *sql.Tx, table string) map[string]string {
	t.Helper()
	query := `SELECT name, lower(type) FROM pragma_table_info('` + table + `')`
	if f.post {
		query = `SELECT column_name, data_type FROM information_schema.columns WHERE table_schema = 'public' AND table_name = '` + table + `'`
	}
	rows, err := tx.Query(query)
	require.NoError(t, err)
	defer func() { _ = rows.Close() }()
	out := map[string]string{}
	for rows.Next() {
		var name, kind string
		require.NoError(t, rows.Scan(&name, &kind))
		out[name] = kind
	}
	require.NoError(t, rows.Err())
	return out
}

func (f *fixture) insert(t *testing.T, tx *sql.Tx, table string, types map[string]string, i int) {
	t.Helper()
	var names, marks []string
	var values []any
	for name, kind := range types {
		var value any
		switch kind {
		case "text":
			value = fmt.Sprintf("%s-%d", name, i)
		case "json":
			value = "{}"
		case "integer", "bigint":
			value = i
		case "boolean":
			value = false
		case "blob", "bytea":
			value = f.sealed(t, table+"."+name, i)
		}
		names, values = append(names, name), append(values, value)
		mark := "?"
		if f.post {
			mark = fmt.Sprintf("$%d", len(values))
		}
		marks = append(marks, mark)
	}
	_, err := tx.Exec(`INSERT INTO `+table+` (`+strings.Join(names, ", ")+`) VALUES (`+strings.Join(marks, ", ")+`)`, values...)
	require.NoError(t, err)
}

// sealed gives the ciphertext of a column, some of them empty, or other bytes where none belongs.
func (f *fixture) sealed(t *testing.T, column string, i int) []byte {
	t.Helper()
	place, ok := places[column]
	if !ok {
		return []byte("{}")
	}
	if i%10 == 9 {
		return []byte{}
	}
	out, err := f.keeper.Encrypt([]byte(column+" content"), fmt.Appendf(nil, place, i))
	require.NoError(t, err)
	return out
}

// check opens every value with the keyset and returns the ids of the keys in use.
func (f *fixture) check(t *testing.T, keeper *secrets.Keeper) map[string]int {
	t.Helper()
	ids := map[string]int{}
	for column := range places {
		require.Equal(t, rowsPerTable, f.checkColumn(t, keeper, column, ids), column)
	}
	return ids
}

func (f *fixture) checkColumn(t *testing.T, keeper *secrets.Keeper, column string, ids map[string]int) int {
	t.Helper()
	table, name, _ := strings.Cut(column, ".")
	rows, err := f.raw.Query(`SELECT org_id, ` + name + ` FROM ` + table)
	require.NoError(t, err)
	defer func() { _ = rows.Close() }()
	n := 0
	for ; rows.Next(); n++ {
		var org string
		var sealed []byte
		require.NoError(t, rows.Scan(&org, &sealed))
		if len(sealed) == 0 {
			continue
		}
		var i int
		_, err := fmt.Sscanf(org, "org_id-%d", &i)
		require.NoError(t, err)
		plain, err := keeper.Decrypt(sealed, fmt.Appendf(nil, places[column], i))
		require.NoError(t, err, column)
		require.Equal(t, column+" content", string(plain))
		id, err := secrets.KeyIDOf(sealed)
		require.NoError(t, err)
		ids[id]++
	}
	require.NoError(t, rows.Err())
	return n
}

func TestReencrypt(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, f *fixture) {
		values := len(places) * 93 // one of ten is empty
		worker, err := secrets.Open(f.path)
		require.NoError(t, err)
		old, mac := f.keeper.PrimaryKeyID(), f.keeper.MAC("test", []byte("x"))
		require.NoError(t, f.keeper.Rotate())
		require.NotEqual(t, old, f.keeper.PrimaryKeyID())
		require.Equal(t, mac, f.keeper.MAC("test", []byte("x")), "fingerprints stay")

		// Interrupted after two columns, and taken up again.
		interrupted, cancel := context.WithCancel(t.Context())
		columns := 0
		_, err = rotation.Reencrypt(interrupted, f.db, f.keeper, func(string, int) {
			if columns++; columns == 2 {
				cancel()
			}
		})
		require.ErrorIs(t, err, context.Canceled)
		require.Equal(t, map[string]int{old: values - 2*93, f.keeper.PrimaryKeyID(): 2 * 93}, f.check(t, worker))
		removed, err := f.keeper.Prune(time.Now().Add(time.Hour), func(id string) bool {
			uses, err := rotation.Uses(t.Context(), f.db)
			require.NoError(t, err)
			return len(uses[id]) > 0
		})
		require.NoError(t, err)
		require.Empty(t, removed, "a key in use is kept")

		n, err := rotation.Reencrypt(t.Context(), f.db, f.keeper, nil)
		require.NoError(t, err)
		require.Equal(t, values-2*93, n)
		require.Equal(t, map[string]int{f.keeper.PrimaryKeyID(): values}, f.check(t, worker), "a process from before reads all")
		n, err = rotation.Reencrypt(t.Context(), f.db, f.keeper, nil)
		require.NoError(t, err)
		require.Zero(t, n)
		uses, err := rotation.Uses(t.Context(), f.db)
		require.NoError(t, err)
		require.Len(t, uses, 1)
		require.Len(t, uses[f.keeper.PrimaryKeyID()], len(places))
	})
}

func TestReencryptNeverOverwritesWhatChanged(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, f *fixture) {
		column := store.SealedColumns()[0]
		old := f.keeper.PrimaryKeyID()
		require.NoError(t, f.keeper.Rotate())
		read, err := f.db.ListSealed(t.Context(), column, f.keeper.PrimaryKeyID(), nil, 1)
		require.NoError(t, err)
		require.Len(t, read, 1)
		place := fmt.Appendf(nil, places[column.String()], 0)
		newer, err := f.keeper.Encrypt([]byte("newer"), place)
		require.NoError(t, err)
		done, err := f.db.Reseal(t.Context(), column, read[0], newer)
		require.NoError(t, err)
		require.True(t, done)
		done, err = f.db.Reseal(t.Context(), column, read[0], []byte("late"))
		require.NoError(t, err)
		require.False(t, done, "the value is another one by now")
		uses, err := f.db.SealedUses(t.Context(), column)
		require.NoError(t, err)
		require.Equal(t, map[string]int64{old: 92, f.keeper.PrimaryKeyID(): 1}, uses)
	})
}

func TestReencryptNamesWhatCannotBeOpened(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, f *fixture) {
		stranger, err := secrets.Create(filepath.Join(t.TempDir(), "keyset.json"))
		require.NoError(t, err)
		require.ErrorContains(t, rotation.Check(t.Context(), f.db, stranger), f.keeper.PrimaryKeyID()+", which the keyset lacks")
		require.NoError(t, rotation.Check(t.Context(), f.db, f.keeper))
		_, err = rotation.Reencrypt(t.Context(), f.db, stranger, nil)
		require.ErrorIs(t, err, secrets.ErrUnknownKey)
		require.ErrorContains(t, err, "secret_versions.sealed of secret|org_id-0|ref-0")
		f.check(t, f.keeper)
	})
}
