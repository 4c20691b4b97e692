package server_test

import (
	"github.com/slipway-dev/slipway/orchestrator"
)

// assets carries out the operations on secret stores, registries and accounts.
func (w *walk) assets() {
	w.t.Helper()
	const base = "/orgs/" + org
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
