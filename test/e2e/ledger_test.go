package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
)

// externalLedger stands before an external driver and counts what it made, changed and removed, by what the resource says about
// itself: its greeting ends with "|DEFINITION CLASS#ID".
type externalLedger struct {
	url string

	mu        sync.Mutex
	greetings map[string]string // of what exists, by GUResID
	tally     map[string][3]int
	puts      map[string]int // by GUResID
}

func startLedger(t *testing.T, driver string) *externalLedger {
	t.Helper()
	target, err := url.Parse(driver)
	require.NoError(t, err)
	l := &externalLedger{greetings: map[string]string{}, tally: map[string][3]int{}, puts: map[string]int{}}
	proxy := httputil.NewSingleHostReverseProxy(target)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		// The driver acts although the caller may be gone.
		answer := httptest.NewRecorder()
		proxy.ServeHTTP(answer, r.WithContext(context.WithoutCancel(r.Context())))
		if answer.Code < http.StatusMultipleChoices {
			l.note(r.Method, strings.TrimPrefix(r.URL.Path, "/"), body)
		}
		for name, values := range answer.Header() {
			w.Header()[name] = values
		}
		w.WriteHeader(answer.Code)
		_, _ = w.Write(answer.Body.Bytes()) // whoever asked may be gone
	}))
	t.Cleanup(server.Close)
	l.url = server.URL
	return l
}

func (l *externalLedger) note(method, guresid string, body []byte) {
	var in struct {
		Driver struct{ Values struct{ Greeting string } }
	}
	_ = json.Unmarshal(body, &in) // the driver has accepted it
	l.mu.Lock()
	defer l.mu.Unlock()
	old, exists := l.greetings[guresid]
	now := in.Driver.Values.Greeting
	switch {
	case method == http.MethodDelete && exists:
		l.count(old, 2)
		delete(l.greetings, guresid)
	case method == http.MethodPut:
		l.puts[guresid]++
		if !exists {
			l.count(now, 0)
		} else if old != now {
			l.count(now, 1)
		}
		l.greetings[guresid] = now
	}
}

func (l *externalLedger) count(greeting string, column int) {
	name := greeting[strings.LastIndex(greeting, "|")+1:]
	counts := l.tally[name]
	counts[column]++
	l.tally[name] = counts
}

// seen gives the tally and how often each GUResID was asked for.
func (l *externalLedger) seen() (tally map[string][3]int, puts map[string]int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	tally, puts = map[string][3]int{}, map[string]int{}
	for name, counts := range l.tally {
		tally[name] = counts
	}
	for id, n := range l.puts {
		puts[id] = n
	}
	return tally, puts
}

// object is what tells whether an object was written since.
type object struct{ uid, version string }

// configMaps are those that say by which definition and for which resource they were made.
func configMaps(t *testing.T, c kubernetes.Interface, namespace string) map[string]object {
	t.Helper()
	out := map[string]object{}
	list, err := c.CoreV1().ConfigMaps(namespace).List(context.Background(), metav1.ListOptions{})
	if apierrors.IsNotFound(err) {
		return out
	}
	require.NoError(t, err)
	for _, m := range list.Items {
		if made, ok := m.Data["made"]; ok {
			require.NotContains(t, out, made, "two objects for one resource")
			out[made] = object{string(m.UID), m.ResourceVersion}
		}
	}
	return out
}

// backends is what all backends have at one moment.
type backends struct {
	terraform, external map[string][3]int
	objects             map[string]object
}

// since lists what backends have seen since then, as "create DEFINITION CLASS#ID", sorted.
func (b backends) since(then backends) []string {
	out := []string{}
	add := func(verb, name string, times int) {
		for range times {
			out = append(out, verb+" "+name)
		}
	}
	for _, both := range [][2]map[string][3]int{{then.terraform, b.terraform}, {then.external, b.external}} {
		for name, now := range both[1] {
			for column, verb := range []string{"create", "update", "remove"} {
				add(verb, name, now[column]-both[0][name][column])
			}
		}
	}
	for name, now := range b.objects {
		before, existed := then.objects[name]
		switch {
		case !existed:
			add("create", name, 1)
		case before.uid != now.uid:
			add("remove", name, 1)
			add("create", name, 1)
		case before != now:
			add("update", name, 1)
		}
	}
	for name := range then.objects {
		if _, exists := b.objects[name]; !exists {
			add("remove", name, 1)
		}
	}
	slices.Sort(out)
	return out
}

// foretold turns what the product says that it would do into what backends would see.
func foretold(resources []any) []string {
	out := []string{}
	for _, v := range resources {
		r := v.(map[string]any)
		if !counted[fmt.Sprint(r["type"])] {
			continue
		}
		name := fmt.Sprintf("%v#%v", r["class"], r["id"])
		from, to := fmt.Sprintf("%v %s", r["from_def"], name), fmt.Sprintf("%v %s", r["to_def"], name)
		switch r["action"] {
		case "create":
			out = append(out, "create "+to)
		case "update", "in_place":
			out = append(out, "update "+to)
		case "replace":
			out = append(out, "create "+to, "remove "+from)
		case "take_back":
			out = append(out, "remove "+from)
		}
	}
	slices.Sort(out)
	return out
}

// counted are the types whose backends these tests count at.
var counted = map[string]bool{"demo/conf": true, "s3": true, "redis": true}
