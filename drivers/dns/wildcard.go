// Package dns holds the driver that makes host names below a domain whose
// wildcard record already points at the cluster. It computes names and never
// talks to a name server.
package dns

import (
	"context"
	"strings"

	"github.com/slipway-dev/slipway/drivers"
	"github.com/slipway-dev/slipway/drivers/template"
)

const driverID = "humanitec/dns-wildcard"

// Wildcard gives the host {label}.{domain}. Values: domain, and template, a Go
// template for the label that sees .id (the GUResID) and .resource. Without a
// template the label is made of application, environment and the start of the GUResID. Output: host.
type Wildcard struct{}

// Descriptor describes the driver.
func (Wildcard) Descriptor() drivers.Descriptor {
	return drivers.Descriptor{
		ID:           driverID,
		ResourceType: "dns",
		Kind:         drivers.InProcess,
		Description:  "Makes host names below a domain with a wildcard record.",
		InputsSchema: drivers.ParseSchema(`{"type": "object", "required": ["values"], "properties": {"values": {
			"type": "object", "required": ["domain"],
			"properties": {"domain": {"type": "string", "minLength": 1}, "template": {"type": "string"}}
		}}}`),
	}
}

// Provision renders the label and checks that the host is a legal host name.
func (Wildcard) Provision(ctx context.Context, r drivers.Request) (drivers.Result, error) {
	if err := ctx.Err(); err != nil {
		return drivers.Result{}, drivers.Interrupted("the wildcard DNS driver", err)
	}
	domain, _ := r.Values["domain"].(string)
	domain = strings.Trim(domain, ".")
	if domain == "" {
		return drivers.Result{}, drivers.Invalid("driver %s: values.domain is missing; give the domain whose wildcard record points at the cluster", driverID)
	}
	label, err := labelOf(ctx, r)
	if err != nil {
		return drivers.Result{}, err
	}
	host := strings.ToLower(label + "." + domain)
	if err := checkHost(host); err != nil {
		return drivers.Result{}, err
	}
	return drivers.Result{Values: map[string]any{"host": host}, Secrets: map[string]any{}, Cookie: r.Cookie}, nil
}

// Destroy has nothing to remove.
func (Wildcard) Destroy(ctx context.Context, _ drivers.Request) error {
	if err := ctx.Err(); err != nil {
		return drivers.Interrupted("the wildcard DNS driver", err)
	}
	return nil
}

func labelOf(ctx context.Context, r drivers.Request) (string, error) {
	source, _ := r.Values["template"].(string)
	if source == "" {
		return defaultLabel(r), nil
	}
	label, err := template.Text(ctx, "values.template", source, map[string]any{"id": r.GUResID, "resource": r.Resource})
	return strings.TrimSpace(label), err
}

// defaultLabel shortens application and environment so that the whole stays a DNS label.
func defaultLabel(r drivers.Request) string {
	cut := func(s string, n int) string { return strings.Trim(s[:min(len(s), n)], "-") }
	parts := []string{cut(r.AppID, 24), cut(r.EnvID, 24), cut(r.GUResID, 8)}
	kept := parts[:0]
	for _, p := range parts {
		if p != "" {
			kept = append(kept, p)
		}
	}
	return strings.Join(kept, "-")
}

func checkHost(host string) error {
	if len(host) > 253 {
		return drivers.Invalid("driver %s: the host has %d characters; 253 are allowed", driverID, len(host))
	}
	for _, label := range strings.Split(host, ".") {
		if err := drivers.CheckDNSLabel(label); err != nil {
			return drivers.Invalid("driver %s: host %q is not legal: %s", driverID, host, err)
		}
	}
	return nil
}
