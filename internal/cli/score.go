package cli

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/slipway-dev/slipway/internal/api"
	"github.com/slipway-dev/slipway/internal/client"
)

func (a *app) scoreCommand() *cobra.Command {
	return group("score", "Work with Score files", a.scoreInitCommand(), a.scoreDeployCommand(), a.scoreValidateCommand(), a.scoreConvertCommand())
}

func (a *app) scoreDeployCommand() *cobra.Command {
	var flags scoreFlags
	var wait waitFlags
	var message string
	var dryRun bool
	var planned planFlags
	cmd := &cobra.Command{
		Use: "deploy", Short: "Deploy workloads as their Score files describe them", Args: noArgs,
		Long: "Converts the Score files, puts all of them into one Delta and deploys it. What the Environment has besides stays.\n" +
			"An Application that does not exist is created, with the Environment. With --plan the Delta is stored and not deployed, and\n" +
			"what deploying it would do is shown.",
		Example: "  slipway score deploy -f score.yaml --app shop --env development --wait\n" +
			"  slipway score deploy -f catalog.yaml -f orders.yaml --image registry.example.com/shop:1.2.0",
	}
	flags.bind(cmd)
	wait.bind(cmd)
	planned.bind(cmd)
	cmd.Flags().StringVarP(&message, "message", "m", "", "why; kept as the comment of the deployment")
	cmd.Flags().BoolVar(&dryRun, "dry-run", false, "show the Delta and change nothing")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		if err := planned.check(wait); err != nil {
			return err
		}
		inputs, err := a.scoreInputs(flags)
		if err != nil {
			return err
		}
		c, s, err := a.within(needEnv...)
		if err != nil {
			return err
		}
		all, err := a.convertAll(cmd.Context(), c, s, inputs, flags.source)
		if err != nil {
			return err
		}
		delta := deltaOf(all, s.Env, message)
		if dryRun {
			return a.showObject(delta, func() error { return a.showDelta(delta.Content) })
		}
		if !planned.only {
			if err := a.ensureApplication(cmd.Context(), c, s); err != nil {
				return err
			}
		}
		id, err := c.CreateDelta(cmd.Context(), s, delta)
		if err != nil {
			return fmt.Errorf("store the Delta: %w", err)
		}
		a.say("%s: %s (delta %s)", pluralWord(len(all.Modules), "workload"), keys(all.Modules), id)
		p := plan{s, api.CreateDeploymentRequest{DeltaID: id, Comment: message, Plan: planned.agreed}}
		if planned.only {
			return a.showPlan(cmd.Context(), c, p, planned)
		}
		return a.startDeployment(cmd.Context(), c, s, p.request, wait)
	}
	return cmd
}

// ensureApplication creates the Application, with the Environment, when it is missing.
func (a *app) ensureApplication(ctx context.Context, c *client.Client, s client.Scope) error {
	found, err := c.Application(ctx, s)
	if err == nil {
		if !slices.ContainsFunc(found.Envs, func(e api.EnvironmentBase) bool { return e.ID == s.Env }) {
			return a.checkEnvironment(ctx, c, s, found)
		}
		return nil
	}
	if !client.IsStatus(err, http.StatusNotFound) {
		return err
	}
	types, err := c.EnvironmentTypes(ctx, s)
	if err != nil {
		return err
	}
	envType := "development"
	if slices.ContainsFunc(types, func(t api.EnvironmentType) bool { return t.ID == s.Env }) {
		envType = s.Env
	}
	_, err = c.CreateApplication(ctx, s, api.CreateApplicationRequest{
		ID: s.App, Name: s.App, Env: &api.EnvironmentBase{ID: s.Env, Name: s.Env, Type: envType},
	})
	if client.IsStatus(err, http.StatusConflict) {
		return nil // somebody else was faster
	}
	if err != nil {
		return fmt.Errorf("create application %s: %w", s.App, err)
	}
	a.say("application %s did not exist: created, with the environment %s of type %s", s.App, s.Env, envType)
	return nil
}

// checkEnvironment asks for the Environment itself, as lists in answers may leave some out.
func (a *app) checkEnvironment(ctx context.Context, c *client.Client, s client.Scope, in api.Application) error {
	_, err := c.Environment(ctx, s)
	if !client.IsStatus(err, http.StatusNotFound) {
		return err
	}
	var envs []string
	for _, e := range in.Envs {
		envs = append(envs, e.ID)
	}
	return fmt.Errorf("application %s has no environment %s (it has: %s); create it with: slipway create env %s --app %s",
		s.App, s.Env, orNone(envs), s.Env, s.App)
}

func (a *app) scoreValidateCommand() *cobra.Command {
	var strict bool
	var extensions, overrides, image string
	cmd := &cobra.Command{
		Use: "validate FILE...", Short: "Check Score files without a server",
		Long: "Checks against the published Score schema, and everything that a conversion would find. With --strict a container\n" +
			"must have an image of its own, and every file that the Score file refers to must be there.",
		Args: func(cmd *cobra.Command, files []string) error {
			if len(files) == 0 {
				return usagef("%s needs a Score file", cmd.CommandPath())
			}
			return nil
		},
	}
	cmd.Flags().BoolVar(&strict, "strict", false, "complain about what a deployment could still be told with flags")
	cmd.Flags().StringVar(&image, "image", "", "image of containers that have none, or \".\"")
	cmd.Flags().StringVar(&overrides, "overrides", "", "file with Score content to merge over the Score file")
	cmd.Flags().StringVar(&extensions, "extensions", "", "file with extensions")
	cmd.RunE = func(_ *cobra.Command, files []string) error {
		failed := 0
		for _, file := range files {
			if err := a.validate(scoreFlags{files: []string{file}, image: image, overrides: overrides, extensions: extensions}, strict); err != nil {
				fmt.Fprintln(a.err, "error: "+err.Error())
				failed++
				continue
			}
			a.say("%s: valid", file)
		}
		if failed > 0 {
			return &codedError{exitError, fmt.Errorf("%d of %d files are not valid", failed, len(files)), true}
		}
		return nil
	}
	return cmd
}

// validate checks one file. Unless it is strict, an image and the content of files are made up where they are missing:
// both may come with the deployment.
func (a *app) validate(flags scoreFlags, strict bool) error {
	flags.withoutFiles = !strict
	if flags.image == "" && !strict {
		flags.image = "example.com/image:tag"
	}
	inputs, err := a.scoreInputs(flags)
	if err != nil {
		return err
	}
	for _, in := range inputs {
		_, warnings, err := in.check()
		if err != nil {
			return err
		}
		if strict && len(warnings) > 0 {
			return errors.New(strings.Join(warnings, "\n"))
		}
		a.warn(warnings)
	}
	return nil
}

func (a *app) scoreConvertCommand() *cobra.Command {
	var flags scoreFlags
	var local bool
	cmd := &cobra.Command{
		Use: "convert [FILE...]", Short: "Show what Score files become, as a Delta", Args: cobra.ArbitraryArgs,
		Long: "Shows the Delta that `score deploy` would deploy. The server converts; with --local it is done without one.",
	}
	flags.bind(cmd)
	cmd.Flags().BoolVar(&local, "local", false, "convert without a server")
	cmd.RunE = func(cmd *cobra.Command, files []string) error {
		flags.files = append(flags.files, files...)
		inputs, err := a.scoreInputs(flags)
		if err != nil {
			return err
		}
		s, err := a.scope()
		var c *client.Client
		if err == nil && !local {
			c, s, err = a.within(needOrg...)
		}
		if err != nil {
			return err
		}
		all, err := a.convertAll(cmd.Context(), c, s, inputs, flags.source)
		if err != nil {
			return err
		}
		delta := deltaOf(all, "", "")
		delta.Metadata = nil
		return a.showObject(delta, func() error { return a.showDelta(delta.Content) })
	}
	return cmd
}

// showDelta shows a Delta to a person, who reads YAML best.
func (a *app) showDelta(delta api.PlainDelta) error {
	raw, err := delta.MarshalJSON()
	if err != nil {
		return err
	}
	out, err := yamlOf(raw)
	if err != nil {
		return err
	}
	_, err = a.out.Write(out)
	return err
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// pointer escapes a token of a JSON pointer (RFC 6901).
func pointer(token string) string {
	return strings.NewReplacer("~", "~0", "/", "~1").Replace(token)
}

func pluralWord(n int, one string) string {
	if n == 1 {
		return one
	}
	return one + "s"
}
