package server

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"net/url"
	"strings"

	"github.com/slipway-dev/slipway/internal/api"
	"github.com/slipway-dev/slipway/orchestrator"
)

func listOrgResources(c *Call) ([]api.ActiveResource, error) {
	f := orchestrator.ActiveResourceFilter{
		EnvID: c.Query("env"), EnvType: c.Query("env_type"), Type: c.Query("type"), Class: c.Query("class"), Driver: c.Query("driver"),
		Definition: c.Query("definition"), Status: c.Query("status"), Text: c.Query("text"),
	}
	if app := c.Query("app"); app != "" {
		f.Apps = []string{app}
	}
	if c.query.Has("scheduled_deletion") {
		value, err := c.QueryBool("scheduled_deletion")
		if err != nil {
			return nil, err
		}
		f.ScheduledDeletion = &value
	}
	size, err := c.QueryInt("per_page", defaultPage)
	if err != nil {
		return nil, err
	}
	f.Limit = int(min(max(size, 1), maxPage))
	if token := c.Query("page"); token != "" {
		if f.After, err = placeOf(token); err != nil {
			return nil, err
		}
	}
	page, more, err := c.Service.ListOrgResources(c.Context(), c.Org(), f)
	if err != nil {
		return nil, err
	}
	if more {
		last := page[len(page)-1]
		next := url.Values{}
		for name, values := range c.query {
			next[name] = values
		}
		next.Set("page", base64.RawURLEncoding.EncodeToString([]byte(last.AppID+"/"+last.EnvID+"/"+last.GUResID)))
		c.Header().Set("Link", fmt.Sprintf(`<%s?%s>; rel="next"`, c.Request().URL.EscapedPath(), next.Encode()))
	}
	return convert(page, wireActiveResource), nil
}

// placeOf is the place that a page begins behind.
func placeOf(token string) (*orchestrator.ActiveResourcePlace, error) {
	raw, err := base64.RawURLEncoding.DecodeString(token)
	parts := strings.Split(string(raw), "/")
	if err != nil || len(parts) != 3 || bytes.IndexByte(raw, 0) >= 0 {
		return nil, orchestrator.Invalidf("query parameter page: %q is no page of this list; start again without it", strings.ToValidUTF8(token, "?"))
	}
	return &orchestrator.ActiveResourcePlace{AppID: parts[0], EnvID: parts[1], GUResID: parts[2]}, nil
}
