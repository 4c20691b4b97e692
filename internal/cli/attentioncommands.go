package cli

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strings"

	"github.com/spf13/cobra"

	"github.com/slipway-dev/slipway/internal/api"
)

// attentionCommands read over all Environments of the organization.
func (a *app) attentionCommands() []*cobra.Command {
	return []*cobra.Command{a.attentionCommand()}
}

func (a *app) attentionCommand() *cobra.Command {
	limit := 50
	cmd := &cobra.Command{
		Use: "attention", Short: "Show what needs attention in the organization", Args: noArgs,
		Long: "Shows what waits for people, what is not as it should be (failed, stopped for a person, drifted, about to end, paused, frozen) and\n" +
			"what goes on, in all Applications that you may see.",
		Example: "  slipway attention\n  slipway attention --limit 10 -o json\n  slipway attention --follow",
	}
	var follow bool
	cmd.Flags().BoolVarP(&follow, "follow", "f", false, "what is so now, and what changes, until it is interrupted")
	cmd.Flags().IntVar(&limit, "limit", limit, "how many of each kind: 1 to 200")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		if limit < 1 || limit > 200 {
			return usagef("--limit is 1 to 200, got %d", limit)
		}
		c, s, err := a.within(needOrg...)
		if err != nil {
			return err
		}
		query := "?limit=" + fmt.Sprint(limit)
		if follow {
			return a.followPath(cmd.Context(), c, s.OrgPath("attention", "events")+query, a.teller().organization)
		}
		raw, err := c.Get(cmd.Context(), s.OrgPath("attention")+query)
		if err != nil {
			return err
		}
		return a.show(raw, func() error {
			var found api.Attention
			if err := json.Unmarshal(raw, &found); err != nil {
				return fmt.Errorf("the answer is not what the API documents: %w", err)
			}
			return a.printAttention(found)
		})
	}
	return cmd
}

func (a *app) printAttention(found api.Attention) error {
	shown := false
	for _, part := range []struct {
		title string
		items []api.AttentionItem
	}{{"Waits for people", found.Waiting}, {"Needs attention", found.Concerns}, {"Goes on", found.Underway}} {
		if len(part.items) == 0 {
			continue
		}
		if shown {
			a.say("")
		}
		shown = true
		a.say("%s:", part.title)
		t := newTable("WHAT", "WHERE", "STATUS", "AT", "ID", "WHY")
		for _, i := range part.items {
			t.add(i.Kind, attentionPlace(i), attentionStatus(i), agoPtr(i.At), attentionID(i), i.Message)
		}
		if err := a.print(t); err != nil {
			return err
		}
	}
	if !shown {
		a.say("nothing needs attention, and nothing is being deployed")
	}
	for _, kind := range found.More {
		a.say("there are more of %s; ask for more with --limit", kind)
	}
	for _, what := range found.Unknown {
		a.say("not known: %s", oneLine(what))
	}
	return nil
}

func attentionPlace(i api.AttentionItem) string {
	if i.AppID == "" {
		return i.EnvType
	}
	return strings.TrimSuffix(i.AppID+"/"+i.EnvID, "/")
}

func attentionStatus(i api.AttentionItem) string {
	if i.Mine {
		return i.Status + ", yours to decide"
	}
	return i.Status
}

// attentionID is the id that the next command wants.
func attentionID(i api.AttentionItem) string {
	if i.PipelineApproval != nil {
		return i.PipelineApproval.ID
	}
	for _, id := range []string{i.DeploymentID, i.PromotionID, i.RequestID, i.RunID, i.ScheduleID} {
		if id != "" {
			return id
		}
	}
	return ""
}

var orgResourceTable = columns([]string{"APP", "ENV", "TYPE", "CLASS", "ID", "STATUS", "DEFINITION", "DRIVER", "UPDATED"}, func(r api.ActiveResource) []string {
	return []string{r.AppID, r.EnvID, r.Type, r.Class, r.ResID, resourceStatus(r), r.DefID, r.DriverType, ago(r.UpdatedAt)}
})

func (a *app) resourcesListCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "list", Short: "List the active resources of the organization", Args: noArgs,
		Long: "Lists those of all Applications that you may see, those that were replaced as well; with --app and --env only of these. Those of one\n" +
			"Environment are also what slipway get resources shows.",
		Example: "  slipway resources list --type postgres --env-type production\n  slipway resources list --definition shared-postgres -o json",
	}
	filters := map[string]*string{}
	for _, f := range []struct{ flag, query, doc string }{
		{"env-type", "env_type", "only in Environments of this type"}, {"type", "type", "only of this resource type"}, {"class", "class", "only of this class"},
		{"driver", "driver", "only those that this driver made"}, {"definition", "definition", "only those that this definition made"},
		{"status", "status", "only those that are pending, active or deleting"},
		{"text", "text", "only those with this text in their id, type, class, GUResID, Application, Environment or definition"},
	} {
		filters[f.query] = cmd.Flags().String(f.flag, "", f.doc)
	}
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		c, s, err := a.within(needOrg...)
		if err != nil {
			return err
		}
		filters["app"], filters["env"] = &s.App, &s.Env
		asked := url.Values{"per_page": {"100"}}
		for name, value := range filters {
			if *value != "" {
				asked.Set(name, *value)
			}
		}
		raw, err := c.Get(cmd.Context(), s.OrgPath("active-resources")+"?"+asked.Encode())
		if err != nil {
			return err
		}
		return a.showTable(raw, orgResourceTable)
	}
	return cmd
}
