package server

import (
	"errors"
	"maps"
	"net/http"

	"github.com/slipway-dev/slipway/internal/api"
	"github.com/slipway-dev/slipway/orchestrator"
)

func resourceAccountRoutes() []Route {
	const list, item = resourcesPath + "/accounts", resourcesPath + "/accounts/{accId}"
	query := []Query{
		{Name: "dry_run", Type: "boolean", Doc: "Judge the request and change nothing; 204"},
		{Name: "check_credential", Type: "boolean", Doc: "Demand that the credentials are complete"},
	}
	create := stream[api.ResourceAccount](Route{Method: "POST", Path: list, OperationID: "createResourceAccount",
		Summary: "Create a Resource Account", Query: query, AlsoStatus: []int{http.StatusNoContent}}, createResourceAccount)
	create.Request = api.CreateResourceAccountRequest{}
	change := stream[api.ResourceAccount](Route{Method: "PATCH", Path: item, OperationID: "patchResourceAccount",
		Summary: "Change a Resource Account", Query: query, AlsoStatus: []int{http.StatusNoContent}}, changeResourceAccount)
	change.Request = api.UpdateResourceAccountRequest{}
	return tagged("Resource Accounts", []Route{
		answer(Route{Method: "GET", Path: resourcesPath + "/account-types", OperationID: "listResourceAccountTypes",
			Summary: "List the types of Resource Accounts"}, listResourceAccountTypes),
		answer(Route{Method: "GET", Path: list, OperationID: "listResourceAccounts", Summary: "List Resource Accounts"}, listResourceAccounts),
		create,
		answer(Route{Method: "GET", Path: item, OperationID: "getResourceAccount", Summary: "Get a Resource Account"}, getResourceAccount),
		change,
		answer(Route{Method: "DELETE", Path: item, OperationID: "deleteResourceAccount",
			Summary: "Delete a Resource Account that nothing uses"}, deleteResourceAccount),
		answer(Route{Method: "POST", Path: item + "/actions/check", OperationID: "checkResourceAccount",
			Summary: "Check whether the credentials of a Resource Account are complete"}, checkResourceAccount),
	})
}

func listResourceAccountTypes(c *Call) ([]api.ResourceAccountType, error) {
	return asList(func(t orchestrator.AccountType) api.ResourceAccountType {
		return api.ResourceAccountType{Type: t.Type, Name: t.Name, InputsSchema: t.InputsSchema, OutputsSchema: t.OutputsSchema}
	})(c.Service.ListResourceAccountTypes(c.Context(), c.Org()))
}

func listResourceAccounts(c *Call) ([]api.ResourceAccount, error) {
	return asList(wireResourceAccount)(c.Service.ListResourceAccounts(c.Context(), c.Org()))
}

func getResourceAccount(c *Call) (api.ResourceAccount, error) {
	return as(wireResourceAccount)(c.Service.GetResourceAccount(c.Context(), c.Org(), c.Param("accId")))
}

func createResourceAccount(c *Call) error {
	var in api.CreateResourceAccountRequest
	options, err := accountOptions(c, &in)
	if err != nil {
		return err
	}
	made, err := c.Service.CreateResourceAccount(c.Context(), c.Org(),
		orchestrator.ResourceAccount{ID: in.ID, Name: in.Name, Type: in.Type}, in.Credentials, options)
	return sendAccount(c, made, err)
}

func changeResourceAccount(c *Call) error {
	var in api.UpdateResourceAccountRequest
	options, err := accountOptions(c, &in)
	if err != nil {
		return err
	}
	changed, err := c.Service.ChangeResourceAccount(c.Context(), c.Org(), c.Param("accId"), in.Name, in.Credentials, options)
	return sendAccount(c, changed, err)
}

func accountOptions(c *Call, in any) (out orchestrator.AccountOptions, err error) {
	if out.DryRun, err = c.QueryBool("dry_run"); err != nil {
		return out, err
	}
	if out.Check, err = c.QueryBool("check_credential"); err != nil {
		return out, err
	}
	return out, c.decode(in, false)
}

// sendAccount answers with the account, or with nothing after a dry run.
func sendAccount(c *Call, v *orchestrator.ResourceAccountView, err error) error {
	if err != nil {
		return err
	}
	if v == nil {
		return c.send(http.StatusNoContent, Empty{})
	}
	return c.send(http.StatusOK, wireResourceAccount(*v))
}

// deleteResourceAccount shows what uses the account as the API shows it elsewhere.
func deleteResourceAccount(c *Call) (Empty, error) {
	err := c.Service.DeleteResourceAccount(c.Context(), c.Org(), c.Param("accId"))
	var fault *orchestrator.Error
	if !errors.As(err, &fault) {
		return Empty{}, err
	}
	users, inUse := fault.Details["referencing_resources"].(orchestrator.AccountUsers)
	if !inUse {
		return Empty{}, err
	}
	shown := *fault
	shown.Details = maps.Clone(fault.Details)
	shown.Details["referencing_resources"] = map[string]any{
		"resource_definitions": convert(users.Definitions, wireDefinition),
		"active_resources":     convert(users.Resources, wireActiveResource),
	}
	return Empty{}, &shown
}

func checkResourceAccount(c *Call) (api.ResourceAccountCheck, error) {
	return as(func(v orchestrator.AccountCheck) api.ResourceAccountCheck {
		return api.ResourceAccountCheck{
			IdentityFields: convert(v.Identity, func(f orchestrator.IdentityField) api.ResourceAccountField { return api.ResourceAccountField(f) }),
			Warnings:       orEmptyList(v.Warnings),
		}
	})(c.Service.CheckResourceAccount(c.Context(), c.Org(), c.Param("accId")))
}

func wireResourceAccount(v orchestrator.ResourceAccountView) api.ResourceAccount {
	return api.ResourceAccount{
		ID: v.ID, Name: v.Name, Type: v.Type, IsUsed: v.IsUsed, CreatedAt: api.NewTime(v.CreatedAt), CreatedBy: v.CreatedBy,
	}
}
