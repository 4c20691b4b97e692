package e2e

import (
	"io"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/stretchr/testify/require"
)

// pathParameter is one {name} of a path in the OpenAPI document.
var pathParameter = regexp.MustCompile(`\{(\w+)\}`)

// neededQuery is what an operation that only reads cannot do without.
var neededQuery = map[string]string{"/orgs/{orgId}/apps/{appId}/runtime": "?id=development"}

// everyAnswer calls every operation that only reads, for all the objects of an
// application, and returns all that was answered, and the paths at which nothing
// was found.
func (i *instance) everyAnswer(c *canaries, app string, deployments ...string) (all []byte, unseen []string) {
	i.t.Helper()
	document := i.must(http.StatusOK, http.MethodGet, "/openapi.json", nil)
	known := i.knownIDs(app, deployments)
	var paths []string
	for path, item := range document["paths"].(map[string]any) {
		if item.(map[string]any)["get"] != nil {
			paths = append(paths, path)
		}
	}
	slices.Sort(paths)
	for _, template := range paths {
		answered := false
		for _, path := range filled([]string{template}, known) {
			status, body := i.read(path + neededQuery[template])
			require.Less(i.t, status, 500, "%s: %s", path, body)
			answered = answered || status == http.StatusOK
			all = append(all, c.withoutWhatItShows(template, body)...)
		}
		if !answered {
			unseen = append(unseen, template)
		}
	}
	require.GreaterOrEqual(i.t, len(paths)-len(unseen), 50)
	return all, unseen
}

// filled puts every known id into the parameters of paths; a path with an
// unknown one is dropped.
func filled(paths []string, known map[string][]string) []string {
	var done []string
	for _, path := range paths {
		match := pathParameter.FindStringSubmatch(path)
		if match == nil {
			done = append(done, path)
			continue
		}
		var next []string
		for _, id := range known[match[1]] {
			next = append(next, strings.Replace(path, match[0], url.PathEscape(id), 1))
		}
		done = append(done, filled(next, known)...)
	}
	return done
}

// knownIDs are the ids of what there is, by the name of their parameter.
func (i *instance) knownIDs(app string, deployments []string) map[string][]string {
	i.t.Helper()
	base := org + "/apps/" + app
	known := map[string][]string{
		"orgId": {"demo"}, "appId": {app}, "envId": {"development"}, "deployId": deployments, "ordinal": {"0", "1", "2", "3", "4", "5", "6", "7"},
		"typeId": {"postgres", "redis"}, "resourceType": {"postgres", "redis"}, "resType": {"postgres", "redis"},
		"classId": {"canary", "default"}, "envType": {"development"}, "envTypeId": {"development"},
		"driverId": {"humanitec/template", "humanitec/echo"}, "profileQid": {"humanitec/default-module"},
		"regId": {"canary-registry"}, "accId": {"canary-account"}, "storeId": {"canary-store"}, "jobId": {"canary-hook"}, "scheduleId": {"cleanup", "retention"},
	}
	if app == "canary" {
		for _, delivery := range i.list(base + "/webhooks/canary-hook/deliveries") {
			known["deliveryId"] = append(known["deliveryId"], delivery["id"].(string))
		}
		require.NotEmpty(i.t, known["deliveryId"])
	}
	for _, plan := range i.list(envPath(app, "development") + "/plans") {
		known["planId"] = append(known["planId"], plan["id"].(string))
	}
	for _, user := range i.list(org + "/users") {
		known["groupId"] = append(known["groupId"], user["id"].(string))
	}
	for _, delta := range i.list(base + "/deltas") {
		known["deltaId"] = append(known["deltaId"], delta["id"].(string))
	}
	for _, c := range i.list(base + "/pipeline-criteria") {
		known["pipelineId"] = append(known["pipelineId"], c["pipeline_id"].(string))
		known["criteriaId"] = append(known["criteriaId"], c["id"].(string))
	}
	for _, path := range []string{base, envPath(app, "development")} {
		for _, v := range i.list(path + "/value-set-versions") {
			known["valueSetVersionId"] = append(known["valueSetVersionId"], v["id"].(string))
		}
	}
	for _, id := range deployments {
		d := i.must(http.StatusOK, http.MethodGet, envPath(app, "development")+"/deploys/"+id, nil)
		known["setId"] = append(known["setId"], d["set_id"].(string))
		known["sourceSetId"] = known["setId"]
		for _, key := range []string{"graphId", "dependencyGraphId"} {
			graph, _ := d["dependency_graph_id"].(string)
			known[key] = append(known[key], graph)
		}
	}
	for _, r := range i.list(envPath(app, "development") + "/resources") {
		known["guresid"] = append(known["guresid"], r["gu_res_id"].(string))
		known["guResId"] = known["guresid"]
	}
	for _, def := range i.list(org + "/resources/defs") {
		if id := def["id"].(string); !strings.HasPrefix(id, "starter-") {
			known["defId"] = append(known["defId"], id)
		}
	}
	for _, def := range known["defId"] {
		for _, v := range i.list(org + "/resources/defs/" + def + "/versions") {
			known["defVersionId"] = append(known["defVersionId"], v["id"].(string))
		}
	}
	user := i.must(http.StatusOK, http.MethodGet, "/current-user", nil)
	known["userId"] = []string{user["id"].(string)}
	for _, token := range i.list("/users/" + known["userId"][0] + "/tokens") {
		known["tokenId"] = append(known["tokenId"], token["id"].(string))
	}
	return known
}

// read is a GET whose answer may be anything, a stream of events too.
func (i *instance) read(path string) (int, []byte) {
	i.t.Helper()
	req, err := http.NewRequest(http.MethodGet, i.url+path, nil)
	require.NoError(i.t, err)
	req.Header.Set("Authorization", "Bearer "+i.token())
	resp, err := http.DefaultClient.Do(req)
	require.NoError(i.t, err)
	defer func() { _ = resp.Body.Close() }()
	raw, err := io.ReadAll(resp.Body)
	require.NoError(i.t, err)
	return resp.StatusCode, raw
}
