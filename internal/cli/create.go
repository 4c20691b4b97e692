package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/slipway-dev/slipway/engine/deployset"
	"github.com/slipway-dev/slipway/internal/api"
	"github.com/slipway-dev/slipway/internal/client"
)

func (a *app) createCommand() *cobra.Command {
	cmd := group("create", "Create something",
		a.createApp(), a.createEnv(), a.createEnvType(), a.createValue(), a.createDelta(), a.createToken(), a.createDefinition(),
		a.createAgent(), a.createAgentKey(), a.createPublicKey(), a.createChart(), a.createRule(), a.createPipeline(), a.createPipelineCriteria(), a.createWebhook(),
		a.createServiceUser(), a.createGroup(), a.createGroupUser(), a.createInvitation())
	cmd.Long = "Create something. Everything that manifests describe can be created with -f as well; what exists already is an error."
	var files []string
	cmd.Flags().StringArrayVarP(&files, "file", "f", nil, "create what the manifests in this file or folder describe; - is standard input")
	cmd.RunE = func(cmd *cobra.Command, given []string) error {
		if len(files) > 0 && len(given) == 0 {
			return a.applyFiles(cmd.Context(), files, applier{createOnly: true})
		}
		return runGroup(cmd, given)
	}
	return cmd
}

// post creates something and shows it.
func (a *app) post(cmd *cobra.Command, c *client.Client, path string, body any, done string) error {
	raw, err := client.Do[json.RawMessage](cmd.Context(), c, "POST", path, body)
	if err != nil {
		return err
	}
	return a.show(raw, func() error {
		a.say("%s", done)
		return nil
	})
}

func (a *app) createApp() *cobra.Command {
	var name, env, envType string
	var bare bool
	cmd := &cobra.Command{
		Use: "app ID", Aliases: []string{"application"}, Short: "Create an Application", Args: args("ID"),
		Long: "Creates an Application with one Environment: development, unless --first-env names another.",
	}
	cmd.Flags().StringVar(&name, "name", "", "display name; the id when absent")
	cmd.Flags().StringVar(&env, "first-env", "", "id of the first Environment")
	cmd.Flags().StringVar(&envType, "first-env-type", "development", "Environment Type of the first Environment")
	cmd.Flags().BoolVar(&bare, "no-env", false, "create no Environment")
	cmd.RunE = func(cmd *cobra.Command, ids []string) error {
		c, s, err := a.within(needOrg...)
		if err != nil {
			return err
		}
		in := api.CreateApplicationRequest{ID: ids[0], Name: or(name, ids[0]), SkipEnvironmentCreation: bare}
		if env != "" {
			in.Env = &api.EnvironmentBase{ID: env, Name: env, Type: envType}
		}
		return a.post(cmd, c, s.OrgPath("apps"), in, "application "+ids[0]+" created")
	}
	return cmd
}

func (a *app) createEnv() *cobra.Command {
	var name, envType, from string
	cmd := &cobra.Command{
		Use: "env ID", Aliases: []string{"environment"}, Short: "Create an Environment", Args: args("ID"),
		Long: "Creates an Environment. With --from its first deployment starts from what that Environment has; nothing runs until then.",
	}
	cmd.Flags().StringVar(&name, "name", "", "display name; the id when absent")
	cmd.Flags().StringVarP(&envType, "type", "t", "", "Environment Type; that of --from, or development, when absent")
	cmd.Flags().StringVar(&from, "from", "", "Environment, or deploy/<id>, to start from")
	cmd.RunE = func(cmd *cobra.Command, ids []string) error {
		c, s, err := a.within(needApp...)
		if err != nil {
			return err
		}
		in := api.CreateEnvironmentRequest{ID: ids[0], Name: or(name, ids[0]), Type: envType}
		if from != "" {
			source := s
			source.Env = from
			ref := "."
			if strings.HasPrefix(from, "deploy/") {
				ref = from
			}
			if in.FromDeployID, err = deploymentID(cmd.Context(), c, source, ref); err != nil {
				return fmt.Errorf("--from: %w", err)
			}
		}
		return a.post(cmd, c, s.AppPath("envs"), in, fmt.Sprintf("environment %s of application %s created", ids[0], s.App))
	}
	return cmd
}

func (a *app) createEnvType() *cobra.Command {
	var description string
	cmd := &cobra.Command{Use: "env-type ID", Aliases: []string{"environment-type"}, Short: "Create an Environment Type", Args: args("ID")}
	cmd.Flags().StringVar(&description, "description", "", "what Environments of this type are for")
	cmd.RunE = func(cmd *cobra.Command, ids []string) error {
		c, s, err := a.within(needOrg...)
		if err != nil {
			return err
		}
		return a.post(cmd, c, s.OrgPath("env-types"), api.CreateEnvironmentTypeRequest{ID: ids[0], Description: description}, "environment type "+ids[0]+" created")
	}
	return cmd
}

func (a *app) createDelta() *cobra.Command {
	var file, name string
	cmd := &cobra.Command{
		Use: "delta -f FILE", Short: "Store a Deployment Delta", Args: noArgs,
		Long: "Stores a Delta from a JSON or YAML file with modules and shared, as `score convert` and `diff` write it with -o.",
	}
	cmd.Flags().StringVarP(&file, "file", "f", "", "file with the Delta; - is standard input")
	cmd.Flags().StringVar(&name, "name", "", "display name")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		if file == "" {
			return usagef("%s needs a file with the Delta: -f", cmd.CommandPath())
		}
		content, err := a.readDelta(file)
		if err != nil {
			return err
		}
		c, s, err := a.within(needApp...)
		if err != nil {
			return err
		}
		in := api.DeltaRequest{Metadata: &api.DeltaMetadataRequest{EnvID: s.Env, Name: name}, Content: content}
		raw, err := client.Do[json.RawMessage](cmd.Context(), c, "POST", s.AppPath("deltas"), in)
		if err != nil {
			return err
		}
		return a.show(raw, func() error {
			var created api.CreatedDelta
			if err := json.Unmarshal(raw, &created); err != nil {
				return fmt.Errorf("the answer is not what the API documents: %w", err)
			}
			a.say("delta %s created", created.ID)
			return nil
		})
	}
	return cmd
}

func (a *app) readDelta(file string) (deployset.Delta, error) {
	var none deployset.Delta
	raw, err := a.readFile(file)
	if err != nil {
		return none, err
	}
	tree, err := plainYAML(raw)
	if err != nil {
		return none, fmt.Errorf("%s is neither JSON nor YAML: %w", file, err)
	}
	plain, err := json.Marshal(tree)
	if err != nil {
		return none, fmt.Errorf("%s: %w", file, err)
	}
	content, err := deployset.ParseDelta(plain)
	if err != nil {
		return none, fmt.Errorf("%s: %w", file, err)
	}
	if content.IsEmpty() {
		return none, fmt.Errorf("%s changes nothing; a Delta has modules.add, modules.update, modules.remove or shared", file)
	}
	return content, nil
}

func (a *app) createToken() *cobra.Command {
	var description, user string
	var expires time.Duration
	cmd := &cobra.Command{
		Use: "token ID", Short: "Create a token of yours, or of a service user; it is shown this once", Args: args("ID"),
	}
	cmd.Flags().StringVar(&user, "user", "", "service user that the token is for")
	cmd.Flags().StringVar(&description, "description", "", "what it is for")
	cmd.Flags().DurationVar(&expires, "expires", 0, "how long it works, such as 720h; for ever when absent")
	cmd.RunE = func(cmd *cobra.Command, ids []string) error {
		if expires < 0 {
			return usagef("--expires must not be negative")
		}
		c, err := a.connect()
		if err != nil {
			return err
		}
		path, err := query{ctx: cmd.Context(), c: c}.tokensPath(user)
		if err != nil {
			return err
		}
		in := api.CreateTokenRequest{ID: ids[0], Type: "static", Description: description}
		if expires > 0 {
			in.ExpiresAt = &api.Time{Time: time.Now().Add(expires)}
		}
		created, err := client.Do[api.NewToken](cmd.Context(), c, "POST", path, in)
		if err != nil {
			return err
		}
		return a.showObject(created, func() error {
			a.note("token " + ids[0] + " created; it cannot be shown again:")
			_, err := fmt.Fprintln(a.out, created.Token)
			return err
		})
	}
	return cmd
}

func (a *app) createDefinition() *cobra.Command {
	var files []string
	cmd := &cobra.Command{
		Use: "definition -f FILE", Aliases: []string{"def", "res-def", "resource-definition"}, Short: "Create Resource Definitions from manifests", Args: noArgs,
	}
	cmd.Flags().StringArrayVarP(&files, "file", "f", nil, "file or folder with manifests; - is standard input")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		if len(files) == 0 {
			return usagef("%s needs a manifest: -f", cmd.CommandPath())
		}
		manifests, err := a.readManifests(files)
		if err != nil {
			return err
		}
		for _, m := range manifests {
			if m.kind != nil && m.kind.kind != "Definition" {
				return errors.New(m.where() + " is a " + m.kind.kind + "; use: slipway create -f")
			}
		}
		return a.applyAll(cmd.Context(), manifests, applier{createOnly: true})
	}
	return cmd
}

func or(text, fallback string) string {
	if text == "" {
		return fallback
	}
	return text
}
