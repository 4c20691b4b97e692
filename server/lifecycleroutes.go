package server

import "net/http"

// lifecycleRoutes are the operations of how environments come and go.
func lifecycleRoutes() []Route {
	const list, item = appPath + "/env-requests", appPath + "/env-requests/{requestId}"
	const rules = appPath + "/preview-rules"
	const windows = orgPath + "/env-types/{envTypeId}/freeze-windows"
	return tagged("Environment Lifecycle", []Route{
		answer(Route{Method: "GET", Path: list, OperationID: "listEnvironmentRequests", Summary: "List the requests for Environments of an Application, newest first",
			Query: []Query{{Name: "limit", Type: "integer", Doc: "How many at most; 1000 when absent"}}}, listSpinUps),
		accept(Route{Method: "POST", Path: list, OperationID: "createEnvironmentRequest", Status: http.StatusCreated,
			Summary: "Ask for an Environment with values, first deployment and end, as one durable process"}, createSpinUp),
		answer(Route{Method: "GET", Path: item, OperationID: "getEnvironmentRequest", Summary: "Get a request for an Environment"}, getSpinUp),
		stream[[]eventOfRequest](Route{Method: "GET", Path: item + "/events", OperationID: "streamEnvironmentRequestEvents", ContentType: "text/event-stream",
			Query:   []Query{{Name: "after", Type: "integer", Doc: "Only what comes after this seq"}},
			Summary: "Follow a request for an Environment as server-sent events until it ends; with Accept: application/json list the events"}, spinUpEvents),
		answer(Route{Method: "POST", Path: item + "/cancel", OperationID: "cancelEnvironmentRequest", Status: http.StatusAccepted,
			Summary: "Ask for the end of a request; what was made is kept or taken down as the request says"}, cancelSpinUp),

		answer(Route{Method: "GET", Path: envPath + "/lifetime", OperationID: "getEnvironmentLifetime", Summary: "Say what ends an Environment by itself, and when"}, getLifetime),
		accept(Route{Method: "PATCH", Path: envPath + "/lifetime", OperationID: "updateEnvironmentLifetime",
			Summary: "Set, extend or remove what ends an Environment by itself"}, changeLifetime),

		answer(Route{Method: "GET", Path: rules, OperationID: "listPreviewRules", Summary: "List the preview rules of an Application"}, listPreviewRules),
		accept(Route{Method: "POST", Path: rules, OperationID: "createPreviewRule", Status: http.StatusCreated,
			Summary: "Have branches get Environments when an image is pushed for them"}, createPreviewRule),
		answer(Route{Method: "DELETE", Path: rules + "/{ruleId}", OperationID: "deletePreviewRule", Summary: "Delete a preview rule; Environments that it made stay until their end"}, deletePreviewRule),
		answer(Route{Method: "DELETE", Path: rules + "/{ruleId}/previews", OperationID: "removePreview",
			Query:   []Query{{Name: "branch", Doc: "The branch, such as feature/x"}},
			Summary: "Delete the Environment that a preview rule made for a branch"}, removePreview),

		answer(Route{Method: "GET", Path: appPath + "/status", OperationID: "getApplicationStatus", Summary: "Show what runs where: Environments with the versions of their workloads"}, getAppStatus),
		answer(Route{Method: "GET", Path: appPath + "/promotion-path", OperationID: "getPromotionPath", Summary: "Get the order in which an Application is promoted"}, getPromotionPath),
		accept(Route{Method: "PUT", Path: appPath + "/promotion-path", OperationID: "setPromotionPath", Summary: "Set the order in which an Application is promoted"}, setPromotionPath),

		answer(Route{Method: "GET", Path: orgPath + "/freeze-windows", OperationID: "listFreezeWindows", Summary: "List the freeze windows of all Environment Types"}, listFreezeWindows),
		answer(Route{Method: "GET", Path: windows, OperationID: "listFreezeWindowsOfType", Summary: "List the freeze windows of an Environment Type"}, listFreezeWindows),
		accept(Route{Method: "POST", Path: windows, OperationID: "createFreezeWindow", Status: http.StatusCreated,
			Summary: "Have Environments of a type accept no deployments at recurring times"}, createFreezeWindow),
		answer(Route{Method: "DELETE", Path: windows + "/{windowId}", OperationID: "deleteFreezeWindow", Summary: "Delete a freeze window"}, deleteFreezeWindow),
	})
}
