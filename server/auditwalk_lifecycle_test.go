package server_test

import "github.com/slipway-dev/slipway/internal/api"

// lifecycle carries out the operations of how environments come and go.
func (w *walk) lifecycle() {
	w.t.Helper()
	w.raw(w.token, "POST", shopPath+"/values", `{"key":"PASSPHRASE","value":"x","is_secret":true}`)
	var up api.EnvironmentRequest
	w.step("createEnvironmentRequest", "POST", shopPath+"/env-requests", `{"id":"asked","type":"development","deploy":true,"ttl":"1d",
		"values":[{"key":"PASSPHRASE","value":"`+secretText+`"}]}`, &up)
	w.step("updateEnvironmentLifetime", "PATCH", shopPath+"/envs/asked/lifetime", `{"extend_by":"2h"}`, nil)
	w.step("cancelEnvironmentRequest", "POST", shopPath+"/env-requests/"+up.ID+"/cancel", "", nil)
	w.step("setPromotionPath", "PUT", shopPath+"/promotion-path", `{"steps":[{"type":"development"}]}`, nil)
	w.promotions()
	var rule api.PreviewRule
	w.step("createPreviewRule", "POST", shopPath+"/preview-rules", `{"base_env":"development","match_ref":"^refs/heads/f-","ttl":"1d"}`, &rule)
	w.deployImages(shopPath, map[string]string{"previewed": "registry.test/previewed:1"})
	w.raw(w.token, "POST", versionsPath, `{"type":"container","name":"registry.test/previewed","version":"1","ref":"refs/heads/f-1"}`)
	w.step("removePreview", "DELETE", shopPath+"/preview-rules/"+rule.ID+"/previews?branch=f-1", "", nil)
	var receiver api.Receiver
	w.step("createReceiver", "POST", shopPath+"/receivers", `{"vendor":"github","rule_id":"`+rule.ID+`","secret":"`+secretText+`"}`, &receiver)
	w.step("deleteReceiver", "DELETE", shopPath+"/receivers/"+receiver.ID, "", nil)
	w.step("deletePreviewRule", "DELETE", shopPath+"/preview-rules/"+rule.ID, "", nil)
	const windows = "/orgs/" + org + "/env-types/production/freeze-windows"
	var window api.FreezeWindow
	w.step("createFreezeWindow", "POST", windows, `{"cron":"0 16 * * 5","duration":"64h"}`, &window)
	w.step("deleteFreezeWindow", "DELETE", windows+"/"+window.ID, "", nil)
}
