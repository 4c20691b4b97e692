package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/slipway-dev/slipway/internal/api"
	"github.com/slipway-dev/slipway/internal/client"
)

// scheduleCommands are the commands of what happens by the clock.
func (a *app) scheduleCommands() []*cobra.Command {
	return []*cobra.Command{
		group("schedules", "See, pause and run what happens by the clock",
			a.schedulesList(), a.schedulesGet(), a.schedulesPause(true), a.schedulesPause(false), a.schedulesRun(),
			a.schedulesDeploy(), a.schedulesDeployments(), a.schedulesCancel()),
		group("retention", "Say how long records are kept, and delete old ones", a.retentionShow(), a.retentionSet(), a.retentionRun(), a.retentionRuns()),
	}
}

var scheduleTable = columns([]string{"ID", "WHEN", "PAUSED", "NEXT", "LAST", "WHAT"}, func(s api.Schedule) []string {
	next, last := "-", "-"
	if len(s.Next) > 0 {
		next = s.Next[0].Local().Format("2006-01-02 15:04:05")
	}
	if s.Last != nil {
		last = ago(s.Last.StartedAt)
	}
	return []string{s.ID, scheduleWhen(s), strconv.FormatBool(s.Paused), next, last, s.What}
})

func scheduleWhen(s api.Schedule) string {
	switch {
	case s.Every != "":
		return "every " + s.Every
	case s.At != nil:
		return "at " + s.At.Format(time.RFC3339)
	}
	return s.Cron + " " + s.TimeZone
}

func (a *app) schedulesList() *cobra.Command {
	var kind string
	cmd := &cobra.Command{
		Use: "list", Short: "List what happens by the clock", Args: noArgs,
		Long: "Lists the clean-up of Environments, retention, scans for drift, triggers of pipelines and scheduled deployments; with --app and\n" +
			"--env only what concerns these.",
	}
	cmd.Flags().StringVar(&kind, "kind", "", "only cleanup, retention, drift, pipeline or deployment")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		c, s, err := a.within(needOrg...)
		if err != nil {
			return err
		}
		query := url.Values{}
		for name, value := range map[string]string{"kind": kind, "app": s.App, "env": s.Env} {
			if value != "" {
				query.Set(name, value)
			}
		}
		raw, err := client.Do[json.RawMessage](cmd.Context(), c, http.MethodGet, s.OrgPath("schedules")+"?"+query.Encode(), nil)
		if err != nil {
			return err
		}
		return a.showTable(raw, scheduleTable)
	}
	return cmd
}

func (a *app) schedulesGet() *cobra.Command {
	return &cobra.Command{
		Use: "get SCHEDULE", Short: "Show a schedule with its next times and newest runs", Args: args("SCHEDULE"),
		RunE: func(cmd *cobra.Command, ids []string) error {
			c, s, err := a.within(needOrg...)
			if err != nil {
				return err
			}
			schedule, err := client.Do[api.Schedule](cmd.Context(), c, http.MethodGet, s.OrgPath("schedules", ids[0]), nil)
			if err != nil {
				return err
			}
			return a.showObject(schedule, func() error { return a.saySchedule(cmd.Context(), c, s, schedule) })
		},
	}
}

func (a *app) saySchedule(ctx context.Context, c *client.Client, s client.Scope, schedule api.Schedule) error {
	state := "runs"
	if schedule.Paused {
		state = "paused"
	}
	a.say("%s: %s, %s, %s%s", schedule.ID, schedule.What, scheduleWhen(schedule), state, after("; ", schedule.Note))
	a.say("overlap %s, catch-up %s, missed %d, skipped %d", schedule.Overlap, schedule.CatchUp, schedule.Missed, schedule.Skipped)
	if !schedule.InSync {
		a.say("the workflow engine does not have it like this yet")
	}
	for _, at := range schedule.Next[:min(len(schedule.Next), 5)] {
		a.say("next   %s", at.Format(time.RFC3339))
	}
	runs, err := client.Do[[]api.ScheduleRun](ctx, c, http.MethodGet, s.OrgPath("schedules", schedule.ID, "history"), nil)
	if err != nil {
		return err
	}
	for _, r := range runs {
		a.say("run    %s  %s  %s", r.At.Format(time.RFC3339), r.Status, r.WorkflowID)
	}
	return nil
}

func (a *app) schedulesPause(pause bool) *cobra.Command {
	use, short, path, done := "resume", "Resume a schedule; times that passed meanwhile are not made up for", "unpause", "resumed"
	if pause {
		use, short, path, done = "pause", "Pause a schedule: nothing happens until it is resumed", "pause", "paused"
	}
	var in api.ScheduleNote
	cmd := &cobra.Command{Use: use + " SCHEDULE", Short: short, Args: args("SCHEDULE")}
	cmd.Flags().StringVarP(&in.Note, "message", "m", "", "why; shown with the schedule")
	cmd.RunE = func(cmd *cobra.Command, ids []string) error {
		c, s, err := a.within(needOrg...)
		if err != nil {
			return err
		}
		schedule, err := client.Do[api.Schedule](cmd.Context(), c, http.MethodPost, s.OrgPath("schedules", ids[0], path), in)
		if err != nil {
			return err
		}
		return a.showObject(schedule, func() error {
			a.say("schedule %s %s", schedule.ID, done)
			if !schedule.InSync {
				a.say("the workflow engine is away and will hear of it")
			}
			return nil
		})
	}
	return cmd
}

func (a *app) schedulesRun() *cobra.Command {
	return &cobra.Command{
		Use: "run SCHEDULE", Short: "Have a schedule happen now, also when it is paused", Args: args("SCHEDULE"),
		RunE: func(cmd *cobra.Command, ids []string) error {
			c, s, err := a.within(needOrg...)
			if err != nil {
				return err
			}
			schedule, err := client.Do[api.Schedule](cmd.Context(), c, http.MethodPost, s.OrgPath("schedules", ids[0], "trigger"), nil)
			if err != nil {
				return err
			}
			return a.showObject(schedule, func() error {
				a.say("schedule %s runs now; see what becomes of it with: slipway schedules get %s", schedule.ID, schedule.ID)
				return nil
			})
		},
	}
}

func (a *app) retentionShow() *cobra.Command {
	return &cobra.Command{
		Use: "show", Short: "Show how long which records are kept", Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, s, err := a.within(needOrg...)
			if err != nil {
				return err
			}
			settings, err := client.Do[api.RetentionSettings](cmd.Context(), c, http.MethodGet, s.OrgPath("retention"), nil)
			if err != nil {
				return err
			}
			return a.showRetention(settings)
		},
	}
}

func (a *app) showRetention(settings api.RetentionSettings) error {
	return a.showObject(settings, func() error {
		when := "only when asked to"
		if settings.Enabled {
			when = "by the clock, " + settings.Cron + " " + settings.TimeZone
		}
		a.say("old records are deleted %s", when)
		for _, name := range slices.Sorted(maps.Keys(settings.Rules)) {
			rule := settings.Rules[name]
			kept := rule.For
			if kept == "0" {
				kept = "for ever"
			}
			if rule.Newest > 0 {
				kept += ", and the newest " + strconv.Itoa(rule.Newest)
			}
			a.say("%-20s %s", name, kept)
		}
		return nil
	})
}

func (a *app) retentionSet() *cobra.Command {
	var in api.RetentionChange
	var on, off bool
	var keep []string
	cmd := &cobra.Command{
		Use: "set", Short: "Change how long which records are kept", Args: noArgs,
		Long:    "A flag changes what it names and leaves the rest. What is current, or referred to by something, stays however old it is.",
		Example: "  slipway retention set --keep deployments=365d,newest=100 --keep logs=30d\n  slipway retention set --cron '0 2 * * sun' --time-zone Europe/Berlin\n  slipway retention set --off",
	}
	cmd.Flags().StringArrayVar(&keep, "keep", nil, "KIND=SPAN[,newest=N]; a span of 0 keeps for ever; repeat it for more")
	cmd.Flags().StringVar(&in.Cron, "cron", "", "when old records are deleted: five fields")
	cmd.Flags().StringVar(&in.TimeZone, "time-zone", "", "time zone of --cron, such as Europe/Berlin")
	cmd.Flags().BoolVar(&on, "on", false, "delete old records by the clock")
	cmd.Flags().BoolVar(&off, "off", false, "delete old records only when asked to")
	cmd.MarkFlagsMutuallyExclusive("on", "off")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		c, s, err := a.within(needOrg...)
		if err != nil {
			return err
		}
		if on || off {
			in.Enabled = &on
		}
		if in.Rules, err = retentionRules(cmd.Context(), c, s, keep); err != nil {
			return err
		}
		settings, err := client.Do[api.RetentionSettings](cmd.Context(), c, http.MethodPatch, s.OrgPath("retention"), in)
		if err != nil {
			return err
		}
		return a.showRetention(settings)
	}
	return cmd
}

// retentionRules reads KIND=SPAN[,newest=N]; without newest, that stays as it is.
func retentionRules(ctx context.Context, c *client.Client, s client.Scope, keep []string) (map[string]api.RetentionRule, error) {
	if len(keep) == 0 {
		return nil, nil
	}
	is, err := client.Do[api.RetentionSettings](ctx, c, http.MethodGet, s.OrgPath("retention"), nil)
	if err != nil {
		return nil, err
	}
	out := map[string]api.RetentionRule{}
	for _, text := range keep {
		kind, value, found := strings.Cut(text, "=")
		span, newest, counted := strings.Cut(value, ",newest=")
		if !found || span == "" {
			return nil, fmt.Errorf("--keep: expected KIND=SPAN[,newest=N] such as deployments=365d,newest=100, got %q", text)
		}
		rule := is.Rules[kind]
		rule.For = span
		if counted {
			if rule.Newest, err = strconv.Atoi(newest); err != nil {
				return nil, fmt.Errorf("--keep: newest is no whole number in %q", text)
			}
		}
		out[kind] = rule
	}
	return out, nil
}

func (a *app) retentionRun() *cobra.Command {
	var in api.RetentionRunRequest
	var noWait bool
	var timeout time.Duration
	cmd := &cobra.Command{Use: "run", Short: "Delete old records now, or count them", Args: noArgs}
	cmd.Flags().BoolVar(&in.DryRun, "dry-run", false, "count what would be deleted, and delete nothing")
	cmd.Flags().BoolVar(&noWait, "no-wait", false, "only start it")
	cmd.Flags().DurationVar(&timeout, "timeout", time.Hour, "wait that long at most; it goes on afterwards")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		c, s, err := a.within(needOrg...)
		if err != nil {
			return err
		}
		run, err := client.Do[api.RetentionRun](cmd.Context(), c, http.MethodPost, s.OrgPath("retention", "runs"), in)
		if err != nil {
			return err
		}
		if !noWait {
			if run, err = a.awaitRetention(cmd.Context(), c, s, run, timeout); err != nil {
				return err
			}
		}
		return a.showRetentionRun(run)
	}
	return cmd
}

func (a *app) awaitRetention(ctx context.Context, c *client.Client, s client.Scope, run api.RetentionRun, timeout time.Duration) (api.RetentionRun, error) {
	return await(ctx, a, run, awaited[api.RetentionRun]{
		read: func(ctx context.Context) (api.RetentionRun, error) {
			return client.Do[api.RetentionRun](ctx, c, http.MethodGet, s.OrgPath("retention", "runs", run.ID), nil)
		},
		over: func(r api.RetentionRun) bool { return r.Status != "running" }, every: operationPoll, limit: timeout,
		goesOn: fmt.Sprintf("round %s goes on", run.ID),
	})
}

func (a *app) showRetentionRun(run api.RetentionRun) error {
	err := a.showObject(run, func() error {
		verb := "deleted"
		if run.DryRun {
			verb = "would be deleted"
		}
		a.say("round %s: %s%s", run.ID, run.Status, after("; ", run.Message))
		for _, r := range run.Results {
			a.say("%-20s %d %s, from before %s", r.Kind, r.Found, verb, r.Before.Format(time.DateOnly))
		}
		return nil
	})
	if err == nil && run.Status == "failed" {
		return &codedError{exitFailed, fmt.Errorf("round %s failed", run.ID), true}
	}
	return err
}

func (a *app) retentionRuns() *cobra.Command {
	return &cobra.Command{
		Use: "runs", Short: "List the rounds in which old records were deleted, newest first", Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, s, err := a.within(needOrg...)
			if err != nil {
				return err
			}
			raw, err := client.Do[json.RawMessage](cmd.Context(), c, http.MethodGet, s.OrgPath("retention", "runs"), nil)
			if err != nil {
				return err
			}
			return a.showTable(raw, columns([]string{"ID", "CAUSE", "DRY RUN", "STATUS", "RECORDS", "BEGAN", "MESSAGE"}, func(r api.RetentionRun) []string {
				total := 0
				for _, found := range r.Results {
					total += found.Found
				}
				return []string{r.ID, r.Cause, strconv.FormatBool(r.DryRun), r.Status, strconv.Itoa(total), ago(r.CreatedAt), r.Message}
			}))
		},
	}
}
