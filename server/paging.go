package server

import (
	"encoding/base64"
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"github.com/slipway-dev/slipway/orchestrator"
)

const (
	defaultPage = 50
	maxPage     = 100
)

// pageQuery documents the parameters of paged lists.
var pageQuery = []Query{
	{Name: "per_page", Type: "integer", Doc: "Items per page, 1 to 100; 50 when absent"},
	{Name: "page", Doc: "Token of the page, from the Link header"},
}

// paged cuts the page that the request asks for out of a list and announces the
// next one in the Link header. A page token names the last item before the
// page, so that new items in front do not shift the pages.
func paged[T any](c *Call, list []T, id func(T) string) ([]T, error) {
	size, err := c.QueryInt("per_page", defaultPage)
	if err != nil {
		return nil, err
	}
	size = min(max(size, 1), maxPage)
	if token := c.Query("page"); token != "" {
		if list, err = after(list, token, id); err != nil {
			return nil, err
		}
	}
	if int64(len(list)) <= size {
		return list, nil
	}
	next := url.Values{}
	for name, values := range c.query {
		next[name] = values
	}
	next.Set("per_page", strconv.FormatInt(size, 10))
	next.Set("page", base64.RawURLEncoding.EncodeToString([]byte(id(list[size-1]))))
	c.Header().Set("Link", fmt.Sprintf(`<%s?%s>; rel="next"`, c.Request().URL.EscapedPath(), next.Encode()))
	return list[:size], nil
}

func after[T any](list []T, token string, id func(T) string) ([]T, error) {
	last, err := base64.RawURLEncoding.DecodeString(token)
	if err == nil {
		for i := range list {
			if id(list[i]) == string(last) {
				return list[i+1:], nil
			}
		}
	}
	return nil, orchestrator.Invalidf("query parameter page: %q is no page of this list; start again without it", strings.ToValidUTF8(token, "?"))
}
