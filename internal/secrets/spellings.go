package secrets

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

const (
	// minLine is the shortest line of a multi-line value (a PEM key) that counts on its own: tools print such values
	// line by line, indented.
	minLine = 8
	// minInner is the shortest piece by which a value is recognized inside a longer base64 text.
	minInner = 8
)

// spellings lists the forms in which value may appear in text, the plain one first; there may be repetitions.
func spellings(value string) []string {
	forms := encodings(value)
	trimmed := strings.TrimSpace(value)
	if trimmed != value && len(trimmed) >= minRedacted {
		forms = append(forms, encodings(trimmed)...)
	}
	if !strings.Contains(trimmed, "\n") {
		return forms
	}
	for _, line := range strings.Split(trimmed, "\n") {
		if line = strings.TrimSpace(line); len(line) >= minLine {
			forms = append(forms, line)
		}
	}
	return forms
}

func encodings(value string) []string {
	raw := []byte(value)
	query, path := url.QueryEscape(value), url.PathEscape(value)
	forms := []string{
		value,
		base64.StdEncoding.EncodeToString(raw), base64.RawStdEncoding.EncodeToString(raw),
		base64.URLEncoding.EncodeToString(raw), base64.RawURLEncoding.EncodeToString(raw),
		hex.EncodeToString(raw), strings.ToUpper(hex.EncodeToString(raw)),
		query, lowerEscapes(query), path, lowerEscapes(path),
		unquote(strconv.Quote(value)), strings.ReplaceAll(value, "'", "''"),
	}
	if escaped, err := json.Marshal(value); err == nil {
		forms = append(forms, unquote(string(escaped)))
	}
	var plain strings.Builder
	encoder := json.NewEncoder(&plain)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err == nil {
		forms = append(forms, unquote(strings.TrimSuffix(plain.String(), "\n")))
	}
	forms = append(forms, wrapped(base64.StdEncoding.EncodeToString(raw))...)
	return append(forms, innerBase64(raw)...)
}

// wrapped gives the lines of a base64 text as tools break it: after 64 (PEM, openssl) or 76 columns (MIME, base64).
func wrapped(text string) []string {
	var lines []string
	for _, width := range []int{64, 76} {
		if len(text) <= width {
			continue
		}
		for line := range slices.Chunk([]byte(text), width) {
			if len(line) >= minLine {
				lines = append(lines, string(line))
			}
		}
	}
	return lines
}

// innerBase64 gives the parts of a value's base64 text that are the same whatever stands before and after it in the
// encoded bytes, for each of the three ways it can lie in groups of three: "user:password" of HTTP basic
// authentication is the common case.
func innerBase64(raw []byte) []string {
	var forms []string
	for offset := range 3 {
		padded := append(make([]byte, offset), raw...)
		whole := len(padded) / 3 * 3
		first := (offset*8 + 5) / 6
		for _, alphabet := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
			text := alphabet.EncodeToString(padded[:whole])
			if len(text)-first >= minInner {
				forms = append(forms, text[first:])
			}
		}
	}
	return forms
}

func unquote(s string) string { return strings.TrimSuffix(strings.TrimPrefix(s, `"`), `"`) }

var percentEscape = regexp.MustCompile(`%[0-9A-F]{2}`)

func lowerEscapes(s string) string { return percentEscape.ReplaceAllStringFunc(s, strings.ToLower) }
