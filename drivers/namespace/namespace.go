// Package namespace holds the driver that gives an environment its Kubernetes
// namespace. It computes the name and the Namespace object; it never talks to a cluster.
package namespace

import (
	"context"
	"sort"

	"github.com/slipway-dev/slipway/drivers"
)

const driverID = "humanitec/k8s-namespace"

// Driver makes one namespace.
//
// Values: namespace (or name), the name, usually written with placeholders;
// labels and annotations, objects of texts; existing, true when the namespace is made
// by somebody else, so that no object is delivered. Without a name the GUResID
// with the prefix "ns-" is used. Output: namespace.
type Driver struct{}

// Descriptor describes the driver.
func (Driver) Descriptor() drivers.Descriptor {
	return drivers.Descriptor{
		ID:           driverID,
		ResourceType: "k8s-namespace",
		Kind:         drivers.InProcess,
		Description:  "Gives an environment its namespace.",
		InputsSchema: drivers.ParseSchema(`{
			"type": "object",
			"properties": {"values": {
				"type": "object",
				"properties": {
					"namespace":   {"type": "string"},
					"name":        {"type": "string"},
					"labels":      {"type": "object"},
					"annotations": {"type": "object"},
					"existing":    {"type": "boolean"}
				}
			}}
		}`),
	}
}

// Provision checks the name and returns the Namespace object.
func (Driver) Provision(ctx context.Context, r drivers.Request) (drivers.Result, error) {
	if err := ctx.Err(); err != nil {
		return drivers.Result{}, drivers.Interrupted("the namespace driver", err)
	}
	name, err := nameOf(r)
	if err != nil {
		return drivers.Result{}, err
	}
	result := drivers.Result{
		Values:  map[string]any{"namespace": name},
		Secrets: map[string]any{},
		Cookie:  r.Cookie,
	}
	if existing, _ := r.Values["existing"].(bool); existing {
		return result, nil
	}
	metadata := map[string]any{"name": name}
	for _, field := range []string{"labels", "annotations"} {
		texts, err := textsOf(r.Values[field], field)
		if err != nil {
			return drivers.Result{}, err
		}
		if len(texts) > 0 {
			metadata[field] = texts
		}
	}
	result.Manifests = []drivers.Manifest{{
		Location: drivers.LocationCluster,
		Data:     map[string]any{"apiVersion": "v1", "kind": "Namespace", "metadata": metadata},
	}}
	return result, nil
}

// Destroy has nothing to remove: the object goes with the delivery.
func (Driver) Destroy(ctx context.Context, _ drivers.Request) error {
	if err := ctx.Err(); err != nil {
		return drivers.Interrupted("the namespace driver", err)
	}
	return nil
}

func nameOf(r drivers.Request) (string, error) {
	for _, field := range []string{"namespace", "name"} {
		raw, given := r.Values[field]
		if !given || raw == nil {
			continue
		}
		name, ok := raw.(string)
		if !ok {
			return "", drivers.Invalid("driver %s: values.%s must be a text", driverID, field)
		}
		if err := drivers.CheckDNSLabel(name); err != nil {
			return "", drivers.Invalid("driver %s: values.%s: %s", driverID, field, err)
		}
		return name, nil
	}
	name := "ns-" + r.GUResID
	if err := drivers.CheckDNSLabel(name); err != nil {
		return "", drivers.Invalid("driver %s: no values.namespace was given, and the resource's id gives no name: %s", driverID, err)
	}
	return name, nil
}

func textsOf(raw any, field string) (map[string]any, error) {
	if raw == nil {
		return nil, nil
	}
	m, ok := raw.(map[string]any)
	if !ok {
		return nil, drivers.Invalid("driver %s: values.%s must be an object of texts", driverID, field)
	}
	names := make([]string, 0, len(m))
	for name := range m {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		if _, ok := m[name].(string); !ok {
			return nil, drivers.Invalid("driver %s: values.%s.%s must be a text", driverID, field, name)
		}
	}
	return drivers.CloneMap(m), nil
}
