package redaction_test

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/slipway-dev/slipway/engine/redaction"
)

func TestRedactorString(t *testing.T) {
	t.Parallel()
	const hard = "p@ss \"w<rd>\"/+\\&é"
	cases := map[string]struct {
		values []string
		in     string
		want   string
	}{
		"plain":                    {[]string{"hunter22"}, "login hunter22!", "login (secret)!"},
		"longest first":            {[]string{"abcd", "abcdef"}, "abcdef abcd", "(secret) (secret)"},
		"too short":                {[]string{"abc"}, "abc", "abc"},
		"several, touching":        {[]string{"aaaa", "bbbb"}, "aaaabbbbcc", "(secret)(secret)cc"},
		"base64":                   {[]string{"hunter22"}, "d: aHVudGVyMjI=", "d: (secret)"},
		"base64 without padding":   {[]string{"hunter22"}, "d: aHVudGVyMjI", "d: (secret)"},
		"query escaped":            {[]string{hard}, "?q=" + url.QueryEscape(hard), "?q=(secret)"},
		"path escaped":             {[]string{hard}, "/" + url.PathEscape(hard), "/(secret)"},
		"lower-case escapes":       {[]string{"a/b/c/d"}, "a%2fb%2fc%2fd", "(secret)"},
		"JSON":                     {[]string{hard}, mustJSON(hard), `"(secret)"`},
		"JSON, not HTML-safe":      {[]string{"<tag> \"x\""}, `"<tag> \"x\""`, `"(secret)"`},
		"Go quoted":                {[]string{"tab\there"}, strconv.Quote("tab\there"), `"(secret)"`},
		"line of a PEM":            {[]string{"-----BEGIN KEY-----\nMIIEowIBAAKCAQEA\n-----END KEY-----\n"}, "  MIIEowIBAAKCAQEA", "  (secret)"},
		"trailing newline":         {[]string{"hunter22\n"}, "hunter22", "(secret)"},
		"single quotes of a shell": {[]string{"it's a p$ss"}, `echo 'it'\''s a p$ss'`, "echo '(secret)'"},
		"quotes within quotes":     {[]string{"it's a p$ss"}, `echo 'it'"'"'s a p$ss'`, "echo '(secret)'"},
		"double quotes of a shell": {[]string{`a"$b` + "`c"}, "echo \"a\\\"\\$b\\`c\"", `echo "(secret)"`},
		"backslashes of a shell":   {[]string{"a b$c;d"}, `echo a\ b\$c\;d`, "echo (secret)"},
		"JSON in JSON":             {[]string{hard}, mustJSON(mustJSON(hard)), `"\"(secret)\""`},
		"JSON, ASCII only":         {[]string{"pässwörd \U0001f511"}, `"p\u00e4ssw\u00f6rd \ud83d\udd11"`, `"(secret)"`},
		"HTML":                     {[]string{"<a&b>\"c"}, "<p>&lt;a&amp;b&gt;&#34;c</p>", "<p>(secret)</p>"},
		"JavaScript's URL":         {[]string{"it's (a) p+ss*"}, "?q=it's%20(a)%20p%2Bss*", "?q=(secret)"},
		"lines of JSON in JSON":    {[]string{"first line \"1\"\nsecond line"}, `first line \\\"1\\\"`, "(secret)"},
		"all lines in JSON":        {[]string{"first line\nsecond line"}, `"first line\nsecond line"`, `"(secret)"`},
		"overlapping":              {[]string{"abcdef", "defghi"}, "-abcdefghi-", "-(secret)-"},
		"nothing known":            {nil, "text", "text"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, tc.want, redaction.New(tc.values...).String(tc.in))
		})
	}
	var none *redaction.Redactor
	require.Equal(t, "x", none.String("x"))
	require.Equal(t, "x", (&redaction.Redactor{}).String("x"))
}

func TestRedactorFindsBasicAuthentication(t *testing.T) {
	t.Parallel()
	const password = "correct-horse-battery"
	r := redaction.New(password)
	for _, user := range []string{"", "u", "me", "bob", "alice"} {
		got := r.String("Authorization: Basic " + base64.StdEncoding.EncodeToString([]byte(user+":"+password)))
		require.Contains(t, got, redaction.Redacted)
		encoded := strings.TrimPrefix(got, "Authorization: Basic ")
		for _, part := range strings.Split(encoded, redaction.Redacted) {
			for cut := range part {
				decoded, _ := base64.RawStdEncoding.DecodeString(strings.TrimRight(part[cut:], "="))
				require.NotContains(t, string(decoded), password[3:len(password)-3], user)
			}
		}
	}
}

// Whatever the chunks, the stream gives what the string gives, and no value survives.
func TestRedactorWriterEqualsString(t *testing.T) {
	t.Parallel()
	word := rapid.StringMatching(`[ab/"]{4,9}`)
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(word, 1, 5).Draw(t, "values")
		pieces := rapid.SliceOfN(rapid.OneOf(rapid.StringMatching(`[abc/" ]{0,6}`), rapid.SampledFrom(values)), 0, 12).Draw(t, "pieces")
		text := strings.Join(pieces, "")
		r := redaction.New(values...)
		want := r.String(text)
		for _, v := range values {
			require.NotContains(t, want, v)
		}

		var out bytes.Buffer
		w := r.Writer(&out)
		for rest := text; rest != ""; {
			n := rapid.IntRange(1, len(rest)).Draw(t, "chunk")
			written, err := w.Write([]byte(rest[:n]))
			require.NoError(t, err)
			require.Equal(t, n, written)
			rest = rest[n:]
		}
		require.NoError(t, w.Close())
		require.Equal(t, want, out.String())
	})
}

func TestRedactorWriterDoesNotHoldBackHarmlessText(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	w := redaction.New("hunter22").Writer(&out)
	_, err := w.Write([]byte("apply complete\n"))
	require.NoError(t, err)
	require.Equal(t, "apply complete\n", out.String())
	_, err = w.Write([]byte("password hunt"))
	require.NoError(t, err)
	require.Equal(t, "apply complete\npassword ", out.String())
	require.NoError(t, w.Close())
	require.Equal(t, "apply complete\npassword hunt", out.String())
	_, err = w.Write([]byte("late"))
	require.Error(t, err)
}

func TestRedactorWriterKeepsItsError(t *testing.T) {
	t.Parallel()
	full := errors.New("disk full")
	w := redaction.New("hunter22").Writer(failing{full})
	_, err := w.Write([]byte("text"))
	require.ErrorIs(t, err, full)
	require.ErrorIs(t, w.Close(), full)
}

type failing struct{ err error }

func (f failing) Write([]byte) (int, error) { return 0, f.err }

func mustJSON(s string) string {
	raw, err := json.Marshal(s)
	if err != nil {
		return err.Error()
	}
	return string(raw)
}

// No spelling of a random value survives, whatever stands around it and however the stream is cut.
func TestRedactorWriterHidesEverySpelling(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		value := string(rapid.SliceOfN(rapid.ByteRange(0x20, 0x7e), 12, 120).Draw(t, "value"))
		value = strings.ReplaceAll(value, " ", "_")
		raw := []byte(value)
		before := rapid.StringMatching(`[a-z: ]{0,5}`).Draw(t, "before")
		spelled := map[string]string{
			"plain": value, "query": url.QueryEscape(value), "path": url.PathEscape(value), "quoted": strconv.Quote(value), "JSON": mustJSON(value),
			"hex": hex.EncodeToString(raw), "HEX": strings.ToUpper(hex.EncodeToString(raw)),
			"base64": base64.StdEncoding.EncodeToString(raw), "base64 raw": base64.RawStdEncoding.EncodeToString(raw),
			"base64 URL": base64.URLEncoding.EncodeToString(raw), "base64 URL raw": base64.RawURLEncoding.EncodeToString(raw),
		}
		for name, text := range spelled {
			// As Go and JSON spell it inside quotes.
			inner := strings.TrimSuffix(strings.TrimPrefix(text, `"`), `"`)
			if name == "plain" || name == "query" || name == "path" {
				inner = text
			}
			got := throughWriter(t, redaction.New(value), before+"\n"+inner+"\nend")
			require.NotContains(t, got, inner, name)
			require.Contains(t, got, redaction.Redacted, name)
		}
		for offset := range 3 { // inside a longer text, at each of the three alignments
			text := base64.StdEncoding.EncodeToString([]byte(strings.Repeat("u", offset) + value + "tail"))
			got := throughWriter(t, redaction.New(value), text)
			require.Contains(t, got, redaction.Redacted, "offset %d", offset)
			require.Less(t, len(got), len(redaction.Redacted)+20, "offset %d: too much is left", offset)
		}
	})
}

func throughWriter(t *rapid.T, r *redaction.Redactor, text string) string {
	var out bytes.Buffer
	w := r.Writer(&out)
	for rest := text; rest != ""; {
		n := rapid.IntRange(1, len(rest)).Draw(t, "chunk")
		_, err := w.Write([]byte(rest[:n]))
		require.NoError(t, err)
		rest = rest[n:]
	}
	require.NoError(t, w.Close())
	return out.String()
}

func TestRedactorHidesWrappedBase64LineByLine(t *testing.T) {
	t.Parallel()
	value := strings.Repeat("p@ssw0rd-and-more/", 12)
	encoded := base64.StdEncoding.EncodeToString([]byte(value))
	r := redaction.New(value)
	for _, width := range []int{64, 76} {
		for at := 0; at+8 <= len(encoded); at += width {
			require.Equal(t, "  (secret)", r.String("  "+encoded[at:min(at+width, len(encoded))]), "width %d at %d", width, at)
		}
	}
}
