// Package conformance checks somebody's driver over HTTP: what the published
// driver contract, version 0.9.3, asks of it, and what a crash or a network
// will do to it sooner or later. `slipway driver test` is its command.
package conformance

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"
)

// Status of a check.
const (
	Pass = "pass"
	Fail = "fail" // Slipway would have trouble with this driver
	Warn = "warn" // it works, and could be better
	Skip = "skip" // not tested, and Got says why
)

// Inputs are what a definition and a resource give to the driver.
type Inputs struct {
	Resource map[string]any `json:"resource,omitempty"`
	Values   map[string]any `json:"values,omitempty"`
	Secrets  map[string]any `json:"secrets,omitempty"`
}

// Options say what to test. Only URL is required.
type Options struct {
	// URL is the prefix before the GUResID.
	URL string
	// Type is the resource type to ask for; default "s3".
	Type string
	// Inputs are good ones.
	Inputs Inputs
	// Update are good ones that differ; nil leaves updates untested.
	Update *Inputs
	// Bad are inputs that the driver has to refuse; nil leaves that untested.
	Bad *Inputs
	// Timeout bounds one piece of work with its 202 answers; default 5 minutes.
	Timeout time.Duration
	// Request bounds one request; default 1 minute, as Slipway's own.
	Request time.Duration
	// Slow is when the time of one request is worth a warning; default 10 s.
	Slow time.Duration
	// Wait is the pause before asking again after 202; default 1 s. Retry-After goes before it.
	Wait time.Duration
	// Transport sends the requests; nil means http.DefaultTransport.
	Transport http.RoundTripper
}

// Check is one thing that was tested.
type Check struct {
	ID     string `json:"id"`
	Expect string `json:"expect"`
	Status string `json:"status"`
	// Got says what was wrong, or why nothing was tested.
	Got string `json:"got,omitempty"`
}

// Report is the outcome.
type Report struct {
	URL    string  `json:"url"`
	Checks []Check `json:"checks"`
}

// Count is how many checks have the status.
func (r Report) Count(status string) int {
	n := 0
	for _, c := range r.Checks {
		if c.Status == status {
			n++
		}
	}
	return n
}

// suite is one run.
type suite struct {
	o       Options
	client  *http.Client
	mu      sync.Mutex        // guards the next three: some checks ask in parallel
	left    map[string]string // GUResIDs that may exist, with their cookies
	slowest time.Duration
	cookies int
	report  Report
	// What create made, for the checks after it.
	id    string
	first *outcome
	gone  bool
}

// Run tests the driver. What it creates it deletes again; a check that cannot
// be made because an earlier one failed is skipped.
func Run(ctx context.Context, o Options) Report {
	if o.Type == "" {
		o.Type = "s3"
	}
	for d, value := range map[*time.Duration]time.Duration{
		&o.Timeout: 5 * time.Minute, &o.Request: time.Minute, &o.Slow: 10 * time.Second, &o.Wait: time.Second,
	} {
		if *d <= 0 {
			*d = value
		}
	}
	s := &suite{
		o: o, left: map[string]string{}, report: Report{URL: o.URL},
		client: &http.Client{Transport: o.Transport, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }},
	}
	for _, c := range checks {
		if ctx.Err() != nil {
			s.add(c, skipped("interrupted"))
			continue
		}
		s.add(c, c.run(s, ctx))
	}
	s.cleanUp(ctx)
	return s.report
}

func (s *suite) add(c check, v verdict) {
	s.report.Checks = append(s.report.Checks, Check{ID: c.id, Expect: c.expect, Status: v.status, Got: v.got})
}

// cleanUp deletes what checks left behind.
func (s *suite) cleanUp(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), s.o.Request)
	defer cancel()
	for id, cookie := range s.left {
		_, _ = s.send(ctx, http.MethodDelete, id, cookie, nil)
	}
}

// verdict is the end of a check.
type verdict struct{ status, got string }

func passed() verdict                           { return verdict{status: Pass} }
func failed(format string, args ...any) verdict { return verdict{Fail, fmt.Sprintf(format, args...)} }
func warned(format string, args ...any) verdict { return verdict{Warn, fmt.Sprintf(format, args...)} }
func skipped(why string) verdict                { return verdict{Skip, why} }

// newID has the form of a GUResID.
func newID() string {
	raw := make([]byte, 12)
	_, _ = rand.Read(raw) // never fails
	return "test-" + hex.EncodeToString(raw)
}

// shown is the beginning of a body.
func shown(body []byte) string {
	text := strings.Join(strings.Fields(strings.ToValidUTF8(string(body), "?")), " ")
	if text == "" {
		return "(empty)"
	}
	if runes := []rune(text); len(runes) > 120 {
		return string(runes[:120]) + "..."
	}
	return text
}
