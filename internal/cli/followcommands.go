package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/slipway-dev/slipway/internal/api"
	"github.com/slipway-dev/slipway/internal/client"
)

// decoded reads what an event carries.
func decoded[T any](f client.Frame) (out T, err error) {
	if err = json.Unmarshal(f.Data, &out); err != nil {
		err = fmt.Errorf("an event of type %s is not what the API documents: %w", f.Type, err)
	}
	return out, err
}

// teller prints what is new about something, each state of it once.
type teller struct {
	a    *app
	seen map[string]string
}

func (t *teller) tell(what string, said ...string) {
	if line := strings.TrimSpace(oneLine(strings.Join(said, "  "))); t.seen[what] != line {
		t.seen[what] = line
		t.a.say("%s  %s %s", clock(time.Now()), what, line)
	}
}

func (a *app) teller() *teller { return &teller{a: a, seen: map[string]string{}} }

// followPath prints what changes at a path until it is gone or ctx ends.
func (a *app) followPath(ctx context.Context, c *client.Client, path string, tell func(client.Frame) error) error {
	if a.structured() {
		return usagef("--follow prints lines; leave out --output, or leave out --follow")
	}
	err := c.Follow(ctx, path, tell)
	if errors.Is(err, context.Canceled) {
		return nil // that is how one stops to follow
	}
	return err
}

// forget tells of what was told before and is not among these any more.
func (t *teller) forget(among string, known map[string]bool, how string) {
	for _, what := range slices.Sorted(maps.Keys(t.seen)) {
		if strings.HasPrefix(what, among) && !known[what] {
			t.tell(what, how)
			delete(t.seen, what)
		}
	}
}

// followEnvironment prints what changes in an environment until it is gone or ctx ends.
func (a *app) followEnvironment(ctx context.Context, c *client.Client, s client.Scope) error {
	return a.followPath(ctx, c, s.EnvPath("events"), a.teller().environment)
}

func (t *teller) environment(f client.Frame) error {
	switch f.Type {
	case "environment":
		e, err := decoded[api.Environment](f)
		t.tell("environment "+e.ID, e.Status, e.StatusMessage)
		return err
	case "deployment":
		d, err := decoded[api.Deployment](f)
		t.tell("deployment "+d.ID, d.Status, d.Phase, d.Comment)
		return err
	case "progress":
		p, err := decoded[api.DeploymentProgress](f)
		var parts []string
		for _, status := range slices.Sorted(maps.Keys(p.Nodes)) {
			parts = append(parts, fmt.Sprintf("%d %s", p.Nodes[status], status))
		}
		t.tell("resources of "+p.DeploymentID, strings.Join(parts, ", "))
		return err
	case "operation":
		o, err := decoded[api.Operation](f)
		t.tell("operation "+o.ID, o.Kind, o.Status, o.Message)
		return err
	case "approvals":
		waiting, err := decoded[[]api.WaitingPlan](f)
		t.approvals(waiting)
		return err
	case "runtime":
		r, err := decoded[api.Runtime](f)
		t.runtime(r)
		return err
	case "paused":
		p, err := decoded[api.Paused](f)
		if p.Paused || t.seen["pause"] != "" {
			t.tell("pause", map[bool]string{true: "paused by " + p.By, false: "not paused"}[p.Paused])
		}
		return err
	case "lifetime":
		l, err := decoded[api.EnvironmentLifetime](f)
		if l.EndsAt != nil {
			t.tell("lifetime", "ends at "+l.EndsAt.Format(time.RFC3339), l.Reason)
		} else if t.seen["lifetime"] != "" {
			t.tell("lifetime", "does not end by itself")
		}
		return err
	case "drift":
		d, err := decoded[api.DriftScan](f)
		t.tell("drift scan "+d.ID, d.Status, fmt.Sprintf("%d of %d drifted", d.Drifted, d.Checked), d.Message)
		return err
	case "end":
		t.tell("environment", "is gone")
	}
	return nil
}

// approvals tells what waits for people, and when nothing does any more.
func (t *teller) approvals(waiting []api.WaitingPlan) {
	var parts []string
	for _, w := range waiting {
		parts = append(parts, strings.Join(strings.Fields("deployment "+w.DeploymentID+" "+w.Node), " ")+": "+w.Message)
	}
	if len(parts) == 0 {
		if t.seen["approvals"] == "" {
			return
		}
		parts = []string{"nothing waits for one"}
	}
	t.tell("approvals", strings.Join(parts, "; "))
}

// runtime tells the state of each workload, and of pods that are not well.
func (t *teller) runtime(r api.Runtime) {
	if r.Message != "" {
		t.tell("runtime", r.Message)
	}
	for _, workload := range slices.Sorted(maps.Keys(r.Modules)) {
		m := r.Modules[workload]
		pods, ready := 0, 0
		for _, c := range m.Controllers {
			pods += len(c.Pods)
			ready += c.ReadyReplicas
		}
		t.tell("workload "+workload, m.Status, fmt.Sprintf("%d pods, %d ready", pods, ready), m.Message)
	}
}

// followSteps prints what the steps of a run write until the run is over; job "" = of all jobs.
func (a *app) followSteps(ctx context.Context, c *client.Client, s client.Scope, pipeline, run, job string) error {
	return a.followPath(ctx, c, runPath(s, pipeline, run, "events"), func(f client.Frame) error {
		if f.Type != "line" {
			return nil
		}
		l, err := decoded[api.PipelineRunLine](f)
		if err == nil && (job == "" || l.JobID == job) {
			a.printStepLine(l.JobID, l.StepIndex, l.PipelineStepLog)
		}
		return err
	})
}

func (a *app) printStepLine(job string, step int, l api.PipelineStepLog) {
	a.say("%s  %s/%d  %-5s  %s", clock(l.At.Time), job, step, l.Level, printable(l.Message))
}
