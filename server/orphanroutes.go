package server

import (
	"github.com/slipway-dev/slipway/internal/api"
	"github.com/slipway-dev/slipway/orchestrator"
)

// orphanRoutes are the operations on what was left behind in clusters.
func orphanRoutes() []Route {
	return tagged("Orphans", []Route{
		answer(Route{Method: "GET", Path: orgPath + "/orphans", OperationID: "listOrphans",
			Summary: "Compare the clusters of an Organization with what Slipway has delivered",
			Query: []Query{
				{Name: "app_id", Doc: "Only this application"},
				{Name: "env_id", Doc: "Only this environment; needs app_id"},
			}}, listOrphans),
		accept(Route{Method: "POST", Path: orgPath + "/orphans/actions/delete", OperationID: "deleteOrphans",
			Summary: "Delete orphans from their clusters, and forget those that are missing"}, deleteOrphans),
	})
}

func listOrphans(c *Call) (api.OrphanReport, error) {
	report, err := c.Service.ListOrphans(c.Context(), c.Org(), orchestrator.OrphanFilter{AppID: c.Query("app_id"), EnvID: c.Query("env_id")})
	if err != nil {
		return api.OrphanReport{}, err
	}
	out := api.OrphanReport{Orphans: []api.Orphan{}, Clusters: []api.OrphanCluster{}}
	for i := range report.Orphans {
		o := &report.Orphans[i]
		out.Orphans = append(out.Orphans, api.Orphan{
			OrphanRef: api.OrphanRef(o.Ref()), State: o.State, AppID: o.AppID, EnvID: o.EnvID, DeploymentID: o.DeploymentID,
			Applied: o.Applied, CreatedAt: api.NewTime(o.CreatedAt),
		})
	}
	for _, cluster := range report.Clusters {
		out.Clusters = append(out.Clusters, api.OrphanCluster{URL: cluster.URL, Unread: append([]string{}, cluster.Unread...), Error: cluster.Error})
	}
	return out, nil
}

func deleteOrphans(c *Call, in api.DeleteOrphansRequest) ([]api.OrphanOutcome, error) {
	refs := make([]orchestrator.OrphanRef, 0, len(in.Orphans))
	for _, ref := range in.Orphans {
		refs = append(refs, orchestrator.OrphanRef(ref))
	}
	outcomes, err := c.Service.DeleteOrphans(c.Context(), c.Org(), refs)
	if err != nil {
		return nil, err
	}
	out := []api.OrphanOutcome{}
	for _, o := range outcomes {
		out = append(out, api.OrphanOutcome{OrphanRef: api.OrphanRef(o.OrphanRef), Deleted: o.Error == "", Error: o.Error})
	}
	return out, nil
}
