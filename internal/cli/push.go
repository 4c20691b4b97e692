package cli

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"github.com/spf13/cobra"

	"github.com/slipway-dev/slipway/internal/api"
	"github.com/slipway-dev/slipway/internal/client"
)

// pushCommand registers what CI has built.
func (a *app) pushCommand() *cobra.Command {
	return group("push", "Register what was built: an image, or a workload; Environments that follow it are updated", a.pushImage(), a.pushWorkload(), a.pushResend())
}

// buildFlags say what something was built from.
type buildFlags struct{ ref, commit, branch, tag string }

func (f *buildFlags) bind(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&f.ref, "ref", "", "what it was built from, such as refs/heads/main")
	flags.StringVar(&f.branch, "branch", "", "branch it was built from; short for --ref refs/heads/BRANCH")
	flags.StringVar(&f.tag, "tag", "", "tag it was built from; short for --ref refs/tags/TAG")
	flags.StringVar(&f.commit, "commit", "", "commit it was built from")
}

func (f *buildFlags) apply(in *api.CreateArtefactVersionRequest) error {
	var refs []string
	for prefix, name := range map[string]string{"": f.ref, "refs/heads/": f.branch, "refs/tags/": f.tag} {
		if name != "" {
			refs = append(refs, prefix+name)
		}
	}
	if len(refs) > 1 {
		return usagef("--ref, --branch and --tag say the same thing; give one of them")
	}
	in.Ref, in.Commit = strings.Join(refs, ""), f.commit
	return nil
}

func (a *app) pushImage() *cobra.Command {
	var build buildFlags
	cmd := &cobra.Command{
		Use: "image IMAGE", Short: "Register an image that was pushed to its registry", Args: args("IMAGE"),
		Long: "Registers IMAGE, which is NAME:TAG or NAME@DIGEST or both. Environments whose Automation Rules follow it get it by one deployment.\n" +
			"Registering the same image again changes nothing, so CI may repeat it.",
		Example: "  slipway push image registry.example.com/shop/api:1.4.2 --branch main --commit 884bcca",
	}
	build.bind(cmd)
	cmd.RunE = func(cmd *cobra.Command, ids []string) error {
		in := api.CreateArtefactVersionRequest{Type: "container"}
		in.Name, in.Version, in.Digest = splitImage(ids[0])
		if in.Version == "" && in.Digest == "" {
			return usagef("%s names no version; give NAME:TAG or NAME@DIGEST", ids[0])
		}
		if err := build.apply(&in); err != nil {
			return err
		}
		c, s, err := a.within(needOrg...)
		if err != nil {
			return err
		}
		return a.post(cmd, c, s.OrgPath("artefact-versions"), in, "image "+ids[0]+" registered")
	}
	return cmd
}

// splitImage takes NAME[:TAG][@DIGEST] apart.
func splitImage(image string) (name, tag, digest string) {
	name, digest, _ = strings.Cut(image, "@")
	if at := strings.LastIndexByte(name, ':'); at > strings.LastIndexByte(name, '/') {
		name, tag = name[:at], name[at+1:]
	}
	return name, tag, digest
}

func (a *app) pushWorkload() *cobra.Command {
	var build buildFlags
	var files scoreFlags
	var name, version string
	cmd := &cobra.Command{
		Use: "workload", Short: "Register a Score file as a version of a workload", Args: noArgs,
		Long:    "Registers a Score file. Its module can be read later, and be added to a Deployment Set.",
		Example: "  slipway push workload -f score.yaml --image registry.example.com/shop/api:1.4.2 --version 1.4.2 --branch main",
	}
	build.bind(cmd)
	files.bind(cmd)
	cmd.Flags().StringVar(&name, "name", "", "name of the Artefact; the name of the workload when absent")
	cmd.Flags().StringVar(&version, "version", "", "version of the workload")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		inputs, err := a.scoreInputs(files)
		if err != nil {
			return err
		}
		if len(inputs) != 1 {
			return usagef("%s registers one Score file", cmd.CommandPath())
		}
		if _, warnings, err := inputs[0].check(); err != nil {
			return err
		} else if len(warnings) > 0 {
			a.warn(warnings)
		}
		request := inputs[0].ConvertScoreRequest
		if name == "" {
			metadata, _ := request.Spec["metadata"].(map[string]any)
			name = textOf(metadata, "name")
		}
		in := api.CreateArtefactVersionRequest{
			Type: "workload", Name: name, Version: version, Spec: request.Spec, Image: request.Image, Overrides: request.Overrides,
			PropertyOverrides: request.PropertyOverrides, ResourceTypeAliases: request.ResourceTypeAliases, Extensions: request.Extensions,
		}
		if err := build.apply(&in); err != nil {
			return err
		}
		c, s, err := a.within(needOrg...)
		if err != nil {
			return err
		}
		return a.post(cmd, c, s.OrgPath("artefact-versions"), in, "workload "+name+" registered")
	}
	return cmd
}

// pushResend sends a delivery of a webhook once more.
func (a *app) pushResend() *cobra.Command {
	return &cobra.Command{
		Use: "webhook WEBHOOK DELIVERY", Short: "Send a delivery of a Webhook that ended once more", Args: args("WEBHOOK", "DELIVERY"),
		Long: "Sends a delivery once more, to the Webhook as it is now. `slipway get webhook-deliveries WEBHOOK` lists them.",
		RunE: func(cmd *cobra.Command, ids []string) error {
			c, s, err := a.within(needApp...)
			if err != nil {
				return err
			}
			path := s.AppPath("webhooks", ids[0], "deliveries", ids[1], "resend")
			return a.post(cmd, c, path, nil, "delivery "+ids[1]+" is on its way")
		},
	}
}

func (a *app) createRule() *cobra.Command {
	var ref string
	var only, except []string
	cmd := &cobra.Command{
		Use: "rule", Aliases: []string{"automation-rule"}, Short: "Have an Environment follow pushes of images", Args: noArgs,
		Example: "  slipway create rule --app shop --env development --ref '^refs/heads/main$'",
	}
	cmd.Flags().StringVar(&ref, "ref", "", "regular expression on the ref; everything when absent")
	cmd.Flags().StringArrayVar(&only, "only", nil, "name of an image to follow, without its tag; may be given several times; all when absent")
	cmd.Flags().StringArrayVar(&except, "except", nil, "name of an image not to follow; may be given several times")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		if len(only) > 0 && len(except) > 0 {
			return usagef("--only and --except cannot be used together")
		}
		c, s, err := a.within(needEnv...)
		if err != nil {
			return err
		}
		exclude := len(except) > 0
		in := api.AutomationRuleRequest{Type: "update", MatchRef: &ref, ArtefactsFilter: append(only, except...), ExcludeArtefactsFilter: &exclude}
		raw, err := client.Do[json.RawMessage](cmd.Context(), c, http.MethodPost, s.EnvPath("rules"), in)
		if err != nil {
			return err
		}
		return a.show(raw, func() error {
			var rule api.AutomationRule
			if err := json.Unmarshal(raw, &rule); err != nil {
				return fmt.Errorf("the answer is not what the API documents: %w", err)
			}
			a.say("rule %s created: environment %s follows %s of %s", rule.ID, s.Env, ruleFollows(rule), ruleArtefacts(rule))
			return nil
		})
	}
	return cmd
}

func (a *app) createWebhook() *cobra.Command {
	var on, headers []string
	var secretStdin bool
	cmd := &cobra.Command{
		Use: "webhook ID URL", Short: "Have an HTTP request sent when something happens in an Application", Args: args("ID", "URL"),
		Long: "Creates a Webhook that sends the common variables of an event. A payload of your own is given in a manifest of kind Webhook:\n" +
			"slipway apply -f.",
		Example: "  slipway create webhook chat https://hooks.example.com/x --app shop --on deployment.finished",
	}
	cmd.Flags().StringArrayVar(&on, "on", []string{"deployment.finished"}, "event, such as environment.created; may be given several times")
	cmd.Flags().StringArrayVar(&headers, "header", nil, "Name: value to send; may be given several times")
	cmd.Flags().BoolVar(&secretStdin, "secret-stdin", false, "read the key to sign deliveries with from standard input")
	cmd.RunE = func(cmd *cobra.Command, ids []string) error {
		in := api.WebhookRequest{ID: ids[0], URL: &ids[1]}
		var list []api.WebhookTrigger
		for _, event := range on {
			scope, kind, ok := strings.Cut(event, ".")
			if !ok {
				return usagef("--on %s: an event is written scope.type, such as deployment.finished", event)
			}
			list = append(list, api.WebhookTrigger{Scope: scope, Type: kind})
		}
		in.Triggers = &list
		for _, header := range headers {
			name, value, ok := strings.Cut(header, ":")
			if !ok {
				return usagef("--header: expected Name: value") // the text may hold a token
			}
			in.Headers.Given = true
			if in.Headers.Value == nil {
				in.Headers.Value = map[string]any{}
			}
			in.Headers.Value[strings.TrimSpace(name)] = strings.TrimSpace(value)
		}
		if secretStdin {
			raw, err := a.readFile("-")
			if err != nil {
				return err
			}
			secret := strings.TrimRight(string(raw), "\r\n")
			in.Secret = &secret
		}
		c, s, err := a.within(needApp...)
		if err != nil {
			return err
		}
		return a.post(cmd, c, s.AppPath("webhooks"), in, "webhook "+ids[0]+" created")
	}
	return cmd
}
