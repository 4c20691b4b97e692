package chaos

import (
	"encoding/base64"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"sort"
	"strings"
	"sync"
	"testing"
	"time"
)

// externalDriver is a Resource Driver with a backend that counts. It is idempotent by GUResID, as the contract asks: what it makes
// twice was asked for under two ids.
type externalDriver struct {
	url string

	mu      sync.Mutex
	things  map[string]thing // by GUResID
	created map[string]int   // by name
}

type thing struct {
	name, size string
	ready      time.Time
}

// driverWork is how long it takes to make or change something; meanwhile it answers 202.
const driverWork = 300 * time.Millisecond

func startExternalDriver(t *testing.T) *externalDriver {
	d := &externalDriver{things: map[string]thing{}, created: map[string]int{}}
	mux := http.NewServeMux()
	mux.HandleFunc("PUT /{guresid}", d.put)
	mux.HandleFunc("DELETE /{guresid}", d.remove)
	s := httptest.NewServer(mux)
	t.Cleanup(s.Close)
	d.url = s.URL
	return d
}

func (d *externalDriver) put(w http.ResponseWriter, r *http.Request) {
	raw, err := io.ReadAll(r.Body)
	var in struct {
		Type   string
		Driver struct{ Values struct{ Name, Size string } }
	}
	if err == nil {
		err = json.Unmarshal(raw, &in)
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	id, want := r.PathValue("guresid"), in.Driver.Values
	d.mu.Lock()
	now, exists := d.things[id]
	if !exists {
		d.created[want.Name]++
	}
	if !exists || now.name != want.Name || now.size != want.Size {
		now = thing{want.Name, want.Size, time.Now().Add(driverWork)}
		d.things[id] = now
	}
	d.mu.Unlock()
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Set-Humanitec-Driver-Cookie", base64.StdEncoding.EncodeToString([]byte(`{"id":"`+id+`"}`)))
	if time.Now().Before(now.ready) {
		w.Header().Set("Retry-After", "1")
		w.WriteHeader(http.StatusAccepted)
		_, _ = io.WriteString(w, `{"status":"creating"}`)
		return
	}
	_ = json.NewEncoder(w).Encode(map[string]any{
		"id": id, "type": in.Type, "manifests": []any{},
		"resource": map[string]any{"values": map[string]any{"bucket": now.name}, "secrets": map[string]any{"token": "token of " + id}},
	})
}

func (d *externalDriver) remove(w http.ResponseWriter, r *http.Request) {
	d.mu.Lock()
	delete(d.things, r.PathValue("guresid"))
	d.mu.Unlock()
	w.WriteHeader(http.StatusNoContent)
}

// existing lists what exists of an application as "GUResID name", sorted.
func (d *externalDriver) existing(app string) []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	out := []string{}
	for id, t := range d.things {
		if strings.HasPrefix(t.name, app+"|") {
			out = append(out, id+" "+t.name)
		}
	}
	sort.Strings(out)
	return out
}

// madeByName counts what was ever made.
func (d *externalDriver) madeByName() map[string]int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return maps.Clone(d.created)
}
