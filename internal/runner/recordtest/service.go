// Package recordtest is the far end of the Terraform provider in
// dev/testprovider: a record service over HTTP that counts what is created, and
// that can be slow, fail, or lie. It is for tests only.
package recordtest

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"
)

// Record is one stored record.
type Record struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	Value string `json:"value"`
}

// Behaviour says how creating a record of one name goes.
type Behaviour struct {
	// Before and After delay a create before and after the record exists.
	Before, After time.Duration
	// Hold, when given, holds a create back until it is closed, after Before.
	Hold <-chan struct{}
	// Fail answers an error without creating.
	Fail bool
	// Lie creates and answers an error all the same.
	Lie bool
	// Phantom answers with an id as if it had created; reading that says that there is none.
	Phantom bool
	// Distort creates, and answers with another value than was asked for.
	Distort bool
	// Stuck answers an error to deleting, and deletes nothing.
	Stuck bool
}

// Service keeps records in memory. It is safe for concurrent use.
type Service struct {
	URL string

	mu      sync.Mutex
	next    int
	records map[string]Record
	created map[string]int
	updated map[string]int
	removed map[string]int
	asked   map[string]int
	decided map[string]int
	how     map[string]Behaviour
	hold    chan struct{} // closed: reading goes on; nil: it never stops
	held    int
}

// Start serves until the test ends.
func Start(t testing.TB) *Service {
	t.Helper()
	s := &Service{
		records: map[string]Record{}, created: map[string]int{}, updated: map[string]int{}, removed: map[string]int{},
		asked: map[string]int{}, decided: map[string]int{}, how: map[string]Behaviour{},
	}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /records", s.create)
	mux.HandleFunc("GET /records/{id}", s.get)
	mux.HandleFunc("PUT /records/{id}", s.update)
	mux.HandleFunc("DELETE /records/{id}", s.remove)
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	t.Cleanup(s.Release)
	s.URL = server.URL
	return s
}

// Behave sets how creating records of this name goes from now on; "" is for all names of which nothing was said.
func (s *Service) Behave(name string, b Behaviour) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.how[name] = b
}

// Asked counts the requests to create a record of this name that have arrived.
func (s *Service) Asked(name string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.asked[name]
}

// Totals counts, over all names, the requests to create that have arrived and the records that were ever made.
func (s *Service) Totals() (asked, created int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, n := range s.asked {
		asked += n
	}
	for _, n := range s.created {
		created += n
	}
	return asked, created
}

// Made counts the records that were ever made, by name.
func (s *Service) Made() map[string]int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return maps.Clone(s.created)
}

// All lists the records that exist.
func (s *Service) All() []Record {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := make([]Record, 0, len(s.records))
	for _, r := range s.records {
		out = append(out, r)
	}
	return out
}

// AtRest reports whether no create of this name is under way: what exists stays as it is.
func (s *Service) AtRest(name string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.asked[name] == s.decided[name]
}

// Created counts the records of this name that were ever made.
func (s *Service) Created(name string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.created[name]
}

// Counts says how often records of this name were made, changed and removed.
func (s *Service) Counts(name string) (created, updated, removed int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.created[name], s.updated[name], s.removed[name]
}

// Tally says for each name how often its records were made, changed and removed.
func (s *Service) Tally() map[string][3]int {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := make(map[string][3]int, len(s.created))
	for name := range s.created {
		out[name] = [3]int{s.created[name], s.updated[name], s.removed[name]}
	}
	return out
}

// Named lists the records of this name that exist.
func (s *Service) Named(name string) []Record {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []Record
	for _, r := range s.records {
		if r.Name == name {
			out = append(out, r)
		}
	}
	return out
}

// Len counts the records that exist.
func (s *Service) Len() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.records)
}

// Drop removes a record behind Terraform's back.
func (s *Service) Drop(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.records, id)
}

// create finishes although the caller may be gone: what was asked for comes to
// be, as with a real service.
func (s *Service) create(w http.ResponseWriter, q *http.Request) {
	var r Record
	if err := json.NewDecoder(q.Body).Decode(&r); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	s.mu.Lock()
	how, told := s.how[r.Name]
	if !told {
		how = s.how[""]
	}
	s.asked[r.Name]++
	if how.Fail {
		s.decided[r.Name]++
	}
	s.mu.Unlock()
	if how.Fail {
		http.Error(w, "no room for "+r.Name, http.StatusInternalServerError)
		return
	}
	time.Sleep(how.Before)
	if how.Hold != nil {
		<-how.Hold
	}
	s.mu.Lock()
	s.next++
	s.decided[r.Name]++
	r.ID = fmt.Sprintf("rec-%d", s.next)
	if !how.Phantom {
		s.records[r.ID] = r
		s.created[r.Name]++
	}
	s.mu.Unlock()
	select {
	case <-time.After(how.After):
	case <-q.Context().Done():
	}
	if how.Lie {
		http.Error(w, "something went wrong with "+r.Name, http.StatusInternalServerError)
		return
	}
	if how.Distort {
		r.Value = "not " + r.Value
	}
	answer(w, r)
}

func (s *Service) get(w http.ResponseWriter, q *http.Request) {
	s.wait(q)
	s.mu.Lock()
	r, found := s.records[q.PathValue("id")]
	s.mu.Unlock()
	if !found {
		http.NotFound(w, q)
		return
	}
	answer(w, r)
}

func (s *Service) update(w http.ResponseWriter, q *http.Request) {
	var in Record
	if err := json.NewDecoder(q.Body).Decode(&in); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	s.mu.Lock()
	r, found := s.records[q.PathValue("id")]
	r.Value = in.Value
	if found {
		s.records[r.ID] = r
		s.updated[r.Name]++
	}
	s.mu.Unlock()
	if !found {
		http.NotFound(w, q)
		return
	}
	answer(w, r)
}

func (s *Service) remove(w http.ResponseWriter, q *http.Request) {
	s.mu.Lock()
	r, found := s.records[q.PathValue("id")]
	stuck := found && s.how[r.Name].Stuck
	if found && !stuck {
		delete(s.records, r.ID)
		s.removed[r.Name]++
	}
	s.mu.Unlock()
	if stuck {
		http.Error(w, "the record cannot be deleted now", http.StatusInternalServerError)
		return
	}
	if !found {
		http.NotFound(w, q)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

func answer(w http.ResponseWriter, r Record) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(r) //nolint:errchkjson // a caller that is gone is the caller's affair
}
