package server

import (
	"slices"

	"github.com/slipway-dev/slipway/internal/api"
	"github.com/slipway-dev/slipway/orchestrator"
)

var attentionQuery = []Query{{Name: "limit", Type: "integer", Doc: "How many of each kind, 1 to 200; 50 when absent"}}

// attentionRoutes read over all environments of an organization.
func attentionRoutes() []Route {
	resources := slices.Concat([]Query{
		{Name: "app", Doc: "Only of this Application"}, {Name: "env", Doc: "Only of Environments with this id"}, {Name: "env_type", Doc: "Only in Environments of this type"},
		{Name: "type", Doc: "Only of this resource type"}, {Name: "class", Doc: "Only of this class"}, {Name: "driver", Doc: "Only those that this driver made"},
		{Name: "definition", Doc: "Only those that this definition made"}, {Name: "status", Doc: "Only those that are pending, active or deleting"},
		{Name: "scheduled_deletion", Type: "boolean", Doc: "Only those that are, or are not, to be deleted"},
		{Name: "text", Doc: "Only those with this text in their id, type, class, GUResID, Application, Environment or definition, whatever its case"},
	}, pageQuery)
	return append(tagged("Active Resources", []Route{
		answer(Route{Method: "GET", Path: orgPath + "/active-resources", OperationID: "listActiveResourcesInOrg", Query: resources,
			Summary: "List the resources of all Environments of an Organization by Application, Environment and GUResID, those that were replaced as well"}, listOrgResources),
	}), tagged("Attention", []Route{
		answer(Route{Method: "GET", Path: orgPath + "/attention", OperationID: "getAttention",
			Summary: "Get what needs attention in an Organization: what waits for people, what is not as it should be, and what goes on",
			Query:   attentionQuery}, getAttention),
	})...)
}

func getAttention(c *Call) (api.Attention, error) {
	limit, err := attentionLimit(c)
	if err != nil {
		return api.Attention{}, err
	}
	return as(wireAttention)(c.Service.Attention(c.Context(), c.Org(), limit))
}

func attentionLimit(c *Call) (int, error) {
	limit, err := c.QueryInt("limit", orchestrator.DefaultAttention)
	if err != nil {
		return 0, err
	}
	if limit == 0 || limit > orchestrator.MaxAttention {
		return 0, orchestrator.Invalidf("query parameter limit: %d is not 1 to %d", limit, orchestrator.MaxAttention)
	}
	return int(limit), nil
}

func wireAttention(a orchestrator.Attention) api.Attention {
	return api.Attention{
		Waiting: convert(a.Waiting, wireAttentionItem), Concerns: convert(a.Concerns, wireAttentionItem), Underway: convert(a.Underway, wireAttentionItem),
		More:    convert(a.More, func(k orchestrator.AttentionKind) string { return string(k) }),
		Unknown: orEmptyList(a.Unknown),
	}
}

func wireAttentionItem(i orchestrator.AttentionItem) api.AttentionItem {
	out := api.AttentionItem{
		Kind: string(i.Kind), AppID: i.Env.AppID, AppName: i.AppName, EnvID: i.Env.EnvID, EnvName: i.EnvName, EnvType: i.EnvType, Status: i.Status,
		Message: i.Message, Until: api.NewTimePtr(i.Until), By: i.By, Mine: i.Mine, Runs: i.Runs,
		DeploymentID: i.DeploymentID, PromotionID: i.PromotionID, RequestID: i.SpinUpID, PipelineID: i.PipelineID, RunID: i.RunID, ScheduleID: i.ScheduleID,
	}
	if !i.At.IsZero() {
		out.At = newTime(i.At)
	}
	if i.Approval != nil {
		gate := wireGate(*i.Approval)
		out.Approval = &gate
	}
	if i.PipelineApproval != nil {
		request := wireApproval(*i.PipelineApproval)
		out.PipelineApproval = &request
	}
	return out
}
