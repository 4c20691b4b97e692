package cli

import (
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/spf13/cobra"

	"github.com/slipway-dev/slipway/internal/api"
	"github.com/slipway-dev/slipway/internal/client"
)

func (a *app) schedulesDeploy() *cobra.Command {
	var in api.CreateScheduledDeploymentRequest
	var at string
	cmd := &cobra.Command{
		Use: "deploy", Short: "Have something deployed at a time, or again and again", Args: noArgs,
		Long: "Deploys a set, a delta, or what another Environment runs then; without any of them the Environment's base again. It is done\n" +
			"with the roles that you have then. --at takes a time such as 2030-01-31T22:00:00Z, or a span from now such as 90m.",
		Example: "  slipway schedules deploy --from staging --at 2030-01-31T22:00:00+01:00 --app shop --env production\n  slipway schedules deploy --from development --cron '0 5 * * mon-fri' --time-zone Europe/Berlin --app shop --env qa",
	}
	cmd.Flags().StringVar(&in.SetID, "set", "", "Deployment Set to deploy")
	cmd.Flags().StringVar(&in.DeltaID, "delta", "", "Deployment Delta to deploy")
	cmd.Flags().StringVar(&in.FromEnv, "from", "", "Environment whose newest succeeded deployment is deployed, as it is then")
	cmd.Flags().StringVarP(&in.Comment, "message", "m", "", "comment of its deployments")
	cmd.Flags().StringVar(&at, "at", "", "when, once")
	cmd.Flags().StringVar(&in.Cron, "cron", "", "when, again and again: five fields")
	cmd.Flags().StringVar(&in.TimeZone, "time-zone", "", "time zone of --cron; UTC when absent")
	cmd.MarkFlagsMutuallyExclusive("set", "delta", "from")
	cmd.MarkFlagsMutuallyExclusive("at", "cron")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		c, s, err := a.within(needEnv...)
		if err != nil {
			return err
		}
		if at != "" {
			when, err := timeOrSpan(at, time.Now())
			if err != nil {
				return err
			}
			in.At = api.NewTimePtr(&when)
		}
		o, err := client.Do[api.ScheduledDeployment](cmd.Context(), c, http.MethodPost, s.EnvPath("scheduled-deploys"), in)
		if err != nil {
			return err
		}
		return a.showObject(o, func() error {
			a.say("scheduled deployment %s ordered; its schedule is %s", o.ID, o.ScheduleID)
			return nil
		})
	}
	return cmd
}

// timeOrSpan reads a time, or a span from now.
func timeOrSpan(text string, now time.Time) (time.Time, error) {
	if at, err := time.Parse(time.RFC3339, text); err == nil {
		return at, nil
	}
	span, err := time.ParseDuration(text)
	if err != nil {
		return time.Time{}, fmt.Errorf("--at: expected a time such as 2030-01-31T22:00:00Z or a span from now such as 90m, got %q", text)
	}
	return now.Add(span), nil
}

func (a *app) schedulesDeployments() *cobra.Command {
	return &cobra.Command{
		Use: "deployments", Short: "List the scheduled deployments of the Environment, newest first", Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, s, err := a.within(needEnv...)
			if err != nil {
				return err
			}
			raw, err := client.Do[json.RawMessage](cmd.Context(), c, http.MethodGet, s.EnvPath("scheduled-deploys"), nil)
			if err != nil {
				return err
			}
			return a.showTable(raw, columns([]string{"ID", "WHEN", "WHAT", "STATUS", "LAST DEPLOYMENT", "MESSAGE"}, func(o api.ScheduledDeployment) []string {
				return []string{o.ID, scheduleWhen(api.Schedule{At: o.At, Cron: o.Cron, TimeZone: o.TimeZone}), orderedWhat(o), o.Status, o.LastDeployID, o.Message}
			}))
		},
	}
}

func orderedWhat(o api.ScheduledDeployment) string {
	switch {
	case o.SetID != "":
		return "set " + o.SetID
	case o.DeltaID != "":
		return "delta " + o.DeltaID
	case o.FromEnv != "":
		return "from " + o.FromEnv
	}
	return "again"
}

func (a *app) schedulesCancel() *cobra.Command {
	return &cobra.Command{
		Use: "cancel ORDER", Short: "Take a scheduled deployment back; what it has deployed stays", Args: args("ORDER"),
		RunE: func(cmd *cobra.Command, ids []string) error {
			c, s, err := a.within(needEnv...)
			if err != nil {
				return err
			}
			if _, err := c.Delete(cmd.Context(), s.EnvPath("scheduled-deploys", ids[0])); err != nil {
				return err
			}
			a.say("scheduled deployment %s taken back", ids[0])
			return nil
		},
	}
}
