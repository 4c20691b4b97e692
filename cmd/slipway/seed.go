package main

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"fmt"

	"github.com/slipway-dev/slipway/engine/resource"
	"github.com/slipway-dev/slipway/internal/config"
	"github.com/slipway-dev/slipway/orchestrator"
	"github.com/slipway-dev/slipway/orchestrator/starter"
)

// newToken makes a token that is easy to recognize in a log.
func newToken() (string, error) {
	raw := make([]byte, 32)
	if _, err := rand.Read(raw); err != nil {
		return "", fmt.Errorf("make a token: %w", err)
	}
	return "sw_" + base64.RawURLEncoding.EncodeToString(raw), nil
}

// seed puts a database into its first state; seeding again is harmless.
func seed(ctx context.Context, service *orchestrator.Service, c config.Config, org, token string) error {
	in := orchestrator.Seed{
		OrgID: org, OrgName: org, AdminName: "Admin", Token: token,
		EnvTypes: []orchestrator.EnvironmentType{{ID: "development", Description: "For everyday work."}},
	}
	for _, t := range starter.Types() {
		in.Types = append(in.Types, orchestrator.ResourceType{
			ID: t.Type, Name: t.Name, Category: t.Category, Use: t.Use, InputsSchema: t.InputsSchema, OutputsSchema: t.OutputsSchema,
		})
	}
	in.Definitions = starterDefinitions(c)
	_, err := service.Seed(ctx, in)
	return err
}

// starterDefinitions fits the starter definitions to the settings.
func starterDefinitions(c config.Config) []orchestrator.SeedDefinition {
	var out []orchestrator.SeedDefinition
	options := starter.Options{GitURL: c.GitURL, Branch: c.GitBranch, AgeRecipients: c.AgeRecipients, Domain: c.Domain}
	if c.Kubeconfig != "" {
		options.GitURL = "" // straight to the cluster
	}
	for _, d := range starter.Definitions(options) {
		e := d.Entity
		made := orchestrator.SeedDefinition{
			ID: d.Metadata.ID, Name: e.Name, Type: e.Type, DriverType: e.DriverType,
			DriverInputs: &orchestrator.DriverInputs{Values: e.DriverInputs.Values, SecretRefs: e.DriverInputs.SecretRefs},
		}
		for _, k := range e.Criteria {
			made.Criteria = append(made.Criteria, resource.Criteria{AppID: k.AppID, EnvID: k.EnvID, EnvType: k.EnvType, ResID: k.ResID, Class: k.Class})
		}
		for key, p := range e.Provision {
			if made.Provision == nil {
				made.Provision = map[string]resource.Provision{}
			}
			made.Provision[key] = resource.Provision{IsDependent: p.IsDependent, MatchDependents: p.MatchDependents, Params: p.Params}
		}
		out = append(out, made)
	}
	return out
}
