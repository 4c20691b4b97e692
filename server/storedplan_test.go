package server_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/internal/api"
	"github.com/slipway-dev/slipway/orchestrator"
)

const shopPlans = devPath + "/plans"

func TestStoredPlansThroughTheAPI(t *testing.T) {
	t.Parallel()
	h := newPlatform(t)
	h.app("shop")
	var made, got api.StoredPlan
	preview, _ := h.raw(h.token, "POST", devPath+"/deploys", `{"preview":true}`) // 202 is ours: only who asks for a preview gets it
	preview.must(http.StatusAccepted, &made)
	require.Equal(t, "planning", made.Status)
	require.Nil(t, made.Plan)
	h.do("GET", shopPlans+"/"+made.ID, "").must(http.StatusOK, &got)
	require.Equal(t, made, got)
	h.do("GET", shopPlans+"/nope", "").fails(http.StatusNotFound, "nope")
	var none []api.Deployment
	h.do("GET", devPath+"/deploys", "").must(http.StatusOK, &none)
	require.Empty(t, none, "a preview deploys nothing")
	h.do("POST", devPath+"/deploys", `{"preview":true,"plan":"`+made.ID+`"}`).fails(http.StatusBadRequest, "give one of them")
	h.do("POST", devPath+"/deploys", `{"preview":true,"set_id":"nope"}`).fails(http.StatusBadRequest, "set_id")
	h.do("POST", shopPlans+"/nope/cancel", "").fails(http.StatusNotFound, "nope")
	h.do("POST", shopPlans, `{"delta_id":"nope"}`).fails(http.StatusBadRequest, "delta_id")
	h.do("POST", shopPlans, `{"set_id":"nope"}`).fails(http.StatusBadRequest, "set_id")
	h.do("POST", devPath+"/deploys", `{"plan":"`+made.ID+`"}`).fails(http.StatusConflict, "still being made")
	h.do("POST", devPath+"/deploys", `{"plan":"0b5e5e0e-6d0a-4b0c-9c3e-1f6b7f1d2c3a"}`).fails(http.StatusBadRequest, "plan")
	for range 4 {
		h.do("POST", shopPlans, "").must(http.StatusCreated, nil)
	}
	h.do("POST", shopPlans, "").fails(http.StatusConflict, "are being made")

	h.do("POST", shopPlans+"/"+made.ID+"/cancel", "").must(http.StatusAccepted, &got)
	ref := orchestrator.EnvRef{OrgID: org, AppID: "shop", EnvID: "development"}
	_, err := h.service.EndPlan(orchestrator.WithActor(t.Context(), orchestrator.SystemActor), orchestrator.PlanKey{EnvRef: ref, ID: made.ID}, "cancelled")
	require.NoError(t, err)
	var list []api.StoredPlan
	h.do("GET", shopPlans, "").must(http.StatusOK, &list)
	require.Len(t, list, 5)
	require.Equal(t, "cancelled", list[4].Status)
	h.do("POST", shopPlans+"/"+made.ID+"/cancel", "").must(http.StatusAccepted, nil)
	_, err = h.service.MakePlan(t.Context(), orchestrator.PlanKey{EnvRef: ref, ID: made.ID}, nil)
	require.Equal(t, orchestrator.CodeForbidden, orchestrator.CodeOf(err), "only Slipway itself")

	h.do("POST", devPath+"/deploys", "{}").must(http.StatusCreated, nil)
	h.do("POST", shopPlans, "").fails(http.StatusConflict, "wait for its end")
}
