package client

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Options say whom to talk to. URL is required.
type Options struct {
	// URL is the address of the API, http or https, with an optional path prefix.
	URL string
	// Token is sent as a bearer token; none is sent when it is empty.
	Token string
	// UserAgent names the program, such as slipway/1.2.0.
	UserAgent string
	// HTTP carries out requests; a client with sensible limits when nil. It must not have an overall timeout, which would
	// cut event streams.
	HTTP *http.Client
	// Notify is told, in a line, what is being waited for before a request is repeated; may be nil.
	Notify func(string)
	// RetryPause is the pause before the first repetition; it doubles from one to the next. 200 ms when zero.
	RetryPause time.Duration
}

// Client sends requests. It is safe for use by several goroutines.
type Client struct {
	base      *url.URL
	token     string
	userAgent string
	http      *http.Client
	notify    func(string)
	pause     time.Duration
}

// New checks the options and makes a client; it does not connect.
func New(o Options) (*Client, error) {
	base, err := url.Parse(strings.TrimRight(strings.TrimSpace(o.URL), "/"))
	if err != nil {
		return nil, fmt.Errorf("the address of the API cannot be read: %w", errors.Unwrap(err))
	}
	if (base.Scheme != "http" && base.Scheme != "https") || base.Host == "" || base.User != nil || base.RawQuery != "" || base.Fragment != "" {
		return nil, fmt.Errorf("the address of the API must look like https://slipway.example.com, got %q", base.Redacted())
	}
	if strings.ContainsFunc(o.Token, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return nil, errors.New("the token contains characters that no token has; copy it again")
	}
	c := &Client{base: base, token: o.Token, userAgent: o.UserAgent, http: o.HTTP, notify: o.Notify, pause: o.RetryPause}
	if c.http == nil {
		c.http = defaultHTTP()
	}
	if c.notify == nil {
		c.notify = func(string) {}
	}
	if c.pause <= 0 {
		c.pause = 200 * time.Millisecond
	}
	return c, nil
}

// URL is the address the client was made for, without a slash at the end.
func (c *Client) URL() string { return c.base.String() }

func defaultHTTP() *http.Client {
	return &http.Client{Transport: &http.Transport{
		Proxy:                 http.ProxyFromEnvironment,
		DialContext:           (&net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second}).DialContext,
		TLSHandshakeTimeout:   10 * time.Second,
		ResponseHeaderTimeout: time.Minute,
		IdleConnTimeout:       90 * time.Second,
		ForceAttemptHTTP2:     true,
	}}
}
