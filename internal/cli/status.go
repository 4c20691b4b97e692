package cli

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/slipway-dev/slipway/internal/api"
	"github.com/slipway-dev/slipway/internal/client"
)

// maxStatuses is how many Environments the server tells about at a time.
const maxStatuses = 5

func (a *app) statusCommand() *cobra.Command {
	var all bool
	cmd := &cobra.Command{
		Use: "status [WORKLOAD]", Short: "Show what runs of an Environment, now, and why it does not", Args: args("[WORKLOAD]"),
		Example: "  slipway status\n  slipway status orders\n  slipway status --all",
	}
	cmd.Flags().BoolVar(&all, "all", false, "the state of all Environments of the Application")
	cmd.RunE = func(cmd *cobra.Command, ids []string) error {
		if all {
			if len(ids) > 0 {
				return usagef("--all shows Environments; leave out the workload")
			}
			return a.statusOfAll(cmd)
		}
		c, s, err := a.within(needEnv...)
		if err != nil {
			return err
		}
		raw, err := c.Runtime(cmd.Context(), s)
		if err != nil {
			return err
		}
		r, err := runtimeIn(raw)
		if err != nil {
			return err
		}
		if len(ids) == 1 {
			m, ok := r.Modules[ids[0]]
			if !ok {
				return noWorkload(ids[0], r)
			}
			return a.showObject(m, func() error { return a.printModules(map[string]api.RuntimeModule{ids[0]: m}) })
		}
		return a.show(raw, func() error { return a.printRuntime(r) })
	}
	return cmd
}

func runtimeIn(raw json.RawMessage) (api.Runtime, error) {
	var r api.Runtime
	if err := json.Unmarshal(raw, &r); err != nil {
		return r, fmt.Errorf("the answer is not what the API documents: %w", err)
	}
	return r, nil
}

func noWorkload(id string, r api.Runtime) error {
	known := strings.Join(slices.Sorted(maps.Keys(r.Modules)), ", ")
	if known == "" {
		known = "there is none"
	}
	if r.Message != "" {
		known += "; " + r.Message
	}
	return fmt.Errorf("the Environment has no workload %q: %s", id, known)
}

func (a *app) statusOfAll(cmd *cobra.Command) error {
	c, s, err := a.within(needApp...)
	if err != nil {
		return err
	}
	raw, err := c.Get(cmd.Context(), s.AppPath("envs"))
	if err != nil {
		return err
	}
	envs, err := listOf[api.Environment](raw)
	if err != nil {
		return err
	}
	out := []api.EnvironmentRuntime{}
	for chunk := range slices.Chunk(envs, maxStatuses) {
		asked := url.Values{}
		for _, e := range chunk {
			asked.Add("id", e.ID)
		}
		raw, err := c.Get(cmd.Context(), s.AppPath("runtime")+"?"+asked.Encode())
		if err != nil {
			return err
		}
		found, err := listOf[api.EnvironmentRuntime](raw)
		if err != nil {
			return err
		}
		out = append(out, found...)
	}
	return a.showObject(out, func() error {
		t := newTable("ENVIRONMENT", "STATUS", "PAUSED", "WHY")
		for _, e := range out {
			t.add(e.ID, orUnknown(e.Status), yes(e.Paused), e.Error)
		}
		return a.print(t)
	})
}

func orUnknown(status string) string {
	if status == "" {
		return "Unknown"
	}
	return status
}

func (a *app) printRuntime(r api.Runtime) error {
	a.facts("status", r.Status, "namespace", r.Namespace, "why", r.Message)
	for _, note := range r.Notes {
		a.facts("note", note)
	}
	if err := a.printModules(r.Modules); err != nil || len(r.Others) == 0 {
		return err
	}
	a.say("\nOf resources:")
	t := newTable("CONTROLLER", "READY", "STATUS", "WHY")
	for _, name := range slices.Sorted(maps.Keys(r.Others)) {
		c := r.Others[name]
		t.add(name, readyOf(c), c.Status, c.Message)
	}
	return a.print(t)
}

// printModules shows workloads: their controllers, and the pods of what is not as it should be.
func (a *app) printModules(modules map[string]api.RuntimeModule) error {
	if len(modules) == 0 {
		return nil
	}
	t := newTable("WORKLOAD", "CONTROLLER", "READY", "RESTARTS", "STATUS", "WHY")
	ids := slices.Sorted(maps.Keys(modules))
	for _, id := range ids {
		m := modules[id]
		if len(m.Controllers) == 0 {
			t.add(id, "", "", "", m.Status, m.Message)
		}
		for _, name := range slices.Sorted(maps.Keys(m.Controllers)) {
			c := m.Controllers[name]
			t.add(id, c.Kind+"/"+c.Name, readyOf(c), fmt.Sprint(restartsOf(c)), c.Status, c.Message)
		}
	}
	if err := a.print(t); err != nil {
		return err
	}
	for _, id := range ids {
		for _, name := range slices.Sorted(maps.Keys(modules[id].Controllers)) {
			a.printReasons(id, modules[id].Controllers[name])
		}
	}
	return nil
}

func (a *app) printReasons(workload string, c api.RuntimeController) {
	for _, r := range c.Reasons {
		a.say("\n%s  %s", workload, oneLine(r.Message))
		if r.Advice != "" {
			a.say("  try: %s", strings.ReplaceAll(r.Advice, "WORKLOAD", workload))
		}
	}
}

func readyOf(c api.RuntimeController) string { return fmt.Sprintf("%d/%d", c.ReadyReplicas, c.Desired) }

func restartsOf(c api.RuntimeController) int {
	n := 0
	for _, pod := range c.Pods {
		for _, one := range pod.ContainerStatuses {
			n += one.RestartCount
		}
	}
	return n
}

func (a *app) eventsCommand() *cobra.Command {
	limit := 100
	cmd := &cobra.Command{
		Use: "events [WORKLOAD]", Short: "Show what the cluster noted about an Environment, and how its last deployments went", Args: args("[WORKLOAD]"),
		Example: "  slipway events\n  slipway events orders --limit 20\n  slipway events --follow",
		Long: "Shows what the cluster noted about an Environment, and how its last deployments went. With --follow it tells instead what\n" +
			"changes from now on: deployments, operations, workloads, pause, lifetime, drift.",
	}
	var follow bool
	cmd.Flags().BoolVarP(&follow, "follow", "f", false, "what is so now, and what changes, until it is interrupted or the Environment is gone")
	cmd.Flags().IntVar(&limit, "limit", limit, "how many of the newest: 1 to 500")
	cmd.RunE = func(cmd *cobra.Command, ids []string) error {
		if limit < 1 || limit > 500 {
			return usagef("--limit is 1 to 500, got %d", limit)
		}
		c, s, err := a.within(needEnv...)
		if err != nil {
			return err
		}
		workload := ""
		if len(ids) == 1 {
			workload = ids[0]
		}
		if follow {
			if workload != "" {
				return usagef("--follow tells of the whole Environment; leave out the workload, or leave out --follow")
			}
			return a.followEnvironment(cmd.Context(), c, s)
		}
		raw, err := runtimeEvents(cmd, c, s, workload, limit)
		if err != nil {
			return err
		}
		return a.show(raw, func() error {
			var e api.RuntimeEvents
			if err := json.Unmarshal(raw, &e); err != nil {
				return fmt.Errorf("the answer is not what the API documents: %w", err)
			}
			return a.printEvents(e)
		})
	}
	return cmd
}

func runtimeEvents(cmd *cobra.Command, c *client.Client, s client.Scope, workload string, limit int) (json.RawMessage, error) {
	asked := url.Values{"limit": {fmt.Sprint(limit)}}
	if workload != "" {
		asked.Set("workload_id", workload)
	}
	return c.Get(cmd.Context(), s.EnvPath("runtime", "events")+"?"+asked.Encode())
}

// printEvents shows them oldest first, as one reads what happened.
func (a *app) printEvents(e api.RuntimeEvents) error {
	t := newTable("AT", "TYPE", "REASON", "OBJECT", "COUNT", "MESSAGE")
	for _, one := range slices.Backward(e.Events) {
		t.add(ago(one.At), one.Type, one.Reason, one.Kind+"/"+one.Object, fmt.Sprint(one.Count), one.Message)
	}
	if e.Message != "" {
		a.say("The cluster tells nothing: %s", oneLine(e.Message))
	}
	return a.print(t)
}
