package compat

import (
	"bytes"
	"encoding/json"
	"io"
	"mime/multipart"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/internal/testenv/apidoc"
)

// scenario walks the operations of one instance as its clients do.
type scenario struct {
	t         *testing.T
	api       *instance
	token     string
	org       string // path of the organization
	ours      *apidoc.Document
	published *apidoc.Document // nil when it is not here
	ledger    ledger
	own       ledger // by our own document
}

// as is the scenario on behalf of a subtest.
func (s *scenario) as(t *testing.T) *scenario {
	own := *s
	own.t = t
	return &own
}

// with is the scenario with another token.
func (s *scenario) with(token string) *scenario {
	own := *s
	own.token = token
	return &own
}

// reply is what was answered.
type reply struct {
	t *testing.T
	exchange
}

// do sends a request with a JSON body (nil for none), checks the exchange
// against the documents, and fails unless the status is the wanted one.
func (s *scenario) do(want int, method, path string, body any) reply {
	s.t.Helper()
	e := exchange{method: method, path: path, accept: "application/json"}
	if body != nil {
		raw, err := json.Marshal(body)
		require.NoError(s.t, err)
		e.requestBody, e.contentType = raw, "application/json"
	}
	return s.exchange(want, e)
}

// upload sends a form: fields, and files as name to {file name, content}.
func (s *scenario) upload(want int, path string, fields map[string]string, files map[string][2]string) reply {
	s.t.Helper()
	var form bytes.Buffer
	w := multipart.NewWriter(&form)
	for name, value := range fields {
		require.NoError(s.t, w.WriteField(name, value))
	}
	for name, file := range files {
		part, err := w.CreateFormFile(name, file[0])
		require.NoError(s.t, err)
		_, err = part.Write([]byte(file[1]))
		require.NoError(s.t, err)
	}
	require.NoError(s.t, w.Close())
	return s.exchange(want, exchange{method: "POST", path: path, accept: "application/json", requestBody: form.Bytes(), contentType: w.FormDataContentType()})
}

func (s *scenario) exchange(want int, e exchange) reply {
	s.t.Helper()
	s.send(&e)
	require.Equal(s.t, want, e.status, "%s %s: %s", e.method, e.path, e.body)
	s.check(&e)
	return reply{s.t, e}
}

func (s *scenario) send(e *exchange) {
	s.t.Helper()
	request, err := http.NewRequest(e.method, s.api.url+e.path, bytes.NewReader(e.requestBody))
	require.NoError(s.t, err)
	if s.token != "" {
		request.Header.Set("Authorization", "Bearer "+s.token)
	}
	request.Header.Set("Accept", e.accept)
	if e.contentType != "" {
		request.Header.Set("Content-Type", e.contentType)
	}
	resp, err := (&http.Client{Timeout: deadline}).Do(request)
	require.NoError(s.t, err)
	defer func() { _ = resp.Body.Close() }()
	e.status, e.header = resp.StatusCode, resp.Header
	e.body, err = io.ReadAll(resp.Body)
	require.NoError(s.t, err)
}

// check holds an exchange against both documents: ours must allow it, and what
// the published one says goes into the ledger.
func (s *scenario) check(e *exchange) {
	s.t.Helper()
	if operation, ok := s.ours.Find(e.documented()); ok {
		fault := s.ours.Fault(e.documented())
		s.own.note(operation, e, fault)
		require.NoError(s.t, fault, "our own document does not allow %s %s: %d %s", e.method, e.path, e.status, e.body)
	}
	if s.published == nil {
		return
	}
	if operation, ok := s.published.Find(e.documented()); ok {
		s.ledger.note(operation, e, s.published.Fault(e.documented()))
	}
}

// object, list and text decode the body.
func (r reply) object() map[string]any {
	r.t.Helper()
	var out map[string]any
	require.NoError(r.t, json.Unmarshal(r.body, &out), "%s", r.body)
	return out
}

func (r reply) list() []map[string]any {
	r.t.Helper()
	var out []map[string]any
	require.NoError(r.t, json.Unmarshal(r.body, &out), "%s", r.body)
	return out
}

func (r reply) text() string {
	r.t.Helper()
	var out string
	require.NoError(r.t, json.Unmarshal(r.body, &out), "%s", r.body)
	return out
}

// values lists the field of each object.
func (r reply) values(field string) []any {
	r.t.Helper()
	var out []any
	for _, object := range r.list() {
		out = append(out, object[field])
	}
	return out
}

// deployed waits for the end of a deployment and returns it.
func (s *scenario) deployed(env, id string) map[string]any {
	s.t.Helper()
	var d map[string]any
	s.until("deployment "+id+" has ended", func() bool {
		d = s.do(200, "GET", env+"/deploys/"+id, nil).object()
		return d["status"] != "pending" && d["status"] != "in progress"
	})
	return d
}

// gone waits until a path answers 404.
func (s *scenario) gone(path string) {
	s.t.Helper()
	s.until(path+" is gone", func() bool {
		e := exchange{method: "GET", path: path, accept: "application/json"}
		s.send(&e)
		if e.status == http.StatusNotFound {
			s.check(&e)
		}
		return e.status == http.StatusNotFound
	})
}

// until waits for a condition.
func (s *scenario) until(what string, ok func() bool) {
	s.t.Helper()
	for end := time.Now().Add(deadline); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		if ok() {
			return
		}
	}
	s.t.Fatalf("not within %s: %s", deadline, what)
}
