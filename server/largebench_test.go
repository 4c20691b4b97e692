package server_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

const (
	readClients = 4  // at once
	readsInTurn = 25 // of each client, before it is the other server's turn
	leastRounds = 4
)

// BenchmarkReadsOfALargeDatabase measures whole requests, authentication
// included, of 4 clients at once with 10,000 environments and 100,000
// deployments stored in PostgreSQL, in turns with the same requests with 10
// environments and 100 deployments stored. Ratios say whether reads stay flat;
// x-bytes says how much longer the answer is, for lists that are longer.
func BenchmarkReadsOfALargeDatabase(b *testing.B) {
	small, large := newFilled(b, smallSize), newFilled(b, largeSize)
	smallMember, largeMember := small.memberOfOne(), large.memberOfOne()
	for _, r := range reads() {
		b.Run(r.name, func(b *testing.B) {
			base := &reader{server: small.server.Handler(), token: small.token, size: smallSize, read: r}
			grown := &reader{server: large.server.Handler(), token: large.token, size: largeSize, read: r}
			if r.member {
				base.token, grown.token = smallMember, largeMember
			}
			base.round(b)
			grown.round(b)
			base.took, grown.took = nil, nil
			rounds := 0
			turn := func() {
				base.round(b)
				grown.round(b)
				rounds++
			}
			for b.Loop() {
				turn()
			}
			for rounds < leastRounds {
				turn()
			}
			report(b, base, grown)
		})
	}
}

func report(b *testing.B, base, grown *reader) {
	b.ReportMetric(0, "ns/op")
	for name, part := range map[string]float64{"p50": 0.5, "p99": 0.99} {
		before, after := base.quantile(part), grown.quantile(part)
		b.ReportMetric(before.Seconds()*1e3, name+"-small-ms")
		b.ReportMetric(after.Seconds()*1e3, name+"-ms")
		b.ReportMetric(float64(after)/float64(before), name+"-ratio")
	}
	b.ReportMetric(float64(grown.bytes)/float64(base.bytes), "x-bytes")
}

// reader sends one kind of request to one server and notes how long answers took.
type reader struct {
	server http.Handler
	token  string
	size   size
	read   read

	asked int // requests until now
	took  []time.Duration
	bytes int // of the last answer
}

// round sends the requests of all clients.
func (r *reader) round(b *testing.B) {
	var clients sync.WaitGroup
	took := make([]time.Duration, readClients*readsInTurn)
	for client := range readClients {
		clients.Go(func() {
			for i := range readsInTurn {
				n := client*readsInTurn + i
				begin := time.Now()
				answer := r.ask(r.asked + n)
				took[n] = time.Since(begin)
				if answer.Code != http.StatusOK {
					b.Errorf("%s: %d %s", r.read.name, answer.Code, answer.Body)
					return
				}
			}
		})
	}
	clients.Wait()
	r.asked += len(took)
	r.took = append(r.took, took...)
	r.bytes = r.ask(r.asked).Body.Len()
}

func (r *reader) ask(i int) *httptest.ResponseRecorder {
	request := httptest.NewRequest(http.MethodGet, r.read.path(r.size, r.size.place(i)), nil)
	request.Header.Set("Authorization", "Bearer "+r.token)
	recorder := httptest.NewRecorder()
	r.server.ServeHTTP(recorder, request)
	return recorder
}

func (r *reader) quantile(part float64) time.Duration {
	slices.Sort(r.took)
	return r.took[int(float64(len(r.took)-1)*part)]
}

// TestReadsOfALargeDatabase keeps the benchmark's data and requests true, with
// little stored: every request answers with as many things as are stored.
func TestReadsOfALargeDatabase(t *testing.T) {
	t.Parallel()
	s := size{apps: 3, envs: 4, deploys: 3, deltas: 2, values: 4, users: 5, definitions: 6, artefacts: 2, versionsOfEach: 3}
	h := newFilled(t, s)
	member := h.memberOfOne()
	lengths := map[string]int{
		"apps": 3, "apps_of_a_member": 1, "envs": 4, "deploys": 3, "nodes": 5, "resources": 5, "env_values": 4, "app_values": 4,
		"deltas": 2, "deltas_of_env": 1, "sets": 2, "definitions": 6, "audit_logs": 36, "audit_logs_of_env": 3, "audit_logs_of_user": 0,
		"users": 7, "app_users": 6, "artefact_versions": 6, "artefact_versions_newest": 6, "artefact_versions_of_name": 3, "versions_of_artefact": 3,
	}
	for _, r := range reads() {
		token := h.token
		if r.member {
			token = member
		}
		// The last deployment of env-0, which has nodes.
		got := h.as(token, "GET", r.path(s, place{d: s.deploys - 1}), "").must(http.StatusOK, nil)
		if want, list := lengths[r.name]; list {
			var items []any
			require.NoError(t, json.Unmarshal([]byte(got.Body), &items), r.name)
			require.Len(t, items, want, r.name)
		}
	}
	var app struct{ Envs []any }
	h.do("GET", "/orgs/"+org+"/apps/app-2", "").must(http.StatusOK, &app)
	require.Len(t, app.Envs, s.envs)
	require.NotContains(t, h.logs.String(), `"level":"ERROR"`)
}
