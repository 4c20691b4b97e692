package placeholder

import (
	"errors"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// Walk calls fn for every placeholder in the strings of v, in a fixed order: map keys sorted, array elements and
// placeholders of one string as they stand. location is the JSON pointer of the string. Walk stops at the first error
// of fn and returns it as it is; text that is not well-formed gives an *Error with its location. Map keys and secrets
// are not searched.
func Walk(v any, fn func(location string, ref Reference) error) error {
	return WalkStrings(v, func(location, s string) error {
		refs, err := References(s)
		if err != nil {
			return located(err, location)
		}
		for _, ref := range refs {
			if err := fn(location, ref); err != nil {
				return err
			}
		}
		return nil
	})
}

// WalkStrings calls fn for every string leaf of v in the order of Walk and stops at the first error. Together with
// References it serves callers that want to report every fault of a document and not just the first.
func WalkStrings(v any, fn func(location, s string) error) error {
	return walkStrings("", v, fn)
}

func walkStrings(location string, v any, fn func(location, s string) error) error {
	switch t := v.(type) {
	case string:
		return fn(location, t)
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(t)) {
			if err := walkStrings(Child(location, key), t[key], fn); err != nil {
				return err
			}
		}
	case []any:
		for i, child := range t {
			if err := walkStrings(Child(location, strconv.Itoa(i)), child, fn); err != nil {
				return err
			}
		}
	}
	return nil
}

// Child extends the JSON pointer location by one token, escaped as RFC 6901 asks.
func Child(location, token string) string {
	if strings.ContainsAny(token, "~/") {
		token = strings.NewReplacer("~", "~0", "/", "~1").Replace(token)
	}
	return location + "/" + token
}

// located returns err with its location set.
func located(err error, location string) error {
	var known *Error
	if !errors.As(err, &known) {
		return &Error{Location: location, Err: err}
	}
	return &Error{Location: location, Placeholder: known.Placeholder, Err: known.Err}
}
