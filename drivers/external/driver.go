package external

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/slipway-dev/slipway/drivers"
)

// Headers and limits of the contract.
const (
	// CookieHeader carries the driver's memory to it, SetCookieHeader back.
	CookieHeader    = "Humanitec-Driver-Cookie"
	SetCookieHeader = "Set-Humanitec-Driver-Cookie"
	// MaxCookie is the longest cookie in bytes.
	MaxCookie  = 10 << 10
	maxHeaders = 64 << 10 // bytes of all headers of an answer
)

// Driver is one driver that somebody else runs.
type Driver struct {
	client *Client
	target string
}

var _ drivers.Driver = (*Driver)(nil)

// message is the body of PUT.
type message struct {
	ID       string         `json:"id"`
	Type     string         `json:"type"`
	Resource map[string]any `json:"resource"`
	Driver   struct {
		Values  map[string]any `json:"values"`
		Secrets map[string]any `json:"secrets"`
	} `json:"driver"`
}

// Provision asks until the driver says that the resource is what the inputs describe.
func (d *Driver) Provision(ctx context.Context, r drivers.Request) (drivers.Result, error) {
	in := message{ID: r.GUResID, Type: r.Type, Resource: object(r.Resource)}
	in.Driver.Values, in.Driver.Secrets = object(r.Values), object(r.Secrets)
	body, err := json.Marshal(in)
	if err != nil {
		return drivers.Result{}, drivers.Invalid("the inputs cannot be written as JSON: %v", drivers.Scrub(err.Error(), r.Secrets))
	}
	c, err := d.open(http.MethodPut, r, body)
	if err != nil {
		return drivers.Result{}, err
	}
	answer, err := c.run(ctx)
	if err != nil {
		return drivers.Result{}, err
	}
	return c.result(answer)
}

// Destroy asks until the driver says that the resource is gone.
func (d *Driver) Destroy(ctx context.Context, r drivers.Request) error {
	c, err := d.open(http.MethodDelete, r, nil)
	if err != nil {
		return err
	}
	_, err = c.run(ctx)
	return err
}

// open prepares a call.
func (d *Driver) open(method string, r drivers.Request, body []byte) (*call, error) {
	base, err := url.Parse(d.target)
	if err != nil || base.Host == "" {
		return nil, drivers.Invalid("the driver's target is not an address; register it with one such as https://drivers.example.com/bucket")
	}
	c := &call{
		client: d.client, request: r, method: method, body: body, cookie: r.Cookie,
		url:  base.JoinPath(url.PathEscape(r.GUResID)).String(),
		name: strings.TrimSuffix((&url.URL{Scheme: base.Scheme, Host: base.Host, Path: base.Path}).String(), "/"),
		wait: d.client.options.Wait,
	}
	if len(c.cookie) > MaxCookie {
		return nil, c.failed(drivers.CodeLimit, "cannot be called: the stored cookie has %d bytes, and a cookie may have %d", len(c.cookie), MaxCookie)
	}
	return c, nil
}

// failed is a permanent error about the driver.
func (c *call) failed(code, format string, args ...any) *drivers.Error {
	return &drivers.Error{Code: code, Permanent: true, Message: "the driver at " + c.name + " " + c.clean(fmt.Sprintf(format, args...))}
}

// clean takes secrets and control characters out of what a driver said.
func (c *call) clean(text string) string {
	text = drivers.Scrub(text, c.request.Secrets, []any{c.cookie, c.request.Cookie})
	return strings.Map(func(r rune) rune {
		if r < ' ' || (r >= 0x7f && r <= 0x9f) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(text, "?"))
}

func object(m map[string]any) map[string]any {
	if m == nil {
		return map[string]any{}
	}
	return m
}
