package compat

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"mime/multipart"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/internal/testenv/apidoc"
)

// rounds is how often each operation is called; SLIPWAY_FUZZ_ROUNDS asks for
// more, SLIPWAY_FUZZ_SEED repeats a run.
const rounds = 12

// fuzz calls every operation of our document with what no client should send,
// next to what it should: malformed, oversized, of the wrong type, deeply
// nested, in odd characters. Nothing of it may be a failure of the server's.
func (s *scenario) fuzz() {
	n, seed := setting(s.t, "SLIPWAY_FUZZ_ROUNDS", rounds), setting(s.t, "SLIPWAY_FUZZ_SEED", 1)
	fuzzer := &fuzzer{rand: rand.New(rand.NewPCG(uint64(seed), 0))}
	calls := map[int]int{}
	for range n {
		for _, o := range s.ours.Operations() {
			e := fuzzer.exchange(s.ours.Doc, o)
			status, body, err := s.sendRaw(e)
			if err != nil { // what cannot even be written as a request
				continue
			}
			calls[status/100]++
			require.Less(s.t, status, 500, "seed %d: %s %s with %.500q: %s", seed, e.method, e.path, e.requestBody, body)
			require.NotContains(s.t, string(body), "goroutine ", "seed %d: %s %s", seed, e.method, e.path)
		}
	}
	s.t.Logf("%d rounds of %d operations: answers by class %v", n, len(s.ours.Operations()), calls)
	require.Positive(s.t, calls[2], "some of it must have been good")
	require.Positive(s.t, calls[4])
	s.do(200, "GET", "/current-user", nil)
}

// tooLarge sends every operation that has a body more than a body may have.
func (s *scenario) tooLarge() {
	large := []byte(`{"name":"` + strings.Repeat("x", 9<<20) + `"}`)
	refused := 0
	for _, o := range s.ours.Operations() {
		body := s.ours.Doc.Paths.Value(o.Path).GetOperation(o.Method).RequestBody
		if body == nil || body.Value.Content.Get("application/json") == nil {
			continue
		}
		path, _ := s.fill(o.Path)
		status, answer, err := s.sendRaw(exchange{method: o.Method, path: path, requestBody: large, contentType: "application/json"})
		require.NoError(s.t, err, "%s", o)
		require.Contains(s.t, []int{403, 404, 413}, status, "%s: %s", o, answer)
		if status == http.StatusRequestEntityTooLarge {
			refused++
		}
	}
	require.Positive(s.t, refused)
}

func setting(t *testing.T, name string, fallback int) int {
	t.Helper()
	text := os.Getenv(name)
	if text == "" {
		return fallback
	}
	n, err := strconv.Atoi(text)
	require.NoError(t, err, name)
	return n
}

// sendRaw sends without any check, and reads at most a little of the answer.
func (s *scenario) sendRaw(e exchange) (int, []byte, error) {
	request, err := http.NewRequest(e.method, s.api.url+e.path, bytes.NewReader(e.requestBody))
	if err != nil {
		return 0, nil, err
	}
	request.Header.Set("Authorization", "Bearer "+s.token)
	if e.contentType != "" {
		request.Header.Set("Content-Type", e.contentType)
	}
	resp, err := (&http.Client{Timeout: deadline}).Do(request)
	if err != nil {
		return 0, nil, err
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.Header.Get("Content-Type") == "text/event-stream" {
		return resp.StatusCode, nil, nil
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, 1<<16))
	return resp.StatusCode, body, err
}

// fuzzer makes requests; the same seed makes the same ones.
type fuzzer struct {
	rand *rand.Rand
	calm bool // this request has few odd things in it, so that it gets past the checks of its shape
}

// oddly says whether the next thing is odd: one in n, or rarely in a calm request.
func (f *fuzzer) oddly(n int) bool {
	if f.calm {
		n *= 10
	}
	return f.rand.IntN(n) == 0
}

// odd are texts that ids, keys and values are replaced by.
var odd = []string{
	"", " ", "0", "-1", "null", "true", "..", ".", "/", "%", "%00", "\x00", "a\nb", "'", `"`, "\\", "<script>", "${", "${values.}", "{{", "{{ .", "$(id)",
	"é", "\u202e", "\U0001F6A2", "\ufeff", "İ", "ß", string([]byte{0xff, 0xfe}), strings.Repeat("x", 70), strings.Repeat("x", 5000),
	"00000000-0000-0000-0000-000000000000", "9999-12-31T23:59:59Z", "1e400", "NaN", "1' OR '1'='1", "demo", "shop", "development",
}

func (f *fuzzer) text() string { return odd[f.rand.IntN(len(odd))] }

func (f *fuzzer) exchange(doc *openapi3.T, o apidoc.Operation) exchange {
	op := doc.Paths.Value(o.Path).GetOperation(o.Method)
	f.calm = f.rand.IntN(2) == 0
	path := apidoc.Parameter.ReplaceAllStringFunc(o.Path, func(name string) string {
		switch {
		case name == "{orgId}" && !f.oddly(8):
			return "demo"
		case name == "{appId}" && !f.oddly(3):
			return "fuzz"
		case name == "{envId}" && !f.oddly(3):
			return "development"
		case !f.oddly(2):
			return f.made()
		}
		return url.PathEscape(f.text())
	})
	query := url.Values{}
	for _, p := range op.Parameters {
		if p.Value.In == "query" && f.oddly(2) {
			query.Set(p.Value.Name, f.text())
		}
	}
	if len(query) > 0 {
		path += "?" + query.Encode()
	}
	e := exchange{method: o.Method, path: path}
	if op.RequestBody == nil {
		return e
	}
	e.contentType = "application/json"
	if f.oddly(10) {
		e.contentType = f.text()
	}
	if op.RequestBody.Value.Content.Get("multipart/form-data") != nil && f.rand.IntN(2) == 0 {
		e.requestBody, e.contentType = f.form()
		return e
	}
	var schema *openapi3.SchemaRef
	if media := op.RequestBody.Value.Content.Get("application/json"); media != nil {
		schema = media.Schema
	}
	e.requestBody = f.body(schema)
	return e
}

// form has odd fields and files, and may be cut off.
func (f *fuzzer) form() (body []byte, contentType string) {
	var buffer bytes.Buffer
	w := multipart.NewWriter(&buffer)
	for range f.rand.IntN(4) {
		name := []string{"file", "spec", "name", "version", "type", f.text()}[f.rand.IntN(6)]
		if f.rand.IntN(2) == 0 {
			_ = w.WriteField(name, f.text())
			continue
		}
		if part, err := w.CreateFormFile(name, f.text()); err == nil {
			_, _ = part.Write([]byte([]string{"\x1f\x8b", f.text(), "apiVersion: score.dev/v1b1\nmetadata: {name: fuzz}\ncontainers: {main: {image: .}}\n"}[f.rand.IntN(3)]))
		}
	}
	_ = w.Close() // a buffer always can
	body = buffer.Bytes()
	if f.rand.IntN(4) == 0 {
		body = body[:f.rand.IntN(len(body)+1)]
	}
	return body, w.FormDataContentType()
}

// body is a document of the schema with something odd in it, or no document.
func (f *fuzzer) body(schema *openapi3.SchemaRef) []byte {
	switch f.rand.IntN(12) + map[bool]int{true: 4}[f.calm] {
	case 0:
		return []byte(f.text())
	case 1:
		return []byte(strings.Repeat("[", 100_000))
	case 2:
		return []byte(strings.Repeat(`{"a":`, 5000) + "1" + strings.Repeat("}", 5000))
	case 3:
		return fmt.Appendf(nil, `{"id":%q,"id":1,"name":%q}`, "twice", strings.Repeat("n", 100_000))
	}
	raw, err := json.Marshal(f.value(schema, 0))
	if err != nil {
		return []byte("{}")
	}
	if f.oddly(6) {
		raw = raw[:f.rand.IntN(len(raw)+1)] // cut off
	}
	return raw
}

// value is mostly one that the schema allows.
func (f *fuzzer) value(ref *openapi3.SchemaRef, depth int) any {
	if ref == nil || ref.Value == nil || depth > 6 || f.oddly(9) {
		return f.anything(depth)
	}
	schema := ref.Value
	switch {
	case len(schema.Enum) > 0:
		return schema.Enum[f.rand.IntN(len(schema.Enum))]
	case schema.Type.Is("object"):
		out := map[string]any{}
		for _, name := range slices.Sorted(maps.Keys(schema.Properties)) { // in order, so that a seed repeats
			if !f.oddly(4) {
				out[name] = f.value(schema.Properties[name], depth+1)
			}
		}
		if schema.AdditionalProperties.Schema != nil || len(out) == 0 {
			out[f.text()] = f.value(schema.AdditionalProperties.Schema, depth+1)
		}
		return out
	case schema.Type.Is("array"):
		var out []any
		for range f.rand.IntN(3) {
			out = append(out, f.value(schema.Items, depth+1))
		}
		return out
	case schema.Type.Is("boolean"):
		return f.rand.IntN(2) == 0
	case schema.Type.Is("integer"), schema.Type.Is("number"):
		return []any{0, -1, 1, 1 << 40, 0.5}[f.rand.IntN(5)]
	case schema.Type.Is("string") && !f.oddly(2):
		return f.made()
	}
	return f.text()
}

// made is an id of which it is likely that an earlier request made something with it.
func (f *fuzzer) made() string { return "fuzz-" + strconv.Itoa(f.rand.IntN(5)) }

func (f *fuzzer) anything(depth int) any {
	switch f.rand.IntN(7) {
	case 0:
		return nil
	case 1:
		return f.rand.IntN(2) == 0
	case 2:
		return f.rand.NormFloat64() * 1e12
	case 3:
		return map[string]any{f.text(): f.leaf(depth)}
	case 4:
		return []any{f.leaf(depth), f.leaf(depth)}
	}
	return f.text()
}

func (f *fuzzer) leaf(depth int) any {
	if depth > 12 {
		return f.text()
	}
	return f.anything(depth + 1)
}
