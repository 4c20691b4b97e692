package placeholder

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// Resolver gives the value of a placeholder: any JSON tree, which may contain Secret leaves.
type Resolver func(ref Reference) (any, error)

// Resolve returns a deep copy of v with every placeholder in its strings expanded and every escape undone.
//
//   - A string that is exactly one placeholder becomes the value with its type.
//   - In mixed text strings are inserted as they are and everything else as JSON; a secret anywhere in it makes the
//     whole string a Secret.
//   - Values that the resolver returned are inserted, not expanded again.
//   - Map keys and Secret leaves of v stay as they are.
//
// Every failure is reported: the error joins one *Error per string that could not be resolved, in the order of Walk.
func Resolve(v any, r Resolver) (any, error) {
	return newExpansion(r, false).run(v)
}

// ResolveSecret is Resolve for a document that is secret as a whole, such as the secrets of a driver's inputs: every
// scalar of the result is a Secret and errors name locations only, as the text itself may be confidential.
func ResolveSecret(v any, r Resolver) (any, error) {
	out, err := newExpansion(r, true).run(v)
	if err != nil {
		return nil, err
	}
	return Seal(out), nil
}

type expansion struct {
	resolver Resolver
	secret   bool
	failures []error
}

func newExpansion(r Resolver, secret bool) *expansion {
	return &expansion{resolver: r, secret: secret}
}

func (e *expansion) run(v any) (any, error) {
	out := e.tree("", v)
	if len(e.failures) > 0 {
		return nil, errors.Join(e.failures...)
	}
	return out, nil
}

func (e *expansion) tree(location string, v any) any {
	switch t := v.(type) {
	case string:
		return e.text(location, t)
	case map[string]any:
		if t == nil {
			return t
		}
		out := make(map[string]any, len(t))
		for _, key := range slices.Sorted(maps.Keys(t)) {
			out[key] = e.tree(Child(location, key), t[key])
		}
		return out
	case []any:
		if t == nil {
			return t
		}
		out := make([]any, len(t))
		for i, child := range t {
			out[i] = e.tree(Child(location, strconv.Itoa(i)), child)
		}
		return out
	}
	return v
}

func (e *expansion) text(location, s string) any {
	if !strings.Contains(s, "$") {
		return s
	}
	segments, err := split(s)
	if err != nil {
		return e.fail(location, err)
	}
	if len(segments) == 1 && segments[0].ref != nil {
		return e.value(location, *segments[0].ref)
	}
	var b strings.Builder
	secret := false
	for _, part := range segments {
		if part.ref == nil {
			b.WriteString(part.text)
			continue
		}
		value := e.value(location, *part.ref)
		secret = secret || ContainsSecret(value)
		text, err := Text(value)
		if err != nil {
			return e.fail(location, &Error{Placeholder: "${" + part.ref.Raw + "}", Err: err})
		}
		b.WriteString(text)
	}
	if secret {
		return Secret{Value: b.String()}
	}
	return b.String()
}

func (e *expansion) value(location string, ref Reference) any {
	value, err := e.resolver(ref)
	if err != nil {
		return e.fail(location, &Error{Placeholder: "${" + ref.Raw + "}", Err: err})
	}
	return mapLeaves(value, func(leaf any) any { return leaf })
}

func (e *expansion) fail(location string, err error) any {
	var known *Error
	errors.As(err, &known)
	failure := &Error{Location: location, Placeholder: known.Placeholder, Err: known.Err}
	if e.secret {
		failure = &Error{Location: location, Err: errors.New("a secret holds a placeholder that cannot be resolved")}
		var syntax *SyntaxError
		if errors.As(known.Err, &syntax) {
			failure.Err = errors.New(`a secret holds text that starts like a placeholder and is none; write $\{ instead of ${ to keep it as it is`)
		}
	}
	e.failures = append(e.failures, failure)
	return nil
}

// Text gives the form that a value takes inside a string: strings as they are, everything else as JSON. Secrets are
// revealed, so the result is as secret as v (see ContainsSecret).
func Text(v any) (string, error) {
	v = Reveal(v)
	if s, ok := v.(string); ok {
		return s, nil
	}
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(v); err != nil {
		return "", fmt.Errorf("write a %T as JSON: it is no JSON value", v)
	}
	return strings.TrimSuffix(b.String(), "\n"), nil
}
