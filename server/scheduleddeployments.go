package server

import (
	"net/http"

	"github.com/slipway-dev/slipway/internal/api"
	"github.com/slipway-dev/slipway/orchestrator"
)

// scheduledDeploymentRoutes are the operations of deployments by the clock.
func scheduledDeploymentRoutes() []Route {
	const list, item = envPath + "/scheduled-deploys", envPath + "/scheduled-deploys/{orderId}"
	return tagged("Schedules", []Route{
		answer(Route{Method: "GET", Path: list, OperationID: "listScheduledDeployments", Summary: "List the scheduled deployments of an Environment, newest first"}, listScheduledDeployments),
		accept(Route{Method: "POST", Path: list, OperationID: "createScheduledDeployment", Status: http.StatusCreated,
			Summary: "Have something deployed at a time, or again and again"}, createScheduledDeployment),
		answer(Route{Method: "GET", Path: item, OperationID: "getScheduledDeployment", Summary: "Get a scheduled deployment"}, getScheduledDeployment),
		answer(Route{Method: "DELETE", Path: item, OperationID: "deleteScheduledDeployment", Summary: "Take a scheduled deployment back; what it has deployed stays"}, deleteScheduledDeployment),
	})
}

func listScheduledDeployments(c *Call) ([]api.ScheduledDeployment, error) {
	return asList(wireScheduledDeployment)(c.Service.ListScheduledDeployments(c.Context(), c.Env()))
}

func createScheduledDeployment(c *Call, in api.CreateScheduledDeploymentRequest) (api.ScheduledDeployment, error) {
	o := orchestrator.ScheduledDeployment{
		OrgID: c.Org(), AppID: c.App(), EnvID: c.Env().EnvID, SetID: in.SetID, DeltaID: in.DeltaID, FromEnvID: in.FromEnv, Comment: in.Comment,
		Cron: in.Cron, TimeZone: in.TimeZone,
	}
	if in.At != nil {
		at := in.At.Time
		o.At = &at
	}
	return as(wireScheduledDeployment)(c.Service.CreateScheduledDeployment(c.Context(), o))
}

func getScheduledDeployment(c *Call) (api.ScheduledDeployment, error) {
	return as(wireScheduledDeployment)(c.Service.GetScheduledDeployment(c.Context(), c.Env(), c.Param("orderId")))
}

func deleteScheduledDeployment(c *Call) (Empty, error) {
	return Empty{}, c.Service.DeleteScheduledDeployment(c.Context(), c.Env(), c.Param("orderId"))
}

func wireScheduledDeployment(o orchestrator.ScheduledDeployment) api.ScheduledDeployment {
	return api.ScheduledDeployment{
		ID: o.ID, ScheduleID: orchestrator.ScheduleID(orchestrator.ScheduleDeployment, o.AppID, o.EnvID, o.ID), EnvID: o.EnvID, SetID: o.SetID,
		DeltaID: o.DeltaID, FromEnv: o.FromEnvID, Comment: o.Comment, At: api.NewTimePtr(o.At), Cron: o.Cron, TimeZone: o.TimeZone, Status: o.Status,
		Message: o.Message, LastAt: api.NewTimePtr(o.LastAt), LastDeployID: o.LastDeployID, CreatedAt: api.NewTime(o.CreatedAt), CreatedBy: o.CreatedBy,
	}
}
