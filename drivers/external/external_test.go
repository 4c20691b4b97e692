package external_test

import (
	"context"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/drivers"
	"github.com/slipway-dev/slipway/drivers/drivertest"
	"github.com/slipway-dev/slipway/drivers/external"
)

const id = "a1b2c3d4"

// hung is the time for one request of tests whose driver does not answer.
const hung = 300 * time.Millisecond

// quick are options for drivers on this machine and tests that do not wait long. A request has long enough for any machine.
func quick(t testing.TB) external.Options {
	t.Helper()
	local, err := external.ParseNetworks([]string{"127.0.0.0/8", "::1"})
	require.NoError(t, err)
	return external.Options{
		Networks: local, Request: 20 * time.Second, Patience: 200 * time.Millisecond, Deadline: 40 * time.Second,
		Wait: 5 * time.Millisecond, MaxWait: 20 * time.Millisecond, MaxRetryAfter: 50 * time.Millisecond, MaxAnswer: 64 << 10,
	}
}

func driver(t testing.TB, o external.Options, target string) drivers.Driver {
	t.Helper()
	c, err := external.New(o)
	require.NoError(t, err)
	return c.Driver(target)
}

// serve runs a handler; the number of requests so far is its last argument.
func serve(t testing.TB, handle func(w http.ResponseWriter, r *http.Request, n int)) string {
	t.Helper()
	var mu sync.Mutex
	n := 0
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		n++
		now := n
		mu.Unlock()
		handle(w, r, now)
	}))
	t.Cleanup(s.Close)
	return s.URL
}

func fixed(status int, body string) func(http.ResponseWriter, *http.Request, int) {
	return func(w http.ResponseWriter, _ *http.Request, _ int) {
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

func request() drivers.Request {
	return drivers.Request{
		GUResID: id, Type: "s3", Resource: map[string]any{"name": "pictures"}, Values: map[string]any{"region": "eu"},
		Secrets: map[string]any{"key": "hunter22", "account": map[string]any{"token": "tok-12345"}},
	}
}

func TestRequest(t *testing.T) {
	t.Parallel()
	var got []*http.Request
	var bodies []string
	url := serve(t, func(w http.ResponseWriter, r *http.Request, _ int) {
		raw, _ := io.ReadAll(r.Body)
		got, bodies = append(got, r), append(bodies, string(raw))
		w.Header().Set(external.SetCookieHeader, "eyJhIjoyfQ==")
		_, _ = io.WriteString(w, `{"id":"x","type":"s3","resource":{"values":{"name":"n"},"secrets":{"pw":"s"}},"manifests":null}`)
	})
	d := driver(t, quick(t), url+"/prefix/")
	r := request()
	r.Cookie = "eyJhIjoxfQ=="
	result, err := d.Provision(context.Background(), r)
	require.NoError(t, err)
	require.Equal(t, drivers.Result{Values: map[string]any{"name": "n"}, Secrets: map[string]any{"pw": "s"}, Cookie: "eyJhIjoyfQ=="}, result)
	require.Equal(t, "PUT /prefix/"+id, got[0].Method+" "+got[0].URL.Path)
	require.Equal(t, "eyJhIjoxfQ==", got[0].Header.Get(external.CookieHeader))
	require.Equal(t, "application/json", got[0].Header.Get("Content-Type"))
	require.JSONEq(t, `{"id":"a1b2c3d4","type":"s3","resource":{"name":"pictures"},
		"driver":{"values":{"region":"eu"},"secrets":{"key":"hunter22","account":{"token":"tok-12345"}}}}`, bodies[0])

	require.NoError(t, d.Destroy(context.Background(), r))
	require.Equal(t, "DELETE /prefix/"+id, got[1].Method+" "+got[1].URL.Path)
	require.Equal(t, "eyJhIjoxfQ==", got[1].Header.Get(external.CookieHeader))
	require.Empty(t, bodies[1])
}

func TestCookie(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		header []string
		want   string
	}{
		"absent keeps":  {nil, "old"},
		"empty clears":  {[]string{""}, ""},
		"value takes":   {[]string{"new"}, "new"},
		"as long as it": {[]string{strings.Repeat("c", external.MaxCookie)}, strings.Repeat("c", external.MaxCookie)},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			url := serve(t, func(w http.ResponseWriter, _ *http.Request, _ int) {
				for _, v := range c.header {
					w.Header().Set(external.SetCookieHeader, v)
				}
				_, _ = io.WriteString(w, `{"resource":{}}`)
			})
			r := request()
			r.Cookie = "old"
			result, err := driver(t, quick(t), url).Provision(context.Background(), r)
			require.NoError(t, err)
			require.Equal(t, c.want, result.Cookie)
		})
	}
}

// A cookie that comes with 202 is used at once, and stored before the end.
func TestCookieOfAnUnfinishedCall(t *testing.T) {
	t.Parallel()
	var seen []string
	url := serve(t, func(w http.ResponseWriter, r *http.Request, n int) {
		seen = append(seen, r.Header.Get(external.CookieHeader))
		if n < 3 {
			w.Header().Set(external.SetCookieHeader, fmt.Sprintf("c%d", n))
			w.WriteHeader(http.StatusAccepted)
			_, _ = io.WriteString(w, `{"status":"creating","type":5}`)
			return
		}
		_, _ = io.WriteString(w, `{"resource":{}}`)
	})
	var kept []string
	r := request()
	r.Keep = func(cookie string) error { kept = append(kept, cookie); return nil }
	result, err := driver(t, quick(t), url).Provision(context.Background(), r)
	require.NoError(t, err)
	require.Equal(t, []string{"", "c1", "c2"}, seen)
	require.Equal(t, []string{"c1", "c2"}, kept)
	require.Equal(t, "c2", result.Cookie)

	full := errors.New("the database is away")
	r.Keep = func(string) error { return full }
	url = serve(t, func(w http.ResponseWriter, _ *http.Request, _ int) {
		w.Header().Set(external.SetCookieHeader, "c")
		w.WriteHeader(http.StatusAccepted)
	})
	_, err = driver(t, quick(t), url).Provision(context.Background(), r)
	require.ErrorIs(t, err, full)
}

func TestAnswersThatAreTolerated(t *testing.T) {
	t.Parallel()
	manifest := []drivers.Manifest{{Location: "volumes", Data: map[string]any{"name": "v"}}}
	cases := map[string]struct {
		body string
		want drivers.Result
	}{
		"no type, foreign keys":     {`{"resource":{"values":{"a":1},"secrets":null,"x":1},"y":[]}`, drivers.Result{Values: map[string]any{"a": 1.0}}},
		"numbers for texts":         {`{"id":1,"type":2,"resource":{"values":{"port":5432}}}`, drivers.Result{Values: map[string]any{"port": 5432.0}}},
		"only manifests":            {`{"manifests":[{"location":"volumes","data":{"name":"v"}}]}`, drivers.Result{Manifests: manifest}},
		"old spelling":              {`{"resource":null,"manifests":[{"location":"volume","manifest":{"name":"v"}}]}`, drivers.Result{Manifests: manifest}},
		"manifests inside resource": {`{"resource":{"manifests":[{"location":"volume","data":{"name":"v"}}]}}`, drivers.Result{Manifests: manifest}},
		"white space around":        {" \n{\"resource\":{}}\n ", drivers.Result{}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			url := serve(t, func(w http.ResponseWriter, r *http.Request, n int) {
				w.Header().Set("Content-Type", "text/html")
				fixed(http.StatusOK, c.body)(w, r, n)
			})
			got, err := driver(t, quick(t), url).Provision(context.Background(), request())
			require.NoError(t, err)
			require.Equal(t, c.want.Manifests, got.Manifests)
			for _, pair := range [][2]map[string]any{{c.want.Values, got.Values}, {c.want.Secrets, got.Secrets}} {
				require.NotNil(t, pair[1])
				require.Len(t, pair[1], len(pair[0]))
				for k, v := range pair[0] {
					require.Equal(t, v, pair[1][k])
				}
			}
		})
	}
}

func TestAnswersThatAreErrors(t *testing.T) {
	t.Parallel()
	type handler = func(http.ResponseWriter, *http.Request, int)
	deep := strings.Repeat("[", 20000)
	cases := map[string]struct {
		handle handler
		code   string
		parts  []string
		tries  int
	}{
		"not JSON":            {fixed(200, "<html>"), "RES-105", []string{"200", "not JSON"}, 1},
		"nested without end":  {fixed(200, deep), "RES-105", []string{"not JSON"}, 1},
		"a list":              {fixed(200, "[]"), "RES-105", []string{"a list", "JSON object"}, 1},
		"empty 200":           {fixed(200, " "), "RES-105", []string{"without a body"}, 1},
		"204":                 {fixed(204, ""), "RES-105", []string{"204", "without a body"}, 1},
		"neither":             {fixed(200, `{"ok":true}`), "RES-105", []string{"neither resource nor manifests", "ok"}, 1},
		"resource is a list":  {fixed(200, `{"resource":[]}`), "RES-105", []string{"a list at resource", "object"}, 1},
		"values is a text":    {fixed(200, `{"resource":{"values":"x"}}`), "RES-105", []string{"a text at resource.values"}, 1},
		"secrets is a number": {fixed(200, `{"resource":{"secrets":1}}`), "RES-105", []string{"a number at resource.secrets"}, 1},
		"manifests is a text": {fixed(200, `{"manifests":"x"}`), "RES-105", []string{"a text at manifests"}, 1},
		"unknown location":    {fixed(200, `{"manifests":[{"location":"moon","data":{}}]}`), "RES-105", []string{"manifest 0", "moon"}, 1},
		"manifest without":    {fixed(200, `{"manifests":[{"location":"cluster"}]}`), "RES-105", []string{"manifest 0", "null"}, 1},
		"too long":            {fixed(200, `{"resource":"`+strings.Repeat("x", 10<<20)), "RES-103", []string{"65536 bytes"}, 1},
		"too long a cookie": {func(w http.ResponseWriter, r *http.Request, n int) {
			w.Header().Set(external.SetCookieHeader, strings.Repeat("c", external.MaxCookie+1))
			fixed(200, `{"resource":{}}`)(w, r, n)
		}, "RES-103", []string{"cookie of 10241 bytes", "10240"}, 1},
		"too many headers": {func(w http.ResponseWriter, _ *http.Request, _ int) {
			w.Header().Set("X-Junk", strings.Repeat("c", 200<<10))
		}, "RES-103", []string{"headers"}, 1},
		"400 with code":     {fixed(400, `{"error":"RES-142","message":"no such region"}`), "RES-142", []string{"refused: no such region"}, 1},
		"400 with own code": {fixed(400, `{"error":"E7","message":"no such region"}`), "RES-101", []string{"E7: no such region"}, 1},
		"400 with text":     {fixed(400, "no such\nregion"), "RES-101", []string{"no such region"}, 1},
		"400 with a page":   {fixed(400, "<html>no</html>"), "RES-101", []string{"HTML"}, 1},
		"400 with a novel":  {fixed(400, strings.Repeat("é", 4000)), "RES-101", []string{"..."}, 1},
		"400 with a secret": {fixed(400, `{"message":"key hunter22 and tok-12345 are wrong"}`), "RES-101", []string{"key (secret) and (secret) are wrong"}, 1},
		"401":               {fixed(401, "who are you"), "RES-102", []string{"401 Unauthorized: who are you"}, 1},
		"404":               {fixed(404, ""), "RES-102", []string{"404 Not Found: (no text)"}, 1},
		"redirect": {func(w http.ResponseWriter, r *http.Request, _ int) {
			http.Redirect(w, r, "http://169.254.169.254/", http.StatusTemporaryRedirect)
		}, "RES-102", []string{"redirect (307)", "not followed"}, 1},
		"500 for ever": {fixed(500, `{"message":"hunter22 broke"}`), "RES-102", []string{"times in a row", "500", "(secret) broke"}, 0},
		"429 for ever": {fixed(429, "slow down"), "RES-102", []string{"429 Too Many Requests: slow down"}, 0},
		"hangs":        {func(_ http.ResponseWriter, r *http.Request, _ int) { <-r.Context().Done() }, "RES-102", []string{"no answer within 300ms"}, 0},
		"drops":        {func(http.ResponseWriter, *http.Request, int) { panic(http.ErrAbortHandler) }, "RES-102", []string{"connection was closed"}, 0},
		"drops in the middle": {func(w http.ResponseWriter, _ *http.Request, _ int) {
			w.Header().Set("Content-Length", "100")
			_, _ = io.WriteString(w, "{")
		}, "RES-102", []string{"connection was closed"}, 0},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tries := 0
			url := serve(t, func(w http.ResponseWriter, r *http.Request, n int) {
				_, _ = io.Copy(io.Discard, r.Body)
				tries = n
				c.handle(w, r, n)
			})
			o := quick(t)
			if name == "hangs" {
				o.Request = hung
			}
			_, err := driver(t, o, url).Provision(context.Background(), request())
			var e *drivers.Error
			require.ErrorAs(t, err, &e)
			require.Equal(t, c.code, e.Code)
			for _, part := range append(c.parts, url) {
				require.Contains(t, e.Message, part)
			}
			require.Less(t, len(e.Message), 800)
			require.NotContains(t, e.Message, "hunter22")
			require.NotContains(t, e.Message, "\n")
			require.Equal(t, c.tries == 1, e.Permanent)
			if c.tries > 0 {
				require.Equal(t, c.tries, tries)
			}
		})
	}
}

func TestGoesOnAfterFaults(t *testing.T) {
	t.Parallel()
	faults := map[string]func(http.ResponseWriter, *http.Request, int){
		"503": fixed(503, ""), "429": fixed(429, ""), "408": fixed(408, ""), "409": fixed(409, `{"status":"updating"}`),
		"202": fixed(202, `not even JSON`),
		"202 and later": func(w http.ResponseWriter, _ *http.Request, _ int) {
			w.Header().Set("Retry-After", "1")
			w.WriteHeader(http.StatusAccepted)
		},
		"202, junk": func(w http.ResponseWriter, _ *http.Request, _ int) {
			w.Header().Set("Retry-After", "soon")
			w.WriteHeader(http.StatusAccepted)
		},
		"dropped": func(http.ResponseWriter, *http.Request, int) { panic(http.ErrAbortHandler) },
		"hanging once": func(w http.ResponseWriter, r *http.Request, n int) {
			if n == 1 {
				<-r.Context().Done()
			}
			w.WriteHeader(http.StatusAccepted)
		},
	}
	for name, fault := range faults {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var mu sync.Mutex
			var paths, bodies []string
			url := serve(t, func(w http.ResponseWriter, r *http.Request, n int) {
				raw, _ := io.ReadAll(r.Body)
				mu.Lock()
				paths, bodies = append(paths, r.Method+r.URL.Path), append(bodies, string(raw))
				mu.Unlock()
				if n%4 != 0 {
					fault(w, r, n)
					return
				}
				_, _ = io.WriteString(w, `{"resource":{"values":{"n":"x"}}}`)
			})
			o := quick(t)
			o.Patience = time.Minute
			if name == "hanging once" {
				o.Request = hung
			}
			d := driver(t, o, url)
			got, err := d.Provision(context.Background(), request())
			require.NoError(t, err)
			require.Equal(t, "x", got.Values["n"])
			for i := range paths {
				require.Equal(t, "PUT/"+id, paths[i])
				require.Equal(t, bodies[0], bodies[i], "the same request every time")
			}
			require.NoError(t, d.Destroy(context.Background(), request()))
		})
	}
}

func TestDestroyAnswers(t *testing.T) {
	t.Parallel()
	for status, fails := range map[int]bool{200: false, 204: false, 404: false, 410: false, 400: true, 405: true, 403: true} {
		t.Run(http.StatusText(status), func(t *testing.T) {
			t.Parallel()
			url := serve(t, fixed(status, ""))
			err := driver(t, quick(t), url).Destroy(context.Background(), request())
			require.Equal(t, fails, err != nil, "%v", err)
			require.Equal(t, fails, drivers.IsPermanent(err))
		})
	}
}

func TestEndsWithItsContext(t *testing.T) {
	t.Parallel()
	for name, handle := range map[string]func(http.ResponseWriter, *http.Request, int){
		"polling": func(w http.ResponseWriter, _ *http.Request, _ int) {
			w.Header().Set("Retry-After", "3600")
			w.WriteHeader(http.StatusAccepted)
		},
		"hanging": func(_ http.ResponseWriter, r *http.Request, _ int) { <-r.Context().Done() },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			called := make(chan bool, 1)
			url := serve(t, func(w http.ResponseWriter, r *http.Request, n int) {
				_, _ = io.Copy(io.Discard, r.Body)
				called <- true
				handle(w, r, n)
			})
			o := quick(t)
			o.Request, o.MaxRetryAfter = time.Hour, time.Hour
			ctx, cancel := context.WithCancel(context.Background())
			go func() { <-called; cancel() }()
			started := time.Now()
			_, err := driver(t, o, url).Provision(ctx, request())
			require.ErrorIs(t, err, context.Canceled)
			require.Less(t, time.Since(started), 30*time.Second, "of an hour")
		})
	}
}

func TestDeadline(t *testing.T) {
	t.Parallel()
	url := serve(t, fixed(202, `{"status":"creating"}`))
	o := quick(t)
	o.Deadline = 3 * time.Second // time enough for a first answer
	_, err := driver(t, o, url).Provision(context.Background(), request())
	var e *drivers.Error
	require.ErrorAs(t, err, &e)
	require.Equal(t, "RES-103", e.Code)
	require.Contains(t, e.Message, "3s")
	require.Contains(t, e.Message, "creating (202)")
}

func TestNobodyThere(t *testing.T) {
	t.Parallel()
	_, err := driver(t, quick(t), "http://127.0.0.1:1").Provision(context.Background(), request())
	require.ErrorContains(t, err, "connection refused")
	require.False(t, drivers.IsPermanent(err))
}

func TestCertificates(t *testing.T) {
	t.Parallel()
	s := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, `{"resource":{}}`) }))
	t.Cleanup(s.Close)
	_, err := driver(t, quick(t), s.URL).Provision(context.Background(), request())
	require.ErrorContains(t, err, "--driver-ca-file")
	require.True(t, drivers.IsPermanent(err))

	o := quick(t)
	o.CAFile = filepath.Join(t.TempDir(), "ca.pem")
	require.NoError(t, os.WriteFile(o.CAFile, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.Certificate().Raw}), 0o600))
	_, err = driver(t, o, s.URL).Provision(context.Background(), request())
	require.NoError(t, err)

	require.NoError(t, os.WriteFile(o.CAFile, []byte("nonsense"), 0o600))
	_, err = external.New(o)
	require.ErrorContains(t, err, o.CAFile)
	o.CAFile += ".missing"
	_, err = external.New(o)
	require.ErrorContains(t, err, o.CAFile)
}

// A driver over HTTP passes the suite of all drivers.
func TestConformance(t *testing.T) {
	t.Parallel()
	drivertest.Run(t, func() drivers.Driver {
		var mu sync.Mutex
		waited := map[string]int{}
		url := serve(t, func(w http.ResponseWriter, r *http.Request, _ int) {
			mu.Lock()
			defer mu.Unlock()
			if r.Method == http.MethodDelete {
				delete(waited, r.URL.Path)
				w.WriteHeader(http.StatusNoContent)
				return
			}
			var in struct {
				Driver struct{ Values, Secrets map[string]any }
			}
			_ = json.NewDecoder(r.Body).Decode(&in)
			if in.Driver.Values["region"] == nil {
				w.WriteHeader(http.StatusBadRequest)
				_, _ = fmt.Fprintf(w, `{"error":"RES-101","message":"no region, key %v"}`, in.Driver.Secrets["key"])
				return
			}
			if waited[r.URL.Path]++; waited[r.URL.Path] == 1 {
				w.WriteHeader(http.StatusAccepted)
				return
			}
			w.Header().Set(external.SetCookieHeader, "e30=")
			_ = json.NewEncoder(w).Encode(map[string]any{"resource": map[string]any{"values": in.Driver.Values, "secrets": in.Driver.Secrets}})
		})
		return driver(t, quick(t), url)
	},
		drivertest.Case{Name: "asynchronous", Request: request()},
		drivertest.Case{Name: "refused", Fails: true, Request: drivers.Request{GUResID: id, Secrets: map[string]any{"key": "hunter22"}}},
	)
}
