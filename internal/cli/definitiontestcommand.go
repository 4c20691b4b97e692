package cli

import (
	"errors"
	"fmt"
	"maps"
	"net/http"

	"github.com/spf13/cobra"

	"github.com/slipway-dev/slipway/internal/api"
	"github.com/slipway-dev/slipway/internal/client"
)

// errTestFailed ends a command whose answer has said what is wrong.
var errTestFailed = errors.New("the test of the definition failed")

func (a *app) testOnServerCommand() *cobra.Command {
	var file, version, inputs, id, fallback string
	cmd := &cobra.Command{
		Use: "test [DEFINITION]", Short: "Show what the server makes of a Resource Definition with given inputs, and make nothing", Args: args("[DEFINITION]"),
		Long: "Tests a definition that is stored, or with -f a draft of one, with the drivers of the server, virtual ones of the\n" +
			"organization included. Nothing is stored or provisioned. Drivers that reach outside are not called: what they would\n" +
			"run is shown instead. Secrets of the definition are not read, and shown nowhere. The inputs file is that of\n" +
			"`slipway resources test-definition`, which does without a server and shows secrets.",
		Example: "  slipway definitions test pg-prod --inputs pg.inputs.yaml\n  slipway definitions test -f pg.yaml --default test -o json",
	}
	cmd.Flags().StringVarP(&file, "file", "f", "", "file with a draft; - is standard input")
	cmd.Flags().StringVar(&id, "id", "", "id of the definition in the file, when that has several")
	cmd.Flags().StringVar(&version, "version", "", "version of DEFINITION; default the one in use")
	cmd.Flags().StringVar(&inputs, "inputs", "", "file with the inputs; - is standard input")
	cmd.Flags().StringVar(&fallback, "default", "", "value of every placeholder that the inputs do not give")
	cmd.RunE = func(cmd *cobra.Command, ids []string) error {
		if (file == "") == (len(ids) == 0) {
			return usagef("name what to test: DEFINITION, or -f FILE")
		}
		body, err := a.testInputs(inputs)
		if err != nil {
			return err
		}
		if cmd.Flags().Changed("default") {
			body["default"] = fallback
		}
		if file == "" {
			body["def_id"], body["version_id"] = ids[0], version
		} else if body["definition"], err = a.draft(file, id); err != nil {
			return err
		}
		c, s, err := a.within(needOrg...)
		if err != nil {
			return err
		}
		got, err := client.Do[api.DefinitionTest](cmd.Context(), c, http.MethodPost, s.OrgPath("resources", "defs", "test"), body)
		if err != nil {
			return err
		}
		return a.showTest(got)
	}
	return cmd
}

// testInputs reads an inputs file into the body of a request.
func (a *app) testInputs(file string) (map[string]any, error) {
	if file == "" {
		return map[string]any{}, nil
	}
	tree, err := a.readObject(file)
	if err != nil {
		return nil, err
	}
	if err := knownKeys(tree, "", trialKeys...); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return map[string]any{"cookie": tree["cookie"], "placeholders": tree["placeholders"], "resource": tree["resource"], "secrets": tree["secretRefs"]}, nil
}

func (a *app) draft(file, id string) (map[string]any, error) {
	found, err := a.findDefinition(file, id)
	if err != nil {
		return nil, err
	}
	definition := maps.Clone(found.whole())
	definition["id"] = found.id
	return definition, nil
}

func (a *app) showTest(got api.DefinitionTest) error {
	for _, note := range got.Notes {
		a.note("note: " + note)
	}
	if got.NotRun != "" {
		a.note("note: " + got.NotRun)
	}
	if len(got.Unstable) > 0 {
		a.note("note: each deployment would change " + fmt.Sprint(got.Unstable) + "; let the cookie keep what is drawn at random")
	}
	if err := a.showTrial(got); err != nil {
		return err
	}
	if got.Status == "failed" {
		return &codedError{exitError, errTestFailed, false}
	}
	return nil
}
