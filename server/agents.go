package server

import (
	"time"

	"github.com/slipway-dev/slipway/internal/api"
	"github.com/slipway-dev/slipway/orchestrator"
)

func agentRoutes() []Route {
	const list, item = orgPath + "/agents", orgPath + "/agents/{agentId}"
	byFingerprint := []Query{{Name: "fingerprint", Doc: "Only what has this key: SHA-256 of its DER, hexadecimal"}}
	return append(tagged("Agents", []Route{
		answer(Route{Method: "GET", Path: list, OperationID: "listAgents", Summary: "List agents", Query: byFingerprint}, listAgents),
		accept(Route{Method: "POST", Path: list, OperationID: "createAgent", Summary: "Register an agent"}, createAgent),
		accept(Route{Method: "PATCH", Path: item, OperationID: "patchAgent", Summary: "Change the description of an agent"}, describeAgent),
		answer(Route{Method: "DELETE", Path: item, OperationID: "deleteAgent", Summary: "Delete an agent with its keys"}, deleteAgent),
		answer(Route{Method: "GET", Path: item + "/keys", OperationID: "listKeysInAgent", Summary: "List the keys of an agent"}, listAgentKeys),
		accept(Route{Method: "POST", Path: item + "/keys", OperationID: "createKey", Summary: "Add a key to an agent"}, createAgentKey),
		answer(Route{Method: "DELETE", Path: item + "/keys/{fingerprint}", OperationID: "deleteKeyInAgent", Summary: "Take a key from an agent"}, deleteAgentKey),
	}), tagged("Public Keys", []Route{
		answer(Route{Method: "GET", Path: orgPath + "/keys", OperationID: "listPublicKeys", Summary: "List the public keys of an Organization, newest first", Query: byFingerprint}, listPublicKeys),
		accept(Route{Method: "POST", Path: orgPath + "/keys", OperationID: "createPublicKey", Summary: "Add a public key to an Organization; the body is a JSON string"}, createPublicKey),
		answer(Route{Method: "GET", Path: orgPath + "/keys/{keyId}", OperationID: "getPublicKey", Summary: "Get a public key of an Organization"}, getPublicKey),
		answer(Route{Method: "DELETE", Path: orgPath + "/keys/{keyId}", OperationID: "deletePublicKey", Summary: "Delete a public key of an Organization"}, deletePublicKey),
		answer(Route{Method: "GET", Path: orgPath + "/humanitec-keys", OperationID: "listHumanitecPublicKeys",
			Summary: "List the public keys of the platform: none, Slipway signs nothing for agents and operators",
			Query:   []Query{{Name: "active", Type: "boolean", Doc: "Only keys that are in use, or that are not"}}}, listPlatformKeys),
	})...)
}

func listAgents(c *Call) ([]api.Agent, error) {
	return asList(wireAgent)(c.Service.ListAgents(c.Context(), c.Org(), c.Query("fingerprint")))
}

func createAgent(c *Call, in api.CreateAgentRequest) (api.Agent, error) {
	return as(wireAgent)(c.Service.CreateAgent(c.Context(), c.Org(), in.ID, in.Description, in.PublicKey))
}

func describeAgent(c *Call, in api.UpdateAgentRequest) (api.Agent, error) {
	return as(wireAgent)(c.Service.DescribeAgent(c.Context(), c.Org(), c.Param("agentId"), in.Description))
}

func deleteAgent(c *Call) (Empty, error) {
	return Empty{}, c.Service.DeleteAgent(c.Context(), c.Org(), c.Param("agentId"))
}

func listAgentKeys(c *Call) ([]api.AgentKey, error) {
	return asList(wireAgentKey)(c.Service.ListAgentKeys(c.Context(), c.Org(), c.Param("agentId")))
}

func createAgentKey(c *Call, in api.CreateAgentKeyRequest) (api.AgentKey, error) {
	return as(wireAgentKey)(c.Service.CreateAgentKey(c.Context(), c.Org(), c.Param("agentId"), in.PublicKey))
}

func deleteAgentKey(c *Call) (Empty, error) {
	return Empty{}, c.Service.DeleteAgentKey(c.Context(), c.Org(), c.Param("agentId"), c.Param("fingerprint"))
}

func listPublicKeys(c *Call) ([]api.PublicKey, error) {
	return asList(wirePublicKey)(c.Service.ListPublicKeys(c.Context(), c.Org(), c.Query("fingerprint")))
}

func createPublicKey(c *Call, key string) (api.PublicKey, error) {
	return as(wirePublicKey)(c.Service.CreatePublicKey(c.Context(), c.Org(), key))
}

func getPublicKey(c *Call) (api.PublicKey, error) {
	return as(wirePublicKey)(c.Service.GetPublicKey(c.Context(), c.Org(), c.Param("keyId")))
}

func deletePublicKey(c *Call) (Empty, error) {
	return Empty{}, c.Service.DeletePublicKey(c.Context(), c.Org(), c.Param("keyId"))
}

func listPlatformKeys(c *Call) ([]api.PlatformPublicKey, error) {
	if _, err := c.QueryBool("active"); err != nil {
		return nil, err
	}
	return []api.PlatformPublicKey{}, c.Service.RequireOrganization(c.Context(), c.Org())
}

func wireAgent(a orchestrator.Agent) api.Agent {
	return api.Agent{ID: a.ID, Description: a.Description, CreatedAt: api.NewTime(a.CreatedAt), CreatedBy: a.CreatedBy}
}

func wireAgentKey(k orchestrator.AgentKey) api.AgentKey {
	return api.AgentKey{
		Fingerprint: k.Fingerprint, PublicKey: k.PublicKey, CreatedAt: api.NewTime(k.CreatedAt), CreatedBy: k.CreatedBy,
		ExpiredAt: api.NewTime(k.ExpiredAt), IsAuthorized: time.Now().Before(k.ExpiredAt),
	}
}

func wirePublicKey(k orchestrator.PublicKey) api.PublicKey {
	return api.PublicKey{
		ID: k.ID, Key: k.Key, Fingerprint: k.Fingerprint, CreatedAt: api.NewTime(k.CreatedAt), CreatedBy: k.CreatedBy, ExpiredAt: api.NewTime(k.ExpiredAt),
	}
}
