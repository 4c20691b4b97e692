package client

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
)

const (
	maxAnswer     = 256 << 20 // bytes; a server that is none must not fill the memory
	attempts      = 4         // of one request, the first included
	maxRetryAfter = 10 * time.Second
)

// None is the type of answers without a body, for Do.
type None struct{}

// Do sends body as JSON (nil sends none; json.RawMessage goes as it is) and reads the answer as a T. For T =
// json.RawMessage the answer stays as it came. An answer that is no success is an *Error, no answer a *ConnectionError.
func Do[T any](ctx context.Context, c *Client, method, path string, body any) (T, error) {
	var out T
	raw, err := c.Send(ctx, method, path, body)
	if err != nil {
		return out, err
	}
	switch into := any(&out).(type) {
	case *None:
		return out, nil
	case *json.RawMessage:
		*into = raw
		return out, nil
	}
	if err := json.Unmarshal(raw, &out); err != nil {
		return out, fmt.Errorf("%s %s: the answer is not what the API documents (%w); is %s a Slipway server?", method, path, err, c.URL())
	}
	return out, nil
}

// Send is Do without reading the answer.
func (c *Client) Send(ctx context.Context, method, path string, body any) ([]byte, error) {
	got, err := c.send(ctx, method, path, body)
	return got.body, err
}

// answer is a success.
type answer struct {
	status int
	body   []byte
	header http.Header
}

// Delete deletes what is at the path. going reports that the server has begun and is not done yet.
func (c *Client) Delete(ctx context.Context, path string) (going bool, err error) {
	got, err := c.send(ctx, http.MethodDelete, path, nil)
	return got.status == http.StatusAccepted, err
}

func (c *Client) send(ctx context.Context, method, path string, body any) (answer, error) {
	var payload []byte
	if body != nil {
		var err error
		if payload, err = encode(body); err != nil {
			return answer{}, fmt.Errorf("%s %s: %w", method, path, err)
		}
	}
	pause := c.pause
	for attempt := 1; ; attempt++ {
		got, wait, err := c.attempt(ctx, method, path, payload)
		if err == nil || wait < 0 || attempt == attempts {
			return got, err
		}
		if ctx.Err() != nil { // as when it ends during the pause: who gave up hears that
			return answer{}, context.Cause(ctx)
		}
		wait = max(wait, pause)
		pause *= 2
		if wait > time.Second {
			c.notify(fmt.Sprintf("%v; trying again in %s", err, wait.Round(time.Second)))
		}
		if err := sleep(ctx, wait); err != nil {
			return answer{}, err
		}
	}
}

func encode(body any) ([]byte, error) {
	if raw, ok := body.(json.RawMessage); ok {
		return raw, nil
	}
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(body); err != nil {
		return nil, fmt.Errorf("the request cannot be written as JSON: %w", err)
	}
	return out.Bytes(), nil
}

// attempt sends the request once. The pause that is returned with an error is how long to wait before the next attempt
// at least; a negative one forbids it.
func (c *Client) attempt(ctx context.Context, method, path string, payload []byte) (answer, time.Duration, error) {
	const never = -1
	repeatable := time.Duration(never)
	if method == http.MethodGet {
		repeatable = 0
	}
	req, err := c.request(ctx, method, path, payload)
	if err != nil {
		return answer{}, never, err
	}
	res, err := c.http.Do(req)
	if err != nil {
		return answer{}, repeatable, c.connectionError(ctx, err)
	}
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(res.Body, maxAnswer+1))
	if err != nil {
		return answer{}, repeatable, c.connectionError(ctx, err)
	}
	if len(body) > maxAnswer {
		return answer{}, never, fmt.Errorf("%s %s: the answer is larger than %d MiB", method, path, maxAnswer>>20)
	}
	if res.StatusCode >= 200 && res.StatusCode < 300 {
		return answer{res.StatusCode, body, res.Header}, never, nil
	}
	failure := errorOf(res.StatusCode, body)
	switch res.StatusCode {
	case http.StatusServiceUnavailable:
		if after, ok := retryAfter(res.Header.Get("Retry-After")); ok {
			return answer{}, after, failure
		}
		return answer{}, repeatable, failure
	case http.StatusBadGateway, http.StatusGatewayTimeout:
		return answer{}, repeatable, failure
	}
	return answer{}, never, failure
}

func (c *Client) request(ctx context.Context, method, path string, payload []byte) (*http.Request, error) {
	if !strings.HasPrefix(path, "/") {
		return nil, fmt.Errorf("the path must start with /, got %q", path)
	}
	req, err := http.NewRequestWithContext(ctx, method, c.base.String()+path, bytes.NewReader(payload))
	if err != nil {
		return nil, fmt.Errorf("%s %s: %w", method, path, err)
	}
	if payload != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	req.Header.Set("Accept", "application/json")
	if c.userAgent != "" {
		req.Header.Set("User-Agent", c.userAgent)
	}
	if c.token != "" {
		req.Header.Set("Authorization", "Bearer "+c.token)
	}
	return req, nil
}

// connectionError keeps the caller's own end of the context visible.
func (c *Client) connectionError(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return &ConnectionError{URL: c.URL(), Cause: err}
}

// retryAfter reads the header's form in seconds.
func retryAfter(header string) (time.Duration, bool) {
	seconds, err := strconv.Atoi(header)
	if err != nil || seconds < 0 {
		return 0, false
	}
	return min(time.Duration(min(seconds, 3600))*time.Second, maxRetryAfter), true
}

// sleep waits, or returns why ctx ended.
func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// transient reports whether the same request may succeed later.
func transient(err error) bool {
	var connection *ConnectionError
	return errors.As(err, &connection) ||
		IsStatus(err, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout, http.StatusTooManyRequests)
}
