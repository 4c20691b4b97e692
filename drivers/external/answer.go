package external

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/slipway-dev/slipway/drivers"
)

// result reads OutputData. What the contract does not name is ignored, and the
// content type does not matter; what would make outputs wrong is an error.
func (c *call) result(got *answer) (drivers.Result, error) {
	none := drivers.Result{}
	if len(bytes.TrimSpace(got.body)) == 0 {
		return none, c.failed(drivers.CodeInvalidResult, "answered %d without a body; expected JSON with the outputs, at least {\"resource\": {}}", got.status)
	}
	var decoded any
	if err := json.Unmarshal(got.body, &decoded); err != nil {
		return none, c.failed(drivers.CodeInvalidResult, "answered %d with a body that is not JSON (%v)", got.status, err)
	}
	tree, ok := decoded.(map[string]any)
	if !ok {
		return none, c.failed(drivers.CodeInvalidResult, "answered with %s; expected a JSON object with resource and manifests", kindOf(decoded))
	}
	_, hasResource := tree["resource"]
	listed, hasManifests := tree["manifests"]
	if !hasResource && !hasManifests {
		return none, c.failed(drivers.CodeInvalidResult, "answered with neither resource nor manifests; keys: %s", c.short(strings.Join(slices.Sorted(maps.Keys(tree)), ", ")))
	}
	resource, err := c.objectAt(tree, "resource", "resource")
	if err != nil {
		return none, err
	}
	out := drivers.Result{Cookie: c.cookie}
	if out.Values, err = c.objectAt(resource, "values", "resource.values"); err != nil {
		return none, err
	}
	if out.Secrets, err = c.objectAt(resource, "secrets", "resource.secrets"); err != nil {
		return none, err
	}
	if listed == nil {
		listed = resource["manifests"] // public drivers put them there
	}
	out.Manifests, err = c.manifests(listed)
	c.remark(tree, resource)
	return out, err
}

// remark tells people about what was ignored.
func (c *call) remark(tree, resource map[string]any) {
	if t, given := tree["type"]; given && t != c.request.Type {
		c.request.Say(c.clean(fmt.Sprintf("the driver calls the resource %v, it was asked for %s", c.short(fmt.Sprint(t)), c.request.Type)))
	}
	var ignored []string
	for _, key := range slices.Sorted(maps.Keys(resource)) {
		if key != "values" && key != "secrets" && key != "manifests" {
			ignored = append(ignored, key)
		}
	}
	if len(ignored) > 0 {
		c.request.Say("ignored below resource, where outputs are in values and secrets: " + c.short(strings.Join(ignored, ", ")))
	}
}

// objectAt gives an empty object for what is absent or null.
func (c *call) objectAt(tree map[string]any, key, path string) (map[string]any, error) {
	value := tree[key]
	if value == nil {
		return map[string]any{}, nil
	}
	out, ok := value.(map[string]any)
	if !ok {
		return nil, c.failed(drivers.CodeInvalidResult, "answered with %s at %s; expected an object", kindOf(value), path)
	}
	return out, nil
}

func (c *call) manifests(value any) ([]drivers.Manifest, error) {
	if value == nil {
		return nil, nil
	}
	list, ok := value.([]any)
	if !ok {
		return nil, c.failed(drivers.CodeInvalidResult, "answered with %s at manifests; expected a list of {location, data}", kindOf(value))
	}
	out := make([]drivers.Manifest, 0, len(list))
	for i, item := range list {
		entry, _ := item.(map[string]any)
		location, _ := entry["location"].(string)
		plural, err := drivers.NormaliseLocation(location)
		if err != nil {
			return nil, c.failed(drivers.CodeInvalidResult, "answered with a wrong manifest %d: %s", i, c.short(err.Error()))
		}
		data := entry["data"]
		if data == nil {
			data = entry["manifest"] // the older spelling
		}
		body, ok := data.(map[string]any)
		if !ok {
			return nil, c.failed(drivers.CodeInvalidResult, "answered with a wrong manifest %d: data is %s; expected an object", i, kindOf(data))
		}
		out = append(out, drivers.Manifest{Location: plural, Data: body})
	}
	return out, nil
}

// progress says what a 202 tells. Everything in it is optional.
func progress(body []byte) string {
	var hint map[string]any
	_ = json.Unmarshal(body, &hint)
	status, _ := hint["status"].(string)
	switch status {
	case "creating", "updating", "deleting":
		return status + " (202)"
	}
	return "at work (202)"
}

var codes = regexp.MustCompile(`^RES-1\d\d$`)

// errorOf reads an Error body; a body of another form is its own text.
func errorOf(body []byte) (code, text string) {
	var tree map[string]any
	if json.Unmarshal(body, &tree) != nil {
		return "", plain(body)
	}
	code, _ = tree["error"].(string)
	text, _ = tree["message"].(string)
	switch {
	case text == "" && code == "":
		text = plain(body)
	case text == "":
		text = code
	}
	if !codes.MatchString(code) {
		if text != code && code != "" {
			text = code + ": " + text
		}
		code = ""
	}
	return code, text
}

// plain is the text of a body that is not what the contract says.
func plain(body []byte) string {
	text := strings.TrimSpace(string(body))
	switch {
	case text == "":
		return "(no text)"
	case strings.HasPrefix(text, "<"):
		return "(a page in HTML)"
	}
	return text
}

// quote is status and text of an answer that is an error.
func (c *call) quote(got *answer) string {
	code, text := errorOf(got.body)
	if code != "" && text != code {
		text = code + ": " + text
	}
	return fmt.Sprintf("%d %s: %s", got.status, http.StatusText(got.status), c.short(text))
}

// short cuts what a driver said, after secrets are out: half a secret would not be found.
func (c *call) short(text string) string {
	const most = 500
	text = c.clean(text)
	if len(text) <= most {
		return text
	}
	cut := most
	for !utf8.RuneStart(text[cut]) {
		cut--
	}
	return text[:cut] + "..."
}

func kindOf(v any) string {
	switch v.(type) {
	case nil:
		return "null"
	case map[string]any:
		return "an object"
	case []any:
		return "a list"
	case string:
		return "a text"
	case bool:
		return "true or false"
	}
	return "a number"
}
