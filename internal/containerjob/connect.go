package containerjob

import (
	"context"
	"slices"
	"strings"

	"k8s.io/client-go/rest"

	"github.com/slipway-dev/slipway/drivers"
	"github.com/slipway-dev/slipway/drivers/container"
	"github.com/slipway-dev/slipway/orchestrator"
)

// Clusters finds the way into the cluster of a container.
type Clusters struct {
	// RESTConfig reaches a cluster, by the rules of deliveries.
	RESTConfig func(ctx context.Context, t orchestrator.Target) (*rest.Config, error)
	// Account opens a resource account of an organization that is of one of the types. id may be "org/id".
	Account func(ctx context.Context, org, id string, types []string) (map[string]any, error)
	// Reserved are namespaces of the cluster that definitions without a cluster mean in which no container of theirs may run: those
	// where a pod could mount Slipway's own keys.
	Reserved []string
	// Allowed are the only namespaces of that cluster in which they may run; none given allows all but the reserved ones.
	Allowed []string
}

// accountTypes are the accounts that open clusters of a type.
var accountTypes = map[string][]string{
	"gke": {"gcp", "gcp-identity"}, "eks": {"aws", "aws-role"}, "aks": {"azure", "azure-identity"},
}

// Connect says how to reach the cluster of a spec. Errors hold no credentials.
func (c Clusters) Connect(ctx context.Context, s container.Spec) (*rest.Config, error) {
	data, _ := s.Cluster.Values["cluster_data"].(map[string]any)
	server, _ := data["server"].(string)
	own := s.Cluster.Type == "k8s" && server == "" && s.Cluster.Account == ""
	if own && len(c.Allowed) > 0 && !slices.Contains(c.Allowed, s.Namespace) {
		return nil, drivers.Invalid("namespace %q is none of those in which containers of definitions may run (--container-namespaces); there is: %s",
			s.Namespace, strings.Join(c.Allowed, ", "))
	}
	if own && slices.Contains(c.Reserved, s.Namespace) {
		return nil, drivers.Invalid("%q is a namespace of Slipway's own, in which no container of a definition runs; name another", s.Namespace)
	}
	target := orchestrator.Target{Env: orchestrator.EnvRef{OrgID: s.OrgID}, Type: s.Cluster.Type, Values: s.Cluster.Values, Credentials: s.Cluster.Credentials}
	if s.Cluster.Account != "" {
		types, ok := accountTypes[s.Cluster.Type]
		if !ok {
			return nil, drivers.Invalid("cluster.account opens clusters of the types gke, eks and aks, and cluster.cluster.cluster_type is %q; "+
				"give secrets cluster.credentials with a token or a client certificate, and cluster.cluster.cluster_data", s.Cluster.Type)
		}
		credentials, err := c.Account(ctx, s.OrgID, s.Cluster.Account, types)
		if err != nil {
			return nil, err
		}
		target.Credentials = credentials
	}
	return c.RESTConfig(ctx, target)
}
