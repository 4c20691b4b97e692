package server

import (
	"net/http"
	"time"

	"github.com/slipway-dev/slipway/internal/api"
	"github.com/slipway-dev/slipway/orchestrator"
)

// promotionRoutes are the operations of promotions.
func promotionRoutes() []Route {
	const list, item = appPath + "/promotions", appPath + "/promotions/{promotionId}"
	create := stream[api.Promotion](Route{Method: "POST", Path: list, OperationID: "createPromotion", Status: http.StatusCreated, AlsoStatus: []int{http.StatusOK},
		Summary: "Promote what one Environment runs to another one, as one durable process; with dry_run only answer what would change"}, createPromotion)
	create.Request = api.CreatePromotionRequest{}
	return tagged("Environment Lifecycle", []Route{
		answer(Route{Method: "GET", Path: list, OperationID: "listPromotions", Summary: "List the promotions of an Application, newest first",
			Query: []Query{{Name: "limit", Type: "integer", Doc: "How many at most; 1000 when absent"}}}, listPromotions),
		create,
		answer(Route{Method: "GET", Path: item, OperationID: "getPromotion", Summary: "Get a promotion"}, getPromotion),
		answer(Route{Method: "POST", Path: item + "/cancel", OperationID: "cancelPromotion", Status: http.StatusAccepted,
			Summary: "Ask for the end of a promotion; it is rolled back when it says so for a failure"}, cancelPromotion),
	})
}

func createPromotion(c *Call) error {
	var in api.CreatePromotionRequest
	if err := c.decode(&in, false); err != nil {
		return err
	}
	plan, err := c.Service.CreatePromotion(c.Context(), c.Org(), c.App(), orchestrator.PromotionRequest{
		FromEnvID: in.FromEnv, FromDeployID: in.FromDeployID, ToEnvID: in.ToEnv, Workloads: in.Workloads, Soak: seconds(in.SoakSeconds),
		RollBack: in.RollBackOnFailure, Deadline: seconds(in.DeadlineSeconds), Comment: in.Comment, FreezeOverride: in.FreezeOverride, DryRun: in.DryRun,
	})
	if err != nil {
		return err
	}
	out := wirePromotion(plan.Promotion)
	out.Diff = &plan.Diff
	if in.DryRun {
		return c.send(http.StatusOK, out)
	}
	return c.send(http.StatusCreated, out)
}

// seconds is a span; what does not fit is one that every use case refuses.
func seconds(n int64) time.Duration {
	const most = int64(1) << 32
	return time.Duration(min(max(n, -most), most)) * time.Second
}

func (c *Call) promotion() orchestrator.PromotionKey {
	return orchestrator.PromotionKey{OrgID: c.Org(), AppID: c.App(), ID: c.Param("promotionId")}
}

func listPromotions(c *Call) ([]api.Promotion, error) {
	limit, err := c.limit()
	if err != nil {
		return nil, err
	}
	return asList(wirePromotion)(c.Service.ListPromotions(c.Context(), c.Org(), c.App(), limit))
}

func getPromotion(c *Call) (api.Promotion, error) {
	return as(wirePromotion)(c.Service.GetPromotion(c.Context(), c.promotion()))
}

func cancelPromotion(c *Call) (api.Promotion, error) {
	return as(wirePromotion)(c.Service.CancelPromotion(c.Context(), c.promotion()))
}

func wirePromotion(p orchestrator.Promotion) api.Promotion {
	out := api.Promotion{
		ID: p.ID, FromEnv: p.FromEnvID, FromDeployID: p.FromDeployID, ToEnv: p.EnvID, Workloads: append([]string{}, p.Workloads...),
		BaseSetID: p.BaseSetID, SetID: p.SetID, Comment: p.Comment, SoakSeconds: int64(p.Soak.Seconds()), RollBackOnFailure: p.RollBack,
		DeadlineAt: api.NewTime(p.Deadline), DeploymentID: p.DeploymentID, RollBackDeploymentID: p.RollBackID, Status: p.Status, Phase: p.Phase,
		Message: p.Message, SoakUntil: api.NewTimePtr(p.SoakUntil), CreatedAt: api.NewTime(p.CreatedAt), CreatedBy: p.CreatedBy,
		CancelRequestedAt: api.NewTimePtr(p.CancelRequestedAt), FinishedAt: api.NewTimePtr(p.FinishedAt), Events: []api.PromotionEvent{},
	}
	if p.ID != "" {
		out.WorkflowID = p.WorkflowID()
	}
	for _, e := range p.Events {
		out.Events = append(out.Events, api.PromotionEvent{Seq: e.Seq, At: api.NewTime(e.At), Phase: e.Phase, Status: e.Status, Message: e.Message})
	}
	return out
}
