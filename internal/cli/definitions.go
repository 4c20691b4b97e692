package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/slipway-dev/slipway/drivers"
	"github.com/slipway-dev/slipway/drivers/builtin"
	"github.com/slipway-dev/slipway/engine/resource"
	"github.com/slipway-dev/slipway/internal/api"
	"github.com/slipway-dev/slipway/orchestrator"
	"github.com/slipway-dev/slipway/orchestrator/starter"
)

func (a *app) definitionsCommand() *cobra.Command {
	var files []string
	validate := &cobra.Command{
		Use: "validate -f FILE|FOLDER", Short: "Check Resource Definitions without a server", Args: noArgs,
		Long: "Checks manifests of kind Definition, and passes over others: the shape, the resource type, the driver, the form of\n" +
			"placeholders and of criteria, and the syntax of templates. What they refer to is looked up when something is deployed.",
		Example: "  slipway definitions validate -f definitions/",
	}
	validate.Flags().StringArrayVarP(&files, "file", "f", nil, "file or folder; - is standard input; may be given several times")
	validate.RunE = func(*cobra.Command, []string) error {
		manifests, err := a.readManifests(files)
		if err != nil {
			return err
		}
		return a.validateDefinitions(manifests)
	}
	return group("definitions", "Work on Resource Definitions before they are applied", validate, a.testOnServerCommand(), a.impactCommand())
}

func (a *app) validateDefinitions(manifests []manifest) error {
	registry := drivers.NewRegistry()
	if err := builtin.Register(registry); err != nil {
		return err
	}
	var types []string
	for _, t := range starter.Types() {
		types = append(types, t.Type)
	}
	checked, failed := 0, 0
	for _, m := range manifests {
		if m.err == nil && m.kind.kind != "Definition" {
			continue
		}
		checked++
		problems := []error{m.err}
		if m.err == nil {
			var in orchestrator.DefinitionRequest
			if in, problems[0] = readDefinition(m); problems[0] == nil {
				problems = orchestrator.LintDefinition(registry, types, in)
			}
		}
		if errors.Join(problems...) == nil {
			a.say("%s: valid", m.label())
			continue
		}
		failed++
		for _, p := range problems {
			fmt.Fprintln(a.err, m.failure(strings.ReplaceAll(p.Error(), "\n", "\n  ")))
		}
	}
	switch {
	case checked == 0:
		return errors.New("there is no document of kind Definition")
	case failed > 0:
		return &codedError{exitError, fmt.Errorf("%d of %d definitions are not valid", failed, checked), true}
	}
	return nil
}

// readDefinition reads the entity of a manifest as strictly as the server does, and with a word on what was meant.
func readDefinition(m manifest) (orchestrator.DefinitionRequest, error) {
	in := m.whole()
	err := knownKeys(in, "", "id", "name", "type", "driver_type", "driver_account", "driver_inputs", "provision", "criteria", "in_place_driver_change")
	inputs, _ := in["driver_inputs"].(map[string]any)
	err = errors.Join(err, knownKeys(inputs, "driver_inputs.", "values", "secrets", "secret_refs"))
	provision, _ := in["provision"].(map[string]any)
	for _, key := range sortedKeys(provision) {
		one, _ := provision[key].(map[string]any)
		err = errors.Join(err, knownKeys(one, fmt.Sprintf("provision[%q].", key), "is_dependent", "match_dependents", "params"))
	}
	criteria, _ := in["criteria"].([]any)
	for i := range criteria {
		one, _ := criteria[i].(map[string]any)
		err = errors.Join(err, knownKeys(one, fmt.Sprintf("criteria[%d].", i), "id", "app_id", "env_id", "env_type", "res_id", "class"))
	}
	if err != nil {
		return orchestrator.DefinitionRequest{}, err
	}
	in["id"] = m.id
	raw, err := json.Marshal(in)
	if err != nil {
		return orchestrator.DefinitionRequest{}, fmt.Errorf("it has a value that JSON has not: %w", err)
	}
	var req api.CreateDefinitionRequest
	if err := json.Unmarshal(raw, &req); err != nil {
		return orchestrator.DefinitionRequest{}, shapeError(err)
	}
	return definitionRequest(req), nil
}

// shapeError says which field has the wrong kind of value.
func shapeError(err error) error {
	var wrong *json.UnmarshalTypeError
	if !errors.As(err, &wrong) {
		return err
	}
	want := map[string]string{"map": "an object", "struct": "an object", "slice": "a list", "string": "a text", "bool": "true or false"}[wrong.Type.Kind().String()]
	return fmt.Errorf("%s must be %s, not %s", wrong.Field, want, wrong.Value)
}

func definitionRequest(in api.CreateDefinitionRequest) orchestrator.DefinitionRequest {
	out := orchestrator.DefinitionRequest{
		ID: in.ID, Name: in.Name, Type: in.Type, DriverType: in.DriverType, DriverAccount: in.DriverAccount, InPlaceDriverChange: in.InPlaceDriverChange,
	}
	if in.DriverInputs != nil {
		out.DriverInputs = &orchestrator.DriverInputsRequest{
			Values: in.DriverInputs.Values, Secrets: in.DriverInputs.Secrets, SecretRefs: in.DriverInputs.SecretRefs,
		}
	}
	if in.Provision != nil {
		out.Provision = make(map[string]resource.Provision, len(in.Provision))
	}
	for key, p := range in.Provision {
		out.Provision[key] = resource.Provision{IsDependent: p.IsDependent, MatchDependents: p.MatchDependents, Params: p.Params}
	}
	for _, c := range in.Criteria {
		out.Criteria = append(out.Criteria, resource.Criteria{AppID: c.AppID, EnvID: c.EnvID, EnvType: c.EnvType, ResID: c.ResID, Class: c.Class})
	}
	return out
}
