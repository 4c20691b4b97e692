package cli

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/slipway-dev/slipway/internal/api"
	"github.com/slipway-dev/slipway/internal/client"
)

// orphanStates are what an orphan can be.
var orphanStates = []string{"unknown", "left", "missing"}

// orphansFlags narrow what is listed and deleted.
type orphansFlags struct {
	app, env    string
	states      []string
	kinds       []string
	delete, yes bool
}

func (a *app) orphansCommand() *cobra.Command {
	var f orphansFlags
	cmd := &cobra.Command{
		Use: "orphans", Short: "List, and delete, what was left behind in clusters", Args: noArgs,
		Long: "Compares the clusters that the Environments of the Organization are delivered to with what Slipway has brought there:\n\n" +
			"  unknown  an object with Slipway's labels that is in no inventory\n" +
			"  left     an object of an Environment that is delivered to another cluster now\n" +
			"  missing  an object that was delivered and is gone from the cluster\n\n" +
			"With --delete those that are listed are deleted from their clusters; of a missing one only the entry is forgotten, and the\n" +
			"next deployment brings it back when it is wanted. Labels can be copied: look at APPLIED, which says whether Slipway has\n" +
			"applied the object, before you delete an unknown one.",
		Example: "  slipway orphans\n  slipway orphans --of-app shop --state left --delete",
	}
	cmd.Flags().StringVar(&f.app, "of-app", "", "only of this Application")
	cmd.Flags().StringVar(&f.env, "of-env", "", "only of this Environment; needs --of-app")
	cmd.Flags().StringSliceVar(&f.states, "state", nil, "only in these states: "+strings.Join(orphanStates, ", "))
	cmd.Flags().StringSliceVar(&f.kinds, "kind", nil, "only of these kinds, such as ConfigMap")
	cmd.Flags().BoolVar(&f.delete, "delete", false, "delete what is listed")
	cmd.Flags().BoolVarP(&f.yes, "yes", "y", false, "do not ask")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		for _, state := range f.states {
			if !slices.Contains(orphanStates, state) {
				return usagef("--state is one of %s, got %q", strings.Join(orphanStates, ", "), state)
			}
		}
		c, s, err := a.within(needOrg...)
		if err != nil {
			return err
		}
		return a.orphans(cmd.Context(), c, s, f)
	}
	return cmd
}

func (a *app) orphans(ctx context.Context, c *client.Client, s client.Scope, f orphansFlags) error {
	query := url.Values{}
	for name, value := range map[string]string{"app_id": f.app, "env_id": f.env} {
		if value != "" {
			query.Set(name, value)
		}
	}
	path := s.OrgPath("orphans")
	if len(query) > 0 {
		path += "?" + query.Encode()
	}
	report, err := client.Do[api.OrphanReport](ctx, c, http.MethodGet, path, nil)
	if err != nil {
		return err
	}
	report.Orphans = slices.DeleteFunc(report.Orphans, func(o api.Orphan) bool {
		return len(f.states) > 0 && !slices.Contains(f.states, o.State) || len(f.kinds) > 0 && !slices.Contains(f.kinds, o.Kind)
	})
	if !f.delete || len(report.Orphans) == 0 {
		return a.showObject(report, func() error { return a.printOrphans(report) })
	}
	if err := a.confirm(fmt.Sprintf("delete %s in %s", plural(len(report.Orphans), "orphan"), plural(len(report.Clusters), "cluster")), f.yes); err != nil {
		return err
	}
	return a.deleteOrphans(ctx, c, s, report.Orphans)
}

func (a *app) printOrphans(report api.OrphanReport) error {
	t := newTable("STATE", "ENVIRONMENT", "KIND", "NAMESPACE", "NAME", "APPLIED", "CLUSTER")
	for _, o := range report.Orphans {
		t.add(o.State, o.AppID+"/"+o.EnvID, o.Kind, o.Namespace, o.Name, yesNo(o.Applied), o.Cluster)
	}
	if err := a.print(t); err != nil {
		return err
	}
	for _, cluster := range report.Clusters {
		if cluster.Error != "" {
			a.say("not looked at: cluster %s: %s", cluster.URL, cluster.Error)
		}
		if len(cluster.Unread) > 0 {
			a.say("cluster %s: the credentials may not list %s", cluster.URL, strings.Join(cluster.Unread, ", "))
		}
	}
	return nil
}

// orphansAtOnce is how many one request may name.
const orphansAtOnce = 500

func (a *app) deleteOrphans(ctx context.Context, c *client.Client, s client.Scope, all []api.Orphan) error {
	var outcomes []api.OrphanOutcome
	for some := range slices.Chunk(all, orphansAtOnce) {
		request := api.DeleteOrphansRequest{}
		for _, o := range some {
			request.Orphans = append(request.Orphans, o.OrphanRef)
		}
		answer, err := client.Do[[]api.OrphanOutcome](ctx, c, http.MethodPost, s.OrgPath("orphans", "actions", "delete"), request)
		if err != nil {
			return err
		}
		outcomes = append(outcomes, answer...)
	}
	failed := 0
	err := a.showObject(outcomes, func() error {
		for _, o := range outcomes {
			if !o.Deleted {
				a.say("%s %s/%s stays: %s", o.Kind, o.Namespace, o.Name, o.Error)
			}
		}
		return nil
	})
	for _, o := range outcomes {
		if !o.Deleted {
			failed++
		}
	}
	if err != nil {
		return err
	}
	if failed > 0 {
		return fmt.Errorf("%s of %d could not be deleted", plural(failed, "orphan"), len(outcomes))
	}
	a.say("deleted %s", plural(len(outcomes), "orphan"))
	return nil
}

func yesNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}
