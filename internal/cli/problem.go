package cli

import (
	"errors"
	"fmt"
	"net/http"

	"github.com/slipway-dev/slipway/internal/client"
)

// details gives the lines that follow an error's message: the single problems of an input, and what to do when the API
// cannot know it.
func details(err error) []string {
	var failure *client.Error
	if !errors.As(err, &failure) {
		return nil
	}
	var out []string
	problems, _ := failure.Details["problems"].([]any)
	for _, p := range problems {
		object, _ := p.(map[string]any)
		if object["message"] == nil {
			continue
		}
		if object["path"] == nil || object["path"] == "" {
			out = append(out, fmt.Sprint(object["message"]))
			continue
		}
		out = append(out, fmt.Sprintf("%v: %v", object["path"], object["message"]))
	}
	switch failure.Status {
	case http.StatusUnauthorized:
		out = append(out, "the token is missing, wrong or ended: log in with `slipway login`, or set SLIPWAY_TOKEN")
	case http.StatusForbidden:
		out = append(out, "the token may not do this: ask an administrator of the organization for a role, or use another token")
	}
	return out
}
