package pipeline

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/slipway-dev/slipway/engine/placeholder"
)

// function is what an expression can call. Arguments come without seals; the result is sealed again when one of them was.
type function struct {
	least, most int // most < 0: any number
	// status marks functions that ask how things stand.
	status bool
	run    func(s *scope, args []any) (any, error)
}

func (f function) arity() string {
	switch {
	case f.most < 0:
		return fmt.Sprintf("%d arguments or more", f.least)
	case f.least == f.most && f.least == 1:
		return "one argument"
	case f.least == f.most:
		return fmt.Sprintf("%d arguments", f.least)
	}
	return fmt.Sprintf("%d to %d arguments", f.least, f.most)
}

// functions by their name in lower case; the case does not matter in an expression.
var functions = map[string]function{
	"always":     {status: true, run: func(*scope, []any) (any, error) { return true, nil }},
	"success":    {status: true, run: func(s *scope, _ []any) (any, error) { return !s.Failed && !s.Cancelled, nil }},
	"failure":    {status: true, run: func(s *scope, _ []any) (any, error) { return s.Failed && !s.Cancelled, nil }},
	"cancelled":  {status: true, run: func(s *scope, _ []any) (any, error) { return s.Cancelled, nil }},
	"tojson":     {least: 1, most: 1, run: func(_ *scope, a []any) (any, error) { return asJSON(a[0]), nil }},
	"fromjson":   {least: 1, most: 1, run: fromJSON},
	"contains":   {least: 2, most: 2, run: contains},
	"startswith": {least: 2, most: 2, run: affix(strings.HasPrefix)},
	"endswith":   {least: 2, most: 2, run: affix(strings.HasSuffix)},
	"join":       {least: 1, most: 2, run: join},
	"format":     {least: 1, most: -1, run: format},
}

// Functions returns the names of the functions that expressions can call, sorted and in lower case.
func Functions() []string { return slices.Sorted(maps.Keys(functions)) }

func (n call) value(s *scope) (any, error) {
	args := make([]any, len(n.args))
	secret := false
	for i, arg := range n.args {
		v, err := arg.value(s)
		if err != nil {
			return nil, err
		}
		secret = secret || placeholder.ContainsSecret(v)
		args[i] = placeholder.Reveal(v)
	}
	out, err := n.fn.run(s, args)
	if err != nil {
		return nil, fmt.Errorf("%s(): %w", n.name, err)
	}
	if _, answer := out.(bool); answer || !secret {
		return out, nil
	}
	return placeholder.Seal(out), nil
}

func fromJSON(_ *scope, args []any) (any, error) {
	text, ok := args[0].(string)
	if !ok {
		return nil, fmt.Errorf("expected a text, not %s", kindOf(args[0]))
	}
	var out any
	if err := json.Unmarshal([]byte(text), &out); err != nil {
		// The error of the decoder repeats characters of the text, which may be secret.
		return nil, fmt.Errorf("the text is not JSON")
	}
	return out, nil
}

// contains looks for an element of an array, a key of an object, or a part of a text.
func contains(_ *scope, args []any) (any, error) {
	switch t := args[0].(type) {
	case []any:
		return slices.ContainsFunc(t, func(v any) bool { return equal(v, args[1]) }), nil
	case map[string]any:
		_, there := t[asText(args[1])]
		return there, nil
	}
	return strings.Contains(asText(args[0]), asText(args[1])), nil
}

func affix(has func(s, affix string) bool) func(*scope, []any) (any, error) {
	return func(_ *scope, args []any) (any, error) { return has(asText(args[0]), asText(args[1])), nil }
}

func join(_ *scope, args []any) (any, error) {
	separator := ","
	if len(args) == 2 {
		separator = asText(args[1])
	}
	list, ok := args[0].([]any)
	if !ok {
		return asText(args[0]), nil
	}
	size := 0
	texts := make([]string, len(list))
	for i, v := range list {
		texts[i] = asText(v)
		size += len(texts[i]) + len(separator)
	}
	if size > maxResult {
		return nil, fmt.Errorf("the text becomes longer than %d bytes", maxResult)
	}
	return strings.Join(texts, separator), nil
}

// format replaces {0}, {1}, ... by the arguments after the first; {{ and }} stand for braces.
func format(_ *scope, args []any) (any, error) {
	pattern := asText(args[0])
	var b strings.Builder
	for i := 0; i < len(pattern); i++ {
		c := pattern[i]
		switch {
		case (c == '{' || c == '}') && i+1 < len(pattern) && pattern[i+1] == c:
			b.WriteByte(c)
			i++
		case c == '{':
			end := strings.IndexByte(pattern[i:], '}')
			n := -1
			if end > 1 && end <= 4 {
				if f, ok := asNumber(pattern[i+1 : i+end]); ok && isDigit(pattern[i+1]) {
					n = int(f)
				}
			}
			if n < 0 || n >= len(args)-1 {
				return nil, fmt.Errorf("a { must begin {0} to {%d}; write {{ for a brace", len(args)-2)
			}
			b.WriteString(asText(args[n+1]))
			i += end
		default:
			b.WriteByte(c)
		}
		if b.Len() > maxResult {
			return nil, fmt.Errorf("the text becomes longer than %d bytes", maxResult)
		}
	}
	return b.String(), nil
}
