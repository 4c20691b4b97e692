package kubernetes

import (
	"encoding/json"
	"sort"
	"strconv"
	"strings"

	"github.com/slipway-dev/slipway/drivers"
)

// ingress is humanitec/ingress. Values: class, annotations and labels (objects,
// annotations also as JSON text), path_type (default Prefix), no_tls,
// tls_secret_name, automatic_tls_secret_name; api_version is accepted, and
// networking.k8s.io/v1 is what is made. Routes come from the route resources that depend on the dns
// of the same id, and in the old style from the rules of the resource's inputs.
// No routes, no object. Output: id, the name of the Ingress.
func ingress() *Driver {
	return &Driver{
		descriptor: drivers.Descriptor{
			ID:           "humanitec/ingress",
			ResourceType: "ingress",
			Kind:         drivers.InProcess,
			Description:  "Brings the routes of a host together in one Ingress.",
			InputsSchema: drivers.ParseSchema(`{"type": "object", "properties": {"values": {"type": "object", "properties": {
				"class": {"type": "string"},
				"annotations": {"type": ["object", "string"]},
				"labels": {"type": "object"},
				"path_type": {"type": "string"},
				"no_tls": {"type": ["boolean", "string"]},
				"tls_secret_name": {"type": "string"},
				"automatic_tls_secret_name": {"type": "string"},
				"api_version": {"type": "string"}
			}}}}`),
			Defaults: map[string]any{
				"host":          "${resources.dns.outputs.host}",
				"routePaths":    "${resources.dns<route.outputs.path}",
				"routePorts":    "${resources.dns<route.outputs.port}",
				"routeServices": "${resources.dns<route.outputs.service}",
			},
		},
		shape: shapeIngress,
	}
}

func shapeIngress(r drivers.Request) (drivers.Result, error) {
	name := "ingress-" + r.GUResID
	result := drivers.Result{Values: map[string]any{"id": name}}
	paths, err := ingressPaths(r)
	if err != nil || len(paths) == 0 {
		return result, err
	}
	host := str(first(r.Resource["host"], r.Values["host"]))
	if host == "" {
		return result, drivers.Invalid("driver humanitec/ingress: there are routes but no host; let the dns definition co-provision the ingress, or give the input host")
	}
	if version := str(r.Values["api_version"]); version != "" && version != "v1" && version != "networking.k8s.io/v1" {
		r.Say("values.api_version " + version + " is not served by Kubernetes any more; networking.k8s.io/v1 is used")
	}
	metadata := map[string]any{"name": name}
	for _, field := range []string{"annotations", "labels"} {
		texts, err := object(r.Values[field], field)
		if err != nil {
			return result, err
		}
		if len(texts) > 0 {
			metadata[field] = texts
		}
	}
	spec := map[string]any{"rules": []any{map[string]any{"host": host, "http": map[string]any{"paths": paths}}}}
	if class := str(r.Values["class"]); class != "" {
		spec["ingressClassName"] = class
	}
	if secret := tlsSecret(r); secret != "" {
		spec["tls"] = []any{map[string]any{"hosts": []any{host}, "secretName": secret}}
	}
	result.Manifests = []drivers.Manifest{{Location: drivers.LocationNamespace, Data: map[string]any{
		"apiVersion": "networking.k8s.io/v1", "kind": "Ingress", "metadata": metadata, "spec": spec,
	}}}
	return result, nil
}

func tlsSecret(r drivers.Request) string {
	if off, _ := scalar(r.Values["no_tls"]); strings.EqualFold(off, "true") {
		return ""
	}
	for _, v := range []any{r.Values["tls_secret_name"], r.Resource["tls_secret_name"], r.Values["automatic_tls_secret_name"]} {
		if s := str(v); s != "" {
			return s
		}
	}
	return ""
}

func ingressPaths(r drivers.Request) ([]any, error) {
	paths, _ := r.Values["routePaths"].([]any)
	ports, _ := r.Values["routePorts"].([]any)
	services, _ := r.Values["routeServices"].([]any)
	if len(paths) != len(ports) || len(paths) != len(services) {
		return nil, drivers.Invalid("driver humanitec/ingress: %d paths, %d ports and %d services of routes do not fit together", len(paths), len(ports), len(services))
	}
	usual := first(r.Values["path_type"], "Prefix")
	var out []any
	for i := range paths {
		p, err := ingressPath(str(paths[i]), usual, services[i], ports[i])
		if err != nil {
			return nil, err
		}
		out = append(out, p)
	}
	rules, _ := r.Resource["rules"].(map[string]any)
	http, _ := rules["http"].(map[string]any)
	old := make([]string, 0, len(http))
	for path := range http {
		old = append(old, path)
	}
	sort.Strings(old)
	for _, path := range old {
		rule, _ := http[path].(map[string]any)
		p, err := ingressPath(path, first(rule["type"], usual), rule["name"], rule["port"])
		if err != nil {
			return nil, err
		}
		out = append(out, p)
	}
	return out, nil
}

func ingressPath(path string, pathType, service, port any) (map[string]any, error) {
	kinds := map[string]string{"prefix": "Prefix", "exact": "Exact", "implementationspecific": "ImplementationSpecific"}
	kind := kinds[strings.ToLower(str(pathType))]
	if kind == "" {
		return nil, drivers.Invalid("driver humanitec/ingress: path type %v of %q is not known; use Prefix, Exact or ImplementationSpecific", pathType, path)
	}
	if !strings.HasPrefix(path, "/") {
		return nil, drivers.Invalid("driver humanitec/ingress: path %q must start with a slash", path)
	}
	if str(service) == "" {
		return nil, drivers.Invalid("driver humanitec/ingress: path %q leads to no service; the workload needs a service with ports", path)
	}
	backend := map[string]any{"name": service}
	switch p := port.(type) {
	case float64:
		backend["port"] = map[string]any{"number": p}
	case string:
		backend["port"] = map[string]any{"name": p}
	default:
		return nil, drivers.Invalid("driver humanitec/ingress: path %q needs a port number or name", path)
	}
	return map[string]any{"path": path, "pathType": kind, "backend": map[string]any{"service": backend}}, nil
}

// object reads an object of texts that older definitions write as JSON text.
func object(v any, field string) (map[string]any, error) {
	if s, ok := v.(string); ok && s != "" {
		var parsed map[string]any
		if err := json.Unmarshal([]byte(s), &parsed); err != nil {
			return nil, drivers.Invalid("driver humanitec/ingress: values.%s is a text but not a JSON object", field)
		}
		v = parsed
	}
	if v == nil || v == "" {
		return nil, nil
	}
	m, ok := v.(map[string]any)
	if !ok {
		return nil, drivers.Invalid("driver humanitec/ingress: values.%s must be an object of texts", field)
	}
	names := make([]string, 0, len(m))
	for name := range m {
		names = append(names, name)
	}
	sort.Strings(names)
	out := make(map[string]any, len(m))
	for _, name := range names {
		text, ok := scalar(m[name])
		if !ok {
			return nil, drivers.Invalid("driver humanitec/ingress: values.%s.%s must be a text", field, name)
		}
		out[name] = text
	}
	return out, nil
}

// scalar is a value as the text that Kubernetes wants: definitions often leave
// the quotes around true and numbers away.
func scalar(v any) (string, bool) {
	switch t := v.(type) {
	case string:
		return t, true
	case bool:
		return strconv.FormatBool(t), true
	case float64:
		return strconv.FormatFloat(t, 'f', -1, 64), true
	}
	return "", false
}
