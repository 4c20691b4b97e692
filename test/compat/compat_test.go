package compat

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/internal/testenv/apidoc"
)

// table is the page that the result is held against.
const table = "../../docs/compatibility.md"

// TestEveryOperation walks the API. With SLIPWAY_UPDATE=1 it writes what it
// found into docs/compatibility.md, otherwise that page has to say the same.
func TestEveryOperation(t *testing.T) {
	api := startInstance(t)
	s := &scenario{t: t, api: api, token: api.token, org: "/orgs/demo", ledger: ledger{}, own: ledger{}, published: publishedDocument(t), ours: ownDocument(t, api)}
	s.walk()
	s.probeUnknownIDs()
	s.probeTokens()
	t.Run("too large", func(t *testing.T) { s.as(t).tooLarge() })
	t.Run("fuzz", func(t *testing.T) {
		s := s.as(t)
		s.do(201, "POST", s.org+"/apps", object{"id": "fuzz", "name": "Fuzz"})
		s.fuzz()
	})
	t.Run("the page says what is true", func(t *testing.T) { s.as(t).page() })
}

func ownDocument(t *testing.T, api *instance) *apidoc.Document {
	t.Helper()
	resp, err := http.Get(api.url + "/openapi.json")
	require.NoError(t, err)
	defer func() { _ = resp.Body.Close() }()
	raw, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	doc, err := apidoc.Parse(raw)
	require.NoError(t, err)
	return doc
}

// walk goes through the areas in an order in which each finds what it needs.
func (s *scenario) walk() {
	var at shop
	var delta string
	for _, area := range []struct {
		name string
		walk func(s *scenario)
	}{
		{"organizations and tokens", (*scenario).organizations},
		{"environment types", (*scenario).environmentTypes},
		{"applications and environments", func(s *scenario) { at = s.applications() }},
		{"values of an application", func(s *scenario) { s.sharedValues(at.app) }},
		{"values of an environment", func(s *scenario) {
			for _, key := range []string{"FIRST", "SECRET"} { // an environment overrides what the application has
				s.do(201, "POST", at.app+"/values", object{"key": key, "value": "0", "description": "", "is_secret": key == "SECRET"})
			}
			s.sharedValues(at.env)
		}},
		{"values for the shop", func(s *scenario) { s.prepareValues(at) }},
		{"deltas", func(s *scenario) { delta = s.deltas(at) }},
		{"deployments", func(s *scenario) { s.deployments(&at, delta) }},
		{"sets", func(s *scenario) { s.sets(at) }},
		{"score", (*scenario).score},
		{"resource types and classes", (*scenario).resourceTypes},
		{"drivers", (*scenario).drivers},
		{"definitions", (*scenario).definitions},
		{"active resources", func(s *scenario) { s.activeResources(at) }},
		{"workload profiles", (*scenario).workloadProfiles},
		{"artefacts and images", (*scenario).artefacts},
		{"pipelines", func(s *scenario) { s.pipelines(at) }},
		{"pipeline runs", func(s *scenario) { s.pipelineRuns(at) }},
		{"automation", func(s *scenario) { s.automation(at) }},
		{"operations", func(s *scenario) { s.operate(at) }},
		{"webhooks", func(s *scenario) { s.webhooks(at) }},
		{"users and roles", func(s *scenario) { s.users(at) }},
		{"groups", func(s *scenario) { s.groups(at) }},
		{"invitations", (*scenario).invitations},
		{"secret stores", (*scenario).secretStores},
		{"registries", (*scenario).registries},
		{"resource accounts", (*scenario).resourceAccounts},
		{"agents", (*scenario).agents},
		{"public keys", (*scenario).publicKeys},
		{"own workload profiles", (*scenario).ownProfiles},
		{"workload templates", (*scenario).workloadTemplates},
		{"audit log", func(s *scenario) { s.auditLog(at) }},
		{"container logs", func(s *scenario) { s.containerLogs(at) }},
		{"runtime", func(s *scenario) { s.runtime(at) }},
		{"a dropped resource", func(s *scenario) { s.dropped(at) }},
		{"teardown", func(s *scenario) { s.teardown(at) }},
	} {
		s.t.Run(area.name, func(t *testing.T) { area.walk(s.as(t)) })
	}
}

// probeUnknownIDs asks every operation of our document for something that does
// not exist: it has to be a failure of the client's, in the documented shape.
func (s *scenario) probeUnknownIDs() {
	for _, o := range s.ours.Operations() {
		path, named := s.fill(o.Path)
		if !named {
			continue
		}
		s.t.Run("unknown id/"+o.String(), func(t *testing.T) {
			s := s.as(t)
			e := exchange{method: o.Method, path: path, accept: "application/json"}
			if s.ours.Doc.Paths.Value(o.Path).GetOperation(o.Method).RequestBody != nil {
				e.requestBody, e.contentType = []byte(`{}`), "application/json"
			}
			s.send(&e)
			s.check(&e)
			switch o.Method {
			case http.MethodGet, http.MethodDelete:
				require.Contains(t, []int{403, 404}, e.status, "%s", e.body)
			default:
				require.Contains(t, []int{400, 403, 404, 422}, e.status, "%s", e.body)
			}
		})
	}
}

// fill puts ids that do not exist into a path; named is false when there is
// nothing to name besides the organization.
func (s *scenario) fill(path string) (filled string, named bool) {
	filled = apidoc.Parameter.ReplaceAllStringFunc(path, func(name string) string {
		if name == "{orgId}" {
			return strings.TrimPrefix(s.org, "/orgs/")
		}
		named = true
		return "compat-nothere"
	})
	return filled, named
}

// probeTokens asks every operation without a token, and with one that does not
// exist, except those of which our document says that they need none.
func (s *scenario) probeTokens() {
	open := 0
	for _, o := range s.ours.Operations() {
		if security := s.ours.Doc.Paths.Value(o.Path).GetOperation(o.Method).Security; security != nil && len(*security) == 0 {
			open++
			continue
		}
		s.t.Run("no token/"+o.String(), func(t *testing.T) {
			path, _ := s.fill(o.Path)
			for _, token := range []string{"", "sw_nothere"} {
				s := s.as(t).with(token)
				e := exchange{method: o.Method, path: path, accept: "application/json"}
				s.send(&e)
				require.Equal(t, http.StatusUnauthorized, e.status, "%s", e.body)
				s.check(&e)
			}
		})
	}
	require.Equal(s.t, 4, open, "accepting an invitation, redeeming a code and what GitHub and GitLab tell are all that needs no token")
}

// page holds docs/compatibility.md against the ledger.
func (s *scenario) page() {
	if s.published == nil {
		s.pageWithoutDocument()
		return
	}
	for _, o := range s.published.Operations() {
		if s.routed(o) && reasons[o.Shape()] == "" {
			require.Equal(s.t, conforms, s.ledger[o.Shape()].verdict(), "%s: walk it, fix the server, or say in reasons why it differs", o)
		}
	}
	want := s.render()
	if os.Getenv("SLIPWAY_UPDATE") == "1" {
		require.NoError(s.t, os.WriteFile(table, []byte(want), 0o600))
	}
	have, err := os.ReadFile(table)
	require.NoError(s.t, err)
	require.Equal(s.t, want, string(have), "%s is not fresh: SLIPWAY_UPDATE=1 go test ./test/compat", table)
}

// pageWithoutDocument holds what the page calls conforming against our own
// document: it was exercised, with success.
func (s *scenario) pageWithoutDocument() {
	have, err := os.ReadFile(table)
	require.NoError(s.t, err)
	checked := 0
	for line := range strings.Lines(string(have)) {
		cells := strings.Split(line, "|")
		if len(cells) < 5 || strings.TrimSpace(cells[3]) != conforms {
			continue
		}
		method, path, _ := strings.Cut(strings.Trim(strings.TrimSpace(cells[2]), "`"), " ")
		o := apidoc.Operation{Method: method, Path: path}
		require.Positive(s.t, s.own.of(o).good, "%s is said to conform, and was not exercised", o)
		checked++
	}
	require.Positive(s.t, checked)
}

func (s *scenario) render() string {
	var page strings.Builder
	good, rest := 0, 0
	area := ""
	for _, o := range s.published.Operations() {
		op := s.published.Doc.Paths.Value(o.Path).GetOperation(o.Method)
		verdict := s.ledger[o.Shape()].verdict()
		if verdict == conforms {
			good++
		} else {
			rest++
			verdict = s.reason(o, verdict)
		}
		if first := areaOf(o.Path); first != area {
			area = first
			fmt.Fprintf(&page, "\n## %s\n\n| operation | request | |\n|---|---|---|\n", area)
		}
		fmt.Fprintf(&page, "| %s | `%s` | %s |\n", op.OperationID, o, verdict)
	}
	return fmt.Sprintf(head, good, good+rest) + page.String()
}

const head = `# Compatibility

%d operations conform of %d of the published API of the Humanitec Platform Orchestrator (v1).

Conforms means: a scenario against a running Slipway used the operation with success, and every request and answer it made (status, content type, body) was allowed by the published document; so were the answers to unknown ids and bad tokens. The scenario is
[test/compat](../test/compat/doc.go); this page is written by it and held against it: ` + "`SLIPWAY_UPDATE=1 go test ./test/compat`" + `.
What is beyond the published API is in our own document, ` + "`GET /openapi.json`" + `, against which the same requests are checked.
`

// areaOf is the part of a path that names its area.
func areaOf(path string) string {
	path = strings.TrimPrefix(path, "/orgs/{orgId}")
	for _, prefix := range []string{"/apps/{appId}/envs/{envId}", "/apps/{appId}"} {
		if rest, ok := strings.CutPrefix(path, prefix+"/"); ok {
			return prefix + "/" + strings.Split(rest, "/")[0]
		}
	}
	parts := strings.Split(path, "/")
	if len(parts) < 2 {
		return "/orgs"
	}
	if parts[1] == "resources" && len(parts) > 2 {
		return "/resources/" + parts[2]
	}
	return "/" + parts[1]
}

// reason says why an operation does not conform.
func (s *scenario) reason(o apidoc.Operation, verdict string) string {
	if why := reasons[o.Shape()]; why != "" {
		return why
	}
	if s.routed(o) || verdict != notExercised {
		return verdict
	}
	for _, later := range notThere {
		if strings.Contains(o.Path, later.part) {
			return "not there yet: " + later.what
		}
	}
	return "not there yet"
}

// routed says whether our document has an operation.
func (s *scenario) routed(o apidoc.Operation) bool {
	return slices.ContainsFunc(s.ours.Operations(), func(ours apidoc.Operation) bool { return ours.Shape() == o.Shape() })
}

// notThere describes what no route exists for, by a part of its path; the first
// that fits counts. It is silent about an operation as soon as that is routed.
var notThere = []struct{ part, what string }{
	{"/approv", "approvals are part of pipelines"},
	{"/batches/", "batches of pipeline runs"},
	{"runs", "runs of pipelines"},
	{"/pipelines", "pipelines"},
}

// reasons says why an operation that is routed does not conform, by shape.
var reasons = map[string]string{}
