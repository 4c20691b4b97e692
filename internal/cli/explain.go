package cli

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/slipway-dev/slipway/internal/api"
	"github.com/slipway-dev/slipway/internal/client"
)

// explainFlags say what is explained: a deployment, or what a set would become now.
type explainFlags struct {
	deployment, set, delta string
	now                    bool
}

func (a *app) explainCommand() *cobra.Command {
	var f explainFlags
	cmd := &cobra.Command{
		Use: "explain [TYPE[.CLASS][#ID]]", Short: "Say why resources are there, and why by these definitions", Args: args("[RESOURCE]"),
		Long: "Says for each resource of a deployment who asked for it, which Matching Criterion of which Resource Definition won, why\n" +
			"the other definitions lost, what it needs and why, and what needs it. With --now, --set or --delta it tells what a\n" +
			"deployment would do with the definitions as they are now, and deploys nothing.",
		Example: "  slipway resources explain postgres\n  slipway resources explain 'postgres.large#shared.db' --deployment 17609cfafa5d5cb8\n  slipway resources explain --delta 7d1b",
	}
	cmd.Flags().StringVar(&f.deployment, "deployment", ".", "deployment to explain; . is the newest one")
	cmd.Flags().BoolVar(&f.now, "now", false, "explain what the Environment has with the definitions of today, without deploying")
	cmd.Flags().StringVar(&f.set, "set", "", "explain this Deployment Set, without deploying")
	cmd.Flags().StringVar(&f.delta, "delta", "", "explain what the Environment has plus this Deployment Delta, without deploying")
	cmd.RunE = func(cmd *cobra.Command, ids []string) error {
		if err := oneFlag(cmd, "deployment", "now", "set", "delta"); err != nil {
			return err
		}
		filter, err := resourceFilter(ids)
		if err != nil {
			return err
		}
		c, s, err := a.within(needEnv...)
		if err != nil {
			return err
		}
		q := query{ctx: cmd.Context(), app: a, c: c, Scope: s, ids: ids}
		raw, err := f.fetch(q, filter)
		if err != nil {
			return err
		}
		e, err := explanationsIn(raw)
		if err != nil {
			return err
		}
		if err := a.show(raw, func() error { a.printExplanations(e); return nil }); err != nil {
			return err
		}
		if len(e.Resources) == 0 && len(e.Problems) == 0 {
			return fmt.Errorf("no resource fits %s; list them with: slipway resources graph", strings.Join(ids, " "))
		}
		return nil
	}
	return cmd
}

// oneFlag refuses flags that contradict each other.
func oneFlag(cmd *cobra.Command, names ...string) error {
	var given []string
	for _, name := range names {
		if cmd.Flags().Changed(name) {
			given = append(given, "--"+name)
		}
	}
	if len(given) > 1 {
		return usagef("%s cannot be given together", strings.Join(given, " and "))
	}
	return nil
}

func (f explainFlags) fetch(q query, filter url.Values) (json.RawMessage, error) {
	suffix := ""
	if len(filter) > 0 {
		suffix = "?" + filter.Encode()
	}
	if f.now || f.set != "" || f.delta != "" {
		body := api.ExplainRequest{SetID: f.set, DeltaID: f.delta}
		return client.Do[json.RawMessage](q.ctx, q.c, http.MethodPost, q.EnvPath("resources", "graphs", "explain")+suffix, body)
	}
	id, err := q.deploymentID(f.deployment)
	if err != nil {
		return nil, err
	}
	return q.c.Get(q.ctx, q.EnvPath("deploys", id, "resources", "explain")+suffix)
}

// resourceFilter reads TYPE[.CLASS][#ID]; a class has no dot, and neither has a type.
func resourceFilter(ids []string) (url.Values, error) {
	out := url.Values{}
	if len(ids) == 0 {
		return out, nil
	}
	head, id, hasID := strings.Cut(ids[0], "#")
	typ, class, hasClass := strings.Cut(head, ".")
	if (hasID && id == "") || (hasClass && (class == "" || strings.Contains(class, "."))) || (typ == "" && !hasID) {
		return nil, usagef("a resource is written type, type.class, type#id or type.class#id, got %q", ids[0])
	}
	for name, value := range map[string]string{"type": typ, "class": class, "id": id} {
		if value != "" {
			out.Set(name, value)
		}
	}
	return out, nil
}

func explanationsIn(raw json.RawMessage) (api.ResourceExplanations, error) {
	var out api.ResourceExplanations
	if err := json.Unmarshal(raw, &out); err != nil {
		return out, fmt.Errorf("the answer is not what the API documents: %w", err)
	}
	return out, nil
}

func (a *app) printExplanations(e api.ResourceExplanations) {
	for i, r := range e.Resources {
		if i > 0 {
			a.say("")
		}
		for _, line := range explanationLines(r) {
			a.say("%s", line)
		}
	}
	if len(e.Problems) > 0 {
		a.say("there is no resource graph:")
		a.list("  - ", e.Problems)
	}
	if len(e.Warnings) > 0 {
		a.say("\nwarnings:")
		a.list("  - ", e.Warnings)
	}
}

func (a *app) list(bullet string, lines []string) {
	for _, line := range lines {
		a.say("%s%s", bullet, oneLine(line))
	}
}

// explanationLines tells one resource as a person would.
func explanationLines(r api.ResourceExplanation) []string {
	head := resourceKey(r.Type, r.Class, r.ID)
	if r.Status != "" {
		head += "  " + r.Status
	}
	if r.Action != "" {
		head += "  " + r.Action
	}
	out := []string{head, "  asked for by"}
	out = append(out, bullets(askedBy(r))...)
	out = append(out, "  "+strings.Replace(r.Chosen, "definition ", "made by definition ", 1))
	if r.DriverType != "" {
		out = append(out, "    driver "+r.DriverType+accountOf(r)+", version "+r.DefVersionID)
	}
	var losers []string
	for _, c := range r.Candidates {
		if !c.Chosen {
			losers = append(losers, fmt.Sprintf("%s (%s): %s", c.DefID, criterion(c.Criteria), c.Verdict))
		}
	}
	if len(losers) > 0 {
		out = append(append(out, "  not made by"), bullets(losers)...)
	}
	if len(r.Notes) > 0 {
		out = append(append(out, "  note"), bullets(r.Notes)...)
	}
	if len(r.DependsOn) > 0 {
		out = append(out, "  needs")
	}
	for _, d := range r.DependsOn {
		out = append(out, "    "+resourceKey(d.Type, d.Class, d.ID))
		for _, reason := range d.Reasons {
			out = append(out, "      "+oneLine(reason.Text))
		}
	}
	if len(r.Dependents) > 0 {
		out = append(out, "  needed by")
	}
	for _, d := range r.Dependents {
		out = append(out, "    "+resourceKey(d.Type, d.Class, d.ID))
	}
	return out
}

func accountOf(r api.ResourceExplanation) string {
	if r.DriverAccount == "" {
		return ""
	}
	return " with account " + r.DriverAccount
}

func bullets(lines []string) []string {
	out := make([]string, 0, len(lines))
	for _, line := range lines {
		out = append(out, "    "+oneLine(line))
	}
	return out
}

// askedBy are the origins in words. What declares a resource comes first; that something reads it as well is less news.
func askedBy(r api.ResourceExplanation) []string {
	origins := slices.Clone(r.AskedBy)
	rank := map[string]int{"reference": 1, "selector": 2}
	slices.SortStableFunc(origins, func(a, b api.ResourceOrigin) int { return rank[a.Kind] - rank[b.Kind] })
	out := make([]string, 0, len(origins))
	for _, o := range origins {
		out = append(out, o.Text)
	}
	return out
}

func firstOf(texts []string) string {
	switch len(texts) {
	case 0:
		return ""
	case 1:
		return texts[0]
	}
	return fmt.Sprintf("%s (and %d more)", texts[0], len(texts)-1)
}

func needs(r api.ResourceExplanation) []string {
	var out []string
	for _, d := range r.DependsOn {
		out = append(out, fmt.Sprintf("%s (%s)", resourceKey(d.Type, d.Class, d.ID), strings.Join(reasonLabels(d), ", ")))
	}
	return out
}
