package server_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/internal/charts/charttest"
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

// keys carries out the operations on agents and public keys.
func (w *walk) keys(t *testing.T) {
	t.Helper()
	first, _ := publicPEM(t, rsaKeys()[0])
	second, fingerprint := publicPEM(t, rsaKeys()[1])
	w.step("createAgent", "POST", agentsPath, `{"id":"tunnel","public_key":`+quoted(first)+`}`, nil)
	w.step("patchAgent", "PATCH", agentsPath+"/tunnel", `{"description":"x"}`, nil)
	w.step("createKey", "POST", agentsPath+"/tunnel/keys", `{"public_key":`+quoted(second)+`}`, nil)
	w.step("deleteKeyInAgent", "DELETE", agentsPath+"/tunnel/keys/"+fingerprint, "", nil)
	w.step("deleteAgent", "DELETE", agentsPath+"/tunnel", "", nil)
	var key struct{ ID string }
	w.step("createPublicKey", "POST", "/orgs/"+org+"/keys", quoted(first), &key)
	w.step("deletePublicKey", "DELETE", "/orgs/"+org+"/keys/"+key.ID, "", nil)
}

// workloads carries out the operations on templates of workloads.
func (w *walk) workloads() {
	w.t.Helper()
	w.step("createWorkloadTemplate", "POST", templatesPath, ownTemplate, nil)
	w.step("updateWorkloadTemplate", "PUT", templatesPath+"/own-api", ownTemplate, nil)
	w.step("deleteWorkloadTemplate", "DELETE", templatesPath+"/own-api", "", nil)
	require.NoError(w.t, w.store.CreateWorkloadProfileChart(w.t.Context(), &orchestrator.WorkloadProfileChart{
		OrgID: org, ID: "web", ChartVersion: "1.0.0", Archive: []byte("x"), CreatedAt: time.Now().UTC(),
	}))
	const profile = `"spec_definition":{},"workload_profile_chart":{"id":"web","version":"1.0.0"}}`
	w.step("createWorkloadProfile", "POST", profilesPath, `{"id":"web","version":"v1",`+profile, nil)
	w.step("updateWorkloadProfile", "PUT", profilesPath+"/web", `{"version":"v2",`+profile, nil)
	w.step("deleteWorkloadProfile", "DELETE", profilesPath+"/web", "", nil)
}

// chart uploads a chart to a server of its own, for it is no JSON and the
// platform of the walk reads none.
func (w *walk) chart(t *testing.T) {
	t.Helper()
	h := newHarness(t)
	h.upload(h.token, "file", charttest.Chart(t, "web", "1.0.0", "a: 1")).must(201, nil)
	entries, err := h.store.ListAudit(t.Context(), org, orchestrator.AuditFilter{ObjectType: "workload-profile-chart"}, 1)
	require.NoError(t, err)
	require.Len(t, entries, 1)
	w.seen["createWorkloadProfileChartVersion"] = true
}
