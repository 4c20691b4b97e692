package cli

import (
	"encoding/json"
	"fmt"
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
		Example: "  slipway attention\n  slipway attention --limit 10 -o json",
	}
	cmd.Flags().IntVar(&limit, "limit", limit, "how many of each kind: 1 to 200")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		if limit < 1 || limit > 200 {
			return usagef("--limit is 1 to 200, got %d", limit)
		}
		c, s, err := a.within(needOrg...)
		if err != nil {
			return err
		}
		raw, err := c.Get(cmd.Context(), s.OrgPath("attention")+"?limit="+fmt.Sprint(limit))
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
