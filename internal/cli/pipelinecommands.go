package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"

	"github.com/spf13/cobra"

	"github.com/slipway-dev/slipway/engine/pipeline"
	"github.com/slipway-dev/slipway/internal/api"
	"github.com/slipway-dev/slipway/internal/client"
)

// mediaPipeline is the type of the text of pipelines.
const mediaPipeline = "application/x.humanitec-pipelines-v1.0+yaml"

// pipelineCommands are the commands of pipelines, their versions and criteria.
func (a *app) pipelineCommands() []*cobra.Command {
	cmd := group("pipelines", "Check, apply and show Pipelines",
		a.validatePipelines(), a.applyPipeline(), a.showPipeline(), a.pipelineCriteria(), a.pipelineSchema())
	for _, k := range pipelineKinds()[:2] {
		name := map[string]string{"pipelines": "list", "pipeline-versions": "versions"}[k.name]
		listing := a.getKind(k)
		listing.Use, listing.Aliases = name+listing.Use[len(k.name):], nil
		if name == "list" {
			listing.Use, listing.Args = name, noArgs
		}
		cmd.AddCommand(listing)
	}
	var yes bool
	remove := a.deleteKind(pipelineDeletables()[0], &yes)
	remove.Use = "delete PIPELINE"
	remove.Flags().BoolVarP(&yes, "yes", "y", false, "do not ask")
	cmd.AddCommand(remove)
	cmd.AddCommand(a.runsOfPipelines()...)
	cmd.Aliases = []string{"pipeline"}
	return []*cobra.Command{cmd}
}

// pipelineVerdict is what is found out about one file.
type pipelineVerdict struct {
	File     string            `json:"file"`
	Valid    bool              `json:"valid"`
	Name     string            `json:"name,omitempty"`
	Errors   []pipelineProblem `json:"errors"`
	Warnings []pipelineProblem `json:"warnings"`
}

type pipelineProblem struct {
	Line    int    `json:"line"`
	Column  int    `json:"column"`
	Path    string `json:"path"`
	Message string `json:"message"`
}

func pipelineProblems(list []pipeline.Problem) []pipelineProblem {
	out := []pipelineProblem{}
	for _, p := range list {
		out = append(out, pipelineProblem(p))
	}
	return out
}

func (a *app) validatePipelines() *cobra.Command {
	var strict bool
	cmd := &cobra.Command{
		Use: "validate FILE...", Short: "Check Pipelines without a server", Args: cobra.MinimumNArgs(1),
		Long: "Checks files with Pipelines: keys, types, needs, actions and their inputs, expressions. Problems name line and column.\n" +
			"Warnings are what works and looks wrong; with --strict they fail as well. A FILE of - is standard input.",
		Example: "  slipway pipelines validate pipeline.yaml",
	}
	cmd.Flags().BoolVar(&strict, "strict", false, "fail on warnings, too")
	cmd.RunE = func(_ *cobra.Command, files []string) error {
		var verdicts []pipelineVerdict
		bad := 0
		for _, file := range files {
			raw, err := a.readFile(file)
			if err != nil {
				return err
			}
			v := judgePipeline(file, raw)
			if !v.Valid || strict && len(v.Warnings) > 0 {
				bad++
			}
			verdicts = append(verdicts, v)
		}
		if err := a.showObject(verdicts, func() error { return a.printVerdicts(verdicts) }); err != nil {
			return err
		}
		if bad > 0 {
			return fmt.Errorf("%d of %d pipelines did not pass", bad, len(files))
		}
		return nil
	}
	return cmd
}

func judgePipeline(file string, raw []byte) pipelineVerdict {
	document, warnings, err := pipeline.Parse(raw)
	v := pipelineVerdict{File: file, Valid: err == nil, Errors: []pipelineProblem{}, Warnings: pipelineProblems(warnings)}
	var invalid *pipeline.Invalid
	if errors.As(err, &invalid) {
		v.Errors = pipelineProblems(invalid.Problems)
	}
	if document != nil {
		v.Name = document.Name
	}
	return v
}

func (a *app) printVerdicts(verdicts []pipelineVerdict) error {
	for _, v := range verdicts {
		for _, p := range v.Errors {
			a.say("%s", p.at(v.File, "error"))
		}
		for _, p := range v.Warnings {
			a.say("%s", p.at(v.File, "warning"))
		}
		if v.Valid {
			a.say("%s: pipeline %q is valid", v.File, v.Name)
		}
	}
	return nil
}

// at spells a problem as compilers do, so that editors find the place.
func (p pipelineProblem) at(file, kind string) string {
	if p.Path != "" {
		p.Path += ": "
	}
	return fmt.Sprintf("%s:%d:%d: %s: %s%s", file, max(p.Line, 1), max(p.Column, 1), kind, p.Path, p.Message)
}

func (a *app) applyPipeline() *cobra.Command {
	var file, id string
	var dryRun bool
	cmd := &cobra.Command{
		Use: "apply -f FILE", Short: "Create a Pipeline or give it a new version", Args: noArgs,
		Long: "Sends the text of the file as it is, comments included. The Pipeline is the one that the document's id, or --id, names; it\n" +
			"is created when there is none. Without an id a new Pipeline is created every time. The same text makes no new version.",
		Example: "  slipway pipelines apply -f pipeline.yaml --app shop",
	}
	cmd.Flags().StringVarP(&file, "file", "f", "", "file with the Pipeline; - is standard input")
	cmd.Flags().StringVar(&id, "id", "", "Pipeline to change, where the document has no id")
	cmd.Flags().BoolVar(&dryRun, "dry-run", false, "let the server judge it and change nothing")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		if file == "" {
			return usagef("%s needs a file: -f", cmd.CommandPath())
		}
		raw, err := a.readFile(file)
		if err != nil {
			return err
		}
		v := judgePipeline(file, raw)
		if err := a.refuseInvalid(v); err != nil {
			return err
		}
		document, _, err := pipeline.Parse(raw)
		if err != nil {
			return err
		}
		if id != "" && document.ID != "" && id != document.ID {
			return usagef("--id is %s and the document says %s; leave one of them out", id, document.ID)
		}
		c, s, err := a.within(needApp...)
		if err != nil {
			return err
		}
		return a.sendPipeline(cmd.Context(), c, s, or(id, document.ID), raw, dryRun)
	}
	return cmd
}

// refuseInvalid shows what is wrong with a file, and warnings, before anything is sent.
func (a *app) refuseInvalid(v pipelineVerdict) error {
	for _, p := range v.Errors {
		fmt.Fprintln(a.err, p.at(v.File, "error"))
	}
	for _, p := range v.Warnings {
		fmt.Fprintln(a.err, p.at(v.File, "warning"))
	}
	if !v.Valid {
		return fmt.Errorf("%s is no valid pipeline", v.File)
	}
	return nil
}

func (a *app) sendPipeline(ctx context.Context, c *client.Client, s client.Scope, id string, raw []byte, dryRun bool) error {
	method, path, result := http.MethodPost, s.AppPath("pipelines"), resultCreated
	if id != "" {
		have, err := c.Text(ctx, s.AppPath("pipelines", id, "schema"), mediaPipeline)
		switch {
		case client.IsStatus(err, http.StatusNotFound):
			if raw, err = withPipelineID(raw, id); err != nil {
				return err
			}
		case err != nil:
			return err
		case string(have) == string(raw):
			a.say("pipeline %s unchanged", id)
			return nil
		default:
			method, path, result = http.MethodPatch, s.AppPath("pipelines", id), resultUpdated
		}
	}
	if dryRun {
		_, err := client.Do[client.None](ctx, c, method, path+"?dry_run=true", json.RawMessage(raw))
		if err == nil {
			a.say("pipeline %s would be %s", or(id, "(new)"), result)
		}
		return err
	}
	answer, err := client.Do[json.RawMessage](ctx, c, method, path, json.RawMessage(raw))
	if err != nil {
		return err
	}
	var made api.Pipeline
	if err := json.Unmarshal(answer, &made); err != nil {
		return fmt.Errorf("the answer is not what the API documents: %w", err)
	}
	return a.show(answer, func() error {
		a.say("pipeline %s %s, version %s", made.ID, result, made.Version)
		return nil
	})
}

// withPipelineID gives a document without an id the one that it is created with.
func withPipelineID(raw []byte, id string) ([]byte, error) {
	document, _, err := pipeline.Parse(raw)
	if err != nil || document.ID != "" {
		return raw, err
	}
	if raw[0] == '{' {
		return nil, errors.New("the document has no id; write the id into it")
	}
	return slices.Concat([]byte("id: "+id+"\n"), raw), nil
}

func (a *app) showPipeline() *cobra.Command {
	var version string
	cmd := &cobra.Command{
		Use: "get PIPELINE", Short: "Show the document of a Pipeline as it was written", Args: args("PIPELINE"),
		Long: "Prints the text with its comments; with -o json or -o yaml the document as data. `slipway get pipelines PIPELINE` shows\n" +
			"what the server knows about it.",
	}
	cmd.Flags().StringVar(&version, "version", "", "version to show; the current one when absent")
	cmd.RunE = func(cmd *cobra.Command, ids []string) error {
		c, s, err := a.within(needApp...)
		if err != nil {
			return err
		}
		path := s.AppPath("pipelines", ids[0], "schema")
		if version != "" {
			path += "?version=" + version
		}
		if a.structured() {
			raw, err := c.Get(cmd.Context(), path)
			if err != nil {
				return err
			}
			return a.show(raw, func() error { return nil })
		}
		text, err := c.Text(cmd.Context(), path, mediaPipeline)
		if err != nil {
			return err
		}
		_, err = a.out.Write(text)
		return err
	}
	return cmd
}

func (a *app) pipelineSchema() *cobra.Command {
	return &cobra.Command{
		Use: "schema", Short: "Print the JSON schema of Pipelines, for editors", Args: noArgs,
		Example: "  slipway pipelines schema > pipeline.schema.json",
		RunE: func(*cobra.Command, []string) error {
			encoder := json.NewEncoder(a.out)
			encoder.SetIndent("", "  ")
			encoder.SetEscapeHTML(false)
			return encoder.Encode(pipeline.Schema())
		},
	}
}

func (a *app) pipelineCriteria() *cobra.Command {
	list := a.getKind(pipelineKinds()[2])
	list.Use = "list"
	add := a.createPipelineCriteria()
	add.Use = "add" + add.Use[len("pipeline-criteria"):]
	var yes bool
	remove := a.deleteKind(pipelineDeletables()[1], &yes)
	remove.Use = "delete PIPELINE CRITERIA"
	remove.Flags().BoolVarP(&yes, "yes", "y", false, "do not ask")
	return group("criteria", "Which deployment requests a Pipeline gets", list, add, remove)
}

func (a *app) createPipelineCriteria() *cobra.Command {
	var in api.PipelineCriteriaRequest
	cmd := &cobra.Command{
		Use: "pipeline-criteria PIPELINE", Short: "Have a Pipeline handle deployment requests", Args: args("PIPELINE"),
		Long: "Requests go to the Pipeline whose criteria say most: an Environment before an Environment Type before neither, then a type\n" +
			"of deployment. What is left out matches everything. Two criteria of an Application cannot say the same.",
		Example: "  slipway pipelines criteria add promote --env-type production",
	}
	cmd.Flags().StringVar(&in.EnvType, "env-type", "", "only Environments of this type")
	cmd.Flags().StringVar(&in.EnvID, "env-id", "", "only this Environment; it need not exist yet")
	cmd.Flags().StringVar(&in.DeploymentType, "deployment-type", "", "only deploy, or only re-deploy")
	cmd.RunE = func(cmd *cobra.Command, ids []string) error {
		c, s, err := a.within(needApp...)
		if err != nil {
			return err
		}
		in.Trigger = pipeline.TriggerDeploymentRequest
		return a.post(cmd, c, s.AppPath("pipelines", ids[0], "criteria"), in, "criteria added to pipeline "+ids[0])
	}
	return cmd
}

func (a *app) createPipeline() *cobra.Command {
	var file string
	cmd := &cobra.Command{
		Use: "pipeline --from FILE", Short: "Create a Pipeline from its document", Args: noArgs,
		Long: "Creates a Pipeline; `slipway pipelines apply` changes one that exists, too.",
	}
	cmd.Flags().StringVar(&file, "from", "", "file with the Pipeline; - is standard input")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		if file == "" {
			return usagef("%s needs a file: --from", cmd.CommandPath())
		}
		raw, err := a.readFile(file)
		if err != nil {
			return err
		}
		if err := a.refuseInvalid(judgePipeline(file, raw)); err != nil {
			return err
		}
		c, s, err := a.within(needApp...)
		if err != nil {
			return err
		}
		return a.post(cmd, c, s.AppPath("pipelines"), json.RawMessage(raw), "pipeline created")
	}
	return cmd
}
