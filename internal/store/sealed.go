package store

import (
	"context"
	"database/sql"
	"encoding/binary"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// SealedColumn is a column that holds ciphertexts of the keyset (or nothing).
type SealedColumn struct {
	Table  string
	Column string
	Key    []string // the primary key
	// Bound are further columns that the ciphertexts are bound to.
	Bound []string
}

// String names the column.
func (c SealedColumn) String() string { return c.Table + "." + c.Column }

// SealedValue is one ciphertext with the key of its row and what else it is bound to, by column: string or int64.
type SealedValue struct {
	Key    map[string]any
	Sealed []byte
}

// SealedColumns lists every column with ciphertexts. A test compares it with the schema.
func SealedColumns() []SealedColumn {
	return []SealedColumn{
		{"secret_versions", "sealed", []string{"org_id", "ref", "version"}, nil},
		{"active_resources", "sealed", []string{"org_id", "app_id", "env_id", "guresid"}, nil},
		{"nodes", "sealed", []string{"org_id", "deployment_id", "ordinal"}, nil},
		{"manifests", "sealed", []string{"org_id", "deployment_id"}, nil},
		{"runner_runs", "spec", []string{"org_id", "id"}, nil},
		{"runner_runs", "result", []string{"org_id", "id"}, nil},
		{"runner_states", "sealed", []string{"org_id", "guresid"}, nil},
		{"runner_plans", "sealed", []string{"org_id", "id"}, []string{"guresid"}},
		{"runner_journal", "detail", []string{"org_id", "guresid", "address"}, nil},
		{"secret_stores", "sealed", []string{"org_id", "id"}, nil},
		{"resource_accounts", "sealed", []string{"org_id", "id"}, nil},
		{"registries", "sealed", []string{"org_id", "id"}, nil},
		{"webhooks", "sealed", []string{"org_id", "id"}, nil},
		{"receivers", "sealed", []string{"org_id", "id"}, nil},
	}
}

// ciphertextPrefix is how many bytes of a ciphertext name its key: a marker and the id, see internal/secrets.
const ciphertextPrefix = 5

// SealedUses counts the values of a column in all organizations by the id of their key, in decimal.
func (s *Store) SealedUses(ctx context.Context, c SealedColumn) (map[string]int64, error) {
	var rows []struct {
		Prefix []byte
		Uses   int64
	}
	prefix := fmt.Sprintf("substr(%s, 1, %d)", c.Column, ciphertextPrefix)
	err := s.reader(systemWide(ctx)).Table(c.Table).Select(prefix + " AS prefix, count(*) AS uses").
		Where("length(" + c.Column + ") > 0").Group(prefix).Find(&rows).Error
	if err != nil {
		return nil, s.fail(ctx, err, "count the keys of "+c.String())
	}
	out := map[string]int64{}
	for _, r := range rows {
		if len(r.Prefix) == ciphertextPrefix {
			out[strconv.FormatUint(uint64(binary.BigEndian.Uint32(r.Prefix[1:])), 10)] += r.Uses
		}
	}
	return out, nil
}

// ListSealed lists at most limit values of a column, in all organizations and by key, that were not made with the key
// keyID; after is the key of the last one seen, nil for the first.
func (s *Store) ListSealed(ctx context.Context, c SealedColumn, keyID string, after map[string]any, limit int) ([]SealedValue, error) {
	prefix, err := prefixOf(keyID)
	if err != nil {
		return nil, err
	}
	names := slices.Concat(c.Key, c.Bound)
	query := s.reader(systemWide(ctx)).Table(c.Table).Select(append(slices.Clone(names), c.Column)).
		Where("length("+c.Column+") > 0").
		Where(fmt.Sprintf("substr(%s, 1, %d) <> ?", c.Column, ciphertextPrefix), prefix)
	if after != nil {
		last := make([]any, 0, len(c.Key))
		for _, k := range c.Key {
			last = append(last, after[k])
		}
		marks := strings.TrimSuffix(strings.Repeat("?, ", len(c.Key)), ", ")
		query = query.Where("("+strings.Join(c.Key, ", ")+") > ("+marks+")", last...)
	}
	rows, err := query.Clauses(order(c.Key...)).Limit(limit).Rows()
	if err != nil {
		return nil, s.fail(ctx, err, "read "+c.String())
	}
	defer func() { _ = rows.Close() }()
	var out []SealedValue
	for rows.Next() {
		v, err := scanSealed(rows, names)
		if err != nil {
			return nil, s.fail(ctx, err, "read "+c.String())
		}
		out = append(out, v)
	}
	return out, s.fail(ctx, rows.Err(), "read "+c.String())
}

func scanSealed(rows *sql.Rows, names []string) (SealedValue, error) {
	v := SealedValue{Key: map[string]any{}}
	cells, into := make([]any, len(names)), make([]any, 0, len(names)+1)
	for i := range cells {
		into = append(into, &cells[i])
	}
	if err := rows.Scan(append(into, &v.Sealed)...); err != nil {
		return v, err
	}
	for i, name := range names {
		v.Key[name] = cells[i]
		if text, ok := cells[i].([]byte); ok {
			v.Key[name] = string(text)
		}
	}
	return v, nil
}

// Reseal replaces one ciphertext unless it has changed meanwhile, which it reports by false. Nothing else of the row
// changes, its version neither: the content is the same.
func (s *Store) Reseal(ctx context.Context, c SealedColumn, v SealedValue, sealed []byte) (bool, error) {
	res := s.writer(systemWide(ctx)).Table(c.Table).Where(v.Key).Where(c.Column+" = ?", v.Sealed).
		UpdateColumns(columns{c.Column: sealed})
	if res.Error != nil {
		return false, s.fail(ctx, res.Error, "re-encrypt "+c.String())
	}
	return res.RowsAffected == 1, nil
}

func prefixOf(keyID string) ([]byte, error) {
	id, err := strconv.ParseUint(keyID, 10, 32)
	if err != nil {
		return nil, fmt.Errorf("%q is not the id of a key", keyID)
	}
	return binary.BigEndian.AppendUint32([]byte{1}, uint32(id)), nil
}
