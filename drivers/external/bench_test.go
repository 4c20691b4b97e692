package external_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/drivers/external"
)

// BenchmarkOverhead compares a call of a driver over HTTP with the same PUT by
// net/http alone, in turns (docs/benchmarks.md).
func BenchmarkOverhead(b *testing.B) {
	const body = `{"id":"x","type":"s3","resource":{"values":{"bucket":"pictures","region":"eu"},"secrets":{"key":"hidden-0815"}},"manifests":[]}`
	url := serve(b, func(w http.ResponseWriter, r *http.Request, _ int) {
		_, _ = io.Copy(io.Discard, r.Body)
		_, _ = io.WriteString(w, body)
	})
	driver := driver(b, quick(b), url)
	request := request()
	sent, err := json.Marshal(map[string]any{"id": request.GUResID, "type": request.Type, "resource": request.Resource,
		"driver": map[string]any{"values": request.Values, "secrets": request.Secrets}})
	require.NoError(b, err)
	plain := func() {
		q, err := http.NewRequestWithContext(b.Context(), http.MethodPut, url+"/"+request.GUResID, bytes.NewReader(sent))
		require.NoError(b, err)
		q.Header.Set("Content-Type", "application/json")
		q.Header.Set(external.CookieHeader, request.Cookie)
		resp, err := http.DefaultClient.Do(q)
		require.NoError(b, err)
		var out map[string]any
		require.NoError(b, json.NewDecoder(resp.Body).Decode(&out))
		require.NoError(b, resp.Body.Close())
	}
	var ours, theirs time.Duration
	rounds := 0
	for b.Loop() {
		rounds++
		began := time.Now()
		plain()
		theirs += time.Since(began)
		began = time.Now()
		_, err := driver.Provision(b.Context(), request)
		ours += time.Since(began)
		require.NoError(b, err)
	}
	b.ReportMetric(float64(ours)/float64(theirs), "x-plain")
	b.ReportMetric(float64(ours.Microseconds())/float64(rounds), "µs/node")
	b.ReportMetric(float64(theirs.Microseconds())/float64(rounds), "µs/plain")
}
