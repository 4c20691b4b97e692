package containerjob_test

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"
	"k8s.io/client-go/rest"

	"github.com/slipway-dev/slipway/drivers"
	"github.com/slipway-dev/slipway/drivers/container"
	"github.com/slipway-dev/slipway/internal/containerjob"
	"github.com/slipway-dev/slipway/orchestrator"
)

// Where a container may run, and with whose credentials its cluster is opened.
func TestClusterOfAContainer(t *testing.T) {
	t.Parallel()
	account, given := map[string]any{"aws_role": "r"}, map[string]any{"token": "t"}
	data := map[string]any{"cluster_data": map[string]any{"server": "https://k"}}
	for name, c := range map[string]struct {
		spec  container.Spec
		want  orchestrator.Target
		wrong string
	}{
		"the server's own": {spec: container.Spec{Namespace: "jobs", Cluster: container.Cluster{Type: "k8s"}}, want: orchestrator.Target{Type: "k8s"}},
		"a namespace of Slipway's": {
			spec:  container.Spec{Namespace: "slipway", Cluster: container.Cluster{Type: "k8s", Values: map[string]any{"cluster_data": map[string]any{"server": ""}}}},
			wrong: "a namespace of Slipway's own",
		},
		"a namespace that is not allowed": {
			spec: container.Spec{Namespace: "kube-system", Cluster: container.Cluster{Type: "k8s"}}, wrong: `"kube-system" is none of those`,
		},
		"a namespace of that name elsewhere": {
			spec: container.Spec{Namespace: "slipway", Cluster: container.Cluster{Type: "k8s", Values: data, Credentials: given}},
			want: orchestrator.Target{Type: "k8s", Values: data, Credentials: given},
		},
		"by an account": {
			spec: container.Spec{OrgID: "acme", Cluster: container.Cluster{Type: "eks", Account: "acme/aws"}},
			want: orchestrator.Target{Env: orchestrator.EnvRef{OrgID: "acme"}, Type: "eks", Credentials: account}, // whose the server's identity may become
		},
		"by an account of another cloud":   {spec: container.Spec{OrgID: "acme", Cluster: container.Cluster{Type: "gke", Account: "acme/aws"}}, wrong: "takes others"},
		"by an account, but of no cloud":   {spec: container.Spec{OrgID: "acme", Cluster: container.Cluster{Type: "k8s", Account: "acme/aws"}}, wrong: "opens clusters of the types gke, eks and aks"},
		"by an account of somebody else's": {spec: container.Spec{OrgID: "other", Cluster: container.Cluster{Type: "eks", Account: "acme/aws"}}, wrong: "no such account"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var asked orchestrator.Target
			_, err := containerjob.Clusters{
				Reserved: []string{"slipway"}, Allowed: []string{"jobs", "slipway"},
				RESTConfig: func(_ context.Context, target orchestrator.Target) (*rest.Config, error) {
					asked = target
					return &rest.Config{}, nil
				},
				Account: func(_ context.Context, org, id string, types []string) (map[string]any, error) {
					if org != "acme" || id != "acme/aws" {
						return nil, errors.New("no such account")
					}
					if types[0] != "aws" {
						return nil, errors.New("takes others")
					}
					return account, nil
				},
			}.Connect(t.Context(), c.spec)
			if c.wrong != "" {
				require.ErrorContains(t, err, c.wrong)
				return
			}
			require.NoError(t, err)
			require.Equal(t, c.want, asked)
		})
	}
}

func TestContainersNeedAnImageWithSlipway(t *testing.T) {
	t.Parallel()
	_, err := containerjob.New(containerjob.Options{}).Run(t.Context(), container.Spec{}, func(string) {})
	require.ErrorContains(t, err, "set --runner-image for the workers")
	require.True(t, drivers.IsPermanent(err))
}
