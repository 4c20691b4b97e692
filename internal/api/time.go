package api

import (
	"fmt"
	"strings"
	"time"
)

// timeLayout has exactly three fractional digits: generated clients check
// timestamps against a pattern that allows three or none, and not nine.
const timeLayout = "2006-01-02T15:04:05.000Z"

// Time is a timestamp on the wire: UTC with milliseconds,
// 2026-01-31T08:00:00.000Z. It reads any RFC 3339 timestamp.
type Time struct{ time.Time }

// NewTime wraps t.
func NewTime(t time.Time) Time { return Time{t} }

// NewTimePtr wraps *t; nil stays nil.
func NewTimePtr(t *time.Time) *Time {
	if t == nil {
		return nil
	}
	return &Time{*t}
}

// String returns the wire form.
func (t Time) String() string { return t.UTC().Format(timeLayout) }

// MarshalJSON writes the wire form as a JSON string.
func (t Time) MarshalJSON() ([]byte, error) { return []byte(`"` + t.String() + `"`), nil }

// UnmarshalJSON reads an RFC 3339 timestamp; null leaves t unchanged.
func (t *Time) UnmarshalJSON(raw []byte) error {
	if string(raw) == "null" {
		return nil
	}
	parsed, err := time.Parse(`"`+time.RFC3339Nano+`"`, string(raw))
	if err != nil {
		return fmt.Errorf("%s is no timestamp like 2026-01-31T08:00:00Z", strings.ToValidUTF8(string(raw), "?"))
	}
	t.Time = parsed
	return nil
}
