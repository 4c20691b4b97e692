package server_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/internal/api"
	"github.com/slipway-dev/slipway/orchestrator"
	"github.com/slipway-dev/slipway/server"
)

// withoutAudit are the operations that change nothing although they are no GET,
// or that this test cannot carry out, with the reason.
var withoutAudit = map[string]string{
	"previewResourceDefinitionImpact": "changes nothing", "testResourceDefinition": "changes nothing", "convertScoreToSet": "changes nothing",
	"queryResourceGraph": "changes nothing", "explainResources": "changes nothing", "planDeployment": "changes nothing", "testPolicies": "changes nothing", "checkPolicies": "changes nothing", "checkClusterConnectivity": "changes nothing",
	"redeemLoginCode": "a sign-in changes no object; memberships and invitations that it changes have entries", "checkResourceAccount": "changes nothing", "instantiateWorkloadTemplate": "changes nothing", "deleteOrphans": "needs a cluster: TestClusterOrphans looks for its entry", "answerQuestion": "needs a run of Terraform that asks",
	"receiveFromGitHub": "needs a signature: TestReceivers looks for its entries", "receiveFromGitLab": "needs a token: TestReceivers looks for its entries",
}

// walk carries out operations and checks that each leaves an entry.
type walk struct {
	*harness
	seen map[string]bool
}

const secretText = "correct-horse-battery-staple"

func (w *walk) step(operation, method, path, body string, out any) {
	w.t.Helper()
	w.stepAs(w.token, operation, method, path, body, out)
}

func (w *walk) stepAs(token, operation, method, path, body string, out any) {
	w.t.Helper()
	w.seen[operation] = true
	before := w.newest()
	got, _ := w.raw(token, method, path, body) // other tests check the shapes
	require.Less(w.t, got.Status, 300, "%s: %s", operation, got.Body)
	got.must(got.Status, out)
	entries, err := w.store.ListAudit(w.t.Context(), org, orchestrator.AuditFilter{}, 20)
	require.NoError(w.t, err)
	found := false
	for _, e := range entries {
		if e.Seq <= before {
			break
		}
		found = true
		require.Equal(w.t, method, e.Origin.Method, operation)
		require.Equal(w.t, strings.SplitN(path, "?", 2)[0], e.Origin.Path, operation)
		require.Equal(w.t, got.Status, e.Origin.Status, operation)
		require.NotEmpty(w.t, e.UserID, operation)
		require.NotEmpty(w.t, e.ObjectType, operation)
		require.True(w.t, strings.HasPrefix(e.Object, "/orgs/"+org) || strings.HasPrefix(e.Object, "/users/"), operation)
	}
	require.True(w.t, found, "%s (%s %s) left no entry in the audit log: its use case has to call Service.audit (orchestrator/audit.go)", operation, method, path)
}

func (w *walk) newest() int64 {
	w.t.Helper()
	entries, err := w.store.ListAudit(w.t.Context(), org, orchestrator.AuditFilter{}, 1)
	require.NoError(w.t, err)
	if len(entries) == 0 {
		return 0
	}
	return entries[0].Seq
}

// TestEveryChangeLeavesAnEntry carries every operation out that is no GET.
func TestEveryChangeLeavesAnEntry(t *testing.T) {
	t.Parallel()
	h := newPlatform(t)
	w := &walk{h.harness, map[string]bool{}}
	w.people()
	w.platform()
	w.application()
	w.values(shopPath, "App")
	w.step("createEnvironment", "POST", shopPath+"/envs", `{"id":"qa","name":"QA"}`, nil)
	w.values(shopPath+"/envs/qa", "Environment")
	w.pipelines()
	w.assets()
	w.keys(t)
	w.workloads()
	w.chart(t)
	w.running(h)
	w.operating()
	w.schedules()
	w.pipelineRuns()
	w.artefacts()
	w.lifecycle()
	w.gates()
	w.ends()

	for _, r := range server.Routes() {
		if r.Method == http.MethodGet || w.seen[r.OperationID] || withoutAudit[r.OperationID] != "" {
			continue
		}
		t.Errorf("%s (%s %s) is not carried out by this test: add a step, so that it is known to leave an entry in the audit log",
			r.OperationID, r.Method, r.Path)
	}
	entries, err := w.store.ListAudit(t.Context(), org, orchestrator.AuditFilter{}, 1000)
	require.NoError(t, err)
	for _, e := range entries {
		require.NotContains(t, fmt.Sprint(e.Before, e.After), secretText, "%s %s", e.Action, e.Object)
	}
}

const shopPath = "/orgs/" + org + "/apps/shop"

func (w *walk) people() {
	w.t.Helper()
	const base = "/orgs/" + org
	w.step("updateCurrentUser", "PATCH", "/current-user", `{"name":"Ada"}`, nil)
	var robot api.UserProfile
	w.step("createServiceUserInOrg", "POST", base+"/users", `{"name":"CI","role":"member"}`, &robot)
	w.step("updateUserRoleInOrg", "PATCH", base+"/users/"+robot.ID, `{"role":"manager"}`, nil)
	w.step("createUserToken", "POST", "/users/"+robot.ID+"/tokens", `{"id":"ci","type":"static"}`, nil)
	w.step("deleteUserToken", "DELETE", "/users/"+robot.ID+"/tokens/ci", "", nil)
	var group api.GroupWithRole
	w.step("createGroup", "POST", base+"/groups", `{"group_id":"team","idp_id":"idp","role":"member"}`, &group)
	w.step("addGroupUser", "PUT", base+"/groups/"+group.ID+"/users/"+robot.ID, "", nil)
	w.step("removeGroupUser", "DELETE", base+"/groups/"+group.ID+"/users/"+robot.ID, "", nil)
	var invited []api.NewInvitation
	w.step("createInviteInOrg", "POST", base+"/invitations", `{"email":"jo@acme.test","role":"member"}`, &invited)
	w.stepAs("", "acceptInvitation", "POST", "/auth/invitations/accept", `{"token":"`+invited[0].InviteToken+`"}`, nil)
	const types = base + "/env-types/development/users"
	w.step("createUserRoleInEnvType", "POST", types, `{"id":"`+robot.ID+`","role":"deployer"}`, nil)
	w.step("updateUserRoleInEnvType", "PATCH", types+"/"+robot.ID, `{"role":"deployer"}`, nil)
	w.step("deleteUserRoleInEnvType", "DELETE", types+"/"+robot.ID, "", nil)
	w.step("createApplication", "POST", base+"/apps", `{"id":"shop","name":"Shop"}`, nil)
	w.step("createUserRoleInApp", "POST", shopPath+"/users", `{"id":"`+robot.ID+`","role":"viewer"}`, nil)
	w.step("updateUserRoleInApp", "PATCH", shopPath+"/users/"+robot.ID, `{"role":"owner"}`, nil)
	w.step("deleteUserRoleInApp", "DELETE", shopPath+"/users/"+robot.ID, "", nil)
	w.step("deleteUserRoleInOrg", "DELETE", base+"/users/"+robot.ID, "", nil)
}

func (w *walk) platform() {
	w.t.Helper()
	const base = "/orgs/" + org
	w.step("createEnvironmentType", "POST", base+"/env-types", `{"id":"staging"}`, nil)
	w.step("updateEnvironmentType", "PATCH", base+"/env-types/staging", `{"description":"x"}`, nil)
	w.step("deleteEnvironmentType", "DELETE", base+"/env-types/staging", "", nil)
	const types, custom = base + "/resources/types", base + "/resources/types/acme%2Fthing"
	w.step("createResourceType", "POST", types, `{"type":"acme/thing","name":"Thing","category":"x","use":"direct"}`, nil)
	w.step("updateResourceType", "PUT", custom, `{"name":"Thing","category":"x","use":"direct"}`, nil)
	w.step("patchResourceType", "PATCH", custom, `{"name":"Other"}`, nil)
	w.step("createResourceClass", "POST", custom+"/classes", `{"id":"large","description":"x"}`, nil)
	w.step("updateResourceClass", "PATCH", custom+"/classes/large", `{"description":"y"}`, nil)
	w.step("deleteResourceClass", "DELETE", custom+"/classes/large", "", nil)
	w.step("deleteResourceType", "DELETE", custom, "", nil)
	const driver = `{"id":"own-driver","type":"postgres","target":"https://driver.example.com","inputs_schema":{},"account_types":[]}`
	w.step("createResourceDriver", "POST", base+"/resources/drivers", driver, nil)
	w.step("updateResourceDriver", "PUT", base+"/resources/drivers/own-driver", driver, nil)
	w.step("deleteResourceDriver", "DELETE", base+"/resources/drivers/own-driver", "", nil)
	const def, item = base + "/resources/defs", base + "/resources/defs/one"
	const inputs = `"driver_inputs":{"values":{"a":1},"secrets":{"password":"` + secretText + `"}}`
	var first, second api.ResourceDefinition
	w.step("createResourceDefinition", "POST", def, `{"id":"one","name":"One","type":"postgres","driver_type":"humanitec/echo",`+inputs+`}`, &first)
	w.step("patchResourceDefinition", "PATCH", item, `{"name":"Two",`+inputs+`}`, &second)
	w.step("updateResourceDefinition", "PUT", item, `{"name":"Three","type":"postgres","driver_type":"humanitec/echo",`+inputs+`}`, nil)
	w.step("promoteResourceDefinitionVersion", "POST", item+"/versions/"+second.ActiveVersionID+"/actions/promote", "", nil)
	w.step("archiveResourceDefinitionVersion", "POST", item+"/versions/"+first.ActiveVersionID+"/actions/archive", "", nil)
	var criteria api.MatchingCriteria
	w.step("createResourceDefinitionCriteria", "POST", item+"/criteria", `{"app_id":"x"}`, &criteria)
	w.step("deleteResourceDefinitionCriteria", "DELETE", item+"/criteria/"+criteria.ID, "", nil)
	w.step("updateResourceDefinitionCriteria", "PUT", item+"/criteria", `[{"app_id":"y"}]`, nil)
	w.step("deleteResourceDefinition", "DELETE", item, "", nil)
}

func (w *walk) application() {
	w.t.Helper()
	w.step("patchApplication", "PATCH", shopPath, `{"name":"Better"}`, nil)
	w.step("updateEnvironment", "PATCH", shopPath+"/envs/development", `{"name":"Dev"}`, nil)
	var delta api.Delta
	w.step("createDelta", "POST", shopPath+"/deltas", `{"metadata":{"env_id":"development"},"modules":{"add":{"api":{"profile":"humanitec/default-module","spec":{}}}}}`, &delta)
	item := shopPath + "/deltas/" + delta.ID
	w.step("patchDelta", "PATCH", item, `[{"modules":{"add":{"web":{"profile":"humanitec/default-module","spec":{}}}}}]`, nil)
	w.step("putDelta", "PUT", item, `{"modules":{"add":{"web":{"profile":"humanitec/default-module","spec":{}}}}}`, nil)
	w.step("changeEnvOfDelta", "PUT", item+"/metadata/env_id", `"development"`, nil)
	w.step("changeNameOfDelta", "PUT", item+"/metadata/name", `"next"`, nil)
	w.step("archiveDelta", "PUT", item+"/metadata/archived", `true`, nil)
	w.step("updateSet", "POST", shopPath+"/sets/"+strings.Repeat("0", 43), `{"modules":{"add":{"api":{"profile":"humanitec/default-module","spec":{}}}}}`, nil)
}

// values carries out the operations on Shared Values of an application or environment.
func (w *walk) values(level, kind string) {
	w.t.Helper()
	list, item := level+"/values", level+"/values/REGION"
	w.step("createValueIn"+kind, "POST", list, `{"key":"REGION","value":"eu"}`, nil)
	w.step("updateValueIn"+kind, "PUT", item, `{"value":"us","description":"x"}`, nil)
	old := w.newestVersion(level)
	w.step("patchValueIn"+kind, "PATCH", item, `{"value":"ap"}`, nil)
	w.step("restoreValueIn"+kind, "POST", level+"/value-set-versions/"+old+"/restore/REGION", "", nil)
	w.step("restoreValueSetVersionIn"+kind, "POST", level+"/value-set-versions/"+old+"/restore", "", nil)
	w.step("patchValueIn"+kind, "PATCH", item, `{"value":"ap"}`, nil)
	w.step("purgeValueIn"+kind, "POST", level+"/value-set-versions/"+old+"/purge/REGION", "", nil)
	w.step("deleteValueIn"+kind, "DELETE", item, "", nil)
	w.step("createValueIn"+kind, "POST", list, `{"key":"REGION","value":"eu"}`, nil)
	if kind == "App" {
		w.step("createValueIn"+kind, "POST", list, `{"key":"KEY","value":"`+secretText+`","is_secret":true}`, nil)
	}
	w.step("deleteValuesIn"+kind, "DELETE", list, "", nil)
	w.step("createValueInApp", "POST", shopPath+"/values", `{"key":"`+map[string]string{"App": "REGION", "Environment": "LATER"}[kind]+`","value":"eu"}`, nil)
}

func (w *walk) newestVersion(level string) string {
	w.t.Helper()
	var versions []api.ValueSetVersion
	w.do("GET", level+"/value-set-versions", "").must(200, &versions)
	return versions[0].ID
}

func (w *walk) running(h *platform) {
	w.t.Helper()
	const env = shopPath + "/envs/development"
	w.step("createDependencyGraph", "POST", env+"/resources/graphs", `[]`, nil)
	def := h.define("pg1", "postgres", `[{}]`)
	h.exist("shop", dbKey("default"), def)
	w.step("pinActiveResource", "POST", dbPath+"/actions/pin", `{"target_def_version_id":null}`, nil)
	w.step("deleteActiveResource", "DELETE", dbPath+"?detach=true", "", nil)
	w.step("setQueuePolicy", "PUT", env+"/queue/policy", `{"policy":"queue"}`, nil)
	var d api.Deployment
	w.step("createDeployment", "POST", env+"/deploys", `{"comment":"go"}`, &d)
	w.step("cancelDeployment", "POST", env+"/deploys/"+d.ID+"/cancel", "", nil)
	w.step("rebaseEnvironment", "PUT", env+"/from_deploy_id", `"`+d.ID+`"`, nil)
}

func (w *walk) ends() {
	w.t.Helper()
	w.step("deleteEnvironment", "DELETE", shopPath+"/envs/qa", "", nil)
	w.step("deleteEnvironment", "DELETE", "/orgs/"+org+"/apps/shop/envs/"+w.second(), "", nil)
	w.step("deleteApplication", "DELETE", "/orgs/"+org+"/apps/"+w.empty(), "", nil)
	w.step("deleteApplication", "DELETE", shopPath, "", nil) // goes on
}

// second makes an environment that has to be taken down: its deletion goes on.
func (w *walk) second() string {
	w.t.Helper()
	w.step("createEnvironment", "POST", shopPath+"/envs", `{"id":"second","name":"Second"}`, nil)
	w.step("createDeployment", "POST", shopPath+"/envs/second/deploys", `{}`, nil)
	return "second"
}

func (w *walk) empty() string {
	w.t.Helper()
	w.app("empty")
	return "empty"
}
