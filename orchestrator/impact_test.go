package orchestrator_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/engine/resource"
	"github.com/slipway-dev/slipway/orchestrator"
)

func (p *platform) impact(req orchestrator.ImpactRequest) *orchestrator.Impact {
	p.t.Helper()
	before, err := p.store.ListDefinitions(p.ctx, "acme", true)
	require.NoError(p.t, err)
	got, err := p.service.DefinitionImpact(p.ctx, "acme", req)
	require.NoError(p.t, err)
	after, err := p.store.ListDefinitions(p.ctx, "acme", true)
	require.NoError(p.t, err)
	require.Equal(p.t, before, after, "nothing is written")
	return got
}

// actions gives "action key" for all environments.
func actions(i *orchestrator.Impact) []string {
	out := []string{}
	for _, env := range i.Environments {
		for _, r := range env.Resources {
			out = append(out, r.Action+" "+r.Key.String())
		}
	}
	return out
}

const shopDB = "postgres.default#shared.db"

// withDB has a deployed environment with a postgres of definition pg, and a definition elsewhere that matches nothing there.
func withDB(t *testing.T) *platform {
	t.Helper()
	p := newPlatform(t)
	p.define("pg-def", "postgres", "", m{"host": "h"})
	p.define("config-def", "config", "", nil)
	p.define("redis-def", "redis", "", m{"host": "r"})
	p.deploy(nil, m{"db": m{"type": "postgres"}, "cache": m{"type": "redis"}}).ok()
	return p
}

func more(criteria ...resource.Criteria) orchestrator.DefinitionRequest {
	d := definition("pg-new", "postgres", "", m{"host": "n"})
	d.Criteria = criteria
	return d
}

// TestImpact goes through every kind of change and what it does.
func TestImpact(t *testing.T) {
	t.Parallel()
	shop := resource.Criteria{AppID: "shop"}
	inPlace := more(shop)
	inPlace.InPlaceDriverChange = true
	bringing := definition("pg-def", "postgres", "", m{"host": "h"})
	bringing.Provision = map[string]resource.Provision{"config": {}}
	asks := definition("pg-def", "postgres", "", m{"host": "${resources['gcs#x'].outputs.name}"})
	cases := map[string]struct {
		request orchestrator.ImpactRequest
		want    []string
		fails   string // part of a problem
		reason  string
	}{
		"new and more specific": {orchestrator.ImpactRequest{Definition: the(more(shop))}, []string{"replace " + shopDB}, "", "definition pg-new instead of pg-def"},
		"new, in place":         {orchestrator.ImpactRequest{Definition: &inPlace}, []string{"in_place " + shopDB}, "", "in place"},
		"new, elsewhere":        {orchestrator.ImpactRequest{Definition: the(more(resource.Criteria{AppID: "other"}))}, []string{}, "", ""},
		"new, other class":      {orchestrator.ImpactRequest{Definition: the(more(resource.Criteria{Class: "large"}))}, []string{}, "", ""},
		"values": {orchestrator.ImpactRequest{DefID: "pg-def", Patch: &orchestrator.DefinitionPatch{
			DriverInputs: &orchestrator.DriverInputsRequest{Values: m{"host": "other"}}}}, []string{"update " + shopDB}, "", "driver_inputs.values change: host"},
		"secrets": {orchestrator.ImpactRequest{DefID: "pg-def", Patch: &orchestrator.DefinitionPatch{
			DriverInputs: &orchestrator.DriverInputsRequest{Secrets: m{"password": hidden}}}}, []string{"update " + shopDB}, "", "secrets change: password"},
		"name only":       {orchestrator.ImpactRequest{DefID: "pg-def", Patch: &orchestrator.DefinitionPatch{Name: text("other")}}, []string{}, "", ""},
		"brings a config": {orchestrator.ImpactRequest{Definition: &bringing}, []string{"create config.default#shared.db"}, "", `provision "config" of definition pg-def`},
		"refers to what nothing meets": {orchestrator.ImpactRequest{Definition: &asks}, []string{"update " + shopDB},
			`no definition of type "gcs" matches`, "driver_inputs.values change: host"},
		"driver": {orchestrator.ImpactRequest{Definition: the(template("pg-def", "postgres", "", nil, m{"outputs": "host: h"}))},
			[]string{"replace " + shopDB}, "", "driver humanitec/template instead of humanitec/echo"},
		"delete":            {orchestrator.ImpactRequest{DefID: "pg-def", Delete: true}, []string{"unmatched " + shopDB}, "no definition of type \"postgres\" matches", ""},
		"criteria":          {orchestrator.ImpactRequest{DefID: "pg-def", Criteria: &[]resource.Criteria{{AppID: "other"}}}, []string{"unmatched " + shopDB}, "closest: pg-def (app_id: other)", ""},
		"criteria that fit": {orchestrator.ImpactRequest{DefID: "pg-def", Criteria: &[]resource.Criteria{shop}}, []string{}, "", ""},
	}
	p := withDB(t)
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			got := p.impact(tc.request)
			require.Equal(t, 1, got.Examined)
			require.Equal(t, tc.want, actions(got))
			if len(tc.want) == 0 {
				require.Empty(t, got.Environments)
				return
			}
			env := got.Environments[0]
			require.Equal(t, tc.fails != "", env.Fails)
			require.Contains(t, fmt.Sprint(env.Problems), tc.fails)
			require.Contains(t, env.Resources[0].Reason, tc.reason)
			require.NotContains(t, fmt.Sprint(got), hidden)
		})
	}
}

func the(d orchestrator.DefinitionRequest) *orchestrator.DefinitionRequest { return &d }

// TestImpactComesTrue deploys what was foretold.
func TestImpactComesTrue(t *testing.T) {
	t.Parallel()
	p := withDB(t)
	foretold := p.impact(orchestrator.ImpactRequest{Definition: the(more(resource.Criteria{AppID: "shop"}))}).Environments[0].Resources[0]
	require.Equal(t, "pg-def", foretold.From.DefID)
	require.Equal(t, "pg-new", foretold.To.DefID)
	require.NotEmpty(t, foretold.GUResID)
	p.create(more(resource.Criteria{AppID: "shop"}))
	got := p.deploy(nil, m{"db": m{"type": "postgres"}, "cache": m{"type": "redis"}}).ok()
	require.Equal(t, "pg-new", got.node(shopDB).DefID)
	// Promoting the version that is active changes nothing; deleting the new one brings the old one back.
	def, err := p.service.GetDefinition(p.ctx, "acme", "pg-new", false)
	require.NoError(t, err)
	require.Empty(t, p.impact(orchestrator.ImpactRequest{DefID: "pg-new", VersionID: def.ActiveVersionID}).Environments)
	// The old one is ordered to be destroyed, and still there.
	back := orchestrator.ImpactRequest{DefID: "pg-new", Delete: true}
	require.Equal(t, []string{"take_back " + shopDB}, actions(p.impact(back)))
	require.Contains(t, p.impact(back).Environments[0].Resources[0].Reason, foretold.GUResID)
	require.NoError(t, p.service.DeleteDefinition(p.ctx, "acme", "pg-new", true))
	again := p.deploy(nil, m{"db": m{"type": "postgres"}, "cache": m{"type": "redis"}}).ok()
	require.Equal(t, foretold.GUResID, again.node(shopDB).GUResID)
}

func TestImpactOfAVersionToPromote(t *testing.T) {
	t.Parallel()
	p := withDB(t)
	_, err := p.service.PatchDefinition(p.ctx, "acme", "pg-def", orchestrator.DefinitionPatch{Proposed: true,
		DriverInputs: &orchestrator.DriverInputsRequest{Values: m{"host": "next"}}})
	require.NoError(t, err)
	versions, err := p.service.ListDefinitionVersions(p.ctx, "acme", "pg-def", false)
	require.NoError(t, err)
	got := p.impact(orchestrator.ImpactRequest{DefID: "pg-def", VersionID: versions[0].ID})
	require.Equal(t, []string{"update " + shopDB}, actions(got))
	require.Equal(t, versions[0].ID, got.Environments[0].Resources[0].To.DefVersionID)
}

// TestImpactOnWhatTheSetDoesNotNeed: resources that a rollback would find again.
func TestImpactOnWhatTheSetDoesNotNeed(t *testing.T) {
	t.Parallel()
	p := withDB(t)
	p.deploy(nil, m{"cache": m{"type": "redis"}}).ok()
	got := p.impact(orchestrator.ImpactRequest{DefID: "pg-def", Delete: true})
	require.Equal(t, []string{"idle " + shopDB}, actions(got))
	require.False(t, got.Environments[0].Fails)
}

func TestImpactOnAnEnvironmentThatFails(t *testing.T) {
	t.Parallel()
	p := withDB(t)
	require.NoError(t, p.service.DeleteDefinition(p.ctx, "acme", "redis-def", true))
	got := p.impact(orchestrator.ImpactRequest{Definition: the(definition("redis-new", "redis", "", m{"host": "n"}))})
	require.True(t, got.Environments[0].Repaired)
	require.Equal(t, []string{"replace redis.default#shared.cache"}, actions(got))
	require.Empty(t, p.impact(orchestrator.ImpactRequest{Definition: the(definition("gcs-def", "gcs", "", nil))}).Environments,
		"failing as before is no impact")
}

func TestImpactRefuses(t *testing.T) {
	t.Parallel()
	p := withDB(t)
	cases := map[string]struct {
		request orchestrator.ImpactRequest
		code    orchestrator.Code
		want    string
	}{
		"nothing":            {orchestrator.ImpactRequest{DefID: "pg-def"}, orchestrator.CodeInvalid, "change to try"},
		"no id":              {orchestrator.ImpactRequest{Delete: true}, orchestrator.CodeInvalid, "def_id"},
		"two changes":        {orchestrator.ImpactRequest{DefID: "pg-def", Delete: true, VersionID: "x"}, orchestrator.CodeInvalid, "one of"},
		"two ids":            {orchestrator.ImpactRequest{DefID: "other", Definition: the(more())}, orchestrator.CodeInvalid, "pg-new"},
		"delete of criteria": {orchestrator.ImpactRequest{DefID: "pg-def", Delete: true, Criteria: &[]resource.Criteria{}}, orchestrator.CodeInvalid, "criteria"},
		"unknown":            {orchestrator.ImpactRequest{DefID: "nope", Delete: true}, orchestrator.CodeNotFound, "nope"},
		"unknown version":    {orchestrator.ImpactRequest{DefID: "pg-def", VersionID: "nope"}, orchestrator.CodeNotFound, "nope"},
		"other type":         {orchestrator.ImpactRequest{Definition: the(definition("pg-def", "redis", "", nil))}, orchestrator.CodeInvalid, "cannot change"},
		"equal criteria":     {orchestrator.ImpactRequest{Definition: the(more(resource.Criteria{}))}, orchestrator.CodeConflict, "pg-def"},
		"unknown driver": {orchestrator.ImpactRequest{Definition: &orchestrator.DefinitionRequest{ID: "abc", Name: "abc", Type: "redis", DriverType: "acme/nope"}},
			orchestrator.CodeInvalid, "acme/nope"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			_, err := p.service.DefinitionImpact(p.ctx, "acme", tc.request)
			require.Equal(t, tc.code, orchestrator.CodeOf(err), "%v", err)
			require.ErrorContains(t, err, tc.want)
		})
	}
}

// TestImpactShowsOnlyWhatTheCallerMaySee counts the rest.
func TestImpactShowsOnlyWhatTheCallerMaySee(t *testing.T) {
	t.Parallel()
	p := withDB(t)
	other := p.app("other")
	p.deployTo(other, nil, m{"db": m{"type": "postgres"}}).ok()
	as := func(roles map[string]string) context.Context {
		return orchestrator.WithActor(t.Context(), orchestrator.Actor{UserID: "eve", Roles: roles})
	}
	request := orchestrator.ImpactRequest{DefID: "pg-def", Delete: true}
	got, err := p.service.DefinitionImpact(as(map[string]string{
		orchestrator.OrgObject("acme"): orchestrator.RoleMember, orchestrator.AppObject("acme", "shop"): orchestrator.RoleViewer,
	}), "acme", request)
	require.NoError(t, err)
	require.Len(t, got.Environments, 1)
	require.Equal(t, "shop", got.Environments[0].AppID)
	require.Equal(t, 1, got.HiddenEnvironments)
	require.Equal(t, 1, got.HiddenResources)
	require.NotContains(t, fmt.Sprintf("%+v", got.Environments), "other")
	_, err = p.service.DefinitionImpact(as(nil), "acme", request)
	require.True(t, orchestrator.IsNotFound(err))
	require.Len(t, p.impact(request).Environments, 2)
}

// TestImpactScales: a thousand environments within seconds, with slack for a busy machine.
func TestImpactScales(t *testing.T) {
	if testing.Short() {
		t.Skip("makes a thousand environments")
	}
	t.Parallel()
	p := withDB(t)
	const count = 1000
	last, err := p.store.GetEnvironment(p.ctx, p.env)
	require.NoError(t, err)
	require.NoError(t, p.store.InTx(p.ctx, func(ctx context.Context) error {
		for i := range count {
			env := *last
			env.ID, env.Version = fmt.Sprintf("e%04d", i), 0
			if err := p.store.CreateEnvironment(ctx, &env); err != nil {
				return err
			}
		}
		return nil
	}))
	start := time.Now()
	got := p.impact(orchestrator.ImpactRequest{Definition: the(more(resource.Criteria{AppID: "shop"}))})
	took := time.Since(start)
	t.Logf("%d environments that change: %s", count, took)
	require.Len(t, got.Environments, count+1)
	require.Less(t, took, 30*time.Second)
	start = time.Now()
	require.Empty(t, p.impact(orchestrator.ImpactRequest{Definition: the(more(resource.Criteria{AppID: "other"}))}).Environments)
	t.Logf("%d environments that cannot be concerned: %s", count, time.Since(start))
	require.Less(t, time.Since(start), 10*time.Second)
}
