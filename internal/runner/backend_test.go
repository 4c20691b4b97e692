package runner_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/orchestrator"
)

// stateServer is the far end of Terraform's http backend, with locks.
type stateServer struct {
	url string

	mu    sync.Mutex
	state []byte
	lock  string
}

func newStateServer(t *testing.T) *stateServer {
	t.Helper()
	s := &stateServer{}
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	s.url = server.URL
	return s
}

// ServeHTTP implements the protocol of the http backend.
func (s *stateServer) ServeHTTP(w http.ResponseWriter, q *http.Request) {
	body, _ := io.ReadAll(q.Body)
	s.mu.Lock()
	defer s.mu.Unlock()
	var info struct{ ID string }
	_ = json.Unmarshal(body, &info)
	switch q.Method {
	case http.MethodGet:
		if s.state == nil {
			http.NotFound(w, q)
			return
		}
		_, _ = w.Write(s.state)
	case http.MethodPost:
		s.state = body
	case http.MethodDelete:
		s.state = nil
	case "LOCK":
		if s.lock != "" {
			w.WriteHeader(http.StatusLocked)
			_, _ = io.WriteString(w, s.lock)
			return
		}
		s.lock = string(body)
	case "UNLOCK":
		s.lock = ""
	}
}

func (s *stateServer) content() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return string(s.state)
}

// unlock is what `terraform force-unlock` does; it reports whether there was a lock.
func (s *stateServer) unlock() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	had := s.lock != ""
	s.lock = ""
	return had
}

func httpBackend(s *stateServer) string {
	return fmt.Sprintf("terraform {\n  backend \"http\" {\n    address = %q\n    lock_address = %q\n    unlock_address = %q\n  }\n}\n", s.url, s.url, s.url)
}

// TestOwnBackend: state that the definition keeps elsewhere stays there.
func TestOwnBackend(t *testing.T) {
	for name, start := range map[string]func(t *testing.T) (block string, content func() string){
		"http": func(t *testing.T) (string, func() string) {
			t.Helper()
			s := newStateServer(t)
			return httpBackend(s), s.content
		},
		"local": func(t *testing.T) (string, func() string) {
			t.Helper()
			path := filepath.Join(t.TempDir(), "elsewhere.tfstate")
			return fmt.Sprintf("terraform {\n  backend \"local\" { path = %q }\n}\n", path), func() string {
				raw, _ := os.ReadFile(path)
				return string(raw)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			block, content := start(t)
			r := w.planned(w.request("d1", oneRecord+block, map[string]any{"name": "a"}))
			res, err := w.provision(r)
			require.NoError(t, err)
			require.Equal(t, w.records.Named("a")[0].ID, res.Values["id"])
			require.Equal(t, "s", res.Secrets["password"])
			require.Contains(t, content(), w.records.Named("a")[0].ID, "the state is there")
			_, err = w.store.GetState(ctx, r.OrgID, r.GUResID)
			require.True(t, orchestrator.IsNotFound(err), "and not here")

			changed := w.request("d2", oneRecord+block, map[string]any{"name": "a", "value": "planned"})
			changed = w.planned(changed)
			stale := w.planned(w.request("d3", oneRecord+block, map[string]any{"name": "a", "value": "other"}))
			_, err = w.provision(changed)
			require.NoError(t, err)
			require.Equal(t, "planned", w.records.Named("a")[0].Value)
			_, err = w.provision(stale)
			requireStale(t, err, "changed since")
			require.Equal(t, "planned", w.records.Named("a")[0].Value)

			require.NoError(t, w.driver.Destroy(ctx, changed))
			require.Zero(t, w.records.Len())
			require.NotContains(t, content(), `"mode": "managed"`)
		})
	}
}

// TestOwnBackendDies: with a backend of its own a definition loses what Terraform
// had not written there, and keeps the journal: what is known is imported,
// the rest is asked. A lock that is left is a person's to break.
func TestOwnBackendDies(t *testing.T) {
	for _, at := range []string{"first half", "first made", "second made"} {
		t.Run("http "+at, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t).mortal()
			s := newStateServer(t)
			r := w.threeSlowRecords()
			r.Values["script"] = threeRecords + httpBackend(s)
			done := w.background(ctx, r)
			moments[at](w, r)
			w.killAll(r)
			err := w.wait(done)
			broken := false
			for i := 2; err != nil; i++ {
				require.Less(t, i, 6, "it stops for ever: %v", err)
				if strings.Contains(err.Error(), "state lock") {
					require.True(t, s.unlock(), "the lock of the dead Terraform was in the way")
					broken = true
				} else {
					w.answerTruly(t, r, err)
				}
				r.DeploymentID = fmt.Sprintf("d%d", i)
				_, err = w.provision(r)
			}
			require.True(t, broken)
			w.requireEachOnce(t)
		})
		t.Run("local "+at, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t).mortal()
			r := w.threeSlowRecords()
			r.Values["script"] = threeRecords + fmt.Sprintf("terraform {\n  backend \"local\" { path = %q }\n}\n", filepath.Join(t.TempDir(), "elsewhere.tfstate"))
			done := w.background(ctx, r)
			moments[at](w, r)
			w.killAll(r)
			w.settled(t, r, w.wait(done))
			w.requireEachOnce(t)
		})
	}
}
