package webhook

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/url"

	"github.com/slipway-dev/slipway/orchestrator"
)

var _ orchestrator.PipelineWeb = (*Client)(nil)

// maxRead bounds how much of an answer is handed on.
const maxRead = 1 << 20

// Do makes one request of a pipeline's step, under the same rules as a webhook: judged where the connection is made, without
// redirects or proxy, plain http only inside the networks of the setting.
func (c *Client) Do(ctx context.Context, r orchestrator.WebRequest) (orchestrator.WebAnswer, error) {
	target, err := url.Parse(r.URL)
	if err != nil || target.Host == "" || target.Scheme != "https" && target.Scheme != "http" {
		return orchestrator.WebAnswer{}, orchestrator.Invalidf("url: expected http://HOST/... or https://HOST/...")
	}
	request, err := http.NewRequestWithContext(ctx, r.Method, target.String(), bytes.NewReader(r.Body))
	if err != nil {
		return orchestrator.WebAnswer{}, orchestrator.Invalidf("method or url cannot be used")
	}
	request.Header = r.Header
	if host := r.Header.Get("Host"); host != "" {
		request.Host = host
	}
	client, kind := c.secure, "https"
	if target.Scheme == "http" {
		client, kind = c.plain, "plain http"
	}
	response, err := client.Do(request)
	if err != nil {
		return orchestrator.WebAnswer{}, sendError(target, kind, err)
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(response.Body, maxRead))
	if err != nil {
		return orchestrator.WebAnswer{}, sendError(target, kind, err)
	}
	return orchestrator.WebAnswer{Status: response.StatusCode, Header: response.Header, Body: body}, nil
}
