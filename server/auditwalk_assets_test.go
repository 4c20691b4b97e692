package server_test

import (
	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/internal/api"
	"github.com/slipway-dev/slipway/orchestrator"
)

// assets carries out the operations on artefacts, stores, registries and accounts.
func (w *walk) assets() {
	w.t.Helper()
	const base = "/orgs/" + org
	var v api.ArtefactVersion
	w.step("createArtefactVersion", "POST", base+"/artefact-versions", `{"type":"container","name":"api","version":"1"}`, &v)
	w.step("patchArtefactVersion", "PATCH", base+"/artefacts/"+v.ArtefactID+"/versions/"+v.ID, `{"archived":true}`, nil)
	w.step("createDeprecatedImageBuild", "POST", base+"/images/api/builds", `{"image":"api:2"}`, nil)
	w.step("deleteArtefact", "DELETE", base+"/artefacts/"+v.ArtefactID, "", nil)
	w.step("createSecretStore", "POST", base+"/secretstores", `{"id":"main","primary":true,"vault":{"url":"https://vault.test","auth":{"token":"`+secretText+`"}}}`, nil)
	w.step("updateSecretStore", "PATCH", base+"/secretstores/main", `{"vault":{"path":"kv","auth":{"token":"`+secretText+`"}}}`, nil)
	w.step("updateSecretStore", "PATCH", base+"/secretstores/"+orchestrator.BuiltinSecretStore, `{"primary":true}`, nil)
	w.step("deleteSecretStore", "DELETE", base+"/secretstores/main", "", nil)
	const registry = `{"id":"main-reg","registry":"reg.test","type":"basic","creds":{"username":"u","password":"` + secretText + `"}}`
	w.step("createRegistry", "POST", base+"/registries", registry, nil)
	w.step("updateRegistry", "PATCH", base+"/registries/main-reg", registry, nil)
	w.step("deleteRegistry", "DELETE", base+"/registries/main-reg", "", nil)
	const credentials = `"credentials":{"aws_access_key_id":"A","aws_secret_access_key":"` + secretText + `"}`
	w.step("createResourceAccount", "POST", base+"/resources/accounts", `{"id":"aws-1","name":"One","type":"aws",`+credentials+`}`, nil)
	w.step("patchResourceAccount", "PATCH", base+"/resources/accounts/aws-1", `{"name":"Two",`+credentials+`}`, nil)
	w.step("deleteResourceAccount", "DELETE", base+"/resources/accounts/aws-1", "", nil)
}

// reactions carries out the operations on rules and webhooks.
func (w *walk) reactions() {
	w.t.Helper()
	rules := shopPath + "/envs/development/rules"
	var rule api.AutomationRule
	w.step("createAutomationRule", "POST", rules, `{"type":"update"}`, &rule)
	w.step("updateAutomationRule", "PUT", rules+"/"+rule.ID, `{"type":"update","active":false}`, nil)
	w.step("deleteAutomationRule", "DELETE", rules+"/"+rule.ID, "", nil)
	hooks := shopPath + "/webhooks"
	w.step("createWebhook", "POST", hooks, `{"id":"hook","url":"a.test","secret":"`+secretText+`","headers":{"Authorization":"`+secretText+`"},
		"triggers":[{"scope":"environment","type":"created"}]}`, nil)
	w.step("updateWebhook", "PATCH", hooks+"/hook", `{"url":"b.test"}`, nil)
	w.do("POST", shopPath+"/envs", `{"id":"heard","name":"Heard"}`).must(201, nil)
	sent := w.deliveries(hooks + "/hook")
	require.NotEmpty(w.t, sent)
	d, err := w.store.GetWebhookDelivery(w.t.Context(), org, sent[0].ID)
	require.NoError(w.t, err)
	d.Status = orchestrator.WebhookFailed
	require.NoError(w.t, w.store.UpdateWebhookDelivery(w.t.Context(), d))
	w.step("resendWebhookDelivery", "POST", hooks+"/hook/deliveries/"+d.ID+"/resend", "", nil)
	w.step("deleteWebhook", "DELETE", hooks+"/hook", "", nil)
	w.step("deleteJobs", "DELETE", shopPath+"/jobs", "", nil)
}
