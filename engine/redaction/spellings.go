package redaction

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"html"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
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
			forms = append(forms, escapes(line)...)
		}
	}
	return forms
}

func encodings(value string) []string {
	raw := []byte(value)
	forms := append(escapes(value),
		base64.StdEncoding.EncodeToString(raw), base64.RawStdEncoding.EncodeToString(raw),
		base64.URLEncoding.EncodeToString(raw), base64.RawURLEncoding.EncodeToString(raw),
		hex.EncodeToString(raw), strings.ToUpper(hex.EncodeToString(raw)),
	)
	for _, text := range []string{
		url.QueryEscape(value), url.PathEscape(value), strings.ReplaceAll(url.QueryEscape(value), "+", "%20"), uriComponent(value),
	} {
		forms = append(forms, text, lowerEscapes(text))
	}
	forms = append(forms, wrapped(base64.StdEncoding.EncodeToString(raw))...)
	return append(forms, innerBase64(raw)...)
}

// escapes gives value as it is, and as it stands inside quotes of JSON, Go, YAML, shells and HTML. A log line in JSON
// that quotes a body in JSON escapes twice.
func escapes(value string) []string {
	escaped := jsonEscapes(value)
	forms := append([]string{value}, escaped...)
	for _, once := range escaped {
		forms = append(forms, jsonEscapes(once)...)
	}
	return append(forms,
		unquote(strconv.Quote(value)), unquote(strconv.QuoteToASCII(value)),
		strings.ReplaceAll(value, "'", "''"),
		strings.ReplaceAll(value, "'", `'\''`), strings.ReplaceAll(value, "'", `'"'"'`),
		shellDouble.Replace(value), shellBare.ReplaceAllString(value, `\$0`),
		html.EscapeString(value),
	)
}

// shellDouble escapes what is special between double quotes of a shell, shellBare what is without any.
var (
	shellDouble = strings.NewReplacer(`\`, `\\`, `"`, `\"`, "$", `\$`, "`", "\\`")
	shellBare   = regexp.MustCompile(`[^\w@%+=:,./\x80-\x{10ffff}-]`)
)

// jsonEscapes gives the inside of JSON strings that mean value: as Go writes them, without regard to HTML, and with
// ASCII only, as Python and others do.
func jsonEscapes(value string) []string {
	var forms []string
	for _, html := range []bool{true, false} {
		var text strings.Builder
		encoder := json.NewEncoder(&text)
		encoder.SetEscapeHTML(html)
		if err := encoder.Encode(value); err == nil {
			forms = append(forms, unquote(strings.TrimSuffix(text.String(), "\n")))
		}
	}
	var ascii strings.Builder
	for _, r := range forms[len(forms)-1] {
		switch {
		case r < utf8.RuneSelf:
			ascii.WriteRune(r)
		case r > 0xffff:
			first, second := utf16.EncodeRune(r)
			fmt.Fprintf(&ascii, `\u%04x\u%04x`, first, second)
		default:
			fmt.Fprintf(&ascii, `\u%04x`, r)
		}
	}
	return append(forms, ascii.String())
}

// uriComponent is what encodeURIComponent of JavaScript makes.
func uriComponent(value string) string {
	return strings.NewReplacer("+", "%20", "%21", "!", "%27", "'", "%28", "(", "%29", ")", "%2A", "*").Replace(url.QueryEscape(value))
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
