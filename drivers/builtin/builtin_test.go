package builtin_test

import (
	"encoding/json"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/drivers"
	"github.com/slipway-dev/slipway/drivers/builtin"
	"github.com/slipway-dev/slipway/drivers/container"
	"github.com/slipway-dev/slipway/drivers/drivertest"
)

const guresid = "0123456789abcdef0123456789abcdef01234567"

func registry(t testing.TB) *drivers.Registry {
	t.Helper()
	r := drivers.NewRegistry()
	require.NoError(t, builtin.Register(r))
	return r
}

// tree reads JSON, so that numbers are what a driver gets.
func tree(t *testing.T, text string) map[string]any {
	t.Helper()
	if text == "" {
		return nil
	}
	var out map[string]any
	require.NoError(t, json.Unmarshal([]byte(text), &out), text)
	return out
}

const oneRoute = `"host": "h.example.com", "routePaths": ["/"], "routePorts": [80], "routeServices": ["web"]`

// rows are the inputs that published definitions give each driver, and what comes of them.
var rows = []struct {
	name, driver              string
	id                        string // of the resource; default modules.api.externals.x
	resource, values, secrets string
	wantValues, wantSecrets   string // JSON; empty is {}
	wantManifests             string // JSON list of the data of all manifests
	wantError                 string
}{
	{name: "echo", driver: "humanitec/echo", values: `{"a": [1]}`, secrets: `{"b": {"c": "d"}}`, wantValues: `{"a": [1]}`, wantSecrets: `{"b": {"c": "d"}}`},
	{name: "echo by its old name", driver: "humanitec/static", values: `{"a": 1}`, wantValues: `{"a": 1}`},
	{name: "template", driver: "humanitec/template", values: `{"x": "y", "templates": {"outputs": "a: {{ .driver.values.x }}", "secrets": {"s": "{{ .outputs.values.a }}!"}}}`,
		wantValues: `{"a": "y"}`, wantSecrets: `{"s": "y!"}`},
	{name: "agent", driver: "humanitec/agent", values: `{"id": "my-agent"}`, wantSecrets: `{"url": "agent://my-agent"}`},
	{name: "agent without an id", driver: "humanitec/agent", values: `{}`, wantError: "values.id is missing"},
	{name: "logging in the cluster", driver: "humanitec/logging-k8s", values: `{}`},
	{name: "logging of Google Cloud", driver: "humanitec/logging-gcp", values: `{"project_id": "p"}`, secrets: `{"credentials": {"k": "v"}}`,
		wantValues: `{"project_id": "p"}`, wantSecrets: `{"credentials": {"k": "v"}}`},
	{name: "namespace", driver: "humanitec/k8s-namespace", values: `{"namespace": "shop-qa", "labels": {"team": "a"}}`, wantValues: `{"namespace": "shop-qa"}`,
		wantManifests: `[{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop-qa", "labels": {"team": "a"}}}]`},
	{name: "namespace without a name", driver: "humanitec/k8s-namespace", wantValues: `{"namespace": "ns-` + guresid + `"}`,
		wantManifests: `[{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "ns-` + guresid + `"}}]`},
	{name: "dns with a template", driver: "humanitec/dns-wildcard", values: `{"domain": "my-domain.com", "template": "{{ index (splitList \".\" \"modules.api.externals.dns\") 1 }}-qa-shop"}`,
		wantValues: `{"host": "api-qa-shop.my-domain.com"}`},
	{name: "dns with a plain template", driver: "humanitec/dns-wildcard", values: `{"domain": "staging.hosted-domain.com", "template": "qa-shop"}`,
		wantValues: `{"host": "qa-shop.staging.hosted-domain.com"}`},
	{name: "dns with the id", driver: "humanitec/dns-wildcard", values: `{"domain": "x.io", "template": "{{ trunc 4 .id }}-{{ .resource.name }}"}`, resource: `{"name": "n"}`,
		wantValues: `{"host": "0123-n.x.io"}`},
	{name: "dns without a domain", driver: "humanitec/dns-wildcard", values: `{"template": "x"}`, wantError: "values.domain is missing"},
	{name: "dns whose template gives no label", driver: "humanitec/dns-wildcard", values: `{"domain": "x.io", "template": "a b"}`, wantError: "is not legal"},
	{name: "hpa of the definition", driver: "humanitec/hpa", values: `{"minReplicas": 2, "maxReplicas": 5, "targetCPUUtilizationPercentage": 60}`, wantValues: `{"name": "api"}`,
		wantManifests: `[` + autoscaler(2, 5, 60) + `]`},
	{name: "hpa of the resource", driver: "humanitec/hpa", values: `{"minReplicas": 2, "maxReplicas": 5}`, resource: `{"minReplicas": 3, "maxReplicas": 9, "targetCPUUtilizationPercentage": 70}`,
		wantValues: `{"name": "api"}`, wantManifests: `[` + autoscaler(3, 9, 70) + `]`},
	{name: "hpa upside down", driver: "humanitec/hpa", values: `{"minReplicas": 5, "maxReplicas": 2}`, wantError: "maxReplicas (2) is less than minReplicas (5)"},
	{name: "shared hpa", driver: "humanitec/hpa", id: "shared.hpa", wantError: "belongs to no workload"},
	{name: "claim with a mode as text", driver: "humanitec/volume-pvc", values: `{"access_modes": "ReadWriteOnce", "capacity": "5Gi", "storage_class_name": "ebs-sc"}`,
		wantValues: `{"volumeName": "` + guresid + `-volume", "pvcName": "` + guresid + `-claim"}`, wantManifests: claim(`"ReadWriteOnce"`, "5Gi", `, "storageClassName": "ebs-sc"`)},
	{name: "claim with a list of modes", driver: "humanitec/volume-pvc", values: `{"access_modes": ["ReadWriteMany", "ReadOnlyMany"]}`,
		wantValues: `{"volumeName": "` + guresid + `-volume", "pvcName": "` + guresid + `-claim"}`, wantManifests: claim(`"ReadWriteMany", "ReadOnlyMany"`, "1Gi", "")},
	{name: "claim of no quantity", driver: "humanitec/volume-pvc", values: `{"capacity": 5}`, wantError: "must be a Kubernetes quantity such as 5Gi"},
	{name: "nfs", driver: "humanitec/volume-nfs", values: `{"path": "/", "server": "nfs-server.default.svc.cluster.local"}`, wantValues: `{"volumeName": "` + guresid + `-volume"}`,
		wantManifests: `[{"name": "` + guresid + `-volume", "nfs": {"path": "/", "server": "nfs-server.default.svc.cluster.local"}}]`},
	{name: "nfs without a server", driver: "humanitec/volume-nfs", values: `{"path": "/"}`, wantError: "values.server"},

	{name: "ingress with annotations and api_version", driver: "humanitec/ingress",
		values:        `{"annotations": {"konghq.com/preserve-host": "false", "konghq.com/strip-path": true}, "api_version": "v1", "class": "kong", ` + oneRoute + `}`,
		wantValues:    `{"id": "ingress-` + guresid + `"}`,
		wantManifests: ingress(`, "annotations": {"konghq.com/preserve-host": "false", "konghq.com/strip-path": "true"}`, "Prefix", `, "ingressClassName": "kong"`)},
	{name: "ingress with annotations and labels as text", driver: "humanitec/ingress", values: `{"annotations": "{\"a\": \"b\"}", "labels": {"l": "m"}, ` + oneRoute + `}`,
		wantValues: `{"id": "ingress-` + guresid + `"}`, wantManifests: ingress(`, "annotations": {"a": "b"}, "labels": {"l": "m"}`, "Prefix", "")},
	{name: "ingress with path_type and an old api_version", driver: "humanitec/ingress", values: `{"path_type": "ImplementationSpecific", "api_version": "v1beta1", ` + oneRoute + `}`,
		wantValues: `{"id": "ingress-` + guresid + `"}`, wantManifests: ingress("", "ImplementationSpecific", "")},
	{name: "ingress with tls_secret_name", driver: "humanitec/ingress", values: `{"tls_secret_name": "a", "automatic_tls_secret_name": "b", ` + oneRoute + `}`,
		wantValues: `{"id": "ingress-` + guresid + `"}`, wantManifests: ingress("", "Prefix", `, "tls": [{"hosts": ["h.example.com"], "secretName": "a"}]`)},
	{name: "ingress with the secret of the resource", driver: "humanitec/ingress", resource: `{"tls_secret_name": "r"}`, values: `{"automatic_tls_secret_name": "b", ` + oneRoute + `}`,
		wantValues: `{"id": "ingress-` + guresid + `"}`, wantManifests: ingress("", "Prefix", `, "tls": [{"hosts": ["h.example.com"], "secretName": "r"}]`)},
	{name: "ingress with automatic_tls_secret_name", driver: "humanitec/ingress", values: `{"automatic_tls_secret_name": "b", ` + oneRoute + `}`,
		wantValues: `{"id": "ingress-` + guresid + `"}`, wantManifests: ingress("", "Prefix", `, "tls": [{"hosts": ["h.example.com"], "secretName": "b"}]`)},
	{name: "ingress with no_tls", driver: "humanitec/ingress", values: `{"no_tls": true, "tls_secret_name": "a", ` + oneRoute + `}`,
		wantValues: `{"id": "ingress-` + guresid + `"}`, wantManifests: ingress("", "Prefix", "")},
	{name: "ingress with rules of the old style", driver: "humanitec/ingress", resource: `{"host": "h.example.com", "rules": {"http": {"/": {"name": "web", "port": 80, "type": "exact"}}}}`,
		wantValues: `{"id": "ingress-` + guresid + `"}`, wantManifests: ingress("", "Exact", "")},
	{name: "ingress without routes", driver: "humanitec/ingress", values: `{"class": "nginx"}`, wantValues: `{"id": "ingress-` + guresid + `"}`},
	{name: "ingress whose annotations are a list", driver: "humanitec/ingress", values: `{"annotations": ["a"], ` + oneRoute + `}`, wantError: "values.annotations must be an object of texts"},

	{name: "k8s-cluster", driver: "humanitec/k8s-cluster",
		values:      `{"name": "mine", "loadbalancer": "35.10.10.10", "cluster_data": {"server": "https://35.11.11.11:6443", "certificate-authority-data": "LS0t"}}`,
		secrets:     `{"credentials": {"client-certificate-data": "c", "client-key-data": "k"}, "agent_url": "agent://a"}`,
		wantValues:  `{"cluster_type": "k8s", "name": "mine", "loadbalancer": "35.10.10.10", "cluster_data": {"server": "https://35.11.11.11:6443", "certificate-authority-data": "LS0t"}}`,
		wantSecrets: `{"credentials": {"client-certificate-data": "c", "client-key-data": "k"}, "agent_url": "agent://a"}`},
	{name: "k8s-cluster-gke", driver: "humanitec/k8s-cluster-gke", values: `{"name": "demo-123", "zone": "europe-west2-a", "project_id": "p", "loadbalancer": "35.10.10.10"}`,
		secrets: `{"account": {"type": "service_account"}, "agent_url": "agent://a"}`, wantSecrets: `{"credentials": {"type": "service_account"}, "agent_url": "agent://a"}`,
		wantValues: `{"cluster_type": "gke", "name": "demo-123", "zone": "europe-west2-a", "project_id": "p", "loadbalancer": "35.10.10.10"}`},
	{name: "k8s-cluster-gke that spans a region", driver: "humanitec/k8s-cluster-gke", values: `{"name": "n", "region": "europe-west2", "project_id": "p"}`,
		wantValues: `{"cluster_type": "gke", "name": "n", "region": "europe-west2", "project_id": "p"}`},
	{name: "k8s-cluster-gke nowhere", driver: "humanitec/k8s-cluster-gke", values: `{"name": "n", "project_id": "p"}`, wantError: "values.zone must be given"},
	{name: "k8s-cluster-eks", driver: "humanitec/k8s-cluster-eks", values: `{"region": "eu-central-1", "name": "demo", "loadbalancer": "x.elb.amazonaws.com", "loadbalancer_hosted_zone": "Z0"}`,
		secrets:    `{"credentials": {"aws_access_key_id": "i", "aws_secret_access_key": "s"}, "account": {"other": "x"}}`,
		wantValues: `{"cluster_type": "eks", "region": "eu-central-1", "name": "demo", "loadbalancer": "x.elb.amazonaws.com", "loadbalancer_hosted_zone": "Z0"}`,
		// What the definition says comes before the account.
		wantSecrets: `{"credentials": {"aws_access_key_id": "i", "aws_secret_access_key": "s"}}`},
	{name: "k8s-cluster-aks", driver: "humanitec/k8s-cluster-aks",
		values:     `{"loadbalancer": "20.10.10.10", "name": "demo", "resource_group": "g", "subscription_id": "s", "server_app_id": "a"}`,
		secrets:    `{"credentials": {"appId": "a", "displayName": "d", "password": "p", "tenant": "t"}}`,
		wantValues: `{"cluster_type": "aks", "loadbalancer": "20.10.10.10", "name": "demo", "resource_group": "g", "subscription_id": "s", "server_app_id": "a"}`,

		wantSecrets: `{"credentials": {"appId": "a", "displayName": "d", "password": "p", "tenant": "t"}}`},
	{name: "k8s-cluster-git", driver: "humanitec/k8s-cluster-git", values: `{"url": "git@github.com:example-org/gitops-repo.git", "branch": "development", "path": "shop/qa", "loadbalancer": "35.10.10.10"}`,
		secrets:    `{"credentials": {"ssh_key": "k"}}`,
		wantValues: `{"cluster_type": "git", "url": "git@github.com:example-org/gitops-repo.git", "branch": "development", "path": "shop/qa", "loadbalancer": "35.10.10.10"}`, wantSecrets: `{"credentials": {"ssh_key": "k"}}`},
	{name: "k8s-cluster-git with a password in the address", driver: "humanitec/k8s-cluster-git", values: `{"url": "https://me:pw@example.com/r.git"}`, wantError: "contains a password"},
}

func autoscaler(least, most, target int) string {
	text, _ := json.Marshal(map[string]any{"apiVersion": "autoscaling/v2", "kind": "HorizontalPodAutoscaler", "metadata": map[string]any{"name": "api"},
		"spec": map[string]any{"scaleTargetRef": map[string]any{"apiVersion": "apps/v1", "kind": "Deployment", "name": "api"}, "minReplicas": least, "maxReplicas": most,
			"metrics": []any{map[string]any{"type": "Resource", "resource": map[string]any{"name": "cpu",
				"target": map[string]any{"type": "Utilization", "averageUtilization": target}}}}}})
	return string(text)
}

func claim(modes, capacity, more string) string {
	return `[{"apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": {"name": "` + guresid + `-claim"},
		"spec": {"accessModes": [` + modes + `], "resources": {"requests": {"storage": "` + capacity + `"}}` + more + `}},
		{"name": "` + guresid + `-volume", "persistentVolumeClaim": {"claimName": "` + guresid + `-claim"}}]`
}

func ingress(metadata, pathType, spec string) string {
	return `[{"apiVersion": "networking.k8s.io/v1", "kind": "Ingress", "metadata": {"name": "ingress-` + guresid + `"` + metadata + `},
		"spec": {"rules": [{"host": "h.example.com", "http": {"paths": [{"path": "/", "pathType": "` + pathType + `",
			"backend": {"service": {"name": "web", "port": {"number": 80}}}}]}}]` + spec + `}}]`
}

func TestInputsOfPublishedDefinitions(t *testing.T) {
	t.Parallel()
	all := registry(t)
	var covered []string
	for _, row := range rows {
		id := row.id
		if id == "" {
			id = "modules.api.externals.x"
		}
		r := drivers.Request{GUResID: guresid, ID: id, Class: "default",
			Resource: tree(t, row.resource), Values: tree(t, row.values), Secrets: tree(t, row.secrets)}
		driver, descriptor, ok := all.Get(row.driver)
		require.True(t, ok, row.driver)
		covered = append(covered, descriptor.ID)
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			got, err := driver.Provision(t.Context(), r.Clone())
			if row.wantError != "" {
				require.ErrorContains(t, err, row.wantError)
				require.True(t, drivers.IsPermanent(err))
			} else {
				require.NoError(t, err)
				same(t, row.wantValues, "{}", got.Values)
				same(t, row.wantSecrets, "{}", got.Secrets)
				data := []any{}
				for _, m := range got.Manifests {
					data = append(data, m.Data)
				}
				same(t, row.wantManifests, "[]", data)
			}
			drivertest.Run(t, func() drivers.Driver { return driver }, drivertest.Case{Name: "conformance", Request: r, Fails: row.wantError != ""})
		})
	}
	for _, d := range all.List() {
		require.True(t, slices.Contains(covered, d.ID), "no row for driver %s", d.ID)
	}
}

func same(t *testing.T, want, fallback string, got any) {
	t.Helper()
	if want == "" {
		want = fallback
	}
	text, err := json.Marshal(got)
	require.NoError(t, err)
	require.JSONEq(t, want, string(text))
}

// What runs only at its vendor is accepted in definitions, and says what to use instead when it is needed.
func TestVendorsDriversSayWhatToUseInstead(t *testing.T) {
	t.Parallel()
	all := registry(t)
	for _, d := range all.Catalogue() {
		main := []string{"humanitec/terraform", container.ID, container.TerraformID, container.OpenTofuID} // registers these
		if _, _, runs := all.Get(d.ID); runs || slices.Contains(main, d.ID) {
			continue
		}
		require.NoError(t, all.CheckKnown(d.ID))
		_, _, err := all.Resolve(d.ID)
		require.ErrorContains(t, err, "use instead: "+d.Instead, d.ID)
		require.NotEmpty(t, d.Instead, d.ID)
	}
}
