package conformance_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/drivers/conformance"
	"github.com/slipway-dev/slipway/drivers/external"
)

// model is a good driver; its switches break it in one way each.
type model struct {
	mu      sync.Mutex
	records map[string]bool
	asked   int
	flying  int
	arrived int

	async    bool
	noCookie bool
	broken   string
}

// awaitOther keeps a request until another one has come too; those that the suite sends alone go on after a while.
func awaitOther(came func() bool) bool {
	for end := time.Now().Add(500 * time.Millisecond); time.Now().Before(end); time.Sleep(time.Millisecond) {
		if came() {
			return true
		}
	}
	return false
}

type answer struct {
	status int
	cookie string
	body   string
}

func (m *model) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	raw, _ := io.ReadAll(r.Body)
	m.mu.Lock()
	m.flying++
	m.arrived++
	crowded, before := m.flying > 1, m.arrived
	m.mu.Unlock()
	if m.broken == "many-at-once" && r.Method == http.MethodPut && !crowded {
		crowded = awaitOther(func() bool {
			m.mu.Lock()
			defer m.mu.Unlock()
			return m.arrived > before
		})
	}
	defer func() {
		m.mu.Lock()
		m.flying--
		m.mu.Unlock()
	}()
	a := m.handle(r, raw, crowded)
	if a.status == 0 {
		panic(http.ErrAbortHandler)
	}
	if a.cookie != "" {
		w.Header().Set(external.SetCookieHeader, a.cookie)
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(a.status)
	_, _ = io.WriteString(w, a.body)
}

func (m *model) handle(r *http.Request, raw []byte, crowded bool) answer {
	m.mu.Lock()
	defer m.mu.Unlock()
	id, exists := r.URL.Path, m.records[r.URL.Path]
	if r.Method == http.MethodDelete {
		return m.remove(id, exists)
	}
	var in struct {
		Type   string
		Driver struct{ Values, Secrets map[string]any }
		Extra  any `json:"x-slipway-test"`
	}
	if err := json.Unmarshal(raw, &in); err != nil {
		if m.broken == "not-json" {
			return answer{500, "", "cannot read"}
		}
		return answer{400, "", `{"error":"RES-101","message":"not JSON"}`}
	}
	if in.Driver.Values["name"] == nil {
		text := "no name"
		if m.broken == "bad-inputs" {
			text = fmt.Sprintf("no name with key %v", in.Driver.Secrets["key"])
		}
		return answer{400, "", fmt.Sprintf(`{"error":"RES-101","message":%q}`, text)}
	}
	cookie := r.Header.Get(external.CookieHeader)
	if fault, ok := m.fault(cookie, exists, crowded, in.Extra, in.Driver.Values["name"]); ok {
		return fault
	}
	if m.async && !exists {
		m.records[id] = true
		return answer{202, m.cookie(), `{"status":"creating"}`}
	}
	m.records[id] = true
	return answer{200, m.cookie(), m.output(in.Type, in.Driver.Values["name"], in.Driver.Secrets["key"])}
}

func (m *model) cookie() string {
	if m.noCookie {
		return ""
	}
	if m.broken == "cookie" {
		return strings.Repeat("c", external.MaxCookie+1)
	}
	return base64.StdEncoding.EncodeToString([]byte(`{"mine":true}`))
}

// fault is what a broken driver answers instead.
func (m *model) fault(cookie string, exists, crowded bool, extra, name any) (answer, bool) {
	oops := answer{500, "", "oops"}
	mine := cookie == m.cookie()
	switch m.broken {
	case "create":
		return answer{403, "", "go away"}, true
	case "same-again":
		return oops, exists && mine && name == "a" && extra == nil && !crowded && m.once()
	case "after-a-crash":
		return oops, exists && cookie == ""
	case "unknown-fields":
		return oops, extra != nil
	case "update":
		return oops, exists && name != "a"
	case "foreign-cookie":
		return oops, cookie != "" && !mine
	case "many-at-once":
		return oops, crowded && !exists
	case "dropped":
		return answer{}, true
	}
	return answer{}, false
}

// once is true the first time.
func (m *model) once() bool {
	m.asked++
	return m.asked == 1
}

func (m *model) output(kind string, name, key any) string {
	values, secrets := map[string]any{"name": name}, map[string]any{"password": "hunter22", "n": 1}
	switch m.broken {
	case "outputs":
		return `{"resource":[]}`
	case "secrets-apart":
		values["url"] = fmt.Sprintf("x://%v", key)
	case "old names":
		kind = ""
	}
	raw, _ := json.Marshal(map[string]any{"type": kind, "resource": map[string]any{"values": values, "secrets": secrets}, "manifests": nil})
	return string(raw)
}

func (m *model) remove(id string, exists bool) answer {
	if m.broken == "delete" && exists {
		return answer{500, "", "oops"}
	}
	delete(m.records, id)
	return answer{204, "", ""}
}

func test(t *testing.T, m *model, change func(*conformance.Options)) map[string]conformance.Check {
	t.Helper()
	m.records = map[string]bool{}
	s := httptest.NewServer(m)
	t.Cleanup(s.Close)
	secrets := map[string]any{"key": "secret-key-1"}
	o := conformance.Options{
		URL: s.URL + "/v1/", Wait: time.Millisecond, Timeout: time.Minute, Request: 20 * time.Second,
		Inputs: conformance.Inputs{Values: map[string]any{"name": "a"}, Secrets: secrets},
		Update: &conformance.Inputs{Values: map[string]any{"name": "b"}, Secrets: secrets},
		Bad:    &conformance.Inputs{Secrets: secrets},
	}
	if change != nil {
		change(&o)
	}
	report := conformance.Run(context.Background(), o)
	out := map[string]conformance.Check{}
	for _, c := range report.Checks {
		out[c.ID] = c
	}
	require.Len(t, out, len(report.Checks), "ids are unique")
	return out
}

// withStatus lists the checks that ended so.
func withStatus(checks map[string]conformance.Check, status string) []string {
	out := []string{}
	for id, c := range checks {
		if c.Status == status {
			out = append(out, id)
		}
	}
	return out
}

func TestGoodDrivers(t *testing.T) {
	t.Parallel()
	for name, m := range map[string]*model{"plain": {}, "asynchronous": {async: true}, "without a cookie": {noCookie: true}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			checks := test(t, m, nil)
			for id, c := range checks {
				require.Equal(t, conformance.Pass, c.Status, "%s: %s", id, c.Got)
			}
			require.Empty(t, m.records, "nothing is left behind")
		})
	}
}

func TestBrokenDriversFailTheRightCheck(t *testing.T) {
	t.Parallel()
	for _, id := range []string{
		"outputs", "secrets-apart", "cookie", "same-again", "after-a-crash", "unknown-fields", "update", "not-json", "bad-inputs",
		"foreign-cookie", "many-at-once", "delete",
	} {
		t.Run(id, func(t *testing.T) {
			t.Parallel()
			checks := test(t, &model{broken: id}, nil)
			require.Equal(t, []string{id}, withStatus(checks, conformance.Fail), "%+v", checks)
			require.NotEmpty(t, checks[id].Got)
			require.NotContains(t, fmt.Sprint(checks), "hunter22")
			require.NotContains(t, fmt.Sprint(checks), "secret-key-1")
		})
	}
}

func TestWithoutCreateTheRestIsSkipped(t *testing.T) {
	t.Parallel()
	for name, got := range map[string]string{"create": "403: go away", "dropped": "connection was closed"} {
		checks := test(t, &model{broken: name}, nil)
		require.Equal(t, []string{"create"}, withStatus(checks, conformance.Fail))
		require.Contains(t, checks["create"].Got, got)
		require.Equal(t, conformance.Skip, checks["same-again"].Status)
	}
}

// Faults that a switch of the model would make longer than a handler of their own.
func TestOddDrivers(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		handle http.HandlerFunc
		check  string
		status string
		got    string
	}{
		"hangs":        {func(_ http.ResponseWriter, r *http.Request) { _, _ = io.Copy(io.Discard, r.Body); <-r.Context().Done() }, "create", conformance.Fail, "no answer within 300ms"},
		"202 for ever": {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusAccepted) }, "create", conformance.Fail, "still 202"},
		"too long":     {func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(make([]byte, 5<<20)) }, "create", conformance.Fail, "longer than"},
		"redirects": {func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "/else", http.StatusTemporaryRedirect)
		}, "create", conformance.Fail, "307"},
		"not JSON": {func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "ok") }, "outputs", conformance.Fail, "not a JSON object"},
		"no type":  {func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, `{"resource":{}}`) }, "outputs", conformance.Warn, "type is <nil>"},
		"old location": {func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, `{"type":"s3","resource":{},"manifests":[{"location":"volume","data":{}}]}`)
		}, "outputs", conformance.Warn, "volumes"},
		"wrong location": {func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, `{"type":"s3","resource":{},"manifests":[{"location":"moon","data":{}}]}`)
		}, "outputs", conformance.Fail, "moon"},
		"404 on delete": {func(w http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodDelete {
				w.WriteHeader(http.StatusNotFound)
				return
			}
			_, _ = io.WriteString(w, `{"type":"s3","resource":{}}`)
		}, "delete", conformance.Fail, "404"},
		"200 on delete": {func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, `{"type":"s3","resource":{}}`) }, "delete", conformance.Warn, "expected 204"},
		"slow": {func(w http.ResponseWriter, _ *http.Request) {
			time.Sleep(20 * time.Millisecond)
			_, _ = io.WriteString(w, `{"type":"s3","resource":{}}`)
		}, "in-time", conformance.Warn, "slowest"},
		"one at a time": {func() http.HandlerFunc {
			var mu sync.Mutex
			busy, calls := map[string]bool{}, map[string]int{}
			return func(w http.ResponseWriter, r *http.Request) {
				mu.Lock()
				was := busy[r.URL.Path]
				busy[r.URL.Path] = true
				calls[r.URL.Path]++
				before := calls[r.URL.Path]
				mu.Unlock()
				if was {
					w.WriteHeader(http.StatusInternalServerError)
					return
				}
				if r.Method == http.MethodPut && before > 1 { // the same at once are not the first
					awaitOther(func() bool {
						mu.Lock()
						defer mu.Unlock()
						return calls[r.URL.Path] > before
					})
				}
				mu.Lock()
				busy[r.URL.Path] = false
				mu.Unlock()
				_, _ = io.WriteString(w, `{"type":"s3","resource":{}}`)
			}
		}(), "one-at-once", conformance.Fail, "500"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := httptest.NewServer(c.handle)
			t.Cleanup(s.Close)
			o := conformance.Options{URL: s.URL, Wait: time.Millisecond, Timeout: time.Minute, Request: 20 * time.Second, Slow: 10 * time.Millisecond}
			switch name { // the others end by themselves
			case "hangs":
				o.Request = 300 * time.Millisecond
			case "202 for ever":
				o.Timeout = time.Second
			}
			report := conformance.Run(context.Background(), o)
			for _, check := range report.Checks {
				if check.ID == c.check {
					require.Equal(t, c.status, check.Status, "%+v", report)
					require.Contains(t, check.Got, c.got)
				}
			}
		})
	}
}

func TestDeletionsOfWhatIsNotThere(t *testing.T) {
	t.Parallel()
	for _, id := range []string{"delete-again", "delete-unknown"} {
		t.Run(id, func(t *testing.T) {
			t.Parallel()
			removed := 0
			m := &model{records: map[string]bool{}}
			s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.Method == http.MethodDelete && !m.has(r.URL.Path) {
					removed++
					if (id == "delete-again") == (removed == 1) {
						w.WriteHeader(http.StatusBadRequest)
						return
					}
				}
				m.ServeHTTP(w, r)
			}))
			t.Cleanup(s.Close)
			report := conformance.Run(context.Background(), conformance.Options{
				URL: s.URL, Wait: time.Millisecond, Inputs: conformance.Inputs{Values: map[string]any{"name": "a"}},
			})
			for _, c := range report.Checks {
				require.Equal(t, c.ID == id, c.Status == conformance.Fail, "%+v", c)
			}
		})
	}
}

func (m *model) has(path string) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.records[path]
}

func TestInterrupted(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	report := conformance.Run(ctx, conformance.Options{URL: "http://127.0.0.1:1"})
	require.Equal(t, len(report.Checks), report.Count(conformance.Skip))
}
