package server

import (
	"net/http"
	"strings"

	"github.com/slipway-dev/slipway/internal/api"
	"github.com/slipway-dev/slipway/orchestrator"
)

// valueLevel is one of the two levels on which Shared Values are set. Their
// operations are the same; Call.Env has an empty environment for the first.
type valueLevel struct {
	path   string
	suffix string // of operation ids
	of     string // in summaries
}

var (
	appValues = valueLevel{appPath, "InApp", "an Application"}
	envValues = valueLevel{envPath, "InEnvironment", "an Environment"}
)

func valueRoutes(l valueLevel) []Route {
	list, item := l.path+"/values", l.path+"/values/{key}"
	versions := l.path + "/value-set-versions"
	version := versions + "/{valueSetVersionId}"
	routes := []Route{
		answer(Route{Method: "GET", Path: list, OperationID: "listValues", Summary: "List the Shared Values of " + l.of}, listValues),
		accept(Route{Method: "POST", Path: list, OperationID: "createValue", Status: http.StatusCreated,
			Summary: "Set a new Shared Value on " + l.of}, createValue),
		answer(Route{Method: "DELETE", Path: list, OperationID: "deleteValues",
			Summary: "Delete all Shared Values of " + l.of}, deleteValues),
		accept(Route{Method: "PUT", Path: item, OperationID: "updateValue",
			Summary: "Replace value and description of a Shared Value of " + l.of}, replaceValue),
		accept(Route{Method: "PATCH", Path: item, OperationID: "patchValue",
			Summary: "Change a Shared Value of " + l.of}, patchValue),
		answer(Route{Method: "DELETE", Path: item, OperationID: "deleteValue",
			Summary: "Delete a Shared Value of " + l.of}, deleteValue),
		answer(Route{Method: "GET", Path: versions, OperationID: "listValueSetVersions",
			Summary: "List the versions of the Shared Values of " + l.of + ", newest first",
			Query:   []Query{{Name: "key_changed", Doc: "Only versions that changed this key"}}}, listValueSetVersions),
		answer(Route{Method: "GET", Path: version, OperationID: "getValueSetVersion",
			Summary: "Get a version; the all-zero id is the latest"}, getValueSetVersion),
		accept(Route{Method: "POST", Path: version + "/restore", OperationID: "restoreValueSetVersion", BodyOptional: true,
			Summary: "Restore all Shared Values from a version"}, restoreValues),
		accept(Route{Method: "POST", Path: version + "/restore/{key}", OperationID: "restoreValue", BodyOptional: true,
			Summary: "Restore one Shared Value from a version"}, restoreValue),
		accept(Route{Method: "POST", Path: version + "/purge/{key}", OperationID: "purgeValue", BodyOptional: true,
			Summary: "Erase a former value for good"}, purgeValue),
	}
	for i := range routes {
		routes[i].Tag = "Shared Values"
		routes[i].OperationID += l.suffix
	}
	return routes
}

func listValues(c *Call) ([]api.Value, error) {
	return asList(wireValue)(c.Service.ListValues(c.Context(), c.Env()))
}

func createValue(c *Call, in api.CreateValueRequest) (api.Value, error) {
	return as(wireValue)(c.Service.CreateValue(c.Context(), c.Env(), orchestrator.NewValue{
		Key: in.Key, Description: deref(in.Description), Value: in.Value, IsSecret: in.IsSecret,
		SecretRef: secretRef(in.SecretRef),
	}))
}

func replaceValue(c *Call, in api.UpdateValueRequest) (api.Value, error) {
	return as(wireValue)(c.Service.ReplaceValue(c.Context(), c.Env(), c.Param("key"), orchestrator.ValueUpdate{
		Description: in.Description, Value: in.Value, SecretRef: secretRef(in.SecretRef),
	}))
}

func patchValue(c *Call, in api.PatchValueRequest) (api.Value, error) {
	return as(wireValue)(c.Service.PatchValue(c.Context(), c.Env(), c.Param("key"), orchestrator.ValueUpdate{
		Description: in.Description, Value: in.Value, SecretRef: secretRef(in.SecretRef),
	}))
}

func deleteValue(c *Call) (Empty, error) {
	return Empty{}, c.Service.DeleteValue(c.Context(), c.Env(), c.Param("key"))
}

func deleteValues(c *Call) (Empty, error) {
	return Empty{}, c.Service.DeleteValues(c.Context(), c.Env())
}

func listValueSetVersions(c *Call) ([]api.ValueSetVersion, error) {
	return asList(wireValueSetVersion)(c.Service.ListValueSetVersions(c.Context(), c.Env(), c.Query("key_changed")))
}

func getValueSetVersion(c *Call) (api.ValueSetVersion, error) {
	return as(wireValueSetVersion)(c.Service.GetValueSetVersion(c.Context(), c.Env(), c.Param("valueSetVersionId")))
}

func restoreValues(c *Call, in api.ValueSetActionRequest) (api.ValueSetVersion, error) {
	return as(wireValueSetVersion)(c.Service.RestoreValues(c.Context(), c.Env(), c.Param("valueSetVersionId"), in.Comment))
}

func restoreValue(c *Call, in api.ValueSetActionRequest) (api.ValueSetVersion, error) {
	return as(wireValueSetVersion)(
		c.Service.RestoreValue(c.Context(), c.Env(), c.Param("valueSetVersionId"), c.Param("key"), in.Comment))
}

func purgeValue(c *Call, in api.ValueSetActionRequest) (Empty, error) {
	return Empty{}, c.Service.PurgeValue(c.Context(), c.Env(), c.Param("valueSetVersionId"), c.Param("key"), in.Comment)
}

func secretRef(in *api.SecretReference) *orchestrator.SecretRef {
	if in == nil {
		return nil
	}
	return &orchestrator.SecretRef{Store: in.Store, Ref: in.Ref, Version: in.Version, Value: in.Value}
}

func wireValue(v orchestrator.Value) api.Value {
	out := api.Value{
		Key: v.Key, Value: v.Value, Description: v.Description, IsSecret: v.IsSecret, Source: v.ValueSource(),
		CreatedAt: api.NewTime(v.CreatedAt), UpdatedAt: api.NewTime(v.UpdatedAt),
	}
	if v.IsSecret {
		out.Value = ""
		out.SecretStoreID, out.SecretKey, out.SecretVersion = &v.SecretStore, &v.SecretKey, optional(v.SecretVer)
	}
	return out
}

func wireValueSetVersion(v orchestrator.ValueSetVersion) api.ValueSetVersion {
	values := make(map[string]api.Value, len(v.Values))
	for key, value := range v.Values {
		values[key] = wireValue(value)
	}
	return api.ValueSetVersion{
		ID: v.ID, CreatedAt: api.NewTime(v.CreatedAt), UpdatedAt: api.NewTime(v.UpdatedAt), CreatedBy: v.CreatedBy,
		Comment: v.Comment, ResultOf: v.ResultOf, SourceValueSetVersionID: optional(v.SourceID), Values: values,
		Change: convert(v.Change, func(change orchestrator.ValueChange) api.JSONPatch {
			return wireValueChange(change, values)
		}),
	}
}

// wireValueChange shows a change with the value it led to. The value is looked
// up and not stored with the change, so that a purge erases it here, too.
func wireValueChange(change orchestrator.ValueChange, values map[string]api.Value) api.JSONPatch {
	out := api.JSONPatch{Op: change.Op, Path: change.Path}
	value, ok := values[strings.TrimPrefix(change.Path, "/")]
	if ok && !value.IsSecret && change.Op != "remove" {
		out.Value = value.Value
	}
	return out
}
