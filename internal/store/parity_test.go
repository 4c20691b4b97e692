package store_test

import (
	"database/sql"
	"regexp"
	"sort"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/internal/store"
	"github.com/slipway-dev/slipway/internal/testenv"
)

// postgresTypes maps each type of PostgreSQL that the schema uses to SQLite's.
var postgresTypes = map[string]string{
	"text": "TEXT", "json": "TEXT", "bigint": "INTEGER", "boolean": "INTEGER", "bytea": "BLOB",
}

// TestSchemaParity compares what the migrations of both databases make.
func TestSchemaParity(t *testing.T) {
	t.Parallel()
	lite, post := sqliteDSN(t), testenv.Postgres(t)
	require.NoError(t, store.Migrate(ctx, lite, quiet))
	require.NoError(t, store.Migrate(ctx, post, quiet))
	a, b := openRaw(t, lite), openRaw(t, post)

	columns := lines(t, a, `SELECT m.name || '.' || c.name || ' ' || c.type || ' notnull=' || c."notnull"
		FROM sqlite_master m JOIN pragma_table_info(m.name) c
		WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' AND m.name <> 'goose_db_version'`)
	require.Greater(t, len(columns), 200)
	other := lines(t, b, `SELECT table_name || '.' || column_name || ' ' || data_type || ' notnull=' ||
		CASE is_nullable WHEN 'NO' THEN 1 ELSE 0 END
		FROM information_schema.columns WHERE table_schema = 'public' AND table_name <> 'goose_db_version'`)
	for i, line := range other {
		parts := strings.Split(line, " ")
		require.Contains(t, postgresTypes, parts[1], line)
		parts[1] = postgresTypes[parts[1]]
		other[i] = strings.Join(parts, " ")
	}
	sort.Strings(other)
	require.Equal(t, columns, other, "columns")

	require.Equal(t, indexes(lines(t, a, `SELECT sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL`)),
		indexes(lines(t, b, `SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename <> 'goose_db_version'
			AND indexname NOT LIKE '%\_pkey'`)), "indexes")

	require.Equal(t, lines(t, a, `SELECT m.name || '(' || (SELECT group_concat(name, ',') FROM (SELECT name FROM pragma_table_info(m.name) WHERE pk > 0 ORDER BY pk)) || ')'
		FROM sqlite_master m WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' AND m.name <> 'goose_db_version'`),
		lines(t, b, `SELECT c.conrelid::regclass || '(' || (SELECT string_agg(a.attname, ',' ORDER BY k.n)
			FROM unnest(c.conkey) WITH ORDINALITY k(num, n) JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.num) || ')'
		FROM pg_constraint c WHERE c.contype = 'p' AND c.connamespace = 'public'::regnamespace AND c.conrelid::regclass::text <> 'goose_db_version'`), "primary keys")

	require.Equal(t, lines(t, a, `SELECT m.name || '(' || group_concat(f."from", ',') || ') ' || f."table" || '(' || group_concat(f."to", ',') || ') ' || f.on_delete
		FROM sqlite_master m JOIN pragma_foreign_key_list(m.name) f WHERE m.type = 'table' GROUP BY m.name, f.id`),
		lines(t, b, `SELECT c.conrelid::regclass || '(' || (SELECT string_agg(a.attname, ',' ORDER BY k.n)
			FROM unnest(c.conkey) WITH ORDINALITY k(num, n) JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.num)
			|| ') ' || c.confrelid::regclass || '(' || (SELECT string_agg(a.attname, ',' ORDER BY k.n)
			FROM unnest(c.confkey) WITH ORDINALITY k(num, n) JOIN pg_attribute a ON a.attrelid = c.confrelid AND a.attnum = k.num)
			|| ') ' || CASE c.confdeltype WHEN 'c' THEN 'CASCADE' WHEN 'r' THEN 'RESTRICT' ELSE c.confdeltype::text END
		FROM pg_constraint c WHERE c.contype = 'f' AND c.connamespace = 'public'::regnamespace`), "foreign keys")
}

// lines runs a query of one text column and sorts what it gives.
func lines(t *testing.T, db *sql.DB, query string) []string {
	t.Helper()
	rows, err := db.Query(query)
	require.NoError(t, err)
	defer func() { _ = rows.Close() }()
	var out []string
	for rows.Next() {
		var line string
		require.NoError(t, rows.Scan(&line))
		out = append(out, line)
	}
	require.NoError(t, rows.Err())
	sort.Strings(out)
	return out
}

var literal = regexp.MustCompile(`'[^']*'`)

// indexes brings CREATE INDEX statements to one spelling. The condition of a
// partial index is reduced to its literals, as PostgreSQL rewrites the rest.
func indexes(definitions []string) []string {
	out := make([]string, 0, len(definitions))
	for _, d := range definitions {
		d = strings.NewReplacer("public.", "", " USING btree", "", "\n", " ").Replace(d)
		head, where, partial := strings.Cut(d, " WHERE ")
		head = strings.TrimSpace(head)
		if partial {
			head += " WHERE " + strings.Join(literal.FindAllString(where, -1), " ")
		}
		out = append(out, head)
	}
	sort.Strings(out)
	return out
}
