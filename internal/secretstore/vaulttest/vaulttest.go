// Package vaulttest is a fake of the part of HashiCorp Vault and OpenBao that
// Slipway uses, over HTTP: KV version 2, the token, AppRole and Kubernetes auth
// methods with leases, sealing and refusals. It keeps everything in memory.
package vaulttest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// What the fake accepts.
const (
	RootToken = "s.root-token"
	RoleID    = "role-id-of-slipway"
	SecretID  = "secret-id-of-slipway"
	Role      = "slipway"
	JWT       = "jwt-of-the-service-account"
)

// LeaseSeconds is the life of a token from a login.
const LeaseSeconds = 60

// Server is a fake vault with a KV engine at "secret".
type Server struct {
	*httptest.Server

	mu        sync.Mutex
	now       time.Time
	sealed    bool
	slow      time.Duration
	renewable bool
	tokens    map[string]time.Time // end of life; zero = never
	kv        map[string][]entry   // by mount/path
	denied    map[string]bool      // paths that the policy does not allow
	counts    map[string]int
}

type entry struct {
	data    map[string]any
	deleted bool
}

// New starts a fake that ends with the test.
func New(t testing.TB) *Server {
	t.Helper()
	s := &Server{
		now: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), renewable: true,
		tokens: map[string]time.Time{RootToken: {}}, kv: map[string][]entry{}, denied: map[string]bool{}, counts: map[string]int{},
	}
	s.Server = httptest.NewServer(http.HandlerFunc(s.serve))
	t.Cleanup(s.Close)
	return s
}

// Now is the clock of the fake; give it to what is tested.
func (s *Server) Now() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.now
}

// Advance moves the clock.
func (s *Server) Advance(d time.Duration) { s.with(func() { s.now = s.now.Add(d) }) }

// Seal seals or unseals.
func (s *Server) Seal(sealed bool) { s.with(func() { s.sealed = sealed }) }

// Slow lets every answer take so long.
func (s *Server) Slow(d time.Duration) { s.with(func() { s.slow = d }) }

// NotRenewable makes tokens of later logins end for good.
func (s *Server) NotRenewable() { s.with(func() { s.renewable = false }) }

// Deny takes a path, such as secret/data/db, out of the policy.
func (s *Server) Deny(path string) { s.with(func() { s.denied[path] = true }) }

// RevokeAll revokes the tokens of all logins.
func (s *Server) RevokeAll() { s.with(func() { s.tokens = map[string]time.Time{RootToken: {}} }) }

// Put stores a version of a secret below the mount "secret".
func (s *Server) Put(path string, data map[string]any) {
	s.with(func() { s.kv["secret/"+path] = append(s.kv["secret/"+path], entry{data: data}) })
}

// Delete marks a version as deleted.
func (s *Server) Delete(path string, version int) {
	s.with(func() { s.kv["secret/"+path][version-1].deleted = true })
}

// Stored is the newest version below the mount "secret"; nil without one.
func (s *Server) Stored(path string) map[string]any {
	s.mu.Lock()
	defer s.mu.Unlock()
	versions := s.kv["secret/"+path]
	if len(versions) == 0 {
		return nil
	}
	return versions[len(versions)-1].data
}

// Count says how often something happened: "login", "renew", "read", "write".
func (s *Server) Count(what string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.counts[what]
}

func (s *Server) with(fn func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	fn()
}

func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	slow := s.slow
	s.mu.Unlock()
	select {
	case <-time.After(slow):
	case <-r.Context().Done():
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	path := strings.TrimPrefix(r.URL.Path, "/v1/")
	if s.sealed {
		fail(w, http.StatusServiceUnavailable, "Vault is sealed")
		return
	}
	if strings.HasPrefix(path, "auth/") && strings.HasSuffix(path, "/login") {
		s.login(w, r, path)
		return
	}
	token := r.Header.Get("X-Vault-Token")
	end, known := s.tokens[token]
	if !known || !end.IsZero() && !s.now.Before(end) {
		fail(w, http.StatusForbidden, "permission denied")
		return
	}
	if path == "auth/token/renew-self" {
		s.counts["renew"]++
		if !s.renewable {
			fail(w, http.StatusBadRequest, "lease is not renewable")
			return
		}
		s.tokens[token] = s.now.Add(LeaseSeconds * time.Second)
		answer(w, map[string]any{"auth": s.auth(token)})
		return
	}
	s.engine(w, r, path)
}

func (s *Server) auth(token string) map[string]any {
	return map[string]any{"client_token": token, "lease_duration": LeaseSeconds, "renewable": s.renewable, "policies": []string{"default"}}
}

func (s *Server) login(w http.ResponseWriter, r *http.Request, path string) {
	var in map[string]string
	_ = json.NewDecoder(r.Body).Decode(&in) // a body that is none is refused below
	s.counts["login"]++
	switch {
	case path == "auth/approle/login" && in["role_id"] == RoleID && in["secret_id"] == SecretID:
	case path == "auth/kubernetes/login" && in["role"] == Role && in["jwt"] == JWT:
	default:
		fail(w, http.StatusForbidden, "permission denied: "+in["secret_id"]+in["jwt"]) // a server that quotes what it got
		return
	}
	token := fmt.Sprintf("s.login-%d", s.counts["login"])
	s.tokens[token] = s.now.Add(LeaseSeconds * time.Second)
	answer(w, map[string]any{"auth": s.auth(token)})
}

// engine is the KV engine, version 2.
func (s *Server) engine(w http.ResponseWriter, r *http.Request, path string) {
	if s.denied[path] {
		fail(w, http.StatusForbidden, "1 error occurred: permission denied")
		return
	}
	mount, name, ok := strings.Cut(path, "/data/")
	if !ok || mount != "secret" {
		fail(w, http.StatusNotFound, "no handler for route "+path)
		return
	}
	versions := s.kv[mount+"/"+name]
	if r.Method != http.MethodGet {
		var in struct {
			Data map[string]any `json:"data"`
		}
		if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
			fail(w, http.StatusBadRequest, err.Error())
			return
		}
		s.counts["write"]++
		s.kv[mount+"/"+name] = append(versions, entry{data: in.Data})
		answer(w, map[string]any{"data": metadata(len(versions)+1, false)})
		return
	}
	s.counts["read"]++
	number := len(versions)
	if asked := r.URL.Query().Get("version"); asked != "" {
		number, _ = strconv.Atoi(asked)
	}
	if number < 1 || number > len(versions) {
		fail(w, http.StatusNotFound)
		return
	}
	found := versions[number-1]
	if found.deleted {
		w.WriteHeader(http.StatusNotFound)
		answer(w, map[string]any{"data": map[string]any{"data": nil, "metadata": metadata(number, true)}})
		return
	}
	answer(w, map[string]any{"data": map[string]any{"data": found.data, "metadata": metadata(number, false)}})
}

func metadata(version int, deleted bool) map[string]any {
	at := ""
	if deleted {
		at = "2026-01-01T00:00:00Z"
	}
	return map[string]any{"created_time": "2026-01-01T00:00:00Z", "deletion_time": at, "destroyed": false, "version": version}
}

func answer(w http.ResponseWriter, body any) {
	w.Header().Set("Content-Type", "application/json")
	if err := json.NewEncoder(w).Encode(body); err != nil {
		panic(http.ErrAbortHandler) // the client sees a cut answer
	}
}

func fail(w http.ResponseWriter, status int, errs ...string) {
	w.WriteHeader(status)
	answer(w, map[string]any{"errors": append([]string{}, errs...)})
}
