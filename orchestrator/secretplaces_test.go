package orchestrator_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/engine/resource"
	"github.com/slipway-dev/slipway/orchestrator"
)

// TestSecretsOnlyWhereTheyAreLegal names every place that may not hold a secret.
func TestSecretsOnlyWhereTheyAreLegal(t *testing.T) {
	t.Parallel()
	const inDefinition = "driver_inputs.secret_refs of a definition as {value: ${...}}"
	reader := func(change func(d *orchestrator.DefinitionRequest)) func(p *platform) {
		return func(p *platform) {
			d := definition("reader", "config", "", m{})
			change(&d)
			p.create(d)
		}
	}
	const password = "${resources['redis#shared.r'].outputs.password}"
	wants := m{"r": m{"type": "redis"}, "c": m{"type": "s3"}}
	// The bucket refers to the config, so that the definition under test is used.
	cases := map[string]struct {
		setup  func(p *platform)
		module m
		shared m
		want   []string
	}{
		"values of a definition": {
			setup: reader(func(d *orchestrator.DefinitionRequest) { d.DriverInputs.Values = m{"a": m{"b": password}} }),
			want:  []string{"/a/b", "driver_inputs.values", inDefinition},
		},
		"mixed with text": {
			setup: reader(func(d *orchestrator.DefinitionRequest) {
				d.DriverInputs.Values = m{"url": "redis://x:" + password + "@h"}
			}),
			want: []string{"/url", "driver_inputs.values", inDefinition},
		},
		"inside a list": {
			setup: reader(func(d *orchestrator.DefinitionRequest) { d.DriverInputs.Values = m{"l": []any{"x", password}} }),
			want:  []string{"/l/1", inDefinition},
		},
		"text of a template": {
			setup: reader(func(d *orchestrator.DefinitionRequest) {
				d.DriverType, d.DriverInputs.Values = "humanitec/template", m{"templates": m{"outputs": "p: " + password}}
			}),
			want: []string{"/templates/outputs", inDefinition},
		},
		"selector": {
			setup: reader(func(d *orchestrator.DefinitionRequest) {
				d.DriverInputs.Values = m{"all": "${resources['s3.default#shared.c>redis'].outputs.password}"}
			}),
			want: []string{"/all/0", inDefinition},
		},
		"driver account": {
			setup: reader(func(d *orchestrator.DefinitionRequest) { d.DriverAccount = password }),
			want:  []string{"/driver_account", inDefinition},
		},
		"params of a co-provisioned resource": {
			setup: reader(func(d *orchestrator.DefinitionRequest) {
				d.Provision = map[string]resource.Provision{"gcs": {Params: m{"p": password}}}
			}),
			want: []string{"/p", "resource inputs", inDefinition},
		},
		"params of a resource": {
			shared: m{"r": m{"type": "redis"}, "b": m{"type": "gcs", "params": m{"p": "${shared.r.password}"}}},
			want:   []string{"gcs.default#shared.b", "/p", "resource inputs", inDefinition},
		},
		"params from a secret value": {
			shared: m{"b": m{"type": "gcs", "params": m{"p": "${values.PASSWORD}"}}},
			want:   []string{"/p", "resource inputs", inDefinition},
		},
		"image": {
			module: m{"image": "x:${shared.r.password}"}, want: []string{"spec.containers.main.image", "variables and files"},
		},
		"command": {
			module: m{"command": []any{"${shared.r.password}"}}, want: []string{"spec.containers.main.command[0]", "variables and files"},
		},
		"args": {
			module: m{"args": []any{"--p", "x${values.PASSWORD}"}}, want: []string{"spec.containers.main.args[1]", "variables and files"},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPlatform(t)
			p.secretWorld()
			if tc.setup == nil {
				tc.setup = reader(func(*orchestrator.DefinitionRequest) {})
			}
			tc.setup(p)
			shared := tc.shared
			if shared == nil {
				shared = wants
			}
			modules := map[string]m{}
			if tc.module != nil {
				content := module(nil, nil)
				container := content["spec"].(m)["containers"].(m)["main"].(m)
				for k, v := range tc.module {
					container[k] = v
				}
				modules["w"] = content
			}
			p.deploy(modules, shared).fails(tc.want...)
		})
	}
	for field, at := range map[string]m{
		"labels": {"labels": m{"x": "${shared.r.password}"}}, "annotations": {"annotations": m{"x": "${shared.r.password}"}},
		"service account": {"serviceAccountName": "${shared.r.password}"},
	} {
		t.Run(field, func(t *testing.T) {
			t.Parallel()
			p := newPlatform(t)
			p.secretWorld()
			reader(func(*orchestrator.DefinitionRequest) {})(p)
			content := module(nil, nil)
			for k, v := range at {
				content["spec"].(m)[k] = v
			}
			p.deploy(map[string]m{"w": content}, wants).fails("a secret is not allowed here", "variables and files")
		})
	}
}

// secretWorld has a redis with a secret output, a bucket that leads to a config, and a secret Shared Value.
func (p *platform) secretWorld() {
	p.t.Helper()
	redis := definition("redis", "redis", "", m{"host": "h"})
	redis.DriverInputs.Secrets = m{"password": hidden}
	redis.DriverAccount = "redis-account"
	p.create(redis)
	p.define("gcs-def", "gcs", "", nil)
	p.define("s3-def", "s3", "", m{"x": "${resources['config#c'].guresid}", "y": "${resources['redis#shared.r'].guresid}"})
	value := hidden
	_, err := p.service.CreateValue(p.ctx, orchestrator.EnvRef{OrgID: "acme", AppID: "shop"}, orchestrator.NewValue{Key: "PASSWORD", Value: &value, IsSecret: true})
	require.NoError(p.t, err)
}

// TestWhereSecretsAreLegal is the other side: secret inputs of a definition, variables and files.
func TestWhereSecretsAreLegal(t *testing.T) {
	t.Parallel()
	p := newPlatform(t)
	p.secretWorld()
	reader := definition("reader", "config", "", nil)
	reader.DriverInputs = &orchestrator.DriverInputsRequest{SecretRefs: m{
		"password": m{"value": "${resources['redis#shared.r'].outputs.password}"}, "all": m{"value": "x ${resources['redis#shared.r'].outputs.password}"},
	}}
	p.create(reader)
	content := module(nil, m{"P": "${shared.r.password}", "Q": "p=${values.PASSWORD}"})
	content["spec"].(m)["containers"].(m)["main"].(m)["files"] = m{"/etc/p": m{"value": "${shared.r.password}"}}
	got := p.deploy(map[string]m{"w": content}, m{"r": m{"type": "redis"}, "c": m{"type": "s3"}}).ok()
	require.Empty(t, got.node("config.default#c").Values)
}

// TestWhatIsNoSecret: the whole values, the account and the id of a resource with secrets.
func TestWhatIsNoSecret(t *testing.T) {
	t.Parallel()
	p := newPlatform(t)
	p.secretWorld()
	reader := definition("reader", "config", "", m{
		"values": "${resources['redis#shared.r'].values}", "outputs": "${resources['redis#shared.r'].outputs}",
		"account": "${resources['redis#shared.r'].account}", "id": "${resources['redis#shared.r'].guresid}",
	})
	reader.DriverAccount = "${resources['redis#shared.r'].account}"
	p.create(reader)
	got := p.deploy(nil, m{"r": m{"type": "redis"}, "c": m{"type": "s3"}}).ok()
	redis := got.node("redis.default#shared.r")
	require.Equal(t, m{
		"values": m{"host": "h"}, "outputs": m{"host": "h"}, "account": "redis-account", "id": redis.GUResID,
	}, got.node("config.default#c").Values)
	require.Equal(t, "redis-account", got.node("config.default#c").DriverAccount, "the account of another resource is resolved")
}
