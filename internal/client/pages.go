package client

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
)

// nextLink is the form in which the API announces the next page (RFC 8288).
var nextLink = regexp.MustCompile(`<([^>]*)>\s*;\s*rel="?next"?`)

// Get reads a path as it comes. A list that comes in pages is read to its end and put together.
func (c *Client) Get(ctx context.Context, path string) (json.RawMessage, error) {
	got, err := c.send(ctx, http.MethodGet, path, nil)
	if err != nil {
		return nil, err
	}
	next := c.nextPage(got.header)
	if next == "" {
		return got.body, nil
	}
	var all []json.RawMessage
	seen := map[string]bool{path: true}
	for {
		var page []json.RawMessage
		if err := json.Unmarshal(got.body, &page); err != nil {
			return nil, fmt.Errorf("GET %s: a page is no list: %w", path, err)
		}
		all = append(all, page...)
		if next == "" {
			return together(all), nil
		}
		if seen[next] {
			return nil, fmt.Errorf("GET %s: the pages go round in circles at %s", path, next)
		}
		seen[next] = true
		if got, err = c.send(ctx, http.MethodGet, next, nil); err != nil {
			return nil, err
		}
		next = c.nextPage(got.header)
	}
}

func together(items []json.RawMessage) json.RawMessage {
	parts := make([][]byte, len(items))
	for i, item := range items {
		parts[i] = item
	}
	return append(append([]byte("["), bytes.Join(parts, []byte(","))...), ']')
}

// nextPage is the path of the next page; "" when there is none. Only the path of the link counts: the token stays with
// the server it was made for.
func (c *Client) nextPage(header http.Header) string {
	match := nextLink.FindStringSubmatch(header.Get("Link"))
	if match == nil {
		return ""
	}
	target, err := url.Parse(match[1])
	if err != nil || !strings.HasPrefix(target.EscapedPath(), "/") {
		return ""
	}
	path := target.EscapedPath()
	if prefix := c.base.EscapedPath(); prefix != "" && strings.HasPrefix(path, prefix+"/") {
		path = strings.TrimPrefix(path, prefix)
	}
	if target.RawQuery == "" {
		return path
	}
	return path + "?" + target.RawQuery
}
