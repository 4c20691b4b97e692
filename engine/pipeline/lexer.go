package pipeline

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Kinds of tokens.
const (
	tokenEnd = iota
	tokenName
	tokenText
	tokenNumber
	tokenSign
)

type token struct {
	kind   int
	text   string
	number float64
	at     int
}

func (t token) String() string {
	if t.kind == tokenEnd {
		return "the end"
	}
	return strconv.Quote(t.text)
}

// syntaxError is an expression that cannot be read at all, as opposed to one that names what does not exist.
type syntaxError struct{ text string }

func (e *syntaxError) Error() string { return e.text }

func syntax(format string, args ...any) error { return &syntaxError{fmt.Sprintf(format, args...)} }

func isNameStart(c byte) bool {
	return c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// tokens splits the text between ${{ and }}. It ends at a "}}" when there is one; end is where that is, or -1.
func tokens(s string) (out []token, end int, err error) {
	i := 0
	for i < len(s) {
		c := s[i]
		switch {
		case c == ' ' || c == '\t' || c == '\n' || c == '\r':
			i++
		case strings.HasPrefix(s[i:], "}}"):
			return append(out, token{kind: tokenEnd, at: i}), i, nil
		case isNameStart(c):
			from := i
			for i < len(s) && (isNameStart(s[i]) || isDigit(s[i]) || s[i] == '-') {
				i++
			}
			out = append(out, token{kind: tokenName, text: s[from:i], at: from})
		case c == '\'' || c == '"':
			text, next, err := quoted(s, i)
			if err != nil {
				return nil, -1, err
			}
			out = append(out, token{kind: tokenText, text: text, at: i})
			i = next
		case isDigit(c) || c == '-':
			from := i
			for i++; i < len(s) && (isDigit(s[i]) || strings.IndexByte(".eE+-", s[i]) >= 0); {
				i++
			}
			n, err := strconv.ParseFloat(s[from:i], 64)
			if err != nil {
				return nil, -1, syntax("%q is not a number", s[from:i])
			}
			out = append(out, token{kind: tokenNumber, text: s[from:i], number: n, at: from})
		default:
			sign := signAt(s[i:])
			if sign == "" {
				_, size := utf8.DecodeRuneInString(s[i:])
				return nil, -1, syntax("%q has no meaning in an expression", s[i:i+size])
			}
			out = append(out, token{kind: tokenSign, text: sign, at: i})
			i += len(sign)
		}
	}
	return append(out, token{kind: tokenEnd, at: i}), -1, nil
}

// quoted reads a text in quotes; a doubled quote stands for itself.
func quoted(s string, from int) (text string, next int, err error) {
	quote := s[from]
	var b strings.Builder
	for i := from + 1; i < len(s); i++ {
		if s[i] != quote {
			b.WriteByte(s[i])
			continue
		}
		if i+1 < len(s) && s[i+1] == quote {
			b.WriteByte(quote)
			i++
			continue
		}
		return b.String(), i + 1, nil
	}
	return "", 0, syntax("the text that begins with %c has no end", quote)
}

func signAt(s string) string {
	for _, sign := range []string{"==", "!=", "<=", ">=", "&&", "||", "!", "<", ">", "(", ")", "[", "]", ".", ","} {
		if strings.HasPrefix(s, sign) {
			return sign
		}
	}
	return ""
}
