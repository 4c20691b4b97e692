package orchestrator_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/engine/resource"
	"github.com/slipway-dev/slipway/orchestrator"
)

// remembering are templates that draw a name once and keep it.
func remembering() m {
	return m{
		"init": `{{- $kept := default dict .cookie }}
name: {{ default (randAlphaNum 12) $kept.name | quote }}
run: {{ if $kept.name }}again{{ else }}first{{ end }}`,
		"cookie":  `name: {{ .init.name | quote }}`,
		"outputs": "name: {{ .init.name | quote }}\nrun: {{ .init.run }}",
	}
}

// TestVectorB10TemplateCookie takes the template of vector B10 through the life of a resource.
func TestVectorB10TemplateCookie(t *testing.T) {
	t.Parallel()
	p := newPlatform(t)
	p.create(template("bucket", "s3", "", nil, remembering()))
	set := m{"b": m{"type": "s3"}}
	const key = "s3.default#shared.b"
	first := p.deploy(nil, set).ok().node(key)
	require.Equal(t, "first", first.Values["run"])
	require.Len(t, first.Values["name"], 12)
	second := p.deploy(nil, set).ok().node(key)
	require.Equal(t, "again", second.Values["run"])
	require.Equal(t, first.Values["name"], second.Values["name"])
	require.Equal(t, first.GUResID, second.GUResID)

	p.deploy(nil, nil).ok()
	_, err := p.service.DeleteActiveResource(p.ctx, p.env, "s3", "shared.b", false)
	require.NoError(t, err)
	require.NoError(t, p.deployer.DestroyResource(p.ctx, p.env, first.GUResID))
	again := p.deploy(nil, set).ok().node(key)
	require.Equal(t, "first", again.Values["run"], "nothing is remembered of what was deleted")
	require.NotEqual(t, first.Values["name"], again.Values["name"])
}

// TestVectorB7Delegator makes the delegation of vector B7 real: two workloads share a bucket, each by its own class,
// and each role gets the one policy that its workload may use.
func TestVectorB7Delegator(t *testing.T) {
	t.Parallel()
	p := newPlatform(t)
	for _, class := range []string{"admin", "read-only"} {
		delegate := definition("s3-"+class, "s3", class, m{"bucket": "${resources['s3.concrete'].outputs.bucket}"})
		delegate.Provision = map[string]resource.Provision{"aws-policy.s3-" + class: {MatchDependents: true}}
		p.create(delegate)
		p.define("policy-"+class, "aws-policy", "s3-"+class, m{"arn": "arn:" + class + ":${resources['s3.concrete'].outputs.bucket}"})
	}
	p.define("s3-concrete", "s3", "concrete", m{"bucket": "main"})
	p.create(template("workload", "workload", "", m{"account": "${resources.k8s-service-account.outputs.name}"}, m{
		"outputs": "update:\n- op: add\n  path: /spec/serviceAccountName\n  value: {{ .driver.values.account }}"}))
	p.create(template("account", "k8s-service-account", "", m{"role": "${resources.aws-role.outputs.arn}"}, m{
		"outputs": "name: sa-{{ .id | trunc 8 }}",
		"manifests": `account.yaml:
  location: namespace
  data:
    apiVersion: v1
    kind: ServiceAccount
    metadata:
      name: sa-{{ .id | trunc 8 }}
      annotations:
        role: {{ .driver.values.role }}`}))
	p.create(template("role", "aws-role", "", m{"policies": "${resources.workload>aws-policy.outputs.arn}"}, m{
		"outputs": `arn: role({{ .driver.values.policies | join "," }})`}))
	got := p.deploy(map[string]m{
		"a": module(nil, m{"B": "${shared.main-s3-class-admin.bucket}"}), "b": module(nil, m{"B": "${shared.main-s3-class-read-only.bucket}"}),
	}, m{
		"main-s3-class-admin":     m{"type": "s3", "class": "admin", "id": "shared.main-s3"},
		"main-s3-class-read-only": m{"type": "s3", "class": "read-only", "id": "shared.main-s3"},
	}).ok()
	for workload, class := range map[string]string{"a": "admin", "b": "read-only"} {
		require.Equal(t, "role(arn:"+class+":main)", got.node("aws-role.default#modules." + workload).Values["arn"])
		name, _ := got.node("k8s-service-account.default#modules." + workload).Values["name"].(string)
		account := got.object("ServiceAccount", name)
		require.Equal(t, m{"role": "role(arn:" + class + ":main)"}, account["metadata"].(m)["annotations"])
		pod := got.object("Deployment", workload)["spec"].(m)["template"].(m)["spec"].(m)
		require.Equal(t, name, pod["serviceAccountName"])
	}
	require.Len(t, got.nodes, 7+2+2+2, "the seven of the vector, account and role of each workload, cluster and namespace")
}

// TestVectorB8Networking makes the routes of vector B8 real: one Ingress with both paths.
func TestVectorB8Networking(t *testing.T) {
	t.Parallel()
	p := newPlatform(t)
	host := definition("dns", "dns", "", m{"host": "shop.example.com"})
	host.Provision = map[string]resource.Provision{"ingress": {}}
	p.create(host)
	p.create(template("route", "route", "", nil, m{
		"outputs": "host: {{ .resource.host }}\npath: {{ .resource.path }}\nport: {{ .resource.port }}\nservice: {{ splitList \".\" \"${context.res.id}\" | rest | first }}"}))
	p.define("cert", "tls-cert", "", m{"tls_secret_name": "tls-${resources.dns.outputs.host}"})
	ingress := definition("ingress", "ingress", "", m{"class": "nginx", "tls_secret_name": "${resources.tls-cert.outputs.tls_secret_name}"})
	ingress.DriverType = "humanitec/ingress"
	p.create(ingress)
	route := func(path string) m {
		return m{"type": "route", "params": m{"host": "${externals.api-dns.host}", "path": path, "port": 80.0}}
	}
	w := module(m{"api-dns": m{"type": "dns"}, "r1": route("/one"), "r2": route("/two")}, nil)
	w["spec"].(m)["service"] = m{"ports": m{"http": m{"service_port": 80.0, "container_port": 8080.0}}}
	got := p.deploy(map[string]m{"w": w}, nil).ok()

	var found []m
	for _, object := range got.objects {
		if object.Kind() == "Ingress" {
			found = append(found, object.Tree)
		}
	}
	require.Len(t, found, 1)
	spec := found[0]["spec"].(m)
	rule := spec["rules"].([]any)[0].(m)
	require.Equal(t, "shop.example.com", rule["host"])
	backends := map[string]string{}
	for _, path := range rule["http"].(m)["paths"].([]any) {
		backends[path.(m)["path"].(string)] = path.(m)["backend"].(m)["service"].(m)["name"].(string)
	}
	require.Equal(t, map[string]string{"/one": "w", "/two": "w"}, backends)
	require.Equal(t, "tls-shop.example.com", spec["tls"].([]any)[0].(m)["secretName"])
	for _, key := range []string{"ingress", "tls-cert", "dns"} {
		got.node(key + ".default#modules.w.externals.api-dns")
	}
}

// TestVectorB13PatchDefinition: keys of the values are replaced as a whole, null deletes one.
func TestVectorB13PatchDefinition(t *testing.T) {
	t.Parallel()
	p := newPlatform(t)
	p.define("config", "config", "", m{"a": 1.0, "b": m{"c": 2.0}})
	got, err := p.service.PatchDefinition(p.ctx, "acme", "config", orchestrator.DefinitionPatch{
		DriverInputs: &orchestrator.DriverInputsRequest{Values: m{"a": nil, "b": m{"d": 3.0}}}})
	require.NoError(t, err)
	require.Equal(t, m{"b": m{"d": 3.0}}, got.Active.DriverInputs.Values)
}
