package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/slipway-dev/slipway/internal/api"
	"github.com/slipway-dev/slipway/internal/client"
)

// driftCommands are the commands of drift and differences.
func (a *app) driftCommands() []*cobra.Command {
	return []*cobra.Command{group("drift", "Find what is not as it was deployed", a.driftScanCommand(), a.driftShowCommand(), a.driftListCommand(), a.driftSettingsCommand(), a.driftIgnoredCommand())}
}

func (a *app) driftScanCommand() *cobra.Command {
	var noWait bool
	var timeout time.Duration
	cmd := &cobra.Command{
		Use: "scan", Short: "Look at an Environment now", Args: noArgs,
		Long: "Compares what was deployed last with what is there, in the cluster and of what Terraform made, and waits for the result. The\n" +
			"exit code is 3 when something drifted, or could not be found out. A scan waits until no deployment is under way; it changes\n" +
			"nothing.",
	}
	cmd.Flags().BoolVar(&noWait, "no-wait", false, "only start it")
	cmd.Flags().DurationVar(&timeout, "timeout", 10*time.Minute, "wait that long at most; the scan goes on afterwards")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		c, s, err := a.within(needEnv...)
		if err != nil {
			return err
		}
		scan, err := client.Do[api.DriftScan](cmd.Context(), c, http.MethodPost, s.EnvPath("drift"), nil)
		if err != nil {
			return err
		}
		if !noWait {
			if scan, err = a.awaitScan(cmd.Context(), c, s, scan, timeout); err != nil {
				return err
			}
		}
		return a.showScan(scan)
	}
	return cmd
}

func (a *app) awaitScan(ctx context.Context, c *client.Client, s client.Scope, scan api.DriftScan, timeout time.Duration) (api.DriftScan, error) {
	return await(ctx, a, scan, awaited[api.DriftScan]{
		read: func(ctx context.Context) (api.DriftScan, error) {
			return client.Do[api.DriftScan](ctx, c, http.MethodGet, s.EnvPath("drift", "scans", scan.ID), nil)
		},
		over: api.DriftScan.Terminal, every: operationPoll, limit: timeout,
		goesOn: fmt.Sprintf("scan %s goes on; look with: slipway drift show %s --app %s --env %s", scan.ID, scan.ID, s.App, s.Env),
	})
}

// showScan shows a scan; one that found something is an error.
func (a *app) showScan(scan api.DriftScan) error {
	err := a.showObject(scan, func() error {
		a.say("scan %s of %s: %s, %d of %d resources drifted%s", scan.ID, ago(scan.CreatedAt), scan.Status, scan.Drifted, scan.Checked, after("; ", scan.Message))
		a.sayObjects(scan.Results)
		if scan.RedeployID != "" {
			a.say("deployment %s brings it right", scan.RedeployID)
		}
		return nil
	})
	if err == nil && (scan.Status == "drifted" || scan.Status == "failed") {
		return &codedError{exitFailed, fmt.Errorf("scan %s: %s", scan.ID, scan.Status), true}
	}
	return err
}

func (a *app) driftShowCommand() *cobra.Command {
	return &cobra.Command{
		Use: "show [SCAN]", Short: "Show what a scan found; without an id, the newest", Args: args("[SCAN]"),
		RunE: func(cmd *cobra.Command, ids []string) error {
			c, s, err := a.within(needEnv...)
			if err != nil {
				return err
			}
			if len(ids) == 1 {
				scan, err := client.Do[api.DriftScan](cmd.Context(), c, http.MethodGet, s.EnvPath("drift", "scans", ids[0]), nil)
				if err != nil {
					return err
				}
				return a.showScan(scan)
			}
			all, err := client.Do[[]api.DriftScan](cmd.Context(), c, http.MethodGet, s.EnvPath("drift"), nil)
			if err != nil {
				return err
			}
			if len(all) == 0 {
				return fmt.Errorf("environment %s was never looked at; do it with: slipway drift scan", s.Env)
			}
			return a.showScan(all[0])
		},
	}
}

func (a *app) driftListCommand() *cobra.Command {
	return &cobra.Command{
		Use: "list", Short: "List the scans of an Environment, newest first", Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, s, err := a.within(needEnv...)
			if err != nil {
				return err
			}
			raw, err := client.Do[json.RawMessage](cmd.Context(), c, http.MethodGet, s.EnvPath("drift"), nil)
			if err != nil {
				return err
			}
			return a.showTable(raw, columns([]string{"ID", "CAUSE", "STATUS", "DRIFTED", "CHECKED", "CREATED", "MESSAGE"}, func(d api.DriftScan) []string {
				return []string{d.ID, d.Cause, d.Status, strconv.Itoa(d.Drifted), strconv.Itoa(d.Checked), ago(d.CreatedAt), d.Message}
			}))
		},
	}
}

func (a *app) driftSettingsCommand() *cobra.Command {
	var every string
	var off, redeploy bool
	var ignore []string
	cmd := &cobra.Command{
		Use: "settings", Short: "Show or set whether an Environment is looked at by itself", Args: noArgs,
		Long: "Without flags it shows the settings; a flag changes what it names and leaves the rest. An Environment is looked at on demand\n" +
			"only, until --every says how often. --ignore names what is not looked at, as KIND/NAME:PATH, where each part may be empty:\n" +
			"Deployment/api:/spec/replicas, ConfigMap/:/data, :/metadata/labels, aws_instance/:/tags; given once, it replaces the list, --ignore \"\" empties it.",
		Example: "  slipway drift settings --every 24h --app shop --env production\n  slipway drift settings --off --app shop --env production",
	}
	cmd.Flags().StringVar(&every, "every", "", "scan that often, such as 24h (5m to 744h)")
	cmd.Flags().BoolVar(&off, "off", false, "scan on demand only")
	cmd.Flags().BoolVar(&redeploy, "redeploy", false, "deploy again what was deployed when drift is found")
	cmd.Flags().StringArrayVar(&ignore, "ignore", nil, "what is not looked at, as KIND/NAME:PATH; may be given several times")
	cmd.MarkFlagsMutuallyExclusive("every", "off")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		c, s, err := a.within(needEnv...)
		if err != nil {
			return err
		}
		at := s.EnvPath("drift", "settings")
		settings, err := client.Do[api.DriftSettings](cmd.Context(), c, http.MethodGet, at, nil)
		if err != nil {
			return err
		}
		changed := cmd.Flags().Changed
		if changed("every") {
			settings.Enabled, settings.Every = true, every
		}
		settings.Enabled = settings.Enabled && !off
		if changed("redeploy") {
			settings.Redeploy = redeploy
		}
		if changed("ignore") {
			if settings.Ignore, err = ignoredFields(ignore); err != nil {
				return err
			}
		}
		if changed("every") || changed("off") || changed("redeploy") || changed("ignore") {
			if settings, err = client.Do[api.DriftSettings](cmd.Context(), c, http.MethodPut, at, settings); err != nil {
				return err
			}
		}
		return a.showObject(settings, func() error { a.sayDriftSettings(s.Env, settings); return nil })
	}
	return cmd
}

func (a *app) sayDriftSettings(env string, settings api.DriftSettings) {
	if settings.Enabled {
		a.say("environment %s is looked at every %s", env, settings.Every)
	} else {
		a.say("environment %s is looked at on demand only", env)
	}
	if settings.Redeploy {
		a.say("what drifted is deployed again")
	}
	a.sayIgnored(settings.Ignore, settings.Inherited)
}

// ignoredFields reads KIND/NAME:PATH.
func ignoredFields(given []string) ([]api.IgnoredField, error) {
	out := []api.IgnoredField{}
	for _, text := range given {
		if text == "" {
			continue
		}
		object, path, _ := strings.Cut(text, ":")
		kind, name, _ := strings.Cut(object, "/")
		if path != "" && !strings.HasPrefix(path, "/") {
			return nil, usagef("--ignore %s: the path is a JSON pointer and begins with /", text)
		}
		out = append(out, api.IgnoredField{Kind: kind, Name: name, Path: path})
	}
	return out, nil
}
