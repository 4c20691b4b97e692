package server

import (
	"net/http"

	"github.com/slipway-dev/slipway/internal/api"
	"github.com/slipway-dev/slipway/orchestrator"
)

func registryRoutes() []Route {
	const list, item = orgPath + "/registries", orgPath + "/registries/{regId}"
	routes := tagged("Registries", []Route{
		answer(Route{Method: "GET", Path: list, OperationID: "listRegistries", Summary: "List registries"}, listRegistries),
		accept(Route{Method: "POST", Path: list, OperationID: "createRegistry", Status: http.StatusCreated, Summary: "Create a registry"}, createRegistry),
		answer(Route{Method: "GET", Path: item, OperationID: "getRegistry", Summary: "Get a registry, without credentials"}, getRegistry),
		accept(Route{Method: "PATCH", Path: item, OperationID: "updateRegistry", Summary: "Change a registry"}, changeRegistry),
		answer(Route{Method: "DELETE", Path: item, OperationID: "deleteRegistry", Summary: "Delete a registry with its credentials"}, deleteRegistry),
		answer(Route{Method: "GET", Path: item + "/creds", OperationID: "getRegistryCreds", Summary: "Get the credentials of a registry, for CI"}, registryCreds),
	})
	for i := range routes {
		routes[i].PlainError = true
	}
	return routes
}

func listRegistries(c *Call) ([]api.Registry, error) {
	return asList(wireRegistry)(c.Service.ListRegistries(c.Context(), c.Org()))
}

func getRegistry(c *Call) (api.Registry, error) {
	return as(wireRegistry)(c.Service.GetRegistry(c.Context(), c.Org(), c.Param("regId")))
}

func createRegistry(c *Call, in api.RegistryRequest) (api.Registry, error) {
	return as(wireRegistry)(c.Service.CreateRegistry(c.Context(), c.Org(), registryRequest(in)))
}

func changeRegistry(c *Call, in api.RegistryRequest) (api.Registry, error) {
	return as(wireRegistry)(c.Service.ChangeRegistry(c.Context(), c.Org(), c.Param("regId"), registryRequest(in)))
}

func deleteRegistry(c *Call) (Empty, error) {
	return Empty{}, c.Service.DeleteRegistry(c.Context(), c.Org(), c.Param("regId"))
}

func registryCreds(c *Call) (api.RegistryCreds, error) {
	c.Header().Set("Cache-Control", "no-store")
	return as(func(v orchestrator.RegistryAccess) api.RegistryCreds {
		out := api.RegistryCreds{Registry: v.Registry, Secrets: wireClusterSecrets(v.Secrets)}
		if v.Creds != nil {
			out.Username, out.Password, out.Expires = v.Creds.Username, v.Creds.Password, api.NewTimePtr(v.Creds.Expires)
		}
		return out
	})(c.Service.RegistryAccess(c.Context(), c.Org(), c.Param("regId")))
}

func registryRequest(in api.RegistryRequest) orchestrator.RegistryRequest {
	out := orchestrator.RegistryRequest{ID: in.ID, Registry: in.Registry, Type: in.Type, EnableCI: in.EnableCI}
	if in.Secrets != nil {
		out.Secrets = map[string]orchestrator.ClusterSecret{}
		for cluster, v := range in.Secrets {
			out.Secrets[cluster] = orchestrator.ClusterSecret(v)
		}
	}
	if in.Creds != nil {
		out.Creds = &orchestrator.RegistryCredentials{Username: in.Creds.Username, Password: in.Creds.Password}
		if in.Creds.Expires != nil {
			out.Creds.Expires = &in.Creds.Expires.Time
		}
	}
	return out
}

func wireRegistry(r orchestrator.Registry) api.Registry {
	return api.Registry{
		ID: r.ID, Registry: r.Registry, Type: r.Type, EnableCI: r.EnableCI, Secrets: wireClusterSecrets(r.Secrets),
		CreatedAt: api.NewTime(r.CreatedAt), CreatedBy: r.CreatedBy,
	}
}

func wireClusterSecrets(in map[string]orchestrator.ClusterSecret) map[string]api.ClusterSecret {
	out := make(map[string]api.ClusterSecret, len(in))
	for cluster, v := range in {
		out[cluster] = api.ClusterSecret(v)
	}
	return out
}
