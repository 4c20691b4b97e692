package server_test

import (
	"fmt"
	"net/http"
	"os"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/internal/api"
	"github.com/slipway-dev/slipway/orchestrator"
	"github.com/slipway-dev/slipway/server"
)

const rolesPage = "../docs/reference/roles.md"

// rolesTable reads the table of operations: the names of its columns, and the
// cells by operation.
func rolesTable(t *testing.T) (columns []string, cells map[string][]string) {
	t.Helper()
	raw, err := os.ReadFile(rolesPage)
	require.NoError(t, err)
	cells = map[string][]string{}
	operation := regexp.MustCompile("`([A-Za-z]+)`")
	for line := range strings.SplitSeq(string(raw), "\n") {
		fields := strings.Split(strings.Trim(line, "| "), "|")
		for i := range fields {
			fields[i] = strings.TrimSpace(fields[i])
		}
		if len(fields) > 2 && fields[1] == "operations" {
			columns = fields[2:]
			continue
		}
		if columns == nil || len(fields) != len(columns)+2 || strings.HasPrefix(fields[0], "--") {
			continue
		}
		for _, found := range operation.FindAllStringSubmatch(fields[1], -1) {
			require.NotContains(t, cells, found[1], "%s: operation %s has two rows", rolesPage, found[1])
			cells[found[1]] = fields[2:]
		}
	}
	require.NotEmpty(t, cells, "%s has no table of operations", rolesPage)
	return columns, cells
}

// rolesOfColumn are the roles that a column of the table stands for.
func rolesOfColumn(column string) map[string]string {
	roles := map[string]string{}
	for role := range strings.SplitSeq(column, " + ") {
		switch role {
		case orchestrator.RoleViewer, orchestrator.RoleDeveloper, orchestrator.RoleOwner:
			roles[orchestrator.OrgObject(org)], roles[orchestrator.AppObject(org, "shop")] = orchestrator.RoleMember, role
		case orchestrator.RoleDeployer:
			roles[orchestrator.EnvTypeObject(org, "development")] = role
		default:
			roles[orchestrator.OrgObject(org)] = role
		}
	}
	return roles
}

// TestEveryOperationAsksForItsRole tries every operation as everybody, against
// the table in the documentation.
func TestEveryOperationAsksForItsRole(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	columns, table := rolesTable(t)
	app := h.app("shop")
	h.do("POST", app+"/envs/development/deploys", `{}`).must(201, nil) // so that a deletion goes on and the application stays
	robot := h.serviceUser("member")

	tokens := map[string]string{}
	for _, column := range columns {
		kind := "user"
		if column == orchestrator.RoleArtefactContributor {
			kind = "service"
		}
		_, tokens[column] = h.user(kind, rolesOfColumn(column))
	}
	operations := map[string]bool{}
	for _, r := range lastDeletions(server.Routes()) {
		operations[r.OperationID] = true
		want, known := table[r.OperationID]
		if !known {
			t.Errorf("operation %s (%s %s) has no row in the table of %s: say there who may call it, and ask for the permission in its use case",
				r.OperationID, r.Method, r.Path, rolesPage)
			continue
		}
		path, body := requestFor(r, robot.ID)
		for i, column := range columns {
			if got := h.verdict(tokens[column], r, path, body); got != want[i] {
				t.Errorf("%s (%s %s) as %s: the table says %s, the server %s", r.OperationID, r.Method, r.Path, column, want[i], got)
			}
		}
		if r.Open {
			continue
		}
		if got, _ := h.raw("", r.Method, path, body); got.Status != http.StatusUnauthorized {
			t.Errorf("%s without a token answers %d, not 401", r.OperationID, got.Status)
		}
		if got := h.verdict(h.rival, r, path, body); strings.Contains(r.Path, "{") && got != "404" {
			t.Errorf("%s with a token of another organization: %s, not 404", r.OperationID, got)
		}
	}
	for operation := range table {
		if !operations[operation] {
			t.Errorf("%s has a row for %s, which is no operation", rolesPage, operation)
		}
	}
}

// lastDeletions puts at the end what would take the objects of the test away.
func lastDeletions(routes []server.Route) []server.Route {
	var first, last []server.Route
	for _, r := range routes {
		if r.OperationID == "deleteApplication" || r.OperationID == "deleteEnvironment" {
			last = append(last, r)
			continue
		}
		first = append(first, r)
	}
	return append(first, last...)
}

// requestFor builds a request that names what exists where authorization looks
// at it, and nothing that exists below. Its body has the right shape, no more.
func requestFor(r server.Route, serviceUser string) (path, body string) {
	path = strings.NewReplacer(
		"{orgId}", org, "{appId}", "shop", "{envId}", "development", "{envTypeId}", "development", "{groupId}", "g-none",
		"{ordinal}", "0", "{setId}", strings.Repeat("0", 43), "{key}", "KEY", "{scheduleId}", "cleanup",
	).Replace(r.Path)
	if strings.HasPrefix(path, "/users/") {
		path = strings.Replace(path, "{userId}", serviceUser, 1)
	}
	path = regexp.MustCompile(`\{[A-Za-z]+\}`).ReplaceAllString(path, "none-such")
	bodies := map[string]string{
		"createEnvironment":        `{"id":"new-env","name":"New"}`, // its type decides
		"createEnvironmentRequest": `{"id":"new-env"}`,
		"createPromotion":          `{"from_deploy_id":"none","to_env":"development"}`,
		"createPreviewRule":        `{"base_env":"development"}`,
	}
	if body, ok := bodies[r.OperationID]; ok {
		return path, body
	}
	if r.Request == nil {
		return path, "{}"
	}
	switch reflect.TypeOf(r.Request).Kind() {
	case reflect.Slice:
		return path, "[]"
	case reflect.String:
		return path, `"none-such"`
	case reflect.Bool:
		return path, "true"
	}
	return path, "{}"
}

// verdict is what an answer says of the right to ask: yes, 403, 404 or open.
func (h *harness) verdict(token string, r server.Route, path, body string) string {
	h.t.Helper()
	if r.Open {
		return "open"
	}
	got, _ := h.raw(token, r.Method, path, body)
	hidden := regexp.MustCompile(`(organization "?\\?"acme\\?"|application \\"shop\\"|user \\"s-[^"]*\\") does not exist`)
	switch {
	case got.Status >= 500:
		h.t.Errorf("%s %s answers %d: %s", r.Method, path, got.Status, got.Body)
		return fmt.Sprint(got.Status)
	case got.Status == http.StatusForbidden, got.Status == http.StatusUnauthorized:
		return fmt.Sprint(got.Status)
	case got.Status == http.StatusNotFound && hidden.MatchString(got.Body):
		return "404"
	}
	return "yes"
}

func TestARoleInsideCountsOnlyWithOneInTheOrganization(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	app := h.app("shop")
	_, token := h.user("user", map[string]string{orchestrator.AppObject(org, "shop"): "owner"})
	h.as(token, "GET", app, "").fails(404, "acme")
	var orgs []api.Organization
	h.as(token, "GET", "/orgs", "").must(200, &orgs)
	require.Empty(t, orgs)
}
