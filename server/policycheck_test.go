package server_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/internal/api"
	"github.com/slipway-dev/slipway/orchestrator"
)

func TestPoliciesAreCheckedOnExamples(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	const check = "/orgs/" + org + "/policies/test"
	const lost = `"policies":[{"id":"no-loss","when":"plan.destroyed.exists(r, r.type == \"postgres\")\n&& env.type == \"production\"","effect":"approve","message":"a database would be lost"}]`
	ask := func(body string) api.PolicyCheck {
		var got api.PolicyCheck
		h.do("POST", check, body).must(http.StatusOK, &got)
		return got
	}
	t.Run("an example that the condition holds for", func(t *testing.T) {
		got := ask(`{` + lost + `,"input":{"plan":{"destroyed":[{"type":"postgres"}]},"env":{"type":"production"}}}`)
		require.Equal(t, "approval", got.Verdict)
		require.Equal(t, "a database would be lost", got.Requirements[0].Message)
		require.Equal(t, org, got.Input.Env.Org)
		require.Equal(t, h.admin.ID, got.Input.Proposer.ID)
	})
	t.Run("one that it does not hold for", func(t *testing.T) {
		require.Equal(t, "allowed", ask(`{`+lost+`,"input":{"plan":{"destroyed":[{"type":"redis"}]},"env":{"type":"production"}}}`).Verdict)
	})
	t.Run("each thing that is wrong has its place", func(t *testing.T) {
		got := ask(`{"policies":[{"id":"wrong","when":"env.type == \"x\" &&\n  plan.nothing && env.nobody == 1","effect":"deny"},{"id":"vague","when":"true","effect":"perhaps"},{"id":"No","when":"true","effect":"deny"}],"input":{}}`)
		require.Equal(t, []api.PolicyProblem{
			{Policy: "wrong", Field: "when", Message: "undefined field 'nothing'", Line: 2, Column: 7},
			{Policy: "wrong", Field: "when", Message: "undefined field 'nobody'", Line: 2, Column: 22},
		}, got.Problems[:2])
		require.Equal(t, "effect", got.Problems[2].Field)
		require.Equal(t, "id", got.Problems[3].Field)
		require.Empty(t, got.Denials, "nothing is evaluated")
	})
	t.Run("without an example they are compiled only", func(t *testing.T) {
		got := ask(`{` + lost + `}`)
		require.Empty(t, got.Problems)
		require.Nil(t, got.Input)
	})
	t.Run("the stored ones when none are given", func(t *testing.T) {
		h.do("PUT", "/orgs/"+org+"/policies/never", `{"when":"env.app == \"shop\"","effect":"deny"}`).must(http.StatusOK, nil)
		require.Equal(t, "never", ask(`{"input":{"env":{"app":"shop"}}}`).Denials[0].Policy)
	})
	t.Run("a stored plan that shows something", func(t *testing.T) {
		h.app("shop")
		var made api.StoredPlan
		h.do("POST", devPath+"/plans", "").must(http.StatusCreated, &made)
		plan := `"plan":{"app_id":"shop","env_id":"development","plan_id":"` + made.ID + `"}`
		h.do("POST", check, `{`+plan+`}`).fails(http.StatusConflict, "shows nothing yet")
		h.do("POST", check, `{`+plan+`,"input":{}}`).fails(http.StatusBadRequest, "either")
		h.do("POST", check, `{"plan":{"app_id":"shop","env_id":"development"}}`).fails(http.StatusBadRequest, "plan_id")
		h.do("POST", check, `{"plan":{"app_id":"shop","env_id":"development","plan_id":"none"}}`).fails(http.StatusNotFound, "none")
		_, outsider := h.user("user", map[string]string{orchestrator.OrgObject(org): orchestrator.RoleMember})
		hidden, _ := h.raw(outsider, "POST", check, `{`+plan+`}`)
		hidden.must(http.StatusNotFound, nil)
	})
}
