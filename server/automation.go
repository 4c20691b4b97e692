package server

import (
	"net/http"

	"github.com/slipway-dev/slipway/internal/api"
	"github.com/slipway-dev/slipway/orchestrator"
)

func automationRoutes() []Route {
	const list, item = envPath + "/rules", envPath + "/rules/{ruleId}"
	return tagged("Automation Rules", []Route{
		answer(Route{Method: "GET", Path: list, OperationID: "listAutomationRules", Summary: "List the Automation Rules of an Environment"}, listAutomationRules),
		accept(Route{Method: "POST", Path: list, OperationID: "createAutomationRule", Status: http.StatusCreated,
			Summary: "Have an Environment follow pushes of images"}, createAutomationRule),
		answer(Route{Method: "GET", Path: item, OperationID: "getAutomationRule", Summary: "Get an Automation Rule"}, getAutomationRule),
		accept(Route{Method: "PUT", Path: item, OperationID: "updateAutomationRule", Summary: "Replace an Automation Rule"}, updateAutomationRule),
		answer(Route{Method: "DELETE", Path: item, OperationID: "deleteAutomationRule", Summary: "Delete an Automation Rule"}, deleteAutomationRule),
		answer(Route{Method: "GET", Path: envPath + "/pushes", OperationID: "listPushes",
			Summary: "List the images that rules let through, newest first, and what became of them",
			Query:   []Query{{Name: "limit", Type: "integer", Doc: "How many at most; default 100"}}}, listPushes),
	})
}

func listAutomationRules(c *Call) ([]api.AutomationRule, error) {
	return asList(wireAutomationRule)(c.Service.ListAutomationRules(c.Context(), c.Env()))
}

func createAutomationRule(c *Call, in api.AutomationRuleRequest) (api.AutomationRule, error) {
	return as(wireAutomationRule)(c.Service.CreateAutomationRule(c.Context(), c.Env(), ruleRequest(in)))
}

func getAutomationRule(c *Call) (api.AutomationRule, error) {
	return as(wireAutomationRule)(c.Service.GetAutomationRule(c.Context(), c.Env(), c.Param("ruleId")))
}

func updateAutomationRule(c *Call, in api.AutomationRuleRequest) (api.AutomationRule, error) {
	return as(wireAutomationRule)(c.Service.UpdateAutomationRule(c.Context(), c.Env(), c.Param("ruleId"), ruleRequest(in)))
}

func deleteAutomationRule(c *Call) (Empty, error) {
	return Empty{}, c.Service.DeleteAutomationRule(c.Context(), c.Env(), c.Param("ruleId"))
}

const defaultPushes = 100

func listPushes(c *Call) ([]api.Push, error) {
	limit, err := c.QueryInt("limit", defaultPushes)
	if err != nil {
		return nil, err
	}
	return asList(wirePush)(c.Service.ListPushes(c.Context(), c.Env(), int(min(limit, 1000))))
}

func ruleRequest(in api.AutomationRuleRequest) orchestrator.RuleRequest {
	return orchestrator.RuleRequest{
		Active: in.Active, Type: in.Type, MatchRef: in.MatchRef, Artefacts: in.ArtefactsFilter, ExcludeArtefacts: in.ExcludeArtefactsFilter,
		UpdateTo: in.UpdateTo, Match: in.Match, Images: in.ImagesFilter, ExcludeImages: in.ExcludeImagesFilter,
	}
}

// wireAutomationRule shows a rule of the newer form with update_to branch: the
// published API requires one of two values there, and match, which it belongs
// to, is empty.
func wireAutomationRule(r orchestrator.AutomationRule) api.AutomationRule {
	out := api.AutomationRule{
		ID: r.ID, Type: r.Type, Active: r.Active, MatchRef: r.MatchRef,
		ArtefactsFilter: orEmptyList(r.Artefacts), ExcludeArtefactsFilter: r.ExcludeArtefacts,
		UpdateTo: r.UpdateTo, Match: r.Match, ImagesFilter: orEmptyList(r.Images), ExcludeImagesFilter: r.ExcludeImages,
		CreatedAt: api.NewTime(r.CreatedAt), UpdatedAt: api.NewTime(r.UpdatedAt),
	}
	if out.UpdateTo == "" {
		out.UpdateTo = "branch"
	}
	return out
}

func wirePush(p orchestrator.Push) api.Push {
	return api.Push{
		ID: p.ID, ArtefactVersionID: p.ArtefactVersionID, Image: p.Image, Ref: p.Ref, Commit: p.Commit, RuleID: p.RuleID,
		Status: p.Status, Reason: p.Reason, DeploymentID: p.DeploymentID, CreatedAt: api.NewTime(p.CreatedAt), HandledAt: api.NewTimePtr(p.HandledAt),
	}
}
