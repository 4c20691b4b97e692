package container_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/drivers"
	"github.com/slipway-dev/slipway/drivers/container"
)

// runs keeps what it is asked for, and gives what it was told to.
type runs struct {
	asked   container.Spec
	outcome container.Outcome
	err     error
}

func (r *runs) Run(_ context.Context, s container.Spec, _ func(string)) (container.Outcome, error) {
	r.asked = s
	return r.outcome, r.err
}

func object(pairs ...any) map[string]any {
	out := map[string]any{}
	for i := 0; i < len(pairs); i += 2 {
		out[pairs[i].(string)] = pairs[i+1]
	}
	return out
}

const secret = "canary-of-a-secret"

func TestInputs(t *testing.T) {
	t.Parallel()
	r := &runs{}
	_, err := container.New(r).Provision(t.Context(), drivers.Request{
		GUResID: "g-1", Type: "queue", Class: "big", ID: "shared.q", OrgID: "acme", DeploymentID: "d-1", Cookie: "memory",
		Values: object(
			"job", object("image", "tool:1", "command", []any{"run", "it"}, "namespace", "jobs", "service_account", "runner", "shared_directory", "/work/",
				"timeout", "5m", "variables", object("TEXT", "text", "NUMBER", 3.0, "LIST", []any{"a"}), "pod_template", "spec: {priorityClassName: low}"),
			"cluster", object("account", "acme/aws", "cluster", object("cluster_type", "eks", "name", "main", "region", "eu-central-1")),
			"source", object("url", "https://git.example.com/tools", "ref", "refs/heads/main", "path", "/queue", "username", "bot"),
			"files", object("a/b.txt", "content"),
			"credentials_config", object("environment", object("KEY", "AccessKeyId", "ALL", "*"), "file", "account.json"),
		),
		Secrets: object("job", object("variables", object("PASSWORD", secret)), "source", object("password", "p"), "files", object("key", "k"),
			"account", object("AccessKeyId", "id")),
	})
	require.NoError(t, err)
	require.Equal(t, container.Spec{
		Action: container.Create, OrgID: "acme", DeploymentID: "d-1", GUResID: "g-1", Node: "queue.big#shared.q", Cookie: "memory",
		Image: "tool:1", Command: []string{"run", "it"}, SharedDirectory: "/work", Namespace: "jobs", ServiceAccount: "runner", Timeout: 5 * time.Minute,
		PodTemplate:     object("spec", object("priorityClassName", "low")),
		Variables:       map[string]string{"TEXT": "text", "NUMBER": "3", "LIST": `["a"]`},
		SecretVariables: map[string]string{"PASSWORD": secret, "KEY": "id", "ALL": `{"AccessKeyId":"id"}`},
		Files:           map[string]string{"a/b.txt": "content", "key": "k", "account.json": `{"AccessKeyId":"id"}`},
		Source:          &container.Source{URL: "https://git.example.com/tools", Rev: "refs/heads/main", Path: "queue", Username: "bot", Password: "p"},
		Cluster: container.Cluster{
			Type: "eks", Account: "acme/aws", Values: object("cluster_type", "eks", "name", "main", "region", "eu-central-1"),
		},
		Secrets: []string{"id", "k", secret, "p"},
	}, r.asked)

	require.NoError(t, container.New(r).Destroy(t.Context(), drivers.Request{Values: object("job", object("image", "tool:1"))}))
	require.Equal(t, container.Spec{
		Action: container.Destroy, Node: ".#", Image: "tool:1", SharedDirectory: "/home/nonroot/shared", Namespace: "default", Timeout: time.Hour,
		Variables: map[string]string{}, SecretVariables: map[string]string{}, Files: map[string]string{}, Cluster: container.Cluster{Type: "k8s"},
	}, r.asked)
}

func TestWrongInputs(t *testing.T) {
	t.Parallel()
	job := func(pairs ...any) map[string]any {
		return object("job", object(append([]any{"image", "tool:1"}, pairs...)...))
	}
	with := func(values map[string]any, pairs ...any) map[string]any {
		for k, v := range object(pairs...) {
			values[k] = v
		}
		return values
	}
	for name, c := range map[string]struct {
		values, secrets map[string]any
		want            string
	}{
		"no image":             {values: object("job", object()), want: "job.image is missing"},
		"a job that is none":   {values: object("job", "x"), want: "job must be an object"},
		"a command as text":    {values: job("command", "run it"), want: "job.command must be a list of texts"},
		"a relative folder":    {values: job("shared_directory", "work"), want: "job.shared_directory must be an absolute path"},
		"the whole disk":       {values: job("shared_directory", "/x/.."), want: "job.shared_directory must be an absolute path below /"},
		"a short timeout":      {values: job("timeout", "1ms"), want: "job.timeout must be a duration"},
		"a template of words":  {values: job("pod_template", "a, b"), want: "job.pod_template is no YAML object"},
		"a reserved variable":  {values: job("variables", object("ACTION", "x")), want: `job.variables: "ACTION" is no name`},
		"a variable twice":     {values: job("variables", object("A", "x")), secrets: object("job", object("variables", object("A", secret))), want: `variable "A" is given both`},
		"a file outside":       {values: with(job(), "files", object("../x", "")), want: `files: "../x" must be a relative path`},
		"a file twice":         {values: with(job(), "files", object("x", "")), secrets: object("files", object("x", secret)), want: `file "x" is given twice`},
		"a source without url": {values: with(job(), "source", object("ref", "main")), want: "source needs a url"},
		"a source outside":     {values: with(job(), "source", object("url", "u", "path", "a/../../b")), want: "must stay inside the repository"},
		"no account":           {values: with(job(), "credentials_config", object("file", "f")), want: "credentials_config needs a driver_account"},
		"no such field":        {values: with(job(), "credentials_config", object("environment", object("A", "b"))), secrets: object("account", object("c", secret)), want: `the account has no field "b"; it has: c`},
		"credentials twice":    {values: with(job(), "cluster", object("account", "a")), secrets: object("cluster", object("credentials", object("token", secret))), want: "keep one"},
		"credentials as words": {values: job(), secrets: object("cluster", object("credentials", secret)), want: "secrets cluster.credentials is no JSON object"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := container.New(&runs{}).Provision(t.Context(), drivers.Request{Values: c.values, Secrets: c.secrets})
			require.ErrorContains(t, err, c.want)
			require.True(t, drivers.IsPermanent(err))
			require.NotContains(t, err.Error(), secret)
		})
	}
}

func TestResults(t *testing.T) {
	t.Parallel()
	empty := ""
	for name, c := range map[string]struct {
		outcome container.Outcome
		want    drivers.Result
		wrong   string
	}{
		"nothing":         {want: drivers.Result{Values: object(), Secrets: object(), Cookie: "before"}},
		"a cookie erased": {outcome: container.Outcome{Cookie: &empty}, want: drivers.Result{Values: object(), Secrets: object()}},
		"outputs": {
			outcome: container.Outcome{Outputs: []byte(`{"a": 1}`), SecretOutputs: []byte(`{"b": "c"}`)},
			want:    drivers.Result{Values: object("a", 1.0), Secrets: object("b", "c"), Cookie: "before"},
		},
		"old names of locations": {
			outcome: container.Outcome{Manifests: []byte(`[{"location": "volume", "data": {"name": "v"}}]`)},
			want:    drivers.Result{Values: object(), Secrets: object(), Cookie: "before", Manifests: []drivers.Manifest{{Location: "volumes", Data: object("name", "v")}}},
		},
		"a list as outputs": {outcome: container.Outcome{SecretOutputs: []byte(`["` + secret + `"]`)}, wrong: "SECRET_OUTPUTS_FILE"},
		"no such location":  {outcome: container.Outcome{Manifests: []byte(`[{"location": "moon"}]`)}, wrong: "MANIFESTS_FILE"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := container.New(&runs{outcome: c.outcome}).Provision(t.Context(), drivers.Request{Values: object("job", object("image", "tool:1")), Cookie: "before"})
			if c.wrong != "" {
				require.ErrorContains(t, err, c.wrong)
				require.NotContains(t, err.Error(), secret)
				return
			}
			require.NoError(t, err)
			require.Equal(t, c.want, got)
		})
	}
}

// A container that fails may have made something, and have noted that down.
func TestCookieOfAFailure(t *testing.T) {
	t.Parallel()
	note := "half made"
	r := &runs{outcome: container.Outcome{Cookie: &note}, err: drivers.Invalid("it failed")}
	kept := ""
	request := drivers.Request{Values: object("job", object("image", "tool:1")), Keep: func(cookie string) error { kept = cookie; return nil }}
	_, err := container.New(r).Provision(t.Context(), request)
	require.ErrorContains(t, err, "it failed")
	require.True(t, drivers.IsPermanent(err))
	require.Equal(t, note, kept)
	kept, request.Cookie = "", note
	require.Error(t, container.New(r).Destroy(t.Context(), request))
	require.Empty(t, kept, "what is stored already is not stored again")
}
