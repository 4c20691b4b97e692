package store

import (
	"bytes"
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"math"
	"time"
)

// doc is a column that holds a JSON document: null for nil, else exactly what
// encoding/json makes of V. The database never rewrites it (PostgreSQL: json,
// not jsonb).
type doc[T any] struct{ V T }

// GormDataType tells GORM that the column is no nested row.
func (doc[T]) GormDataType() string { return "json" }

// Value encodes the document.
func (d doc[T]) Value() (driver.Value, error) {
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(d.V); err != nil {
		return nil, fmt.Errorf("encode a %T: %w", d.V, err)
	}
	text := string(bytes.TrimRight(buf.Bytes(), "\n"))
	if text == "null" {
		return nil, nil
	}
	return text, nil
}

// Scan decodes the document.
func (d *doc[T]) Scan(src any) error {
	var zero T
	d.V = zero
	switch text := src.(type) {
	case nil:
		return nil
	case string:
		return json.Unmarshal([]byte(text), &d.V)
	case []byte:
		return json.Unmarshal(text, &d.V)
	}
	return fmt.Errorf("a document column holds a %T", src)
}

// nanos stores an instant as Unix nanoseconds; 0 is the zero time. Instants
// that do not fit (before 1678, after 2262) become the nearest that does.
func nanos(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	if t.Year() > 2261 {
		return math.MaxInt64
	}
	if t.Year() < 1679 {
		return math.MinInt64
	}
	return t.UnixNano()
}

func instant(n int64) time.Time {
	if n == 0 {
		return time.Time{}
	}
	return time.Unix(0, n).UTC()
}

func nanosOrNil(t *time.Time) *int64 {
	if t == nil {
		return nil
	}
	n := nanos(*t)
	return &n
}

func instantOrNil(n *int64) *time.Time {
	if n == nil {
		return nil
	}
	t := instant(*n)
	return &t
}
