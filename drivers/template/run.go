package template

import (
	"context"
	"encoding/json"
	"fmt"
	"sort"

	"github.com/slipway-dev/slipway/drivers"
)

// run is one Provision. It owns copies of all inputs, because templates may
// write to what they see (set, unset, merge).
type run struct {
	request   drivers.Request
	templates map[string]any
	// secretTemplate is secrets.templates.outputs; its own text is a secret.
	secretTemplate any
	engine         *engine
	scope          map[string]any
}

func newRun(ctx context.Context, limits Limits, r drivers.Request) (*run, error) {
	templates, ok := r.Values["templates"].(map[string]any)
	if !ok {
		return nil, drivers.Invalid("driver input values.templates is missing or not an object; give at least one of init, manifests, outputs, secrets, cookie below it")
	}
	for _, name := range unknownTemplates(templates) {
		r.Say(fmt.Sprintf("templates.%s is not a template this driver knows; it is ignored", name))
	}
	run := &run{request: r, templates: templates, engine: newEngine(ctx, limits)}
	if below, ok := r.Secrets["templates"].(map[string]any); ok {
		run.secretTemplate = below[nameOutputs]
	}
	run.scope = map[string]any{
		"id":       r.GUResID,
		"cookie":   run.readCookie(),
		"resource": orEmpty(toTemplate(r.Resource)),
		"driver": map[string]any{
			"values":  without(toTemplate(r.Values), "templates"),
			"secrets": without(toTemplate(r.Secrets), "templates"),
		},
	}
	return run, nil
}

// readCookie gives nil for a missing cookie and for one that another driver wrote.
func (r *run) readCookie() any {
	if r.request.Cookie == "" {
		return nil
	}
	var cookie any
	if err := json.Unmarshal([]byte(r.request.Cookie), &cookie); err != nil {
		r.request.Say("the stored cookie was not written by this driver; it is ignored")
		return nil
	}
	return toTemplate(cookie)
}

func (r *run) provision() (Rendering, error) {
	var result Rendering
	initial, err := r.engine.render("templates.init", r.templates[nameInit], r.scope)
	if err != nil {
		return result, err
	}
	if initial == nil {
		initial = map[string]any{}
	}
	if r.templates[nameInit] != nil {
		result.Init = initial
	}
	r.scope[nameInit] = toTemplate(initial)

	if result.Manifests, result.Named, err = r.manifests(); err != nil {
		return result, err
	}
	if result.Values, err = r.object("templates.outputs", r.templates[nameOutputs], r.scope); err != nil {
		return result, err
	}
	if err := r.refuseSecretOutputs(result.Values); err != nil {
		return result, err
	}
	if result.Secrets, err = r.secrets(result.Values); err != nil {
		return result, err
	}
	result.Cookie, err = r.cookie()
	return result, err
}

// object renders a template whose result must be a mapping; nothing counts as an empty one.
func (r *run) object(name string, source any, scope map[string]any) (map[string]any, error) {
	v, err := r.engine.render(name, source, scope)
	if err != nil {
		return nil, err
	}
	if v == nil {
		return map[string]any{}, nil
	}
	m, ok := v.(map[string]any)
	if !ok {
		return nil, badResult("%s must give a YAML mapping of output names to values, it gave %s", name, kindOf(v))
	}
	return m, nil
}

func (r *run) secrets(values map[string]any) (map[string]any, error) {
	scope := make(map[string]any, len(r.scope)+1)
	for k, v := range r.scope {
		scope[k] = v
	}
	scope[nameOutputs] = map[string]any{"values": toTemplate(values)}
	out, err := r.object("templates.secrets", r.templates[nameSecrets], scope)
	if err != nil {
		return nil, err
	}
	more, err := r.object(secretTemplateName, r.secretTemplate, scope)
	if err != nil {
		return nil, err
	}
	for k, v := range more {
		out[k] = v
	}
	return out, nil
}

// cookie gives the cookie for the next run. Without a cookie template the
// stored one stays, so that taking the template out for a while loses nothing.
func (r *run) cookie() (string, error) {
	source, given := r.templates[nameCookie]
	if !given || source == nil {
		return r.request.Cookie, nil
	}
	v, err := r.engine.render("templates.cookie", source, r.scope)
	if err != nil || v == nil {
		return "", err
	}
	text, err := json.Marshal(v)
	if err != nil {
		return "", badResult("templates.cookie cannot be stored as JSON")
	}
	if len(text) > r.engine.limits.Cookie {
		return "", &drivers.Error{Code: drivers.CodeLimit, Permanent: true, Message: fmt.Sprintf(
			"templates.cookie gave %d bytes; a cookie may have %d", len(text), r.engine.limits.Cookie)}
	}
	return string(text), nil
}

// refuseSecretOutputs keeps a secret that came in from leaving as a plain value.
func (r *run) refuseSecretOutputs(values map[string]any) error {
	const shortest = 8
	secrets := longLeaves(r.request.Secrets, shortest)
	if len(secrets) == 0 {
		return nil
	}
	names := make([]string, 0, len(values))
	for name := range values {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		if !containsAny(values[name], secrets) {
			continue
		}
		return badResult("templates.outputs: output %q contains a value of .driver.secrets; move it to templates.secrets", name)
	}
	return nil
}
