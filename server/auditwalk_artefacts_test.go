package server_test

import (
	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/internal/api"
	"github.com/slipway-dev/slipway/orchestrator"
)

// artefacts carries out the operations on artefacts, automation rules and webhooks.
func (w *walk) artefacts() {
	w.t.Helper()
	var v api.ArtefactVersion
	w.step("createArtefactVersion", "POST", versionsPath, `{"type":"container","name":"a","version":"1"}`, &v)
	item := artefactsPath + "/" + v.ArtefactID
	w.step("patchArtefactVersion", "PATCH", item+"/versions/"+v.ID, `{"archived":true}`, nil)
	w.step("deleteArtefact", "DELETE", item, "", nil)
	w.step("createDeprecatedImageBuild", "POST", "/orgs/"+org+"/images/a/builds", `{"image":"a:2"}`, nil)
	const rules = shopPath + "/envs/development/rules"
	var rule api.AutomationRule
	w.step("createAutomationRule", "POST", rules, `{"type":"update"}`, &rule)
	w.step("updateAutomationRule", "PUT", rules+"/"+rule.ID, `{"type":"update","active":false}`, nil)
	w.step("deleteAutomationRule", "DELETE", rules+"/"+rule.ID, "", nil)

	const hooks = shopPath + "/webhooks"
	w.step("createWebhook", "POST", hooks, `{"id":"hook","url":"https://a.test/`+secretText+`","secret":"`+secretText+`",
		"headers":{"Authorization":"`+secretText+`"},"triggers":[{"scope":"environment","type":"created"}]}`, nil)
	w.step("updateWebhook", "PATCH", hooks+"/hook", `{"headers":{"X-Key":"`+secretText+`"}}`, nil)
	w.step("createEnvironment", "POST", shopPath+"/envs", `{"id":"hooked","name":"Hooked"}`, nil)
	id := w.deliveries(hooks + "/hook")[0].ID
	require.NoError(w.t, w.sender().GiveUp(w.t.Context(), orchestrator.WebhookOrder{OrgID: org, ID: id, Order: 1}))
	w.step("resendWebhookDelivery", "POST", hooks+"/hook/deliveries/"+id+"/resend", "", nil)
	w.step("deleteWebhook", "DELETE", hooks+"/hook", "", nil)
	w.step("createWebhook", "POST", hooks, `{"id":"hook","url":"a.test"}`, nil)
	w.step("deleteJobs", "DELETE", shopPath+"/jobs", "", nil)
}
