package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
)

// errGone says that the service has no record with this id.
var errGone = errors.New("the record does not exist")

// client talks to the record service.
type client struct{ endpoint string }

type answer struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	Value string `json:"value"`
}

func (c *client) create(ctx context.Context, name, value string) (answer, error) {
	return c.do(ctx, http.MethodPost, "/records", answer{Name: name, Value: value})
}

func (c *client) get(ctx context.Context, id string) (answer, error) {
	return c.do(ctx, http.MethodGet, "/records/"+url.PathEscape(id), nil)
}

func (c *client) update(ctx context.Context, id, value string) error {
	_, err := c.do(ctx, http.MethodPut, "/records/"+url.PathEscape(id), answer{Value: value})
	return err
}

func (c *client) remove(ctx context.Context, id string) error {
	_, err := c.do(ctx, http.MethodDelete, "/records/"+url.PathEscape(id), nil)
	return err
}

func (c *client) do(ctx context.Context, method, path string, body any) (answer, error) {
	var out answer
	raw, err := json.Marshal(body)
	if err != nil {
		return out, fmt.Errorf("encode the request: %w", err)
	}
	q, err := http.NewRequestWithContext(ctx, method, c.endpoint+path, bytes.NewReader(raw))
	if err != nil {
		return out, fmt.Errorf("make the request: %w", err)
	}
	r, err := http.DefaultClient.Do(q)
	if err != nil {
		return out, fmt.Errorf("ask the record service: %w", err)
	}
	defer func() { _ = r.Body.Close() }()
	content, err := io.ReadAll(r.Body)
	if err != nil {
		return out, fmt.Errorf("read the answer of the record service: %w", err)
	}
	if r.StatusCode == http.StatusNotFound {
		return out, errGone
	}
	if r.StatusCode >= http.StatusBadRequest {
		return out, fmt.Errorf("the record service answers %s: %s", r.Status, bytes.TrimSpace(content))
	}
	if len(content) == 0 {
		return out, nil
	}
	if err := json.Unmarshal(content, &out); err != nil {
		return out, fmt.Errorf("read the answer of the record service: %w", err)
	}
	return out, nil
}
