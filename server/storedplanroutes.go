package server

import (
	"net/http"

	"github.com/slipway-dev/slipway/drivers"
	"github.com/slipway-dev/slipway/internal/api"
	"github.com/slipway-dev/slipway/orchestrator"
)

// storedPlanRoutes are the operations of plans for which drivers are asked.
func storedPlanRoutes() []Route {
	const plans = envPath + "/plans"
	return tagged("Plans", []Route{
		answer(Route{Method: "GET", Path: plans, OperationID: "listPlans", Summary: "List the newest 50 plans of an Environment, newest first"}, listPlans),
		accept(Route{Method: "POST", Path: plans, OperationID: "createPlan", Status: http.StatusCreated, BodyOptional: true,
			Summary: "Have drivers plan a deployment; what they plan is kept, and deployed exactly as it is shown"}, createPlan),
		answer(Route{Method: "GET", Path: plans + "/{planId}", OperationID: "getPlan", Summary: "Get a plan"}, getPlan),
		answer(Route{Method: "POST", Path: plans + "/{planId}/cancel", OperationID: "cancelPlan", Status: http.StatusAccepted,
			Summary: "End the making of a plan, or discard one that was made"}, cancelPlan),
	})
}

func listPlans(c *Call) ([]api.StoredPlan, error) {
	return asList(wirePlanSummary)(c.Service.ListPlans(c.Context(), c.Env()))
}

func createPlan(c *Call, in api.PlanDeploymentRequest) (api.StoredPlan, error) {
	return wireStoredPlan(c.Service.CreatePlan(c.Context(), c.Env(), orchestrator.DeploymentRequest{
		DeltaID: in.DeltaID, SetID: in.SetID, ValueSetVersionID: deref(in.ValueSetVersionID),
	}))
}

func getPlan(c *Call) (api.StoredPlan, error) {
	p, moved, err := c.Service.GetPlanNow(c.Context(), c.Env(), c.Param("planId"))
	out, err := wireStoredPlan(p, err)
	out.Moved = moved
	return out, err
}

func cancelPlan(c *Call) (api.StoredPlan, error) {
	return wireStoredPlan(c.Service.CancelPlan(c.Context(), c.Env(), c.Param("planId")))
}

func wirePlanSummary(p orchestrator.StoredPlan) api.StoredPlan {
	return api.StoredPlan{
		ID: p.ID, EnvID: p.EnvID, Status: string(p.Status), Message: p.Message, DeltaID: p.DeltaID, SetID: p.SetID, DeploymentID: p.DeploymentID,
		CreatedAt: api.NewTime(p.CreatedAt), CreatedBy: p.CreatedBy, MadeAt: api.NewTimePtr(p.MadeAt), ExpiresAt: api.NewTimePtr(p.ExpiresAt),
		FinishedAt: api.NewTimePtr(p.FinishedAt), Nodes: []api.PlannedNode{},
	}
}

func wireStoredPlan(p *orchestrator.StoredPlan, err error) (api.StoredPlan, error) {
	if err != nil {
		return api.StoredPlan{}, err
	}
	out := wirePlanSummary(*p)
	content, err := p.Shown()
	if err != nil || len(p.Content) == 0 {
		return out, err
	}
	plan := wireDeploymentPlan(content.Plan)
	out.Plan, out.Nodes = &plan, convert(content.Nodes, wirePlannedNode)
	if m := content.Manifests; m != nil {
		out.Manifests = &api.ManifestPlan{
			FromID: m.FromID, Objects: convert(m.Objects, wirePlannedObject), Unchanged: m.Same, Notes: orEmptyList(m.Notes),
			Live: convert(m.Live, wireComparison), LiveChecked: m.LiveChecked,
		}
	}
	return out, nil
}

func wirePlannedNode(n orchestrator.NodePlan) api.PlannedNode {
	return api.PlannedNode{
		Type: n.Key.Type, Class: n.Key.Class, ID: n.Key.ID, GUResID: n.GUResID, DriverType: n.Driver, State: n.State, Reason: n.Reason,
		Unchanged: n.Same, Summary: n.Summary, Counts: orEmptyCounts(n.Counts), Changes: convert(n.Changes, wirePlannedChange),
	}
}

func wirePlannedChange(c drivers.Change) api.PlannedChange {
	return api.PlannedChange{Action: c.Action, Address: c.Address, Kind: c.Kind, Attributes: convert(c.Attributes, func(a drivers.Attribute) api.PlannedAttribute {
		return api.PlannedAttribute{Path: a.Path, Sensitive: a.Sensitive}
	})}
}

func wirePlannedObject(o orchestrator.PlannedObject) api.PlannedObject {
	return api.PlannedObject{ObjectDiff: wireComparison(o.ObjectComparison), Unknown: orEmptyList(o.Unknown)}
}
