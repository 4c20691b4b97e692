package server

import (
	"net/http"

	"github.com/slipway-dev/slipway/internal/api"
	"github.com/slipway-dev/slipway/orchestrator"
)

// operateRoutes are the operations of what changes a running environment without a deployment.
func operateRoutes() []Route {
	const list, item = envPath + "/operations", envPath + "/operations/{operationId}"
	return tagged("Operations", []Route{
		answer(Route{Method: "GET", Path: list, OperationID: "listOperations",
			Summary: "List the newest 100 operations on what runs in an Environment, newest first"}, listOperations),
		accept(Route{Method: "POST", Path: list, OperationID: "createOperation", Status: http.StatusCreated,
			Summary: "Scale, pause, resume or restart what runs in an Environment"}, createOperation),
		answer(Route{Method: "GET", Path: item, OperationID: "getOperation", Summary: "Get an operation"}, getOperation),
		answer(Route{Method: "POST", Path: item + "/cancel", OperationID: "cancelOperation",
			Summary: "Cancel an operation; what it has changed stays"}, cancelOperation),
		accept(Route{Method: "PATCH", Path: envPath + "/runtime/replicas", OperationID: "patchReplicas", Status: http.StatusNoContent,
			Summary: "Scale workloads; the body has the number of replicas by workload"}, patchReplicas),
		answer(Route{Method: "GET", Path: envPath + "/runtime/paused", OperationID: "getPaused", Summary: "See whether an Environment is paused"}, getPaused),
		accept(Route{Method: "PUT", Path: envPath + "/runtime/paused", OperationID: "updatePaused", Status: http.StatusNoContent,
			Summary: "Pause (true) or resume (false) an Environment"}, updatePaused),
	})
}

func listOperations(c *Call) ([]api.Operation, error) {
	return asList(wireOperation)(c.Service.ListOperations(c.Context(), c.Env()))
}

func getOperation(c *Call) (api.Operation, error) {
	return as(wireOperation)(c.Service.GetOperation(c.Context(), c.Env(), c.Param("operationId")))
}

func cancelOperation(c *Call) (api.Operation, error) {
	return as(wireOperation)(c.Service.CancelOperation(c.Context(), c.Env(), c.Param("operationId")))
}

func createOperation(c *Call, in api.OperationRequest) (api.Operation, error) {
	return as(wireOperation)(c.Service.Operate(c.Context(), c.Env(), orchestrator.OperationRequest{
		Kind: orchestrator.OperationKind(in.Kind), Replicas: in.Replicas, Workloads: in.Workloads,
	}))
}

func patchReplicas(c *Call, in api.ReplicaCounts) (Empty, error) {
	_, err := c.Service.Operate(c.Context(), c.Env(), orchestrator.OperationRequest{Kind: orchestrator.OperationScale, Replicas: in})
	return Empty{}, err
}

func updatePaused(c *Call, paused bool) (Empty, error) {
	_, err := c.Service.SetPaused(c.Context(), c.Env(), paused)
	return Empty{}, err
}

func getPaused(c *Call) (api.Paused, error) {
	pause, err := c.Service.GetPause(c.Context(), c.Env())
	return wirePaused(pause), err
}

func wirePaused(pause *orchestrator.Pause) api.Paused {
	if pause == nil {
		return api.Paused{}
	}
	since := api.NewTime(pause.CreatedAt)
	return api.Paused{Paused: true, Since: &since, By: pause.CreatedBy, OperationID: pause.OperationID}
}

func wireOperation(o orchestrator.Operation) api.Operation {
	return api.Operation{
		ID: o.ID, Kind: string(o.Kind), EnvID: o.EnvID, Replicas: o.Replicas, Workloads: o.Workloads, Status: string(o.Status), Message: o.Message,
		CreatedAt: api.NewTime(o.CreatedAt), CreatedBy: o.CreatedBy, StartedAt: api.NewTimePtr(o.StartedAt), FinishedAt: api.NewTimePtr(o.FinishedAt),
	}
}
