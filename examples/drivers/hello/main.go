// Command hello is a Resource Driver to start from: it keeps one greeting per
// resource in a folder. It follows the driver contract, version 0.9.3, and needs
// nothing but the standard library.
package main

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"flag"
	"io/fs"
	"log"
	"net/http"
	"os"
	"regexp"
	"sync"
	"time"
)

func main() {
	listen := flag.String("listen", "127.0.0.1:9090", "address to listen on")
	dir := flag.String("dir", "hello-data", "folder of the records")
	flag.Parse()
	if err := os.MkdirAll(*dir, 0o750); err != nil {
		log.Fatal(err)
	}
	records, err := os.OpenRoot(*dir)
	if err != nil {
		log.Fatal(err)
	}
	s := &http.Server{Addr: *listen, Handler: handler(records), ReadHeaderTimeout: 10 * time.Second}
	log.Printf("hello driver on http://%s, records in %s", *listen, *dir)
	log.Fatal(s.ListenAndServe())
}

// input is what Slipway sends with PUT.
type input struct {
	Type   string `json:"type"`
	Driver struct {
		Values struct {
			Greeting string `json:"greeting"` // required
			Seconds  int    `json:"seconds"`  // pretend that the work takes so long
		} `json:"values"`
	} `json:"driver"`
}

// record is one resource, stored as a file named by its GUResID.
type record struct {
	Type     string    `json:"type"`
	Greeting string    `json:"greeting"`
	Token    string    `json:"token"`
	Ready    time.Time `json:"ready"`
}

// cookie is what the driver wants to be reminded of: the token outlives the file.
type cookie struct {
	Token string `json:"token"`
}

var guresid = regexp.MustCompile(`^[a-z0-9][a-z0-9-]+[a-z0-9]$`)

type driver struct {
	records *os.Root   // nothing outside it can be reached, whatever an id says
	mu      sync.Mutex // a resource may be asked for twice at the same time
}

func handler(records *os.Root) http.Handler {
	d := &driver{records: records}
	mux := http.NewServeMux()
	mux.HandleFunc("PUT /{guresid}", d.put)
	mux.HandleFunc("DELETE /{guresid}", d.delete)
	return mux
}

// put makes the resource what the inputs say. Asked again, it gives the same answer.
func (d *driver) put(w http.ResponseWriter, r *http.Request) {
	id := r.PathValue("guresid")
	var in input
	err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<20)).Decode(&in)
	switch {
	case !guresid.MatchString(id):
		refuse(w, "the id of the resource is not valid")
	case err != nil:
		refuse(w, "the request cannot be read: "+err.Error())
	case in.Type == "":
		refuse(w, "type is missing")
	case in.Driver.Values.Greeting == "":
		refuse(w, "driver.values.greeting is missing")
	default:
		rec, err := d.bring(id, in, readCookie(r))
		if err != nil {
			fail(w, err)
			return
		}
		answer(w, id, rec)
	}
}

// bring creates or updates the record; a change starts work that takes its time.
func (d *driver) bring(id string, in input, c cookie) (record, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	rec, err := d.load(id)
	if err != nil {
		return rec, err
	}
	if rec.Token == "" {
		rec.Token = c.Token
	}
	if rec.Token == "" {
		raw := make([]byte, 16)
		if _, err := rand.Read(raw); err != nil {
			return rec, err
		}
		rec.Token = hex.EncodeToString(raw)
	}
	if rec.Type != in.Type || rec.Greeting != in.Driver.Values.Greeting {
		rec.Type, rec.Greeting = in.Type, in.Driver.Values.Greeting
		rec.Ready = time.Now().Add(time.Duration(in.Driver.Values.Seconds) * time.Second)
	}
	return rec, d.save(id, rec)
}

// answer says 202 while the work goes on: Slipway asks again.
func answer(w http.ResponseWriter, id string, rec record) {
	raw, err := json.Marshal(cookie{Token: rec.Token})
	if err != nil {
		fail(w, err)
		return
	}
	w.Header().Set("Set-Humanitec-Driver-Cookie", base64.StdEncoding.EncodeToString(raw))
	if time.Now().Before(rec.Ready) {
		w.Header().Set("Retry-After", "1")
		send(w, http.StatusAccepted, map[string]any{"status": "creating"})
		return
	}
	send(w, http.StatusOK, map[string]any{
		"id": id, "type": rec.Type, "manifests": []any{},
		"resource": map[string]any{
			"values":  map[string]any{"greeting": rec.Greeting},
			"secrets": map[string]any{"token": rec.Token},
		},
	})
}

// delete removes the resource. One that is not there is gone already.
func (d *driver) delete(w http.ResponseWriter, r *http.Request) {
	id := r.PathValue("guresid")
	if !guresid.MatchString(id) {
		refuse(w, "the id of the resource is not valid")
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.records.Remove(id + ".json"); err != nil && !errors.Is(err, fs.ErrNotExist) {
		fail(w, err)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

func (d *driver) load(id string) (record, error) {
	var rec record
	raw, err := d.records.ReadFile(id + ".json")
	if errors.Is(err, fs.ErrNotExist) {
		return rec, nil
	}
	if err != nil {
		return rec, err
	}
	return rec, json.Unmarshal(raw, &rec)
}

// save replaces the file in one step, so that a crash leaves the old one or the new one.
func (d *driver) save(id string, rec record) error {
	raw, err := json.Marshal(rec)
	if err != nil {
		return err
	}
	if err := d.records.WriteFile(id+".new", raw, 0o600); err != nil {
		return err
	}
	return d.records.Rename(id+".new", id+".json")
}

// readCookie gives an empty one for none and for one that somebody else wrote.
func readCookie(r *http.Request) cookie {
	var c cookie
	if raw, err := base64.StdEncoding.DecodeString(r.Header.Get("Humanitec-Driver-Cookie")); err == nil {
		_ = json.Unmarshal(raw, &c)
	}
	return c
}

// refuse says that the inputs are wrong: asking again is of no use.
func refuse(w http.ResponseWriter, why string) {
	send(w, http.StatusBadRequest, map[string]any{"error": "RES-101", "message": why})
}

// fail says that something else went wrong: Slipway asks again for a while.
func fail(w http.ResponseWriter, err error) {
	log.Print(err)
	send(w, http.StatusInternalServerError, map[string]any{"error": "RES-102", "message": "the record could not be read or written"})
}

func send(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	if err := json.NewEncoder(w).Encode(body); err != nil {
		log.Print(err) // Slipway sees an answer that broke off, and asks again
	}
}
