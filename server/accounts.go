package server

import (
	"time"

	"github.com/slipway-dev/slipway/internal/api"
	"github.com/slipway-dev/slipway/orchestrator"
)

// accountRoutes are organizations, the current user and tokens.
func accountRoutes() []Route {
	const list, item = "/users/{userId}/tokens", "/users/{userId}/tokens/{tokenId}"
	return []Route{
		answer(Route{Method: "GET", Path: "/orgs", OperationID: "listOrganizations", Tag: "Organizations",
			Summary: "List the Organizations you belong to"}, listOrganizations),
		answer(Route{Method: "GET", Path: orgPath, OperationID: "getOrganization", Tag: "Organizations",
			Summary: "Get an Organization"}, getOrganization),
		answer(Route{Method: "GET", Path: "/current-user", OperationID: "getCurrentUser", Tag: "Users",
			Summary: "Get your profile and roles"}, getCurrentUser),
		accept(Route{Method: "PATCH", Path: "/current-user", OperationID: "updateCurrentUser", Tag: "Users",
			Summary: "Change your name or properties"}, updateCurrentUser),
		answer(Route{Method: "GET", Path: list, OperationID: "listUserTokens", Tag: "Tokens",
			Summary: "List the tokens of a user"}, listTokens),
		accept(Route{Method: "POST", Path: list, OperationID: "createUserToken", Tag: "Tokens",
			Summary: "Create a static token; it is shown this once"}, createToken),
		answer(Route{Method: "GET", Path: item, OperationID: "getUserToken", Tag: "Tokens",
			Summary: "Describe a token"}, getToken),
		answer(Route{Method: "DELETE", Path: item, OperationID: "deleteUserToken", Tag: "Tokens",
			Summary: "End a token"}, deleteToken),
	}
}

func listOrganizations(c *Call) ([]api.Organization, error) {
	return asList(wireOrganization)(c.Service.ListOrganizations(c.Context()))
}

func getOrganization(c *Call) (api.Organization, error) {
	return as(wireOrganization)(c.Service.GetOrganization(c.Context(), c.Org()))
}

func wireOrganization(o orchestrator.Organization) api.Organization {
	created := api.NewTime(o.CreatedAt)
	return api.Organization{ID: o.ID, Name: o.Name, CreatedAt: &created, CreatedBy: o.CreatedBy}
}

func getCurrentUser(c *Call) (api.CurrentUser, error) {
	user, roles, err := c.Service.CurrentUser(c.Context())
	if err != nil {
		return api.CurrentUser{}, err
	}
	return wireCurrentUser(user, roles), nil
}

func updateCurrentUser(c *Call, in api.UpdateCurrentUserRequest) (api.CurrentUser, error) {
	user, roles, err := c.Service.UpdateCurrentUser(c.Context(), in.Name, in.Properties)
	if err != nil {
		return api.CurrentUser{}, err
	}
	return wireCurrentUser(user, roles), nil
}

func wireCurrentUser(u *orchestrator.User, roles map[string]string) api.CurrentUser {
	return api.CurrentUser{
		ID: u.ID, Name: u.Name, Email: u.Email, Type: u.Type, CreatedAt: api.NewTime(u.CreatedAt),
		Properties: orEmptyMap(u.Properties), Roles: orEmptyMap(roles),
	}
}

func listTokens(c *Call) ([]api.Token, error) {
	return asList(wireToken)(c.Service.ListTokens(c.Context(), c.Param("userId")))
}

func createToken(c *Call, in api.CreateTokenRequest) (api.NewToken, error) {
	var expires *time.Time
	if in.ExpiresAt != nil {
		expires = &in.ExpiresAt.Time
	}
	value, token, err := c.Service.CreateToken(c.Context(), c.Param("userId"), orchestrator.TokenRequest{
		ID: in.ID, Type: in.Type, Description: in.Description, ExpiresAt: expires,
	})
	if err != nil {
		return api.NewToken{}, err
	}
	return api.NewToken{Token: value, Type: token.Type}, nil
}

func getToken(c *Call) (api.Token, error) {
	return as(wireToken)(c.Service.GetToken(c.Context(), c.Param("userId"), c.Param("tokenId")))
}

func deleteToken(c *Call) (Empty, error) {
	return Empty{}, c.Service.DeleteToken(c.Context(), c.Param("userId"), c.Param("tokenId"))
}

func wireToken(t orchestrator.Token) api.Token {
	return api.Token{
		ID: t.ID, Type: t.Type, Description: t.Description, CreatedAt: api.NewTime(t.CreatedAt),
		CreatedBy: t.CreatedBy, ExpiresAt: api.NewTimePtr(t.ExpiresAt), LastUsedAt: api.NewTimePtr(t.LastUsedAt),
	}
}
