package orchestrator_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/engine/resource"
	"github.com/slipway-dev/slipway/orchestrator"
)

func (p *platform) bucketType(inputs, outputs string) {
	p.t.Helper()
	typ := orchestrator.ResourceType{ID: "acme/bucket", Name: "Bucket", Category: "storage", Use: resource.UseDirect}
	require.NoError(p.t, json.Unmarshal([]byte(inputs), &typ.InputsSchema))
	require.NoError(p.t, json.Unmarshal([]byte(outputs), &typ.OutputsSchema))
	_, err := p.service.CreateResourceType(p.ctx, "acme", typ)
	require.NoError(p.t, err)
}

func bucket(params m) m { return m{"type": "acme/bucket", "params": params} }

// TestInputsAreCheckedBeforeAnythingIsMade covers what is known while planning.
func TestInputsAreCheckedBeforeAnythingIsMade(t *testing.T) {
	t.Parallel()
	p := newPlatform(t)
	p.bucketType(`{"type":"object","required":["size"],"properties":{"size":{"type":"integer","minimum":1}}}`, `{}`)
	p.define("bucket", "acme/bucket", "", m{"name": "b"})

	got := p.deploy(nil, m{"b": bucket(m{"size": "big"})})
	got.fails("DEP-GRAPH", "resource shared.b", `type "acme/bucket"`, `/size: expected integer, this is the text "big"`, "correct the params")
	require.Empty(t, got.nodes)
	p.deploy(nil, m{"b": bucket(nil)}).fails("/size: this is required and missing")
	p.deploy(nil, m{"b": bucket(m{"size": 3.0, "more": true})}).ok()
}

// TestInputsAreCheckedBeforeTheDriver covers what only placeholders decide.
func TestInputsAreCheckedBeforeTheDriver(t *testing.T) {
	t.Parallel()
	p := newPlatform(t)
	p.bucketType(`{"properties":{"size":{"type":"integer"}}}`, `{}`)
	p.define("bucket", "acme/bucket", "", m{"name": "b"})
	p.define("redis", "redis", "", m{"host": "h", "port": 6379.0})

	good := p.deploy(nil, m{"r": m{"type": "redis"}, "b": bucket(m{"size": "${shared.r.port}"})}).ok()
	require.Equal(t, orchestrator.NodeSucceeded, good.node("acme/bucket.default#shared.b").Status)
	bad := p.deploy(nil, m{"r": m{"type": "redis"}, "b": bucket(m{"size": "${shared.r.host}"})})
	bad.fails("RES-101", "acme/bucket.default#shared.b", `/size: expected integer, this is the text "h"`)
	require.Equal(t, orchestrator.NodeSucceeded, bad.node("redis.default#shared.r").Status)
	require.Equal(t, orchestrator.NodeFailed, bad.node("acme/bucket.default#shared.b").Status)
}

func TestOutputsAreCheckedAfterTheDriver(t *testing.T) {
	t.Parallel()
	const outputs = `{"type":"object","properties":{"values":{"type":"object","required":["name"],"properties":{"port":{"type":"integer"}}},
		"secrets":{"type":"object","properties":{"password":{"minLength":20,"type":"string"},"pin":{"enum":["1234"]}}}}}`
	cases := map[string]struct {
		values, secrets m
		want            []string // nil = fits
	}{
		"fits":           {m{"name": "n", "port": 1.0, "more": "x"}, nil, nil},
		"value missing":  {m{}, nil, []string{"RES-105", "/values/name: this is required and missing", "humanitec/echo", "bucket"}},
		"wrong value":    {m{"name": "n", "port": "x"}, nil, []string{`/values/port: expected integer, this is the text "x"`}},
		"wrong secret":   {m{"name": "n"}, m{"password": hidden}, []string{"/secrets/password: expected 20 characters or more, there are 14"}},
		"unknown secret": {m{"name": "n"}, m{"pin": hidden}, []string{`/secrets/pin: expected one of the text "1234", this secret is not`}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPlatform(t)
			p.bucketType(`{}`, outputs)
			d := definition("bucket", "acme/bucket", "", tc.values)
			d.DriverInputs.Secrets = tc.secrets
			p.create(d)
			got := p.deploy(nil, m{"b": bucket(nil)})
			if tc.want == nil {
				got.ok()
				return
			}
			got.fails(tc.want...)
			log, err := p.store.ListLog(p.ctx, "acme", got.id, "", 0, 100)
			require.NoError(t, err)
			for _, line := range log {
				require.NotContains(t, line.Text, hidden)
			}
		})
	}
}

// TestRefusedOutputsKeepTheCookie: what a driver remembers must survive, or the
// next run would make a second thing.
func TestRefusedOutputsKeepTheCookie(t *testing.T) {
	t.Parallel()
	p := newPlatform(t)
	p.bucketType(`{}`, `{"properties":{"values":{"required":["region"]}}}`)
	p.create(template("bucket", "acme/bucket", "", nil, remembering()))
	p.deploy(nil, m{"b": bucket(nil)}).fails("/values/region")
	kept, err := p.store.GetActiveResource(p.ctx, p.env, resource.Key{Type: "acme/bucket", Class: "default", ID: "shared.b"})
	require.NoError(t, err)
	require.True(t, kept.Attempted)
	require.NotEmpty(t, kept.Sealed)

	_, err = p.service.PatchResourceType(p.ctx, "acme", "acme/bucket", orchestrator.ResourceTypePatch{OutputsSchema: map[string]any{"type": "object"}})
	require.NoError(t, err)
	got := p.deploy(nil, m{"b": bucket(nil)}).ok()
	require.Equal(t, "again", got.node("acme/bucket.default#shared.b").Values["run"])
}

// TestSchemasThatAreNone: any JSON object is a legal schema on the wire. What is
// no JSON schema is kept, holds nothing, and is said in the log of each deployment.
func TestSchemasThatAreNone(t *testing.T) {
	t.Parallel()
	for name, broken := range map[string]string{"type": `{"type":"text"}`, "file": `{"$ref":"file:///etc/passwd"}`} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPlatform(t)
			p.bucketType(broken, broken)
			p.define("bucket", "acme/bucket", "", m{"bucket": "b"})
			got := p.deploy(nil, m{"b": bucket(nil)}).ok()
			lines, err := p.store.ListLog(p.ctx, "acme", got.id, "", 0, 0)
			require.NoError(t, err)
			text := fmt.Sprint(lines)
			require.Contains(t, text, `inputs_schema of type "acme/bucket" is not held`)
			require.Contains(t, text, `outputs_schema of type "acme/bucket" is not held`)
		})
	}
}

// TestDriverInputsAreCheckedWhenSaved holds create, replace and patch.
func TestDriverInputsAreCheckedWhenSaved(t *testing.T) {
	t.Parallel()
	p := newPlatform(t)
	wildcard := func(values m) orchestrator.DefinitionRequest {
		d := definition("host", "dns", "", values)
		d.DriverType = "humanitec/dns-wildcard"
		return d
	}
	refused := func(err error, parts ...string) {
		t.Helper()
		require.Equal(t, orchestrator.CodeInvalid, orchestrator.CodeOf(err), "%v", err)
		for _, part := range parts {
			require.ErrorContains(t, err, part)
		}
	}
	_, err := p.service.CreateDefinition(p.ctx, "acme", wildcard(m{"template": "x"}))
	refused(err, "/driver_inputs/values/domain: this is required and missing", "humanitec/dns-wildcard")
	_, err = p.service.CreateDefinition(p.ctx, "acme", wildcard(m{"domain": 7.0}))
	refused(err, "/driver_inputs/values/domain: expected string, this is 7")
	p.create(wildcard(m{"domain": "${resources.config#x.outputs.domain}"}))
	_, err = p.service.ReplaceDefinition(p.ctx, "acme", "host", orchestrator.DefinitionRequest{Name: "host"})
	refused(err, "/driver_inputs/values/domain")
	_, err = p.service.PatchDefinition(p.ctx, "acme", "host", orchestrator.DefinitionPatch{
		DriverInputs: &orchestrator.DriverInputsRequest{Values: m{"domain": nil}}, Proposed: true})
	refused(err, "/driver_inputs/values/domain")
	_, err = p.service.PatchDefinition(p.ctx, "acme", "host", orchestrator.DefinitionPatch{
		DriverInputs: &orchestrator.DriverInputsRequest{Values: m{"domain": "example.com"}}})
	require.NoError(t, err)
}

// TestInputsOfRegisteredDrivers: of secrets only their presence is judged.
func TestInputsOfRegisteredDrivers(t *testing.T) {
	t.Parallel()
	p := newPlatform(t)
	_, err := p.service.CreateDriver(p.ctx, "acme", orchestrator.DriverDefinition{
		OrgID: "acme", ID: "hosts", Type: "dns", Target: "https://driver.example.com",
		InputsSchema: m{"properties": m{"secrets": m{"required": []any{"password"}, "properties": m{
			"password": m{"type": "string", "maxLength": 1.0}, "token": m{"type": "object"}}}}},
	})
	require.NoError(t, err)
	host := func(secrets m) orchestrator.DefinitionRequest {
		d := definition("host", "dns", "", m{"any": 1.0})
		d.DriverType, d.DriverInputs.Secrets = "acme/hosts", secrets
		return d
	}
	_, err = p.service.CreateDefinition(p.ctx, "acme", host(nil))
	require.Equal(t, orchestrator.CodeInvalid, orchestrator.CodeOf(err))
	require.ErrorContains(t, err, "/driver_inputs/secrets/password: this is required and missing")
	p.create(host(m{"password": "longer than one", "token": "${resources.config.outputs.x}"}))
}
