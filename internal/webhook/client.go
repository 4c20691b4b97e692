// Package webhook sends the HTTP requests of webhooks. It judges connections
// where they are made, follows no redirects, and reads little of what comes
// back. It never logs, and its errors name no address with its path.
package webhook

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/slipway-dev/slipway/drivers/external"
	"github.com/slipway-dev/slipway/orchestrator"
)

// Setting is what allows addresses inside a network, as messages have it.
const Setting = "--webhook-networks (SLIPWAY_WEBHOOK_NETWORKS)"

const (
	maxAnswer  = 64 << 10 // bytes of an answer that are read, so that its connection can be used again
	maxHeaders = 64 << 10
)

// Options set limits; the zero value of each means its default.
type Options struct {
	// Networks are allowed beyond the public Internet. Plain http goes to these only.
	Networks external.Networks
	// CAFile holds further certificate authorities in PEM, beside those of the system.
	CAFile string
	// Timeout bounds one request with its answer; default 15 seconds.
	Timeout time.Duration
}

// Client sends requests to receivers. It is safe for concurrent use.
type Client struct {
	secure, plain *http.Client
}

var _ orchestrator.WebhookTransport = (*Client)(nil)

// New makes a client. It fails when the file of authorities cannot be used. It
// never goes through a proxy, because the check of addresses would see the
// proxy only.
func New(o Options) (*Client, error) {
	if o.Timeout <= 0 {
		o.Timeout = 15 * time.Second
	}
	roots, err := external.Authorities(o.CAFile)
	if err != nil {
		return nil, err
	}
	networks := o.Networks.DecidedBy(Setting)
	return &Client{secure: newClient(o, networks, roots), plain: newClient(o, networks.Only(), roots)}, nil
}

func newClient(o Options, networks external.Networks, roots *x509.CertPool) *http.Client {
	return &http.Client{
		Timeout: o.Timeout,
		Transport: &http.Transport{
			Proxy:                  nil,
			DialContext:            networks.Dial,
			TLSClientConfig:        &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12},
			ForceAttemptHTTP2:      true,
			TLSHandshakeTimeout:    10 * time.Second,
			MaxIdleConnsPerHost:    2,
			IdleConnTimeout:        30 * time.Second,
			MaxResponseHeaderBytes: maxHeaders,
			DisableCompression:     true,
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// Send makes one request.
func (c *Client) Send(ctx context.Context, m orchestrator.WebhookMessage) (orchestrator.WebhookAnswer, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, m.URL, bytes.NewReader(m.Body))
	if err != nil {
		return orchestrator.WebhookAnswer{}, orchestrator.Invalidf("the address of the webhook cannot be used")
	}
	request.Header = m.Header
	client, kind := c.secure, "https"
	if request.URL.Scheme == "http" {
		client, kind = c.plain, "plain http"
	}
	response, err := client.Do(request)
	if err != nil {
		return orchestrator.WebhookAnswer{}, sendError(request.URL, kind, err)
	}
	defer func() { _ = response.Body.Close() }()
	_, _ = io.Copy(io.Discard, io.LimitReader(response.Body, maxAnswer))
	return orchestrator.WebhookAnswer{Status: response.StatusCode, RetryAfter: retryAfter(response.Header.Get("Retry-After"))}, nil
}

// sendError names the host only: path and query of an address often are a token.
func sendError(target *url.URL, kind string, err error) error {
	var outer *url.Error
	if errors.As(err, &outer) {
		err = outer.Err
	}
	if external.IsBlocked(err) {
		return orchestrator.Forbiddenf("%s may not be called by %s: %v", target.Host, kind, cause(err))
	}
	return orchestrator.Errorf(orchestrator.CodeUnavailable, "%s cannot be reached: %v", target.Host, cause(err))
}

// cause drops what net adds before the cause; it repeats the address.
func cause(err error) error {
	for {
		next := errors.Unwrap(err)
		if next == nil {
			return err
		}
		err = next
	}
}

// retryAfter reads seconds or a date (RFC 9110, 10.2.3); 0 when there is none.
func retryAfter(text string) time.Duration {
	text = strings.TrimSpace(text)
	if seconds, err := strconv.Atoi(text); err == nil && seconds > 0 {
		return time.Duration(min(seconds, 24*60*60)) * time.Second
	}
	if at, err := http.ParseTime(text); err == nil {
		return max(0, time.Until(at))
	}
	return 0
}
