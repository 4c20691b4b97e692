package redaction_test

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"html"
	"io"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/slipway-dev/slipway/engine/redaction"
)

// inside encodes value with something around it that moves it to one of the
// three alignments of base64.
func inside(encoding *base64.Encoding, before int) func(string) string {
	return func(v string) string { return encoding.EncodeToString([]byte("user:"[:before] + v + "/tail")) }
}

func quoted(v string) string {
	raw, err := json.Marshal(v)
	if err != nil {
		return ""
	}
	return string(raw)
}

func unescapedJSON(v string) string {
	var out strings.Builder
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	if encoder.Encode(v) != nil {
		return ""
	}
	return out.String()
}

// waysToSay are the encodings in which a secret may reach a log, each an
// independent implementation.
var waysToSay = map[string]func(string) string{
	"plain":             func(v string) string { return v },
	"JSON":              quoted,
	"JSON without HTML": unescapedJSON,
	"JSON in JSON":      func(v string) string { return quoted(`{"body":` + quoted(v) + `}`) },
	"JSON of lines":     func(v string) string { return quoted("log: " + v + "\n\t") },
	"Go":                strconv.Quote,
	"query":             url.QueryEscape,
	"path":              url.PathEscape,
	"form":              func(v string) string { return url.Values{"password": {v}}.Encode() },
	"URL": func(v string) string {
		return (&url.URL{Scheme: "https", Host: "h", Path: "/x/" + url.PathEscape(v)}).Path
	},
	"hex":                  func(v string) string { return hex.EncodeToString([]byte("x" + v)) },
	"HEX":                  func(v string) string { return strings.ToUpper(hex.EncodeToString([]byte(v))) },
	"HTML":                 html.EscapeString,
	"single quotes":        func(v string) string { return "'" + strings.ReplaceAll(v, "'", `'\''`) + "'" },
	"YAML":                 func(v string) string { return "'" + strings.ReplaceAll(v, "'", "''") + "'" },
	"base64":               func(v string) string { return base64.StdEncoding.EncodeToString([]byte(v)) },
	"base64 unpadded":      func(v string) string { return base64.RawStdEncoding.EncodeToString([]byte(v)) },
	"base64 URL":           func(v string) string { return base64.URLEncoding.EncodeToString([]byte(v)) },
	"base64 URL unpadded":  func(v string) string { return base64.RawURLEncoding.EncodeToString([]byte(v)) },
	"base64 within, 1":     inside(base64.StdEncoding, 1),
	"base64 within, 2":     inside(base64.StdEncoding, 2),
	"base64 within, 3":     inside(base64.RawStdEncoding, 3),
	"base64 URL within, 1": inside(base64.URLEncoding, 1),
	"base64 URL within, 2": inside(base64.RawURLEncoding, 2),
	"base64 URL within, 3": inside(base64.URLEncoding, 3),
}

// Whatever the secret, however it is encoded and cut into chunks: the stream
// never shows it, and shows everything around it.
func TestNoEncodingOfASecretPasses(t *testing.T) {
	t.Parallel()
	names := slices.Sorted(maps.Keys(waysToSay))
	rapid.Check(t, func(t *rapid.T) {
		// Printable characters, which are the hard ones for escapes, some beyond ASCII.
		value := rapid.StringOfN(rapid.OneOf(rapid.Map(rapid.IntRange(0x21, 0x7e), func(n int) rune { return rune(n) }), rapid.SampledFrom([]rune(`'"\$%&<>+/=äß€🔑`+"`"))), 12, 80, -1).Draw(t, "secret")
		others := rapid.SliceOfN(rapid.StringMatching(`[A-Za-z0-9+/]{8,40}`), 0, 4).Draw(t, "others")
		var text strings.Builder
		for _, name := range rapid.SliceOfN(rapid.SampledFrom(names), 1, 6).Draw(t, "encodings") {
			text.WriteString("\n#" + waysToSay[name](value) + "#\n")
		}
		got := throughWriter(t, redaction.New(append(others, value)...), text.String())
		for name, say := range waysToSay {
			require.NotContains(t, got, strings.TrimSuffix(say(value), "\n"), name)
		}
		for _, offset := range []int{0, 1, 2} { // nor more of it than the edge of an encoded group
			text := base64.StdEncoding.EncodeToString(append(make([]byte, offset), value...))
			require.NotContains(t, got, text[4:len(text)-4], "base64 at %d", offset)
		}
		require.Equal(t, strings.Count(text.String(), "\n#"), strings.Count(got, "\n#"))
		require.Contains(t, got, redaction.Redacted)
	})
}

// Every line of a secret of several lines is hidden, also when each comes alone.
func TestEveryLineOfASecretIsHidden(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		lines := rapid.SliceOfN(rapid.StringMatching(`[A-Za-z0-9+/"'<]{8,64}`), 2, 6).Draw(t, "lines")
		ending := rapid.SampledFrom([]string{"\n", "\r\n"}).Draw(t, "ending")
		var text strings.Builder
		for _, line := range lines {
			text.WriteString("    | " + line + "\n" + quoted("a "+line) + "\n")
		}
		got := throughWriter(t, redaction.New(strings.Join(lines, ending)+ending), text.String())
		for _, line := range lines {
			require.NotContains(t, got, line)
			require.NotContains(t, got, strings.Trim(quoted(line), `"`))
		}
	})
}

// Text without secrets comes out byte for byte, also what is no UTF-8 and what
// nearly is a secret.
func TestHarmlessTextIsUnchanged(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(rapid.StringMatching(`[A-F]{4,12}Z`), 0, 5).Draw(t, "secrets")
		nearly := make([]string, 0, len(values)+1)
		for _, v := range append(values, "ABZ") {
			nearly = append(nearly, v[:len(v)-1])
		}
		pieces := rapid.SliceOfN(rapid.OneOf(
			rapid.SampledFrom(nearly),
			rapid.Map(rapid.SliceOfN(rapid.ByteRange(0x80, 0xff), 0, 8), func(b []byte) string { return string(b) }),
			rapid.StringMatching(`[ghi .:{}\[\]\n\t-]{0,20}`),
		), 0, 20).Draw(t, "pieces")
		text := strings.Join(pieces, "")
		r := redaction.New(values...)
		require.Equal(t, text, r.String(text))
		require.Equal(t, text, throughWriter(t, r, text))
	})
}

// BenchmarkRedactorAgainstCopy compares the redaction of a log, line by line,
// with a plain copy of it (docs/benchmarks.md).
func BenchmarkRedactorAgainstCopy(b *testing.B) {
	log := strings.Repeat("module.database.aws_db_instance.main: Still creating... [10s elapsed]\n"+
		`{"@level":"info","@message":"Apply complete! Resources: 3 added, 0 changed, 1 destroyed.","@timestamp":"2026-11-27T07:46:34.508Z"}`+"\n", 500)
	lines := bytes.SplitAfter([]byte(log), []byte("\n"))
	for name, values := range map[string][]string{
		"3 secrets":  {"correct-horse-battery", "s3cr3t-value", strings.Repeat("another/one+here", 20)},
		"50 secrets": manySecrets(50),
	} {
		b.Run(name, func(b *testing.B) {
			w := redaction.New(values...).Writer(io.Discard)
			sink := bytes.NewBuffer(make([]byte, 0, len(log)))
			var plain, ours time.Duration
			b.SetBytes(int64(len(log)))
			for b.Loop() {
				start := time.Now()
				sink.Reset()
				for _, line := range lines {
					sink.Write(line)
				}
				copied := time.Now()
				for _, line := range lines {
					_, _ = w.Write(line)
				}
				plain, ours = plain+copied.Sub(start), ours+time.Since(copied)
			}
			b.ReportMetric(float64(ours)/float64(plain), "x-copy")
			b.ReportMetric(float64(ours.Nanoseconds())/float64(b.N)/float64(len(lines)), "ns/line")
		})
	}
}

func manySecrets(n int) []string {
	out := make([]string, 0, n)
	for i := range n {
		out = append(out, base64.StdEncoding.EncodeToString([]byte("secret number "+strconv.Itoa(i*7919))))
	}
	return out
}
