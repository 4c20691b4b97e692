package placeholder

import (
	"fmt"
	"io"
)

// redacted is what every printed form of a Secret shows.
const redacted = "(secret)"

// Secret is a leaf that must never be shown. Whatever prints or marshals it gets "(secret)"; only [Reveal] and the
// Value field give the content away.
type Secret struct {
	Value any
}

// String implements fmt.Stringer.
func (Secret) String() string { return redacted }

// GoString implements fmt.GoStringer.
func (Secret) GoString() string { return redacted }

// Format implements fmt.Formatter, so that no verb (not even %d or %x) reaches the value.
func (Secret) Format(state fmt.State, _ rune) { _, _ = io.WriteString(state, redacted) }

// MarshalJSON implements json.Marshaler.
func (Secret) MarshalJSON() ([]byte, error) { return []byte(`"` + redacted + `"`), nil }

// MarshalYAML implements yaml.Marshaler.
func (Secret) MarshalYAML() (any, error) { return redacted, nil }

// MarshalText implements encoding.TextMarshaler, which text loggers prefer.
func (Secret) MarshalText() ([]byte, error) { return []byte(redacted), nil }

// Seal returns a deep copy of v in which every scalar leaf is a Secret. Maps and arrays keep their shape, so an empty
// tree stays as it is; null stays null, as it hides nothing.
func Seal(v any) any {
	return mapLeaves(v, func(leaf any) any {
		if leaf == nil {
			return nil
		}
		if secret, ok := leaf.(Secret); ok {
			return secret
		}
		return Secret{Value: leaf}
	})
}

// Reveal returns a deep copy of v with every Secret replaced by its value. Use it only at the last step, where the
// value is handed to a driver, a secret store or a cluster.
func Reveal(v any) any {
	return mapLeaves(v, func(leaf any) any {
		if secret, ok := leaf.(Secret); ok {
			return Reveal(secret.Value)
		}
		return leaf
	})
}

// Redact returns a deep copy of v with every Secret replaced by the string "(secret)".
func Redact(v any) any {
	return mapLeaves(v, func(leaf any) any {
		if _, ok := leaf.(Secret); ok {
			return redacted
		}
		return leaf
	})
}

// ContainsSecret tells whether any leaf of v is a Secret.
func ContainsSecret(v any) bool {
	switch t := v.(type) {
	case Secret:
		return true
	case map[string]any:
		for _, child := range t {
			if ContainsSecret(child) {
				return true
			}
		}
	case []any:
		for _, child := range t {
			if ContainsSecret(child) {
				return true
			}
		}
	}
	return false
}

// mapLeaves copies the maps and arrays of v and passes everything else through fn. Nil maps and arrays stay nil.
func mapLeaves(v any, fn func(leaf any) any) any {
	switch t := v.(type) {
	case map[string]any:
		if t == nil {
			return t
		}
		out := make(map[string]any, len(t))
		for key, child := range t {
			out[key] = mapLeaves(child, fn)
		}
		return out
	case []any:
		if t == nil {
			return t
		}
		out := make([]any, len(t))
		for i, child := range t {
			out[i] = mapLeaves(child, fn)
		}
		return out
	}
	return fn(v)
}
