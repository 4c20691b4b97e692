package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/slipway-dev/slipway/engine/catalogue"
	"github.com/slipway-dev/slipway/internal/api"
	"github.com/slipway-dev/slipway/internal/client"
)

// initFlags are those of `score init`.
type initFlags struct {
	template, file, extensions string
	set                        []string
	force, local               bool
}

func (a *app) scoreInitCommand() *cobra.Command {
	var flags initFlags
	cmd := &cobra.Command{
		Use: "init", Short: "Begin a Score file from a Workload Template", Args: noArgs,
		Long: "Writes the Score file of a new workload. Templates are those of the Organization and the built-in ones:\n" +
			"`slipway get workload-templates` lists them with their parameters. Without a server, or with --local, the built-in ones are there.",
		Example: "  slipway score init --template service-with-postgres --set name=orders\n" +
			"  slipway score init --template cron-job --set name=report --set 'schedule=@daily'",
	}
	cmd.Flags().StringVarP(&flags.template, "template", "t", "", "id of the template")
	cmd.Flags().StringArrayVar(&flags.set, "set", nil, "parameter, as name=value; lists and objects are JSON; may be repeated")
	cmd.Flags().StringVarP(&flags.file, "file", "f", "score.yaml", "file to write")
	cmd.Flags().StringVar(&flags.extensions, "extensions", "humanitec.score.yaml", "file for the extensions, when the template has some")
	cmd.Flags().BoolVar(&flags.force, "force", false, "overwrite files that are there")
	cmd.Flags().BoolVar(&flags.local, "local", false, "use the built-in templates, without a server")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error { return a.scoreInit(cmd.Context(), flags) }
	return cmd
}

func (a *app) scoreInit(ctx context.Context, flags initFlags) error {
	c, s, err := a.catalogueServer(flags.local)
	if err != nil {
		return err
	}
	template, err := a.findTemplate(ctx, c, s, flags.template)
	if err != nil {
		return err
	}
	params := map[string]any{}
	for _, pair := range flags.set {
		name, text, ok := strings.Cut(pair, "=")
		if !ok || name == "" {
			return usagef("--set is name=value, got %q", pair)
		}
		if params[name], err = template.FromText(name, text); err != nil {
			return fmt.Errorf("template %s: %w", template.ID, err)
		}
	}
	made, err := a.instantiate(ctx, c, s, template, params)
	if err != nil {
		return fmt.Errorf("template %s: %w", template.ID, err)
	}
	return a.writeWorkload(flags, made)
}

// catalogueServer is the server whose templates are used; nil for the built-in ones.
func (a *app) catalogueServer(local bool) (*client.Client, client.Scope, error) {
	found, err := a.settings()
	if err != nil || local || found["url"].value == "" || found["org"].value == "" {
		return nil, client.Scope{}, err
	}
	return a.within(needOrg...)
}

func (a *app) findTemplate(ctx context.Context, c *client.Client, s client.Scope, id string) (catalogue.Template, error) {
	if c != nil && id != "" {
		v, err := client.Do[api.WorkloadTemplate](ctx, c, "GET", s.OrgPath("workload-templates", id), nil)
		return catalogue.Template{ID: id, Name: v.Name, Description: v.Description, Parameters: v.Parameters, Score: v.Score}, err
	}
	var known []string
	for _, t := range catalogue.Builtin() {
		if t.ID == id || "humanitec/"+t.ID == id {
			return t, nil
		}
		known = append(known, t.ID)
	}
	if id == "" {
		return catalogue.Template{}, usagef("name a template: --template; built in are %s", strings.Join(known, ", "))
	}
	return catalogue.Template{}, fmt.Errorf("there is no built-in template %q; there are: %s", id, strings.Join(known, ", "))
}

func (a *app) instantiate(ctx context.Context, c *client.Client, s client.Scope, t catalogue.Template, params map[string]any) (catalogue.Workload, error) {
	if c == nil {
		return t.Instantiate(params)
	}
	made, err := client.Do[api.InstantiatedTemplate](ctx, c, "POST", s.OrgPath("workload-templates", t.ID, "actions", "instantiate"),
		api.InstantiateTemplateRequest{Parameters: params})
	return catalogue.Workload(made), err
}

// writeWorkload writes the files, none when one of them is there already.
func (a *app) writeWorkload(flags initFlags, made catalogue.Workload) error {
	files := map[string]string{flags.file: made.Score}
	if made.Extensions != "" {
		if flags.extensions == flags.file {
			return usagef("--extensions and --file are the same file")
		}
		files[flags.extensions] = made.Extensions
	}
	for _, name := range sortedKeys(files) {
		if _, err := os.Stat(absolute(a.dir, name)); err == nil && !flags.force {
			return fmt.Errorf("%s is there already; name another file, or overwrite it with --force", name)
		}
	}
	for _, name := range sortedKeys(files) {
		path := absolute(a.dir, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte(files[name]), 0o644)); err != nil {
			return fmt.Errorf("%s cannot be written: %w", name, err)
		}
		a.say("%s written", name)
	}
	deploy := "slipway score deploy -f " + flags.file
	if made.Extensions != "" {
		deploy += " --extensions " + flags.extensions
	}
	a.say("deploy it with: %s --app <application> --env <environment>", deploy)
	return nil
}
