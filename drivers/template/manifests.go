package template

import (
	"sort"

	"github.com/slipway-dev/slipway/drivers"
)

// manifests renders templates.manifests: a mapping of any unique name to
// {location, data}. Entries without data are left out, so that a condition
// inside a template can drop one.
func (r *run) manifests() ([]drivers.Manifest, map[string]drivers.Manifest, error) {
	v, err := r.engine.render("templates.manifests", r.templates[nameManifests], r.scope)
	if err != nil || v == nil {
		return nil, nil, err
	}
	entries, ok := v.(map[string]any)
	if !ok {
		return nil, nil, badResult("templates.manifests must give a YAML mapping of names to {location, data}, it gave %s", kindOf(v))
	}
	names := make([]string, 0, len(entries))
	for name := range entries {
		names = append(names, name)
	}
	sort.Strings(names)

	var out []drivers.Manifest
	named := map[string]drivers.Manifest{}
	for _, name := range names {
		m, skip, err := r.manifest(name, entries[name])
		if err != nil {
			return nil, nil, err
		}
		if !skip {
			out, named[name] = append(out, m), m
		}
	}
	return out, named, nil
}

func (r *run) manifest(name string, entry any) (m drivers.Manifest, skip bool, err error) {
	if entry == nil {
		return m, true, nil
	}
	fields, ok := entry.(map[string]any)
	if !ok {
		return m, false, badResult("templates.manifests: %q must be {location, data}, it is %s", name, kindOf(entry))
	}
	data := fields["data"]
	if text, isText := data.(string); isText {
		if data, err = parseYAML("templates.manifests: data of "+quote(name), text); err != nil {
			return m, false, err
		}
	}
	if data == nil {
		return m, true, nil
	}
	if _, ok := data.(map[string]any); !ok {
		return m, false, badResult("templates.manifests: data of %q must be an object, it is %s", name, kindOf(data))
	}
	location, _ := fields["location"].(string)
	if location, err = drivers.NormaliseLocation(location); err != nil {
		return m, false, badResult("templates.manifests: %q: %s", name, err)
	}
	return drivers.Manifest{Location: location, Data: data}, false, nil
}
