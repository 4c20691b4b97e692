package orchestrator_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/engine/catalogue"
	"github.com/slipway-dev/slipway/engine/resource"
	"github.com/slipway-dev/slipway/engine/score"
	"github.com/slipway-dev/slipway/orchestrator"
	"github.com/slipway-dev/slipway/orchestrator/starter"
)

// withStarters is a platform with the starter definitions, but for cluster and namespace.
func withStarters(t *testing.T) *platform {
	t.Helper()
	p := newPlatform(t)
	for _, d := range starter.Definitions(starter.Options{}) {
		if d.Entity.Type == "k8s-cluster" || d.Entity.Type == "k8s-namespace" {
			continue
		}
		in := orchestrator.DefinitionRequest{
			ID: d.Metadata.ID, Name: d.Metadata.ID, Type: d.Entity.Type, DriverType: d.Entity.DriverType, Provision: map[string]resource.Provision{},
			DriverInputs: &orchestrator.DriverInputsRequest{Values: d.Entity.DriverInputs.Values, SecretRefs: d.Entity.DriverInputs.SecretRefs},
		}
		for key, v := range d.Entity.Provision {
			in.Provision[key] = resource.Provision{IsDependent: v.IsDependent, MatchDependents: v.MatchDependents, Params: v.Params}
		}
		for _, c := range d.Entity.Criteria {
			in.Criteria = append(in.Criteria, resource.Criteria{Class: c.Class})
		}
		p.create(in)
	}
	return p
}

// TestBuiltinTemplatesDeploy takes each from its parameters to Kubernetes objects.
func TestBuiltinTemplatesDeploy(t *testing.T) {
	t.Parallel()
	p := withStarters(t)
	more := map[string]m{"cron-job": {"schedule": "@daily", "command": []any{"report"}}}
	wants := map[string][]string{
		"cron-job": {"CronJob/cron-job-main"}, "service-with-postgres": {"Deployment/service-with-postgres", "Service/service-with-postgres"},
		"web-service": {"Deployment/web-service", "Service/web-service"}, "worker-with-queue": {"Deployment/worker-with-queue"},
	}
	for _, template := range catalogue.Builtin() {
		params := m{"name": template.ID, "image": "registry.example.com/x:1"}
		for name, v := range more[template.ID] {
			params[name] = v
		}
		made, err := p.service.InstantiateWorkloadTemplate(p.ctx, "acme", template.ID, params)
		require.NoError(t, err, template.ID)
		in := score.Input{}
		in.Spec, err = score.ParseYAML([]byte(made.Score))
		require.NoError(t, err, template.ID)
		if made.Extensions != "" {
			in.Extensions, err = score.ParseYAML([]byte(made.Extensions))
			require.NoError(t, err, template.ID)
		}
		out, err := p.service.ConvertScore(p.ctx, "acme", in)
		require.NoError(t, err, template.ID)
		modules := map[string]m{}
		for id, module := range out.Modules {
			modules[id] = module
		}
		deployed := p.deployTo(p.app("app-"+template.ID), modules, out.Shared).ok()
		kinds := map[string]bool{}
		for _, o := range deployed.objects {
			kinds[o.Kind()+"/"+o.Name()] = true
		}
		for _, want := range wants[template.ID] {
			require.True(t, kinds[want], "%s makes %s, got %v", template.ID, want, kinds)
		}
		for _, r := range template.Resources() {
			found := false
			for key := range deployed.nodes {
				found = found || deployed.nodes[key].Key.Type == r.Type
			}
			require.True(t, found, "%s asks for %s", template.ID, r.Type)
		}
	}
}
