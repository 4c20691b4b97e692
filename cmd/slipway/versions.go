package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"
	"go.temporal.io/sdk/client"

	"github.com/slipway-dev/slipway/internal/config"
	"github.com/slipway-dev/slipway/internal/temporal"
)

// buildID is the version of the Worker Deployment that this process is; "" when it is to be unversioned.
func buildID(c config.Config) (string, error) {
	switch {
	case !c.WorkerVersioning:
		return "", nil
	case c.WorkerBuildID != "":
		return c.WorkerBuildID, nil
	case version == "dev":
		return "", errors.New("--worker-versioning: this slipway was built without a version, which would be the same for every build; name one with --worker-build-id")
	}
	return version, nil
}

// versionsSubcommand makes a command of `slipway worker` that talks to Temporal and nothing else.
func versionsSubcommand(cmd *cobra.Command, fn func(ctx context.Context, cmd *cobra.Command, args []string, c client.Client) error) *cobra.Command {
	settings := config.Bind(cmd.Flags(), "temporal-address", "temporal-namespace", "log-level", "log-format")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		c, err := settings()
		if err != nil {
			return err
		}
		if c.TemporalAddress == "" {
			return errNoTemporal
		}
		log, err := newLogger(c, os.Stderr)
		if err != nil {
			return err
		}
		ctx, cancel := context.WithTimeout(cmd.Context(), temporalPatience)
		defer cancel()
		// Payloads are neither read nor written, so that no keyset is needed.
		t, err := temporal.Connect(ctx, temporal.Options{Address: c.TemporalAddress, Namespace: c.TemporalNamespace, Log: log})
		if err != nil {
			return err
		}
		defer t.Close()
		return fn(ctx, cmd, args, t)
	}
	return cmd
}

func workerVersionsCommand() *cobra.Command {
	return versionsSubcommand(&cobra.Command{
		Use: "versions", Short: "Show the versions of the workers and which of them gets new work", Args: cobra.NoArgs,
		Long: "Shows the versions of workers that run with --worker-versioning. Workers of a version that is drained may be stopped.",
	}, func(ctx context.Context, cmd *cobra.Command, _ []string, c client.Client) error {
		found, err := temporal.WorkerVersions(ctx, c)
		if err != nil {
			return err
		}
		w := tabwriter.NewWriter(cmd.OutOrStdout(), 0, 0, 2, ' ', 0)
		fmt.Fprintln(w, "BUILD\tSTATE\tSINCE")
		for _, v := range found {
			state := v.State
			if v.Percent > 0 {
				state = fmt.Sprintf("%s %g %%", v.State, v.Percent)
			}
			fmt.Fprintf(w, "%s\t%s\t%s\n", v.BuildID, state, v.Created.UTC().Format(time.RFC3339))
		}
		return w.Flush()
	})
}

func workerPromoteCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "promote [build]", Short: "Give new work to the workers of a build", Args: cobra.MaximumNArgs(1),
		Long: "Makes a build, by default this one, the current version: new deployments begin on its workers. Deployments that run\n" +
			"stay on the version on which they began, so keep its workers until `slipway worker versions` shows it as drained.",
	}
	percent := cmd.Flags().Float32("percent", 100, "give it only this share of new work, for a start")
	unversioned := cmd.Flags().Bool("unversioned", false, "give new work to workers without --worker-versioning again")
	cmd.MarkFlagsMutuallyExclusive("percent", "unversioned")
	return versionsSubcommand(cmd, func(ctx context.Context, cmd *cobra.Command, args []string, c client.Client) error {
		build := version
		switch {
		case *unversioned && len(args) > 0:
			return errors.New("--unversioned: name no build with it")
		case *unversioned:
			build = ""
		case len(args) > 0:
			build = args[0]
		}
		if *percent < 0 || *percent > 100 {
			return fmt.Errorf("--percent: expected 0 to 100, got %g", *percent)
		}
		if err := temporal.PromoteWorkers(ctx, c, build, *percent); err != nil {
			return err
		}
		if build == "" {
			build = "(unversioned)"
		}
		fmt.Fprintf(cmd.OutOrStdout(), "workers of build %s get %g %% of new work\n", build, *percent)
		return nil
	})
}
