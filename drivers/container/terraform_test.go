package container_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/drivers"
	"github.com/slipway-dev/slipway/drivers/container"
)

// The published example of the driver (a definition, and a config resource with the cluster), resolved.
func TestTerraformInputs(t *testing.T) {
	t.Parallel()
	r := &runs{}
	files := object("backend.tf", `terraform { backend "s3" {} }`)
	_, err := container.NewOpenTofu(r, "tofu:1").Provision(t.Context(), drivers.Request{
		GUResID: "g-1", Type: "s3", Class: "default", ID: "modules.a.externals.s", OrgID: "acme", DeploymentID: "d-1",
		Values: object(
			"runner", object("pod_template", "spec: {imagePullSecrets: [{name: private}]}"),
			"source", object("ref", "refs/heads/main", "url", "https://git.example.com/repo.git", "username", "bot", "path", "path/to/s3"),
			"variables", object("bucket", "app-dev", "tags", []any{"a"}), "use_default_backend", false, "files", files,
			"credentials_config", object("environment", object("AWS_ACCESS_KEY_ID", "AccessKeyId"), "variables", object("key", "SecretAccessKey")),
			"config", object("cluster", object("account", "acme/aws", "cluster", object("cluster_type", "eks", "name", "main", "region", "eu-north-1")),
				"runner", object("namespace", "terraform", "image", "mine:2"), "skip_permission_checks", false),
		),
		Secrets: object("source", object("password", "p"), "variables", object("token", secret), "config", object("agent_url", "https://agent"),
			"account", object("AccessKeyId", "id", "SecretAccessKey", "key")),
	})
	require.NoError(t, err)
	require.Equal(t, container.Spec{
		Action: container.Create, OrgID: "acme", DeploymentID: "d-1", GUResID: "g-1", Node: "s3.default#modules.a.externals.s",
		Image: "mine:2", SharedDirectory: "/home/nonroot/shared", Namespace: "terraform", Timeout: time.Hour,
		PodTemplate:     object("spec", object("imagePullSecrets", []any{object("name", "private")})),
		Variables:       map[string]string{"TF_VAR_bucket": "app-dev", "TF_VAR_tags": `["a"]`},
		SecretVariables: map[string]string{"TF_VAR_token": secret, "AWS_ACCESS_KEY_ID": "id", "TF_VAR_key": "key"},
		Files:           map[string]string{"backend.tf": files["backend.tf"].(string)},
		Source:          &container.Source{URL: "https://git.example.com/repo.git", Rev: "refs/heads/main", Path: "path/to/s3", Username: "bot", Password: "p"},
		Cluster:         container.Cluster{Type: "eks", Account: "acme/aws", Values: object("cluster_type", "eks", "name", "main", "region", "eu-north-1")},
		Secrets:         []string{"id", "key", "https://agent", "p", secret},
		Terraform:       &container.Terraform{Engine: container.EngineOpenTofu, State: container.StateOwn},
	}, r.asked)
}

func TestTerraformStates(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		given     any
		want      string
		overrides bool
	}{
		"kept": {true, container.StateKept, true}, "kept, as text": {"true", container.StateKept, true},
		"of the code": {false, container.StateOwn, false}, "whichever": {nil, container.StateAuto, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := &runs{}
			values := object("files", object("main.tf", ""))
			if c.given != nil {
				values["use_default_backend"] = c.given
			}
			require.NoError(t, container.NewTerraform(r, "tf:1").Destroy(t.Context(), drivers.Request{Values: values}))
			require.Equal(t, &container.Terraform{Engine: container.EngineTerraform, State: c.want}, r.asked.Terraform)
			require.Equal(t, container.Destroy, r.asked.Action)
			require.Equal(t, "tf:1", r.asked.Image)
			_, overridden := r.asked.Files["slipway_backend_override.tf"]
			require.Equal(t, c.overrides, overridden)
		})
	}
}

// What a definition says about its cluster takes the place of what the config resource says.
func TestTerraformClusterOfTheDefinition(t *testing.T) {
	t.Parallel()
	r := &runs{}
	values := object("files", object("main.tf", ""),
		"cluster", object("cluster", object("cluster_type", "k8s", "cluster_data", object("server", "https://here"))),
		"config", object("cluster", object("account", "aws", "cluster", object("cluster_type", "eks"))))
	credentials := object("token", secret)
	_, err := container.NewOpenTofu(r, "").Provision(t.Context(), drivers.Request{Values: values, Secrets: object("cluster", object("credentials", credentials))})
	require.NoError(t, err)
	require.Equal(t, container.Cluster{Type: "k8s", Credentials: credentials, Values: values["cluster"].(map[string]any)["cluster"].(map[string]any)}, r.asked.Cluster)

	delete(values, "cluster")
	values["config"] = object("cluster", object("cluster", object("cluster_type", "k8s", "name", "far")))
	_, err = container.NewOpenTofu(r, "").Provision(t.Context(), drivers.Request{Values: values, Secrets: object("config", object("credentials", credentials))})
	require.NoError(t, err)
	require.Equal(t, container.Cluster{Type: "k8s", Credentials: credentials, Values: object("cluster_type", "k8s", "name", "far")}, r.asked.Cluster)
}

func TestTerraformWrongInputs(t *testing.T) {
	t.Parallel()
	code := func(pairs ...any) map[string]any {
		return object(append([]any{"files", object("main.tf", "")}, pairs...)...)
	}
	for name, c := range map[string]struct {
		values, secrets map[string]any
		want            string
	}{
		"no code":                 {values: object(), want: "there is no code to run"},
		"a state among the files": {values: object("files", object("terraform.tfstate.backup", "")), want: "is kept by Slipway or Terraform"},
		"a variable twice":        {values: code("variables", object("a", "x")), secrets: object("variables", object("a", secret)), want: `variable "a" is given both`},
		"no such variable":        {values: code("variables", object("a-b", "x")), want: `"TF_VAR_a-b" is no name`},
		"a backend that is none":  {values: code("use_default_backend", "perhaps"), want: "use_default_backend must be true or false"},
		"a file that is ours":     {values: code("use_default_backend", true, "files", object("slipway_backend_override.tf", "x")), want: "given twice"},
		"a template of words":     {values: code("runner", object("pod_template", "a, b")), want: "runner.pod_template is no YAML object"},
		"a short timeout":         {values: code("runner", object("timeout", "1ms")), want: "runner.timeout must be a duration"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := &runs{}
			_, err := container.NewTerraform(r, "").Provision(t.Context(), drivers.Request{Values: c.values, Secrets: c.secrets})
			require.ErrorContains(t, err, "driver humanitec/terraform-container-runner: ")
			require.ErrorContains(t, err, c.want)
			require.True(t, drivers.IsPermanent(err))
			require.NotContains(t, err.Error(), secret)
			require.Empty(t, r.asked.GUResID+r.asked.Action)
		})
	}
}

func TestTerraformOutputs(t *testing.T) {
	t.Parallel()
	const outputs = `{"url": {"sensitive": false, "type": "string", "value": "u"}, "password": {"sensitive": true, "type": "string", "value": "` + secret + `"},
		"objects": {"sensitive": false, "value": [{"location": "namespace", "data": {"kind": "ConfigMap"}}]}}`
	request := drivers.Request{Values: object("files", object("main.tf", ""), "manifests_output", "objects")}
	got, err := container.NewTerraform(&runs{outcome: container.Outcome{Outputs: []byte(outputs)}}, "").Provision(t.Context(), request)
	require.NoError(t, err)
	require.Equal(t, drivers.Result{Values: object("url", "u"), Secrets: object("password", secret),
		Manifests: []drivers.Manifest{{Location: "namespace", Data: object("kind", "ConfigMap")}}}, got)
	_, err = container.NewTerraform(&runs{outcome: container.Outcome{Outputs: []byte("{" + secret)}}, "").Provision(t.Context(), request)
	require.ErrorContains(t, err, "no JSON")
	require.NotContains(t, err.Error(), secret)
}
