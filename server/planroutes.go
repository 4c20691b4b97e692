package server

import (
	"github.com/slipway-dev/slipway/internal/api"
	"github.com/slipway-dev/slipway/orchestrator"
)

// planRoutes are the operations of previews and approvals.
func planRoutes() []Route {
	return tagged("Deployments", []Route{
		accept(Route{Method: "POST", Path: envPath + "/deploys/plan", OperationID: "planDeployment", BodyOptional: true,
			Summary: "Say what a deployment would do now, and do nothing"}, planDeployment),
	})
}

func planDeployment(c *Call, in api.PlanDeploymentRequest) (api.DeploymentPlan, error) {
	return as(wireDeploymentPlan)(c.Service.PlanDeployment(c.Context(), c.Env(), orchestrator.DeploymentRequest{
		DeltaID: in.DeltaID, SetID: in.SetID, ValueSetVersionID: deref(in.ValueSetVersionID),
	}))
}

func wireDeploymentPlan(in orchestrator.DeploymentPlan) api.DeploymentPlan {
	out := api.DeploymentPlan{
		BaseID: in.BaseID, SetID: in.SetID, ValueSetVersionID: in.ValueSetVersionID, Fingerprint: in.Fingerprint,
		Changes: api.PlannedSetChanges{Modules: in.Changes.Modules, Shared: orEmptyList(in.Changes.Shared)},
		Values:  orEmptyList(in.Values), Resources: convert(in.Resources, wirePlannedResource), Summary: map[string]int{},
		Policies: wireDecision(in.Policies), Problems: orEmptyList(in.Problems), Warnings: orEmptyList(in.Warnings),
	}
	out.Changes.Workloads = in.Changes.Workloads
	for _, r := range in.Resources {
		out.Summary[r.Action]++
	}
	return out
}

func wirePlannedResource(in orchestrator.PlannedResource) api.PlannedResource {
	return api.PlannedResource{
		Type: in.Key.Type, Class: in.Key.Class, ID: in.Key.ID, GUResID: in.GUResID, Action: in.Action, Reason: in.Reason,
		FromDef: in.From.DefID, FromDefVersionID: in.From.DefVersionID, FromDriver: in.From.DriverType,
		ToDef: in.To.DefID, ToDefVersionID: in.To.DefVersionID, ToDriver: in.To.DriverType,
		Destroys: convert(in.Destroys, func(d orchestrator.DestroyedResource) api.DestroyedResource {
			return api.DestroyedResource{GUResID: d.GUResID, DefID: d.By.DefID, DriverType: d.By.DriverType}
		}),
	}
}
