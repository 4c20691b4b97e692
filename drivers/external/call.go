package external

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/slipway-dev/slipway/drivers"
)

// call is one Provision or Destroy with all its requests.
type call struct {
	client  *Client
	request drivers.Request
	method  string
	url     string
	name    string // the address as messages show it
	body    []byte
	cookie  string

	wait     time.Duration
	failing  time.Time // since when every request failed; zero while they do not
	failures int
	said     string
}

// answer is what the driver sent.
type answer struct {
	status int
	header http.Header
	body   []byte
}

var errDeadline = errors.New("the deadline of the call")

// run repeats the request until the driver gives a final answer.
func (c *call) run(ctx context.Context) (*answer, error) {
	o := c.client.options
	ctx, cancel := context.WithTimeoutCause(ctx, o.Deadline, errDeadline)
	defer cancel()
	for {
		if ctx.Err() != nil {
			return nil, c.ended(ctx)
		}
		got, err := c.ask(ctx)
		if ctx.Err() != nil {
			return nil, c.ended(ctx)
		}
		if err != nil {
			if err = c.fault(err); err != nil {
				return nil, err
			}
			got = &answer{}
		} else if done, err := c.judge(got); done || err != nil {
			return got, err
		}
		select {
		case <-ctx.Done():
		case <-time.After(c.pause(got)):
		}
	}
}

// ended is the error for a call whose context is over.
func (c *call) ended(ctx context.Context) error {
	if !errors.Is(context.Cause(ctx), errDeadline) {
		return drivers.Interrupted("the driver at "+c.name, ctx.Err())
	}
	return &drivers.Error{Code: drivers.CodeLimit, Message: fmt.Sprintf(
		"the driver at %s did not finish within %s (last: %s); deploy again to go on, or raise --driver-deadline",
		c.name, c.client.options.Deadline, orNothing(c.said))}
}

func orNothing(s string) string {
	if s == "" {
		return "no answer"
	}
	return s
}

var errTooLong = errors.New("the answer is too long")

// ask sends one request and reads the answer.
func (c *call) ask(ctx context.Context) (*answer, error) {
	ctx, cancel := context.WithTimeout(ctx, c.client.options.Request)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, c.method, c.url, bytes.NewReader(c.body))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Accept", "application/json")
	req.Header.Set("User-Agent", "slipway")
	if c.method == http.MethodPut {
		req.Header.Set("Content-Type", "application/json")
	}
	if c.cookie != "" {
		req.Header.Set(CookieHeader, c.cookie)
	}
	resp, err := c.client.http.Do(req)
	if err != nil {
		return nil, err
	}
	defer func() { _ = resp.Body.Close() }()
	limit := c.client.options.MaxAnswer
	body, err := io.ReadAll(io.LimitReader(resp.Body, limit+1))
	if int64(len(body)) > limit {
		return nil, errTooLong
	}
	if err != nil {
		return nil, fmt.Errorf("its answer broke off: %w", err)
	}
	return &answer{resp.StatusCode, resp.Header, body}, nil
}

// fault decides about a request without an answer: nil to try again.
func (c *call) fault(err error) error {
	var blocked *blockedError
	var certificate *tls.CertificateVerificationError
	switch {
	case errors.As(err, &blocked):
		return c.failed(drivers.CodeFailed, "may not be called: %v", blocked)
	case errors.As(err, &certificate):
		return c.failed(drivers.CodeFailed, "shows a certificate that is not trusted: %v; --driver-ca-file adds an authority", certificate.Err)
	case errors.Is(err, errTooLong):
		return c.failed(drivers.CodeLimit, "sent more than %d bytes, which is the limit for an answer", c.client.options.MaxAnswer)
	case strings.Contains(err.Error(), "server response headers exceeded"):
		return c.failed(drivers.CodeLimit, "sent more than %d bytes of headers", maxHeaders)
	case errors.Is(err, context.DeadlineExceeded):
		return c.transient(fmt.Sprintf("no answer within %s", c.client.options.Request))
	}
	return c.transient(reason(err))
}

// reason takes method and address, which messages name anyway, off an error.
func reason(err error) string {
	for {
		inner := errors.Unwrap(err)
		text := err.Error()
		if inner == nil || !strings.HasPrefix(text, "Put ") && !strings.HasPrefix(text, "Delete ") {
			break
		}
		err = inner
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return "the connection was closed before the answer was complete"
	}
	return err.Error()
}

// transient counts a failure that may pass: nil while there is patience left.
func (c *call) transient(what string) error {
	c.failures++
	if c.failing.IsZero() {
		c.failing, c.wait = time.Now(), c.client.options.Wait
	}
	c.said = c.clean(what)
	c.request.Say(fmt.Sprintf("try %d of the driver failed: %s", c.failures, c.said))
	if time.Since(c.failing) < c.client.options.Patience {
		return nil
	}
	return &drivers.Error{Code: drivers.CodeFailed, Message: fmt.Sprintf(
		"the driver at %s failed for %s, %d times in a row; last: %s", c.name,
		time.Since(c.failing).Round(time.Second), c.failures, c.said)}
}

// judge decides about an answer: done, an error that ends the call, or neither
// to ask again.
func (c *call) judge(got *answer) (done bool, err error) {
	if err := c.keepCookie(got); err != nil {
		return false, err
	}
	switch status := got.status; {
	case status == http.StatusOK, status == http.StatusCreated, status == http.StatusNoContent:
		return true, nil
	case c.method == http.MethodDelete && (status == http.StatusNotFound || status == http.StatusGone):
		c.request.Say("the driver does not know the resource; it is gone")
		return true, nil
	case status == http.StatusAccepted:
		c.answered(progress(got.body))
		return false, nil
	case status == http.StatusConflict:
		c.answered("busy with another change (409)")
		return false, nil
	case status == http.StatusRequestTimeout, status == http.StatusTooEarly, status == http.StatusTooManyRequests, status >= 500:
		return false, c.transient(c.quote(got))
	case status >= 300 && status < 400:
		return false, c.failed(drivers.CodeFailed, "answered with a redirect (%d), which is not followed; register the address it leads to", status)
	case status == http.StatusBadRequest:
		code, text := errorOf(got.body)
		if code == "" {
			code = drivers.CodeInvalidInputs
		}
		return false, c.failed(code, "refused: %s", c.short(text))
	}
	return false, c.failed(drivers.CodeFailed, "answered %s", c.quote(got))
}

// answered notes an answer that says to ask again.
func (c *call) answered(what string) {
	what = c.clean(what)
	if c.said != what {
		c.request.Say("the driver is " + what)
		c.wait = c.client.options.Wait
	}
	c.failing, c.failures, c.said = time.Time{}, 0, what
}

// keepCookie takes over a cookie, which any answer may carry. One that comes
// with an answer that is not the last is stored at once: it may be all that
// tells the driver, after a crash on our side, what it has begun.
func (c *call) keepCookie(got *answer) error {
	values, given := got.header[SetCookieHeader]
	if !given || len(values) == 0 || values[0] == c.cookie {
		return nil
	}
	if len(values[0]) > MaxCookie {
		return c.failed(drivers.CodeLimit, "sent a cookie of %d bytes; a cookie may have %d", len(values[0]), MaxCookie)
	}
	c.cookie = values[0]
	if got.status == http.StatusOK || got.status == http.StatusCreated || c.request.Keep == nil {
		return nil
	}
	return c.request.Keep(c.cookie)
}

// pause is how long to wait before the next request.
func (c *call) pause(got *answer) time.Duration {
	o := c.client.options
	next := c.wait
	c.wait = min(2*c.wait, o.MaxWait)
	if asked, given := retryAfter(got.header.Get("Retry-After"), time.Now()); given {
		return min(max(asked, o.Wait), o.MaxRetryAfter)
	}
	return next
}

// retryAfter reads the header (RFC 9110, 10.2.3): seconds or a date.
func retryAfter(text string, now time.Time) (time.Duration, bool) {
	if seconds, err := strconv.Atoi(strings.TrimSpace(text)); err == nil && seconds >= 0 {
		return time.Duration(min(seconds, 24*60*60)) * time.Second, true
	}
	if at, err := http.ParseTime(text); err == nil {
		return max(0, at.Sub(now)), true
	}
	return 0, false
}
