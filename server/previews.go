package server

import (
	"github.com/slipway-dev/slipway/internal/api"
	"github.com/slipway-dev/slipway/orchestrator"
)

func listPreviewRules(c *Call) ([]api.PreviewRule, error) {
	return asList(wirePreviewRule)(c.Service.ListPreviewRules(c.Context(), c.Org(), c.App()))
}

func createPreviewRule(c *Call, in api.CreatePreviewRuleRequest) (api.PreviewRule, error) {
	spans, err := lifetimeChange(in.TTL, nil, in.WarnBefore, in.IdleAfter, nil)
	if err != nil {
		return api.PreviewRule{}, err
	}
	return as(wirePreviewRule)(c.Service.CreatePreviewRule(c.Context(), orchestrator.PreviewRule{
		OrgID: c.Org(), AppID: c.App(), BaseEnvID: in.BaseEnv, EnvTypeID: in.Type, MatchRef: in.MatchRef,
		TTL: deref(spans.TTL), WarnBefore: deref(spans.WarnBefore), IdleAfter: deref(spans.IdleAfter), OnFailure: in.OnFailure,
	}))
}

func deletePreviewRule(c *Call) (Empty, error) {
	return Empty{}, c.Service.DeletePreviewRule(c.Context(), c.Org(), c.App(), c.Param("ruleId"))
}

func removePreview(c *Call) (Deleted, error) {
	going, err := c.Service.RemovePreview(c.Context(), c.Org(), c.App(), c.Param("ruleId"), c.Query("branch"))
	return Deleted{Going: going}, err
}

func wirePreviewRule(r orchestrator.PreviewRule) api.PreviewRule {
	return api.PreviewRule{
		ID: r.ID, BaseEnv: r.BaseEnvID, Type: r.EnvTypeID, MatchRef: r.MatchRef, TTL: r.TTL.String(), WarnBefore: r.WarnBefore.String(),
		IdleAfter: r.IdleAfter.String(), OnFailure: r.OnFailure, CreatedAt: api.NewTime(r.CreatedAt), CreatedBy: r.CreatedBy,
	}
}
