package client

import (
	"context"
	"fmt"
	"io"
	"net/http"
)

// Text reads what is at the path in one of its other forms, such as YAML, byte for byte.
func (c *Client) Text(ctx context.Context, path, accept string) ([]byte, error) {
	req, err := c.request(ctx, http.MethodGet, path, nil)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Accept", accept)
	res, err := c.http.Do(req)
	if err != nil {
		return nil, c.connectionError(ctx, err)
	}
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(res.Body, maxAnswer+1))
	switch {
	case err != nil:
		return nil, c.connectionError(ctx, err)
	case len(body) > maxAnswer:
		return nil, fmt.Errorf("GET %s: the answer is larger than %d MiB", path, maxAnswer>>20)
	case res.StatusCode != http.StatusOK:
		return nil, errorOf(res.StatusCode, body)
	}
	return body, nil
}
