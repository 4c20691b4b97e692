package conformance

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/slipway-dev/slipway/drivers"
	"github.com/slipway-dev/slipway/drivers/external"
)

const maxAnswer = 4 << 20

// reply is one answer.
type reply struct {
	status int
	header http.Header
	body   []byte
}

func (r reply) String() string { return fmt.Sprintf("%d: %s", r.status, shown(r.body)) }

// outcome is the end of PUT, read strictly.
type outcome struct {
	reply
	cookie          string
	accepted        int // answers of 202 before it
	values, secrets map[string]any
	// problem is what is wrong with its form; remark what could be better.
	problem, remark string
}

func (s *suite) body(in Inputs) []byte {
	raw, err := json.Marshal(map[string]any{
		"type": s.o.Type, "resource": object(in.Resource),
		"driver": map[string]any{"values": object(in.Values), "secrets": object(in.Secrets)},
	})
	if err != nil { // inputs come from JSON
		return nil
	}
	return raw
}

func object(m map[string]any) map[string]any {
	if m == nil {
		return map[string]any{}
	}
	return m
}

// send sends one request. An error says what happened instead of an answer.
func (s *suite) send(ctx context.Context, method, id, cookie string, body []byte) (reply, error) {
	ctx, cancel := context.WithTimeout(ctx, s.o.Request)
	defer cancel()
	started := time.Now()
	req, err := http.NewRequestWithContext(ctx, method, strings.TrimRight(s.o.URL, "/")+"/"+url.PathEscape(id), bytes.NewReader(body))
	if err != nil {
		return reply{}, err
	}
	req.Header.Set("Accept", "application/json")
	if method == http.MethodPut {
		req.Header.Set("Content-Type", "application/json")
	}
	if cookie != "" {
		req.Header.Set(external.CookieHeader, cookie)
	}
	resp, err := s.client.Do(req)
	if err != nil {
		return reply{}, s.noAnswer(err)
	}
	defer func() { _ = resp.Body.Close() }()
	raw, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer+1))
	if err != nil {
		return reply{}, s.noAnswer(err)
	}
	if len(raw) > maxAnswer {
		return reply{}, fmt.Errorf("the answer is longer than %d bytes", maxAnswer)
	}
	s.mu.Lock()
	s.slowest = max(s.slowest, time.Since(started))
	s.mu.Unlock()
	return reply{resp.StatusCode, resp.Header, raw}, nil
}

func (s *suite) noAnswer(err error) error {
	if errors.Is(err, context.DeadlineExceeded) {
		return fmt.Errorf("no answer within %s", s.o.Request)
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return errors.New("the connection was closed without an answer")
	}
	if inner := (*url.Error)(nil); errors.As(err, &inner) {
		return inner.Err
	}
	return err
}

// settle repeats a request until its answer is not 202.
func (s *suite) settle(ctx context.Context, method, id, cookie string, body []byte) (reply, string, int, error) {
	ctx, cancel := context.WithTimeout(ctx, s.o.Timeout)
	defer cancel()
	for accepted := 0; ; accepted++ {
		got, err := s.send(ctx, method, id, cookie, body)
		if ctx.Err() != nil {
			return got, cookie, accepted, fmt.Errorf("still 202 after %s and %d requests", s.o.Timeout, accepted)
		}
		if err != nil {
			return got, cookie, accepted, err
		}
		if values, given := got.header[external.SetCookieHeader]; given && len(values) > 0 {
			cookie = values[0]
			s.mu.Lock()
			s.cookies = max(s.cookies, len(cookie))
			s.mu.Unlock()
		}
		if got.status != http.StatusAccepted {
			return got, cookie, accepted, nil
		}
		select {
		case <-ctx.Done():
		case <-time.After(s.pause(got)):
		}
	}
}

func (s *suite) pause(got reply) time.Duration {
	if seconds, err := strconv.Atoi(got.header.Get("Retry-After")); err == nil && seconds > 0 {
		return min(time.Duration(seconds)*time.Second, time.Minute)
	}
	return s.o.Wait
}

// put brings a resource to the inputs. It fails when the end is not 200.
func (s *suite) put(ctx context.Context, id, cookie string, in Inputs) (*outcome, error) {
	return s.putBody(ctx, id, cookie, s.body(in))
}

func (s *suite) putBody(ctx context.Context, id, cookie string, body []byte) (*outcome, error) {
	s.mu.Lock()
	s.left[id] = cookie
	s.mu.Unlock()
	got, cookie, accepted, err := s.settle(ctx, http.MethodPut, id, cookie, body)
	if err != nil {
		return nil, err
	}
	if got.status != http.StatusOK {
		return nil, fmt.Errorf("%s", got)
	}
	out := &outcome{reply: got, cookie: cookie, accepted: accepted}
	out.problem, out.remark = out.read(s.o.Type)
	s.mu.Lock()
	s.left[id] = cookie
	s.mu.Unlock()
	return out, nil
}

// read says what is wrong with OutputData, and what is not quite right.
func (o *outcome) read(wanted string) (problem, remark string) {
	var tree map[string]any
	if err := json.Unmarshal(o.body, &tree); err != nil || tree == nil {
		return "the body is not a JSON object: " + shown(o.body), ""
	}
	resource, ok := tree["resource"].(map[string]any)
	if !ok {
		return "resource is not an object", ""
	}
	for name, into := range map[string]*map[string]any{"values": &o.values, "secrets": &o.secrets} {
		part, given := resource[name]
		if *into, ok = part.(map[string]any); given && part != nil && !ok {
			return "resource." + name + " is not an object", ""
		}
	}
	if problem, remark = manifests(tree["manifests"]); problem != "" {
		return problem, ""
	}
	switch {
	case remark != "":
	case tree["type"] != wanted:
		remark = fmt.Sprintf("type is %v; expected %q, as it was asked for", tree["type"], wanted)
	case !strings.HasPrefix(o.header.Get("Content-Type"), "application/json"):
		remark = fmt.Sprintf("Content-Type is %q; expected application/json", o.header.Get("Content-Type"))
	}
	return "", remark
}

func manifests(value any) (problem, remark string) {
	list, ok := value.([]any)
	if value != nil && !ok {
		return "manifests is not a list", ""
	}
	for i, item := range list {
		entry, _ := item.(map[string]any)
		location, _ := entry["location"].(string)
		plural, err := drivers.NormaliseLocation(location)
		if err != nil {
			return fmt.Sprintf("manifest %d: %v", i, err), ""
		}
		data := entry["data"]
		if data == nil && entry["manifest"] != nil {
			data, remark = entry["manifest"], fmt.Sprintf("manifest %d uses the old name manifest; the name is data", i)
		}
		if _, ok := data.(map[string]any); !ok {
			return fmt.Sprintf("manifest %d: data is not an object", i), ""
		}
		if plural != location {
			remark = fmt.Sprintf("manifest %d has the old location %s; the name is %s", i, location, plural)
		}
	}
	return "", remark
}

// remove deletes a resource; gone says that the driver says so.
func (s *suite) remove(ctx context.Context, id, cookie string) (got reply, gone bool, err error) {
	got, _, _, err = s.settle(ctx, http.MethodDelete, id, cookie, nil)
	gone = err == nil && (got.status == http.StatusOK || got.status == http.StatusNoContent || got.status == http.StatusNotFound)
	if gone {
		s.mu.Lock()
		delete(s.left, id)
		s.mu.Unlock()
	}
	return got, gone, err
}
