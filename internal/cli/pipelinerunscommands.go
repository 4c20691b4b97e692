package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
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

// pipelineRunCommands are the commands of runs that are not below `pipelines`.
func (a *app) pipelineRunCommands() []*cobra.Command {
	return []*cobra.Command{
		a.approvalsCommand(),
		a.decideCommand("deny", "Deny an approval request: the step of the run that asks fails"),
	}
}

// runsOfPipelines are the commands of runs below `pipelines`.
func (a *app) runsOfPipelines() []*cobra.Command {
	return []*cobra.Command{a.runsStart(), a.runsList(), a.runsShow(), a.runsWait(), a.runsCancel(), a.runsRestart(), a.runsLogs()}
}

func runPath(s client.Scope, pipeline, run string, more ...string) string {
	return s.AppPath(append([]string{"pipelines", pipeline, "runs", run}, more...)...)
}

func (a *app) runsList() *cobra.Command {
	var status []string
	cmd := &cobra.Command{
		Use: "runs [PIPELINE]", Short: "List runs, newest first", Args: args("[PIPELINE]"),
		RunE: func(cmd *cobra.Command, given []string) error {
			c, s, err := a.within(needApp...)
			if err != nil {
				return err
			}
			query := url.Values{"app": {s.App}, "status": status, "pipeline": given}
			raw, err := c.Get(cmd.Context(), s.OrgPath("pipeline-runs")+"?"+query.Encode())
			if err != nil {
				return err
			}
			return a.showTable(raw, runsTable)
		},
	}
	cmd.Flags().StringSliceVar(&status, "status", nil, "only runs with this status: queued, executing, succeeded, failed, cancelled")
	return cmd
}

func runsTable(raw json.RawMessage) (*table, error) {
	var runs []api.PipelineRun
	if err := json.Unmarshal(raw, &runs); err != nil {
		return nil, fmt.Errorf("the answer is not what the API documents: %w", err)
	}
	t := newTable("RUN", "PIPELINE", "STATUS", "TRIGGER", "CREATED", "ENVIRONMENTS", "MESSAGE")
	for _, r := range runs {
		t.add(r.ID, r.PipelineID, r.Status, r.Trigger, ago(r.CreatedAt), strings.Join(r.EnvIDs, ","), r.StatusMessage)
	}
	return t, nil
}

func (a *app) runsStart() *cobra.Command {
	var inputs []string
	var wait waitFlags
	cmd := &cobra.Command{
		Use: "run PIPELINE", Short: "Start a run of a Pipeline that can be called", Args: args("PIPELINE"),
		RunE: func(cmd *cobra.Command, given []string) error {
			c, s, err := a.within(needApp...)
			if err != nil {
				return err
			}
			in := api.PipelineRunCreate{Inputs: map[string]any{}}
			for _, pair := range inputs {
				name, value, ok := strings.Cut(pair, "=")
				if !ok {
					return usagef("--input is NAME=VALUE, got %q", pair)
				}
				in.Inputs[name] = inputValue(value)
			}
			run, err := client.Do[api.PipelineRun](cmd.Context(), c, http.MethodPost, s.AppPath("pipelines", given[0], "runs"), in)
			if err != nil {
				return fmt.Errorf("start a run of pipeline %s: %w", given[0], err)
			}
			return a.started(cmd.Context(), c, s, run, wait)
		},
	}
	cmd.Flags().StringArrayVarP(&inputs, "input", "i", nil, "an input, NAME=VALUE; a VALUE that is JSON is sent as that; may be repeated")
	wait.bind(cmd)
	return cmd
}

// inputValue is an input as it was meant: objects and lists are JSON, the rest is text, which the server converts.
func inputValue(text string) any {
	if strings.HasPrefix(text, "{") || strings.HasPrefix(text, "[") {
		var v any
		if json.Unmarshal([]byte(text), &v) == nil {
			return v
		}
	}
	return text
}

// started says that a run began, and follows it when that is wanted.
func (a *app) started(ctx context.Context, c *client.Client, s client.Scope, run api.PipelineRun, wait waitFlags) error {
	a.say("run %s of pipeline %s %s", run.ID, run.PipelineID, run.Status)
	if !wait.wait && wait.timeout == 0 {
		return a.showObject(run, func() error {
			a.say("follow it with: slipway pipelines wait %s %s --app %s", run.PipelineID, run.ID, s.App)
			return nil
		})
	}
	return a.followRun(ctx, c, s, run, wait.timeout)
}

func (a *app) runsShow() *cobra.Command {
	return &cobra.Command{
		Use: "status PIPELINE RUN", Short: "Show a run with its jobs and steps", Args: args("PIPELINE", "RUN"),
		RunE: func(cmd *cobra.Command, given []string) error {
			c, s, err := a.within(needApp...)
			if err != nil {
				return err
			}
			run, err := client.Do[api.PipelineRun](cmd.Context(), c, http.MethodGet, runPath(s, given[0], given[1]), nil)
			if err != nil {
				return err
			}
			jobs, err := readJobs(cmd.Context(), c, s, run)
			if err != nil {
				return err
			}
			return a.showObject(map[string]any{"run": run, "jobs": jobs}, func() error {
				a.say("run %s of pipeline %s: %s %s", run.ID, run.PipelineID, run.Status, oneLine(run.StatusMessage))
				t := newTable("JOB", "STEP", "NAME", "STATUS", "WAITS FOR", "MESSAGE")
				for _, j := range jobs {
					t.add(j.ID, "", j.Name, j.Status, j.WaitingFor, j.StatusMessage)
					for _, p := range j.Steps {
						t.add(j.ID, strconv.Itoa(p.Index), p.Name, p.Status, "", p.StatusMessage)
					}
				}
				return a.print(t)
			})
		},
	}
}

// readAll reads a list to its last page.
func readAll[T any](ctx context.Context, c *client.Client, path string) ([]T, error) {
	raw, err := c.Get(ctx, path)
	if err != nil {
		return nil, err
	}
	var out []T
	if err := json.Unmarshal(raw, &out); err != nil {
		return nil, fmt.Errorf("the answer is not what the API documents: %w", err)
	}
	return out, nil
}

func readJobs(ctx context.Context, c *client.Client, s client.Scope, run api.PipelineRun) ([]api.PipelineJob, error) {
	list, err := readAll[api.PipelineJobPartial](ctx, c, runPath(s, run.PipelineID, run.ID, "jobs"))
	if err != nil {
		return nil, err
	}
	jobs := make([]api.PipelineJob, 0, len(list))
	for _, j := range list {
		job, err := client.Do[api.PipelineJob](ctx, c, http.MethodGet, runPath(s, run.PipelineID, run.ID, "jobs", j.ID), nil)
		if err != nil {
			return nil, err
		}
		jobs = append(jobs, job)
	}
	return jobs, nil
}

func (a *app) runsWait() *cobra.Command {
	var timeout time.Duration
	cmd := &cobra.Command{
		Use: "wait PIPELINE RUN", Short: "Follow a run until it is over; the exit code says how it ended", Args: args("PIPELINE", "RUN"),
		RunE: func(cmd *cobra.Command, given []string) error {
			c, s, err := a.within(needApp...)
			if err != nil {
				return err
			}
			run, err := client.Do[api.PipelineRun](cmd.Context(), c, http.MethodGet, runPath(s, given[0], given[1]), nil)
			if err != nil {
				return err
			}
			return a.followRun(cmd.Context(), c, s, run, timeout)
		},
	}
	cmd.Flags().DurationVar(&timeout, "timeout", 0, "wait that long at most, such as 10m; the run goes on afterwards")
	return cmd
}

// followRun shows what happens in a run until it is over, and returns an error with the exit code.
func (a *app) followRun(ctx context.Context, c *client.Client, s client.Scope, run api.PipelineRun, timeout time.Duration) error {
	if timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeoutCause(ctx, timeout, errWaitedEnough)
		defer cancel()
	}
	now, t := run, a.teller()
	err := c.Follow(ctx, runPath(s, run.PipelineID, run.ID, "events"), func(f client.Frame) (err error) {
		switch f.Type {
		case "run":
			now, err = decoded[api.PipelineRun](f)
		case "job":
			var j api.PipelineJob
			j, err = decoded[api.PipelineJob](f)
			t.job(j)
		}
		return err
	})
	if err != nil {
		return runDetached(ctx, run, err)
	}
	a.say("run %s %s %s", now.ID, now.Status, oneLine(now.StatusMessage))
	return errors.Join(a.showObject(now, func() error { return nil }), runOutcome(now))
}

// job tells the steps of a job and then itself.
func (t *teller) job(j api.PipelineJob) {
	for _, p := range j.Steps {
		t.tell(fmt.Sprintf("%s/%d %s", j.ID, p.Index, oneLine(p.Name)), p.Status, p.StatusMessage)
	}
	waits := j.StatusMessage
	if j.WaitingFor != "" {
		waits = "waits for " + j.WaitingFor
	}
	t.tell(j.ID, j.Status, waits)
}

// runDetached says that the run goes on although nobody follows it any more.
func runDetached(ctx context.Context, run api.PipelineRun, err error) error {
	if errors.Is(context.Cause(ctx), errWaitedEnough) {
		return &codedError{code: exitTimeout, err: fmt.Errorf("run %s is not over yet; it goes on", run.ID)}
	}
	return err
}

func runOutcome(run api.PipelineRun) error {
	switch run.Status {
	case "succeeded":
		return nil
	case "cancelled":
		return &codedError{code: exitCancelled, err: fmt.Errorf("run %s was cancelled", run.ID), reported: true}
	}
	return &codedError{code: exitFailed, err: fmt.Errorf("run %s %s", run.ID, run.Status), reported: true}
}

func (a *app) runsCancel() *cobra.Command {
	return &cobra.Command{
		Use: "cancel PIPELINE RUN", Short: "Ask for the end of a run, and of what its steps wait for", Args: args("PIPELINE", "RUN"),
		RunE: func(cmd *cobra.Command, given []string) error {
			c, s, err := a.within(needApp...)
			if err != nil {
				return err
			}
			if _, err := client.Do[client.None](cmd.Context(), c, http.MethodPost, runPath(s, given[0], given[1], "cancel"), nil); err != nil {
				return err
			}
			a.say("the end of run %s was asked for", given[1])
			return nil
		},
	}
}

func (a *app) runsRestart() *cobra.Command {
	var wait waitFlags
	cmd := &cobra.Command{
		Use: "restart PIPELINE RUN", Short: "Start a run with the trigger and inputs of one that has ended", Args: args("PIPELINE", "RUN"),
		RunE: func(cmd *cobra.Command, given []string) error {
			c, s, err := a.within(needApp...)
			if err != nil {
				return err
			}
			run, err := client.Do[api.PipelineRun](cmd.Context(), c, http.MethodPost, runPath(s, given[0], given[1], "restart"), nil)
			if err != nil {
				return err
			}
			return a.started(cmd.Context(), c, s, run, wait)
		},
	}
	wait.bind(cmd)
	return cmd
}

func (a *app) runsLogs() *cobra.Command {
	var job string
	var follow bool
	cmd := &cobra.Command{
		Use: "logs PIPELINE RUN", Short: "Read what the steps of a run wrote", Args: args("PIPELINE", "RUN"),
		RunE: func(cmd *cobra.Command, given []string) error {
			c, s, err := a.within(needApp...)
			if err != nil {
				return err
			}
			if follow {
				return a.followSteps(cmd.Context(), c, s, given[0], given[1], job)
			}
			jobs, err := readJobs(cmd.Context(), c, s, api.PipelineRun{PipelineID: given[0], ID: given[1]})
			if err != nil {
				return err
			}
			if job != "" {
				jobs = slices.DeleteFunc(jobs, func(j api.PipelineJob) bool { return j.ID != job })
				if len(jobs) == 0 {
					return fmt.Errorf("run %s has no job %q", given[1], job)
				}
			}
			return a.runLogs(cmd.Context(), c, s, given[0], given[1], jobs)
		},
	}
	cmd.Flags().StringVar(&job, "job", "", "only the steps of this job")
	cmd.Flags().BoolVarP(&follow, "follow", "f", false, "go on with what is written until the run is over")
	return cmd
}

// stepLog is a line with where it was written.
type stepLog struct {
	Job  string `json:"job"`
	Step int    `json:"step"`
	api.PipelineStepLog
}

func (a *app) runLogs(ctx context.Context, c *client.Client, s client.Scope, pipeline, run string, jobs []api.PipelineJob) error {
	lines := []stepLog{}
	for _, j := range jobs {
		for _, p := range j.Steps {
			path := runPath(s, pipeline, run, "jobs", j.ID, "steps", strconv.Itoa(p.Index), "logs") + "?per_page=100"
			page, err := readAll[api.PipelineStepLog](ctx, c, path)
			if err != nil {
				return err
			}
			for _, l := range page {
				lines = append(lines, stepLog{j.ID, p.Index, l})
			}
		}
	}
	return a.showObject(lines, func() error {
		for _, l := range lines {
			a.printStepLine(l.Job, l.Step, l.PipelineStepLog)
		}
		return nil
	})
}

func (a *app) approvalsCommand() *cobra.Command {
	var all bool
	cmd := &cobra.Command{
		Use: "approvals", Short: "List what runs of Pipelines wait for somebody to approve; for deployments: approvals list", Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, s, err := a.within(needApp...)
			if err != nil {
				return err
			}
			query := "?status=waiting"
			if all {
				query = ""
			}
			raw, err := c.Get(cmd.Context(), s.AppPath("approvals")+query)
			if err != nil {
				return err
			}
			return a.showTable(raw, approvalsTable)
		},
	}
	cmd.Flags().BoolVar(&all, "all", false, "also what was decided")
	cmd.AddCommand(a.approvalsListCommand(), a.approvalsGetCommand())
	return cmd
}

func approvalsTable(raw json.RawMessage) (*table, error) {
	var list []api.PipelineApprovalRequest
	if err := json.Unmarshal(raw, &list); err != nil {
		return nil, fmt.Errorf("the answer is not what the API documents: %w", err)
	}
	t := newTable("APPROVAL", "PIPELINE", "ENVIRONMENT", "STATUS", "CREATED", "DECIDED BY", "MESSAGE")
	for _, r := range list {
		t.add(r.ID, r.PipelineID, r.EnvID, r.Status, ago(r.CreatedAt), r.ApprovedBy, r.Message)
	}
	return t, nil
}

// decideCommand approves or denies a request by its id alone.
func (a *app) decideCommand(verb, short string) *cobra.Command {
	return &cobra.Command{
		Use: verb + " APPROVAL", Short: short, Args: args("APPROVAL"),
		RunE: func(cmd *cobra.Command, given []string) error { return a.decideRequest(cmd.Context(), given[0], verb) },
	}
}

// decideRequest decides about an approval request of a run of a Pipeline.
func (a *app) decideRequest(ctx context.Context, id, verb string) error {
	c, s, err := a.within(needApp...)
	if err != nil {
		return err
	}
	all, err := readAll[api.PipelineApprovalRequest](ctx, c, s.AppPath("approvals")+"?per_page=100")
	if err != nil {
		return err
	}
	for _, r := range all {
		if r.ID == id {
			return a.decide(ctx, c, s, r, verb)
		}
	}
	return fmt.Errorf("application %s has no approval request %q; slipway approvals lists those that wait", s.App, id)
}

func (a *app) decide(ctx context.Context, c *client.Client, s client.Scope, r api.PipelineApprovalRequest, verb string) error {
	path := runPath(s, r.PipelineID, r.RunID, "jobs", r.JobID, "approvals", r.ID, verb)
	decided, err := client.Do[api.PipelineApprovalRequest](ctx, c, http.MethodPost, path, nil)
	if err != nil {
		return err
	}
	return a.showObject(decided, func() error {
		a.say("%s: %s", decided.Status, oneLine(decided.Message))
		return nil
	})
}
