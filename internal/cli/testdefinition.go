package cli

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/slipway-dev/slipway/drivers"
	"github.com/slipway-dev/slipway/drivers/builtin"
	"github.com/slipway-dev/slipway/drivers/container"
	"github.com/slipway-dev/slipway/orchestrator"
)

// trialKeys are what an inputs file of test-definition may hold.
var trialKeys = []string{"cookie", "placeholders", "resource", "secretRefs"}

func (a *app) testDefinitionCommand() *cobra.Command {
	var inputs, id, fallback string
	cmd := &cobra.Command{
		Use: "test-definition FILE", Short: "Show what a Resource Definition makes of given inputs, without a server", Args: args("FILE"),
		Long: "Resolves the driver inputs of a definition in a file (a manifest as `apply` takes it; - is standard input) and lets its\n" +
			"driver compute the result. Nothing is provisioned and no server is asked. Drivers that reach outside, such as\n" +
			"humanitec/terraform, are not run; their inputs are shown instead.\n\n" +
			"The inputs file is YAML or JSON; everything in it may be left out:\n" +
			"  cookie: {name: db-1}             # what the cookie template returned last; null is a first run\n" +
			"  placeholders:                    # values by the text of a placeholder without ${ and }\n" +
			"    context.res.id: modules.api.externals.db\n" +
			"    resources.dns.outputs.host: api.example.com\n" +
			"  resource: {size: small}          # inputs of the resource; for type workload {id, spec}\n" +
			"  secretRefs: {password: secret}   # values of the definition's secrets or secret_refs, by their names\n\n" +
			"The result shows secrets: they are those of the inputs file, or made up for this run.",
		Example: "  slipway resources test-definition pg.yaml --inputs pg.inputs.yaml -o json",
	}
	cmd.Flags().StringVar(&inputs, "inputs", "", "file with the inputs; - is standard input")
	cmd.Flags().StringVar(&id, "id", "", "id of the definition, when the file has several")
	cmd.Flags().StringVar(&fallback, "default", "", "value of every placeholder that the inputs do not give")
	cmd.RunE = func(cmd *cobra.Command, given []string) error {
		if given[0] == "-" && inputs == "-" {
			return usagef("definition and inputs cannot both come from standard input; name a file for one of them")
		}
		trial, err := a.readTrial(given[0], id, inputs)
		if err != nil {
			return err
		}
		if cmd.Flags().Changed("default") {
			trial.Default = &fallback
		}
		registry := drivers.NewRegistry()
		if err := registerForTrials(registry); err != nil {
			return err
		}
		out, err := orchestrator.TryDefinition(cmd.Context(), registry, trial)
		if err != nil {
			return fmt.Errorf("definition %s: %w", trial.Definition.ID, err)
		}
		for _, note := range out.Notes {
			a.note("note: " + note)
		}
		if out.NotRun != "" {
			a.note("note: " + out.NotRun)
		}
		return a.showTrial(out)
	}
	return cmd
}

// registerForTrials adds the drivers that only compute, and those of containers for
// what they take: they are not run.
func registerForTrials(registry *drivers.Registry) error {
	containers, tf, tofu := container.New(nil), container.NewTerraform(nil, ""), container.NewOpenTofu(nil, "")
	return errors.Join(builtin.Register(registry), registry.Register(containers.Descriptor(), containers),
		registry.Register(tf.Descriptor(), tf), registry.Register(tofu.Descriptor(), tofu))
}

// showTrial shows the result as YAML to people, who read nested things best that way.
func (a *app) showTrial(out any) error {
	return a.showObject(out, func() error {
		var raw bytes.Buffer
		encoder := json.NewEncoder(&raw)
		encoder.SetEscapeHTML(false)
		if err := encoder.Encode(out); err != nil {
			return fmt.Errorf("show the result: %w", err)
		}
		text, err := yamlOf(raw.Bytes())
		if err != nil {
			return err
		}
		_, err = a.out.Write(text)
		return err
	})
}

func (a *app) readTrial(file, id, inputs string) (orchestrator.DefinitionTrial, error) {
	var trial orchestrator.DefinitionTrial
	found, err := a.findDefinition(file, id)
	if err != nil {
		return trial, err
	}
	if trial.Definition, err = readDefinition(found); err != nil {
		return trial, fmt.Errorf("%s: %w", found.where(), err)
	}
	if inputs == "" {
		return trial, nil
	}
	tree, err := a.readObject(inputs)
	if err != nil {
		return trial, err
	}
	if err := knownKeys(tree, "", trialKeys...); err != nil {
		return trial, fmt.Errorf("%s: %w", inputs, err)
	}
	trial.Cookie = tree["cookie"]
	for name, into := range map[string]*map[string]any{"placeholders": &trial.Placeholders, "resource": &trial.Resource, "secretRefs": &trial.Secrets} {
		var ok bool
		if *into, ok = tree[name].(map[string]any); !ok && tree[name] != nil {
			return trial, fmt.Errorf("%s: %s must be an object", inputs, name)
		}
	}
	return trial, nil
}

// readObject reads a YAML or JSON file that holds one object.
func (a *app) readObject(file string) (map[string]any, error) {
	raw, err := a.readFile(file)
	if err != nil {
		return nil, err
	}
	tree, err := plainYAML(raw)
	if err != nil {
		return nil, fmt.Errorf("%s: it is not valid YAML: %w", file, err)
	}
	if tree == nil {
		return map[string]any{}, nil
	}
	// JSON's numbers are what drivers get.
	text, err := json.Marshal(tree)
	if err != nil {
		return nil, fmt.Errorf("%s: it has a value that JSON has not: %w", file, err)
	}
	var out map[string]any
	if err := json.Unmarshal(text, &out); err != nil {
		return nil, fmt.Errorf("%s: it must hold an object", file)
	}
	return out, nil
}

// findDefinition picks the definition of a file; id is needed when there are several.
func (a *app) findDefinition(file, id string) (manifest, error) {
	manifests, err := a.readManifests([]string{file})
	if err != nil {
		return manifest{}, err
	}
	var ids []string
	var found []manifest
	for _, m := range manifests {
		if m.err != nil && (id == "" || m.id == id || m.id == "") {
			return manifest{}, fmt.Errorf("%s: %w", m.where(), m.err)
		}
		if m.kind == nil || m.kind.kind != "Definition" {
			continue
		}
		ids = append(ids, m.id)
		if id == "" || m.id == id {
			found = append(found, m)
		}
	}
	switch {
	case len(ids) == 0:
		return manifest{}, fmt.Errorf("%s: there is no document of kind Definition in it", file)
	case len(found) == 0:
		return manifest{}, fmt.Errorf("%s: there is no definition %s in it; it has %s", file, id, strings.Join(ids, ", "))
	case len(found) > 1 && id == "":
		return manifest{}, usagef("%s has several definitions; choose one with --id: %s", file, strings.Join(ids, ", "))
	case len(found) > 1:
		return manifest{}, fmt.Errorf("%s: there are %d definitions %s in it", file, len(found), id)
	}
	return found[0], nil
}

// knownKeys refuses keys that nobody reads, because they are mostly misspelt.
func knownKeys(tree map[string]any, where string, known ...string) error {
	var problems []error
	for _, key := range sortedKeys(tree) {
		if slices.Contains(known, key) {
			continue
		}
		hint := "there is " + strings.Join(known, ", ")
		if near := closest(key, known); near != "" {
			hint = fmt.Sprintf("did you mean %q?", near)
		}
		problems = append(problems, fmt.Errorf("%s%s is not known; %s", where, key, hint))
	}
	return errors.Join(problems...)
}
