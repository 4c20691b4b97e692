package placeholder

import (
	"fmt"
	"strings"
)

// Path is the parsed text of a placeholder: ${a.b["c.d"]} has the tokens a, b and c.d. No token is empty.
type Path []string

// ParsePath reads the text between ${ and }. Tokens are joined by dots; a token with other characters than letters,
// digits and _ - # / < > is written ["x"] or ['x'].
func ParsePath(s string) (Path, error) {
	path, rest, reason := parsePath(s)
	if reason == "" && rest != "" {
		reason = unexpected(rest)
	}
	if reason != "" {
		return nil, &SyntaxError{Text: excerpt("${"+s+"}", len(s)+3), Reason: reason}
	}
	return path, nil
}

// String gives the canonical spelling: dots where possible, double quotes where needed. Parsing it gives the same
// path again.
func (p Path) String() string {
	var b strings.Builder
	for i, token := range p {
		if !needsQuotes(token) {
			if i > 0 {
				b.WriteByte('.')
			}
			b.WriteString(token)
			continue
		}
		quote := `"`
		if strings.Contains(token, quote) {
			quote = `'`
		}
		b.WriteString("[" + quote + token + quote + "]")
	}
	return b.String()
}

// parsePath reads the longest path at the start of s. reason is empty on success; rest is what follows the path.
func parsePath(s string) (path Path, rest, reason string) {
	rest = s
	for {
		token, after, reason := parseToken(rest)
		if reason != "" {
			return nil, rest, reason
		}
		path = append(path, token)
		rest = after
		switch {
		case strings.HasPrefix(rest, "["):
		case strings.HasPrefix(rest, "."):
			rest = rest[1:]
			if strings.HasPrefix(rest, "[") {
				return nil, rest, `a dot must be followed by a name`
			}
		default:
			return path, rest, ""
		}
	}
}

func parseToken(s string) (token, rest, reason string) {
	if strings.HasPrefix(s, "[") {
		return parseQuoted(s)
	}
	end := 0
	for end < len(s) && isBare(s[end]) {
		end++
	}
	if end == 0 {
		return "", s, unexpected(s)
	}
	return s[:end], s[end:], ""
}

func parseQuoted(s string) (token, rest, reason string) {
	if len(s) < 2 || (s[1] != '"' && s[1] != '\'') {
		return "", s, `brackets need a quoted name, such as ["x"]`
	}
	end := strings.IndexByte(s[2:], s[1])
	if end < 0 {
		return "", s, "a quoted name is not closed"
	}
	if end == 0 {
		return "", s, "a quoted name is empty"
	}
	rest = s[2+end+1:]
	if !strings.HasPrefix(rest, "]") {
		return "", s, "a quoted name must be followed by ]"
	}
	return s[2 : 2+end], rest[1:], ""
}

// isBare tells whether c may stand in a token without quotes. Besides names these are the characters of references to
// resources: # before an id, / in a custom type, < and > of selectors.
func isBare(c byte) bool {
	switch {
	case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9':
		return true
	}
	return strings.IndexByte("_-#/<>", c) >= 0
}

func needsQuotes(token string) bool {
	for i := range len(token) {
		if !isBare(token[i]) {
			return true
		}
	}
	return token == ""
}

func unexpected(rest string) string {
	for _, r := range rest {
		return fmt.Sprintf("unexpected %q", r)
	}
	return "it ends too early"
}

// excerpt gives the first n bytes of s in a form fit for a message: one line, at most 60 characters.
func excerpt(s string, n int) string {
	s = s[:min(n, len(s))]
	if line := strings.IndexAny(s, "\r\n"); line >= 0 {
		s = s[:line] + "..."
	}
	const most = 60
	if runes := []rune(s[:min(len(s), 4*most)]); len(runes) > most {
		s = string(runes[:most]) + "..."
	}
	return strings.ToValidUTF8(s, "?")
}
