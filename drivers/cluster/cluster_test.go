package cluster_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/drivers"
	"github.com/slipway-dev/slipway/drivers/cluster"
	"github.com/slipway-dev/slipway/drivers/drivertest"
)

func driver(t *testing.T, id string) *cluster.Driver {
	t.Helper()
	for _, d := range cluster.All() {
		if d.Descriptor().ID == id {
			return d
		}
	}
	t.Fatalf("no driver %s", id)
	return nil
}

func TestProvision(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		id              string
		values, secrets map[string]any
		clusterType     string
		outSecrets      map[string]any
		err             string
	}{
		"generic": {id: "humanitec/k8s-cluster", clusterType: "k8s",
			values:     map[string]any{"name": "c", "loadbalancer": "10.0.0.1", "cluster_data": map[string]any{"server": "https://10.0.0.2:6443"}},
			secrets:    map[string]any{"credentials": map[string]any{"client-key-data": "LS0tLS1"}},
			outSecrets: map[string]any{"credentials": map[string]any{"client-key-data": "LS0tLS1"}}},
		"generic, the server's own cluster": {id: "humanitec/k8s-cluster", clusterType: "k8s"},
		"generic, bad address":              {id: "humanitec/k8s-cluster", values: map[string]any{"cluster_data": map[string]any{"server": "10.0.0.2"}}, err: "cluster_data.server"},
		"eks with agent and account": {id: "humanitec/k8s-cluster-eks", clusterType: "eks",
			values:     map[string]any{"name": "c", "region": "eu-central-1", "loadbalancer_hosted_zone": "Z1"},
			secrets:    map[string]any{"agent_url": "agent://a", "account": map[string]any{"AccessKeyId": "AKIAEXAMPLE"}, "other": "dropped-secret"},
			outSecrets: map[string]any{"agent_url": "agent://a", "credentials": map[string]any{"AccessKeyId": "AKIAEXAMPLE"}}},
		"eks without region":     {id: "humanitec/k8s-cluster-eks", values: map[string]any{"name": "c"}, err: "values.region must be given"},
		"gke":                    {id: "humanitec/k8s-cluster-gke", clusterType: "gke", values: map[string]any{"name": "c", "zone": "z", "project_id": "p"}},
		"gke without anything":   {id: "humanitec/k8s-cluster-gke", err: "values.name, values.project_id must be given"},
		"aks":                    {id: "humanitec/k8s-cluster-aks", clusterType: "aks", values: map[string]any{"name": "c", "resource_group": "g", "subscription_id": "s"}},
		"git by ssh":             {id: "humanitec/k8s-cluster-git", clusterType: "git", values: map[string]any{"url": "git@git.example.com:org/repo.git", "branch": "main", "path": "shop/dev"}},
		"git by https":           {id: "humanitec/k8s-cluster-git", clusterType: "git", values: map[string]any{"url": "https://git.example.com/org/repo.git"}},
		"git on this machine":    {id: "humanitec/k8s-cluster-git", clusterType: "git", values: map[string]any{"url": "/var/lib/slipway/deliveries.git"}},
		"git without url":        {id: "humanitec/k8s-cluster-git", values: map[string]any{}, err: "values.url"},
		"git with odd url":       {id: "humanitec/k8s-cluster-git", values: map[string]any{"url": "not an address"}, err: "not the address"},
		"git with odd scheme":    {id: "humanitec/k8s-cluster-git", values: map[string]any{"url": "ext::sh -c x"}, err: "values.url"},
		"git with password":      {id: "humanitec/k8s-cluster-git", values: map[string]any{"url": "https://u:hunter22@git.example.com/r"}, err: "secrets.credentials.password"},
		"git path out of repo":   {id: "humanitec/k8s-cluster-git", values: map[string]any{"url": "https://git.example.com/r", "path": "a/../../b"}, err: "inside the repository"},
		"git branch not a text":  {id: "humanitec/k8s-cluster-git", values: map[string]any{"url": "https://git.example.com/r", "branch": 1.0}, err: "values.branch"},
		"load balancer a number": {id: "humanitec/k8s-cluster", values: map[string]any{"loadbalancer": 1.0}, err: "loadbalancer"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := driver(t, c.id).Provision(context.Background(), drivers.Request{Values: c.values, Secrets: c.secrets})
			if c.err != "" {
				require.ErrorContains(t, err, c.err)
				require.NotContains(t, err.Error(), "hunter22")
				require.True(t, drivers.IsPermanent(err))
				return
			}
			require.NoError(t, err)
			want := drivers.CloneMap(c.values)
			if want == nil {
				want = map[string]any{}
			}
			want["cluster_type"] = c.clusterType
			require.Equal(t, want, got.Values)
			if c.outSecrets == nil {
				c.outSecrets = map[string]any{}
			}
			require.Equal(t, c.outSecrets, got.Secrets)
		})
	}
}

func TestConformance(t *testing.T) {
	values := map[string]any{"name": "c", "region": "r", "zone": "z", "project_id": "p", "resource_group": "g", "subscription_id": "s",
		"url": "https://git.example.com/r", "cluster_data": map[string]any{"server": "https://10.0.0.2:6443"}}
	secrets := map[string]any{"credentials": map[string]any{"password": "hunter22"}}
	for _, d := range cluster.All() {
		t.Run(d.Descriptor().ID, func(t *testing.T) {
			drivertest.Run(t, func() drivers.Driver { return d },
				drivertest.Case{Name: "good", Request: drivers.Request{GUResID: "a1", Values: values, Secrets: secrets}},
				drivertest.Case{Name: "bad", Request: drivers.Request{GUResID: "a1", Values: map[string]any{"loadbalancer": 1.0}, Secrets: secrets}, Fails: true},
			)
		})
	}
}
