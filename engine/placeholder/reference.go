package placeholder

import (
	"strings"
)

// Reference is one placeholder found in a string.
type Reference struct {
	Raw  string // text between ${ and }
	Path Path
}

// References lists the placeholders of one string in order. Escaped ones ($\{...}) are not placeholders. Text that
// starts with ${ and is not well-formed gives an *Error that names it and says how to escape it.
func References(s string) ([]Reference, error) {
	segments, err := split(s)
	if err != nil {
		return nil, err
	}
	var refs []Reference
	for _, part := range segments {
		if part.ref != nil {
			refs = append(refs, *part.ref)
		}
	}
	return refs, nil
}

// Escape returns text that Resolve turns back into s, whatever s contains.
func Escape(s string) string {
	if !strings.Contains(s, "$") {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		b.WriteByte(s[i])
		if s[i] == '$' && escapeLength(s[i+1:]) > 0 {
			b.WriteByte('\\')
		}
	}
	return b.String()
}

// EscapeTree returns a deep copy of v in which every string is escaped, so that Resolve gives v back.
func EscapeTree(v any) any {
	return mapLeaves(v, func(leaf any) any {
		if s, ok := leaf.(string); ok {
			return Escape(s)
		}
		return leaf
	})
}

// segment is a stretch of a string: literal text with its escapes undone, or a placeholder.
type segment struct {
	source string // as written
	text   string // unescaped; unused when ref is set
	ref    *Reference
}

// split cuts s into literal text and placeholders.
//
// A dollar sign and a brace with backslashes between them stand for themselves with one backslash less. One backslash
// is the documented escape; the rule for more of them lets Escape express every text.
func split(s string) ([]segment, error) {
	var segments []segment
	start := 0 // of the literal text not yet emitted
	emit := func(end int) {
		if end > start {
			segments = append(segments, segment{source: s[start:end], text: s[start:end]})
		}
	}
	for i := 0; i < len(s); {
		dollar := strings.IndexByte(s[i:], '$')
		if dollar < 0 {
			break
		}
		i += dollar
		n := escapeLength(s[i+1:])
		switch n {
		case 0:
			i++
		case 1:
			path, rest, reason := parsePath(s[i+2:])
			if reason == "" && !strings.HasPrefix(rest, "}") {
				reason = unclosed(rest)
			}
			if reason != "" {
				return nil, malformed(s[i:], reason)
			}
			emit(i)
			raw := s[i+2 : len(s)-len(rest)]
			start = len(s) - len(rest) + 1
			segments = append(segments, segment{source: s[i:start], ref: &Reference{Raw: raw, Path: path}})
			i = start
		default:
			emit(i)
			source := s[i : i+1+n]
			segments = append(segments, segment{source: source, text: "$" + source[2:]})
			i += 1 + n
			start = i
		}
	}
	emit(len(s))
	return segments, nil
}

// escapeLength gives the number of bytes up to and including the brace when s, the text after a dollar sign, is a
// brace after any number of backslashes; otherwise 0.
func escapeLength(s string) int {
	n := 0
	for n < len(s) && s[n] == '\\' {
		n++
	}
	if n < len(s) && s[n] == '{' {
		return n + 1
	}
	return 0
}

func unclosed(rest string) string {
	if rest == "" {
		return "the closing } is missing"
	}
	return unexpected(rest)
}

func malformed(s, reason string) *Error {
	end := len(s)
	if brace := strings.IndexByte(s, '}'); brace >= 0 {
		end = brace + 1
	}
	text := excerpt(s, end)
	return &Error{Placeholder: text, Err: &SyntaxError{Text: text, Reason: reason}}
}
