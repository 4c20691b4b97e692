package cli

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/slipway-dev/slipway/internal/api"
	"github.com/slipway-dev/slipway/internal/client"
)

// debugPage is everything about one workload; what could not be had is in Missing.
type debugPage struct {
	Workload   string                  `json:"workload"`
	Runtime    api.RuntimeModule       `json:"runtime"`
	Message    string                  `json:"message,omitempty"` // of the cluster
	Events     []api.RuntimeEvent      `json:"events"`
	Logs       []api.ContainerLogEntry `json:"logs"`
	Previous   []api.ContainerLogEntry `json:"previous_logs"`
	Deployment *api.Deployment         `json:"deployment,omitempty"`
	Errors     []api.DeploymentError   `json:"errors"`
	Resources  []api.Node              `json:"resources"`
	Matched    []debugMatch            `json:"matched"`
	Try        []string                `json:"try"`
	Missing    []string                `json:"missing,omitempty"`
}

// debugMatch is why a resource has its definition.
type debugMatch struct {
	Resource string `json:"resource"`
	DefID    string `json:"def_id"`
	Chosen   string `json:"chosen"`
}

func (a *app) debugCommand() *cobra.Command {
	tail := 20
	cmd := &cobra.Command{
		Use: "debug WORKLOAD", Short: "Gather everything about a workload that does not run into one page", Args: args("WORKLOAD"),
		Long: "Shows how a workload runs and why it does not, what the cluster noted, what its containers wrote, how the last deployment went,\n" +
			"its resources and which definitions gave them, and what to try. Secrets are hidden, so that the page can be sent to somebody.",
		Example: "  slipway debug orders\n  slipway debug orders -o json",
	}
	cmd.Flags().IntVar(&tail, "tail", tail, "how many lines of logs: 1 to 1000")
	cmd.RunE = func(cmd *cobra.Command, ids []string) error {
		if tail < 1 || tail > 1000 {
			return usagef("--tail is 1 to 1000, got %d", tail)
		}
		c, s, err := a.within(needEnv...)
		if err != nil {
			return err
		}
		page, err := gatherDebug(cmd, c, s, ids[0], tail)
		if err != nil {
			return err
		}
		return a.showObject(page, func() error { return a.printDebug(page) })
	}
	return cmd
}

// gatherDebug asks for each part; one that cannot be had does not keep the others from being shown.
func gatherDebug(cmd *cobra.Command, c *client.Client, s client.Scope, workload string, tail int) (*debugPage, error) {
	raw, err := c.Runtime(cmd.Context(), s)
	if err != nil {
		return nil, err
	}
	r, err := runtimeIn(raw)
	if err != nil {
		return nil, err
	}
	m, ok := r.Modules[workload]
	if !ok {
		return nil, noWorkload(workload, r)
	}
	p := &debugPage{
		Workload: workload, Runtime: m, Message: r.Message, Events: []api.RuntimeEvent{}, Logs: []api.ContainerLogEntry{}, Previous: []api.ContainerLogEntry{},
		Errors: []api.DeploymentError{}, Resources: []api.Node{}, Matched: []debugMatch{}, Try: []string{},
	}
	p.part("events", func() error {
		raw, err := runtimeEvents(cmd, c, s, workload, 30)
		if err != nil {
			return err
		}
		var e api.RuntimeEvents
		err = json.Unmarshal(raw, &e)
		p.Events = append(p.Events, e.Events...)
		return err
	})
	for previous, into := range map[bool]*[]api.ContainerLogEntry{false: &p.Logs, true: &p.Previous} {
		p.part("logs", func() error {
			raw, err := c.ContainerLogs(cmd.Context(), s, client.ContainerLogQuery{Workload: workload, Limit: tail, Previous: previous})
			if err != nil {
				return err
			}
			return json.Unmarshal(raw, into)
		})
	}
	p.part("the last deployment", func() error { return p.deployment(cmd, c, s) })
	p.advise()
	return p, nil
}

func (p *debugPage) part(name string, get func() error) {
	if err := get(); err != nil {
		p.Missing = append(p.Missing, name+": "+err.Error())
	}
}

// deployment adds the last deployment, its errors, and the resources of the workload with the definitions that gave them.
func (p *debugPage) deployment(cmd *cobra.Command, c *client.Client, s client.Scope) error {
	id, err := deploymentID(cmd.Context(), c, s, ".")
	if err != nil {
		return err
	}
	d, err := c.Deployment(cmd.Context(), s, id)
	if err != nil {
		return err
	}
	p.Deployment = &d
	failed, err := c.DeploymentErrors(cmd.Context(), s, id)
	if err != nil {
		return err
	}
	p.Errors = append(p.Errors, failed...)
	nodes, err := c.Nodes(cmd.Context(), s, id)
	if err != nil {
		return err
	}
	for _, n := range nodes {
		if p.needs(nodes, n) {
			p.Resources = append(p.Resources, n)
		}
	}
	raw, err := c.Get(cmd.Context(), s.EnvPath("deploys", id, "resources", "explain"))
	if err != nil {
		return err
	}
	e, err := explanationsIn(raw)
	if err != nil {
		return err
	}
	for _, r := range e.Resources {
		key := resourceKey(r.Type, r.Class, r.ID)
		if slices.ContainsFunc(p.Resources, func(n api.Node) bool { return n.Type == r.Type && n.Class == r.Class && n.ID == r.ID }) {
			p.Matched = append(p.Matched, debugMatch{Resource: key, DefID: r.DefID, Chosen: r.Chosen})
		}
	}
	return nil
}

// needs tells whether a node is the workload, one of its resources, or what the workload depends on.
func (p *debugPage) needs(nodes []api.Node, n api.Node) bool {
	own := "modules." + p.Workload
	if n.ID == own || strings.HasPrefix(n.ID, own+".") {
		return true
	}
	for _, other := range nodes {
		if (other.ID == own || strings.HasPrefix(other.ID, own+".")) && slices.Contains(other.DependsOn, n.Ordinal) {
			return true
		}
	}
	return false
}

// advise collects what to try, of the most telling reason first.
func (p *debugPage) advise() {
	add := func(text string) {
		text = strings.ReplaceAll(text, "WORKLOAD", p.Workload)
		if text != "" && !slices.Contains(p.Try, text) {
			p.Try = append(p.Try, text)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(p.Runtime.Controllers)) {
		for _, r := range p.Runtime.Controllers[name].Reasons {
			add(r.Advice)
		}
	}
	if p.Message != "" {
		add("see to it that the cluster can be asked: " + p.Message)
	}
	if p.Deployment != nil && p.Deployment.Status == api.StatusFailed {
		add("look at the whole deployment: slipway describe deploy " + p.Deployment.ID)
	}
	for _, n := range p.Resources {
		if n.Status == "failed" {
			add(fmt.Sprintf("see why its resource failed: slipway logs %s --node '%s'", p.Deployment.ID, n.Key))
		}
	}
}

func (a *app) printDebug(p *debugPage) error {
	a.facts("workload", p.Workload, "status", p.Runtime.Status, "why", p.Runtime.Message, "cluster", p.Message)
	if err := a.printModules(map[string]api.RuntimeModule{p.Workload: p.Runtime}); err != nil {
		return err
	}
	if d := p.Deployment; d != nil {
		a.say("\nLast deployment")
		a.facts("deployment", d.ID, "outcome", outcomeOf(*d), "created", ago(d.CreatedAt)+" by "+d.CreatedBy)
		for _, e := range p.Errors {
			a.say("  %s  %s", e.Code, oneLine(e.Summary))
		}
	}
	if len(p.Resources) > 0 {
		a.say("\nResources")
		t := newTable("RESOURCE", "STATUS", "DEFINITION", "DRIVER", "WHY THIS DEFINITION")
		for _, n := range p.Resources {
			why := ""
			for _, m := range p.Matched {
				if m.Resource == resourceKey(n.Type, n.Class, n.ID) {
					why = m.Chosen
				}
			}
			t.add(n.Key, n.Status, n.DefID, n.DriverType, why)
		}
		if err := a.print(t); err != nil {
			return err
		}
	}
	if len(p.Events) > 0 {
		a.say("\nEvents")
		if err := a.printEvents(api.RuntimeEvents{Events: p.Events}); err != nil {
			return err
		}
	}
	for _, part := range []struct {
		title string
		lines []api.ContainerLogEntry
	}{{"Before the last restart", p.Previous}, {"Logs", p.Logs}} {
		if len(part.lines) == 0 {
			continue
		}
		a.say("\n%s", part.title)
		for _, l := range part.lines {
			if err := a.printContainerLine(l, false); err != nil {
				return err
			}
		}
	}
	for i, text := range p.Try {
		if i == 0 {
			a.say("\nTry")
		}
		a.say("  - %s", oneLine(text))
	}
	for _, text := range p.Missing {
		a.say("not to be had: %s", oneLine(text))
	}
	return nil
}
