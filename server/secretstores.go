package server

import (
	"net/http"

	"github.com/slipway-dev/slipway/internal/api"
	"github.com/slipway-dev/slipway/orchestrator"
)

func secretStoreRoutes() []Route {
	const list, item = orgPath + "/secretstores", orgPath + "/secretstores/{storeId}"
	return tagged("Secret Stores", []Route{
		answer(Route{Method: "GET", Path: list, OperationID: "listSecretStores", Summary: "List Secret Stores"}, listSecretStores),
		accept(Route{Method: "POST", Path: list, OperationID: "createSecretStore", Status: http.StatusCreated,
			Summary: "Make a Secret Store known"}, createSecretStore),
		answer(Route{Method: "GET", Path: item, OperationID: "getSecretStore", Summary: "Get a Secret Store"}, getSecretStore),
		accept(Route{Method: "PATCH", Path: item, OperationID: "updateSecretStore", Summary: "Change a Secret Store"}, changeSecretStore),
		answer(Route{Method: "DELETE", Path: item, OperationID: "deleteSecretStore",
			Summary: "Forget a Secret Store that nothing refers to"}, deleteSecretStore),
	})
}

func listSecretStores(c *Call) ([]api.SecretStore, error) {
	return asList(wireSecretStore)(c.Service.ListSecretStores(c.Context(), c.Org()))
}

func getSecretStore(c *Call) (api.SecretStore, error) {
	return as(wireSecretStore)(c.Service.GetSecretStore(c.Context(), c.Org(), c.Param("storeId")))
}

func createSecretStore(c *Call, in api.CreateSecretStoreRequest) (api.SecretStore, error) {
	spec := storeSpec(in.SecretStoreKinds)
	if spec == nil {
		spec = &orchestrator.StoreSpec{} // refused where the rest is judged
	}
	return as(wireSecretStore)(c.Service.CreateSecretStore(c.Context(), c.Org(), in.ID, in.Primary, *spec))
}

func changeSecretStore(c *Call, in api.UpdateSecretStoreRequest) (api.SecretStore, error) {
	return as(wireSecretStore)(c.Service.ChangeSecretStore(c.Context(), c.Org(), c.Param("storeId"), in.Primary, storeSpec(in.SecretStoreKinds)))
}

func deleteSecretStore(c *Call) (Empty, error) {
	return Empty{}, c.Service.DeleteSecretStore(c.Context(), c.Org(), c.Param("storeId"))
}

// storeSpec is the one kind that a request names, nil when it names none. One of
// several kinds is refused where the rest is judged.
func storeSpec(in api.SecretStoreKinds) *orchestrator.StoreSpec {
	var found []orchestrator.StoreSpec
	if v := in.Vault; v != nil {
		spec := orchestrator.StoreSpec{Kind: orchestrator.StoreVault, Settings: given(map[string]*string{
			"url": v.URL, "path": v.Path, "agent_id": v.AgentID, "namespace": v.Namespace,
		})}
		if a := v.Auth; a != nil {
			spec.Auth = map[string]string{"token": a.Token, "role": a.Role, "role_id": a.RoleID, "secret_id": a.SecretID, "mount": a.Mount}
		}
		found = append(found, spec)
	}
	if v := in.AWSSM; v != nil {
		spec := orchestrator.StoreSpec{Kind: orchestrator.StoreAWSSM, Settings: given(map[string]*string{"region": v.Region, "endpoint": v.Endpoint})}
		if a := v.Auth; a != nil {
			spec.Auth = map[string]string{"access_key_id": a.AccessKeyID, "secret_access_key": a.SecretAccessKey}
		}
		found = append(found, spec)
	}
	if v := in.AzureKV; v != nil {
		spec := orchestrator.StoreSpec{Kind: orchestrator.StoreAzureKV, Settings: given(map[string]*string{"tenant_id": v.TenantID, "url": v.URL})}
		if a := v.Auth; a != nil {
			spec.Auth = map[string]string{"client_id": a.ClientID, "client_secret": a.ClientSecret}
		}
		found = append(found, spec)
	}
	if v := in.GCPSM; v != nil {
		spec := orchestrator.StoreSpec{Kind: orchestrator.StoreGCPSM, Settings: given(map[string]*string{"project_id": v.ProjectID})}
		if a := v.Auth; a != nil {
			spec.Auth = map[string]string{"secret_access_key": a.SecretAccessKey}
		}
		found = append(found, spec)
	}
	switch len(found) {
	case 0:
		return nil
	case 1:
		return &found[0]
	}
	return &orchestrator.StoreSpec{}
}

// given are the settings that a request names.
func given(fields map[string]*string) map[string]string {
	out := map[string]string{}
	for name, value := range fields {
		if value != nil {
			out[name] = *value
		}
	}
	return out
}

func wireSecretStore(v orchestrator.SecretStore) api.SecretStore {
	out := api.SecretStore{
		ID: v.ID, Primary: v.Primary, CreatedAt: api.NewTime(v.CreatedAt), CreatedBy: v.CreatedBy,
		UpdatedAt: api.NewTime(v.UpdatedAt), UpdatedBy: v.UpdatedBy,
	}
	set := v.Settings
	switch v.Kind {
	case orchestrator.StoreVault:
		out.Vault = &api.VaultSettings{URL: set["url"], Path: set["path"], AgentID: set["agent_id"], Namespace: set["namespace"]}
	case orchestrator.StoreAWSSM:
		out.AWSSM = &api.AWSSMSettings{Region: set["region"], Endpoint: set["endpoint"]}
	case orchestrator.StoreAzureKV:
		out.AzureKV = &api.AzureKVSettings{TenantID: set["tenant_id"], URL: set["url"]}
	case orchestrator.StoreGCPSM:
		out.GCPSM = &api.GCPSMSettings{ProjectID: set["project_id"]}
	default:
		out.Humanitec = &struct{}{}
	}
	return out
}
