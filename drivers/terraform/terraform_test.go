package terraform_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/drivers"
	"github.com/slipway-dev/slipway/drivers/drivertest"
	"github.com/slipway-dev/slipway/drivers/terraform"
)

// fakeRuns answers at once and keeps what it was asked; internal/runner has the
// tests with the real Terraform.
type fakeRuns struct {
	outcome terraform.Outcome
	asked   []terraform.Spec
}

func (f *fakeRuns) Run(_ context.Context, s terraform.Spec, _ func(string)) (terraform.Outcome, error) {
	f.asked = append(f.asked, s)
	return f.outcome, nil
}

func request(values, secrets map[string]any) drivers.Request {
	return drivers.Request{
		GUResID: "g1", Type: "s3", Class: "default", ID: "modules.a.externals.s", OrgID: "acme", DeploymentID: "d",
		Values: values, Secrets: secrets,
	}
}

func TestConformance(t *testing.T) {
	outputs := map[string]terraform.Output{
		"bucket": {Value: "b"}, "key": {Value: "k", Sensitive: true},
		"objects": {Value: []any{map[string]any{"location": "volume", "data": map[string]any{"name": "v"}}}},
	}
	drivertest.Run(t, func() drivers.Driver { return terraform.New(&fakeRuns{outcome: terraform.Outcome{Outputs: outputs}}) },
		drivertest.Case{Name: "script", Request: request(map[string]any{"script": "x", "manifests_output": "objects"}, map[string]any{})},
		drivertest.Case{Name: "no code", Fails: true, Request: request(map[string]any{}, map[string]any{"variables": map[string]any{"p": "hidden"}})},
		drivertest.Case{Name: "no such output", Fails: true, Request: request(map[string]any{"script": "x", "manifests_output": "nothing"}, nil)},
	)
}

func TestInputs(t *testing.T) {
	t.Parallel()
	account := map[string]any{"AccessKeyId": "id", "SecretAccessKey": "hush"}
	for name, c := range map[string]struct {
		values, secrets map[string]any
		check           func(t *testing.T, s terraform.Spec)
		wrong           string
	}{
		"credentials": {
			values: map[string]any{"script": "x", "credentials_config": map[string]any{
				"variables": map[string]any{"key": "AccessKeyId"}, "environment": map[string]any{"ALL": "*", "AWS_SECRET": "SecretAccessKey"}, "file": "creds.json"}},
			secrets: map[string]any{"account": account},
			check: func(t *testing.T, s terraform.Spec) {
				require.Equal(t, map[string]any{"key": "id"}, s.SecretVariables)
				require.Equal(t, "hush", s.Environment["AWS_SECRET"])
				require.JSONEq(t, `{"AccessKeyId":"id","SecretAccessKey":"hush"}`, s.Environment["ALL"])
				require.JSONEq(t, s.Environment["ALL"], s.Files["creds.json"])
				require.Equal(t, []string{"hush", "id"}, s.Secrets)
			},
		},
		"source": {
			values:  map[string]any{"source": map[string]any{"url": "https://git.example/x.git", "rev": "refs/heads/main", "path": "/infra/db"}},
			secrets: map[string]any{"source": map[string]any{"password": "token"}, "terraform": map[string]any{"tokens": map[string]any{"app.example": "t"}}},
			check: func(t *testing.T, s terraform.Spec) {
				require.Equal(t, &terraform.Source{URL: "https://git.example/x.git", Rev: "refs/heads/main", Path: "infra/db", Password: "token"}, s.Source)
				require.Equal(t, map[string]string{"app.example": "t"}, s.Tokens)
			},
		},
		"request": {
			values: map[string]any{"script": "x", "append_logs_to_error": true},
			check: func(t *testing.T, s terraform.Spec) {
				require.Equal(t, terraform.Provision, s.Action)
				require.Equal(t, "s3.default#modules.a.externals.s", s.Node)
				require.True(t, s.AppendLogs)
			},
		},
		"file outside":      {values: map[string]any{"files": map[string]any{"../x": "y"}}, wrong: "stays inside"},
		"file absolute":     {values: map[string]any{"files": map[string]any{"/etc/x": "y"}}, wrong: "stays inside"},
		"file is the state": {values: map[string]any{"files": map[string]any{"terraform.tfstate": "y"}}, wrong: "kept by"},
		"file twice":        {values: map[string]any{"files": map[string]any{"a": "y"}}, secrets: map[string]any{"files": map[string]any{"a": "z"}}, wrong: "twice"},
		"variable twice": {values: map[string]any{"script": "x", "variables": map[string]any{"a": 1}},
			secrets: map[string]any{"variables": map[string]any{"a": "z"}}, wrong: "keep one"},
		"variable name":   {values: map[string]any{"script": "x", "variables": map[string]any{"a b": 1}}, wrong: "not a name"},
		"path outside":    {values: map[string]any{"source": map[string]any{"url": "https://x", "path": "../y"}}, wrong: "stay inside"},
		"script no text":  {values: map[string]any{"script": 1}, wrong: "must be a text"},
		"no account":      {values: map[string]any{"script": "x", "credentials_config": map[string]any{"file": "c"}}, wrong: "driver_account"},
		"no such field":   {values: map[string]any{"script": "x", "credentials_config": map[string]any{"environment": map[string]any{"A": "nope"}}}, secrets: map[string]any{"account": account}, wrong: "AccessKeyId"},
		"unknown engine":  {values: map[string]any{"script": "x", "engine": "pulumi"}, wrong: "pulumi"},
		"failed creates":  {values: map[string]any{"script": "x", "failed_creates": "maybe"}, wrong: "again or ask"},
		"nothing to run":  {values: map[string]any{}, wrong: "no code"},
		"strange host":    {values: map[string]any{"script": "x"}, secrets: map[string]any{"terraform": map[string]any{"tokens": map[string]any{"a\"b": "t"}}}, wrong: "host names"},
		"flag no boolean": {values: map[string]any{"script": "x", "append_logs_to_error": 7.0}, wrong: "true or false"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			runs := &fakeRuns{}
			_, err := terraform.New(runs).Provision(context.Background(), request(c.values, c.secrets))
			if c.wrong != "" {
				require.ErrorContains(t, err, c.wrong)
				require.True(t, drivers.IsPermanent(err))
				require.Empty(t, runs.asked)
				return
			}
			require.NoError(t, err)
			require.Len(t, runs.asked, 1)
			c.check(t, runs.asked[0])
		})
	}
}

func TestDescriptor(t *testing.T) {
	t.Parallel()
	r := drivers.NewRegistry()
	d := terraform.New(&fakeRuns{})
	require.NoError(t, r.Register(d.Descriptor(), d))
	_, desc, err := r.Resolve("humanitec/terraform")
	require.NoError(t, err)
	require.Equal(t, drivers.Heavy, desc.Kind)
	require.Equal(t, "object", desc.InputsSchema["type"])
}
