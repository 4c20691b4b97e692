// Package cluster holds the drivers that say where an environment is
// delivered: a Kubernetes cluster of some kind, or a git repository that a
// cluster follows. They check the description and hand it on; they never
// connect to a cluster or a repository.
package cluster

import (
	"context"
	"fmt"
	"net/url"
	"regexp"
	"sort"
	"strings"

	"github.com/slipway-dev/slipway/drivers"
)

// Driver checks the description of one kind of cluster. Its outputs are the
// values as given plus cluster_type; its secret outputs are credentials (as given, or those
// of the driver account) and agent_url.
type Driver struct{ kind kind }

type kind struct {
	id, clusterType, description string
	required, optional           []string
	accountTypes                 []string
	check                        func(values map[string]any) error
}

func kinds() []kind {
	return []kind{
		{id: "humanitec/k8s-cluster", clusterType: "k8s", description: "A Kubernetes cluster, reached by its address and credentials.", optional: []string{"name"}, check: checkClusterData},
		{id: "humanitec/k8s-cluster-gke", clusterType: "gke", description: "A Google Kubernetes Engine cluster.",
			required: []string{"name", "project_id"}, optional: []string{"zone", "region"}, accountTypes: []string{"gcp", "gcp-identity"}, check: checkLocation},
		{id: "humanitec/k8s-cluster-eks", clusterType: "eks", description: "An Amazon EKS cluster.",
			required: []string{"name", "region"}, optional: []string{"loadbalancer_hosted_zone"}, accountTypes: []string{"aws", "aws-role"}},
		{id: "humanitec/k8s-cluster-aks", clusterType: "aks", description: "An Azure AKS cluster.",
			required: []string{"name", "resource_group", "subscription_id"}, optional: []string{"server_app_id"}, accountTypes: []string{"azure", "azure-identity"}},
		{id: "humanitec/k8s-cluster-git", clusterType: "git", description: "A git repository that a cluster follows (GitOps).",
			required: []string{"url"}, optional: []string{"branch", "path"}, check: checkRepository},
	}
}

// All returns the drivers of every kind.
func All() []*Driver {
	var out []*Driver
	for _, k := range kinds() {
		out = append(out, &Driver{kind: k})
	}
	return out
}

// Descriptor describes the driver.
func (d *Driver) Descriptor() drivers.Descriptor {
	properties := map[string]any{"loadbalancer": map[string]any{"type": "string"}}
	for _, name := range d.kind.optional {
		properties[name] = map[string]any{"type": "string"}
	}
	if d.kind.clusterType == "k8s" {
		properties["cluster_data"] = map[string]any{"type": "object", "description": "server and certificate-authority-data"}
	}
	required := []any{}
	for _, name := range d.kind.required {
		properties[name] = map[string]any{"type": "string", "minLength": 1.0}
		required = append(required, name)
	}
	return drivers.Descriptor{
		ID:           d.kind.id,
		ResourceType: "k8s-cluster",
		Kind:         drivers.InProcess,
		Description:  d.kind.description,
		AccountTypes: d.kind.accountTypes,
		InputsSchema: map[string]any{
			"type": "object",
			"properties": map[string]any{
				"values": map[string]any{"type": "object", "properties": properties, "required": required},
				"secrets": map[string]any{"type": "object", "properties": map[string]any{
					"credentials": map[string]any{"type": []any{"object", "string"}},
					"agent_url":   map[string]any{"type": "string"},
				}},
			},
		},
	}
}

// Provision checks the values and hands them on.
func (d *Driver) Provision(ctx context.Context, r drivers.Request) (drivers.Result, error) {
	if err := ctx.Err(); err != nil {
		return drivers.Result{}, drivers.Interrupted("driver "+d.kind.id, err)
	}
	if err := d.validate(r.Values); err != nil {
		return drivers.Result{}, err
	}
	values := drivers.CloneMap(r.Values)
	if values == nil {
		values = map[string]any{}
	}
	values["cluster_type"] = d.kind.clusterType
	return drivers.Result{Values: values, Secrets: secrets(r), Cookie: r.Cookie}, nil
}

// Destroy forgets the description; the cluster is not touched.
func (d *Driver) Destroy(ctx context.Context, _ drivers.Request) error {
	if err := ctx.Err(); err != nil {
		return drivers.Interrupted("driver "+d.kind.id, err)
	}
	return nil
}

// secrets prefers credentials written in the definition to those of the account.
func secrets(r drivers.Request) map[string]any {
	out := map[string]any{}
	if v, ok := r.Secrets["account"]; ok && v != nil {
		out["credentials"] = drivers.Clone(v)
	}
	for _, name := range []string{"credentials", "agent_url"} {
		if v, ok := r.Secrets[name]; ok && v != nil {
			out[name] = drivers.Clone(v)
		}
	}
	return out
}

func (d *Driver) validate(values map[string]any) error {
	var missing []string
	for _, name := range d.kind.required {
		if s, ok := values[name].(string); !ok || s == "" {
			missing = append(missing, "values."+name)
		}
	}
	if len(missing) > 0 {
		sort.Strings(missing)
		return drivers.Invalid("driver %s: %s must be given as text", d.kind.id, strings.Join(missing, ", "))
	}
	if lb, given := values["loadbalancer"]; given && lb != nil {
		if _, ok := lb.(string); !ok {
			return drivers.Invalid("driver %s: values.loadbalancer must be a text with an address or a host name", d.kind.id)
		}
	}
	for _, name := range d.kind.optional {
		if v, given := values[name]; given && v != nil {
			if _, ok := v.(string); !ok {
				return drivers.Invalid("driver %s: values.%s must be a text", d.kind.id, name)
			}
		}
	}
	if d.kind.check == nil {
		return nil
	}
	return d.kind.check(values)
}

// checkLocation asks a GKE cluster for its zone; one that spans a region has a region instead.
func checkLocation(values map[string]any) error {
	for _, name := range []string{"zone", "region"} {
		if s, _ := values[name].(string); s != "" {
			return nil
		}
	}
	return drivers.Invalid("driver humanitec/k8s-cluster-gke: values.zone must be given as text; for a cluster that spans a region, values.region or the region as zone")
}

// checkClusterData accepts a missing cluster_data, which means the cluster that
// the server itself is configured for.
func checkClusterData(values map[string]any) error {
	raw, given := values["cluster_data"]
	if !given || raw == nil {
		return nil
	}
	data, ok := raw.(map[string]any)
	if !ok {
		return drivers.Invalid("driver humanitec/k8s-cluster: values.cluster_data must be an object with server and certificate-authority-data")
	}
	server, _ := data["server"].(string)
	u, err := url.Parse(server)
	if err != nil || u.Host == "" || (u.Scheme != "https" && u.Scheme != "http") {
		return drivers.Invalid("driver humanitec/k8s-cluster: values.cluster_data.server must be the URL of the API server, for example https://10.0.0.1:6443")
	}
	return nil
}

var scpLike = regexp.MustCompile(`^[A-Za-z0-9_.-]+@[A-Za-z0-9_.-]+:[^\s]+$`)

// checkRepository accepts URLs, the scp-like form, and a path on this machine,
// which is what a laptop uses.
func checkRepository(values map[string]any) error {
	repo, _ := values["url"].(string)
	if err := checkAddress(repo); err != nil {
		return err
	}
	path, _ := values["path"].(string)
	for _, part := range strings.Split(path, "/") {
		if part == ".." || part == ".git" {
			return drivers.Invalid("driver humanitec/k8s-cluster-git: values.path %q must stay inside the repository and away from .git", path)
		}
	}
	return nil
}

func checkAddress(repo string) error {
	problem := ""
	u, err := url.Parse(repo)
	switch {
	case scpLike.MatchString(repo), strings.HasPrefix(repo, "/"), strings.HasPrefix(repo, "./"):
	case err != nil || u.Scheme == "":
		problem = "is not the address of a git repository"
	case u.User != nil && hasPassword(u):
		problem = "contains a password; put it into secrets.credentials.password"
	default:
		schemes := map[string]bool{"https": true, "http": true, "ssh": true, "git": true, "file": true}
		if !schemes[u.Scheme] {
			problem = fmt.Sprintf("uses %q; use https, ssh or the form git@host:path", u.Scheme)
		}
	}
	if problem == "" {
		return nil
	}
	return drivers.Invalid("driver humanitec/k8s-cluster-git: values.url %s", problem)
}

func hasPassword(u *url.URL) bool {
	_, set := u.User.Password()
	return set
}
