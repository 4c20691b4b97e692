package server_test

import (
	"context"
	_ "embed"
	"strconv"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/internal/testenv"
	"github.com/slipway-dev/slipway/orchestrator"
)

// size says how much is stored: environments and deltas (as many Deployment
// Sets) of each application, deployments of each environment.
type size struct {
	apps, envs, deploys, deltas, values           int
	users, definitions, artefacts, versionsOfEach int
}

var (
	// smallSize is a team that begins: 10 environments, 100 deployments.
	smallSize = size{apps: 1, envs: 10, deploys: 10, deltas: 10, values: 5, users: 10, definitions: 10, artefacts: 3, versionsOfEach: 5}
	// largeSize has 10,000 environments and 100,000 deployments.
	largeSize = size{apps: 100, envs: 100, deploys: 10, deltas: 100, values: 20, users: 1000, definitions: 200, artefacts: 300, versionsOfEach: 20}
)

//go:embed testdata/large.sql
var largeSQL string

// newFilled is a server over PostgreSQL with an organization of a size. It
// writes with SQL what would take hours through the API.
func newFilled(t testing.TB, s size) *harness {
	t.Helper()
	ctx := context.Background()
	h := newHarnessOn(t, testenv.Postgres(t))
	conn, err := pgx.Connect(ctx, h.database)
	require.NoError(t, err)
	defer func() { require.NoError(t, conn.Close(ctx)) }()
	_, err = conn.PgConn().Exec(ctx, s.fill(largeSQL)).ReadAll()
	require.NoError(t, err)
	// What autovacuum does within minutes.
	_, err = conn.Exec(ctx, "VACUUM ANALYZE")
	require.NoError(t, err)
	return h
}

func (s size) fill(text string) string {
	var words []string
	for name, n := range map[string]int{
		"apps": s.apps, "envs": s.envs, "deploys": s.deploys, "deltas": s.deltas, "values": s.values,
		"users": s.users, "definitions": s.definitions, "artefacts": s.artefacts, "versions": s.versionsOfEach,
	} {
		words = append(words, "{"+name+"}", strconv.Itoa(n))
	}
	return strings.NewReplacer(words...).Replace(text)
}

// place is an environment with a deployment of it.
type place struct{ a, e, d int }

// place spreads requests evenly over all that is stored.
func (s size) place(i int) place {
	return place{a: i * 7 % s.apps, e: i * 13 % s.envs, d: i * 3 % s.deploys}
}

func (s size) deployID(p place) string {
	id := strconv.FormatInt(int64((p.d*s.apps+p.a)*s.envs+p.e), 16)
	return strings.Repeat("0", 16-len(id)) + id
}

// read is a request that clients send often.
type read struct {
	name string
	path func(s size, p place) string
	// as a member of the organization who may see the application app-0 only
	member bool
}

// reads are the requests by name. Those of lists ask for all of the list, as
// the published API has it.
func reads() []read {
	under := func(pattern string) func(size, place) string {
		return func(s size, p place) string {
			return "/orgs/" + org + strings.NewReplacer(
				"{a}", "app-"+strconv.Itoa(p.a), "{e}", "env-"+strconv.Itoa(p.e), "{d}", s.deployID(p),
				"{set}", "set-"+strconv.Itoa(p.e%s.deltas), "{delta}", "delta-"+strconv.Itoa(p.e%s.deltas),
				"{def}", "def-"+strconv.Itoa(p.a%s.definitions), "{artefact}", "artefact-"+strconv.Itoa(p.a%s.artefacts),
				"{image}", "registry.example/image-"+strconv.Itoa(p.a%s.artefacts),
			).Replace(pattern)
		}
	}
	const env = "/apps/{a}/envs/{e}"
	return []read{
		{name: "apps", path: under("/apps")},
		{name: "apps_of_a_member", path: under("/apps"), member: true},
		{name: "app", path: under("/apps/{a}")},
		{name: "envs", path: under("/apps/{a}/envs")},
		{name: "env", path: under(env)},
		{name: "deploys", path: under(env + "/deploys")},
		{name: "deploy", path: under(env + "/deploys/{d}")},
		{name: "nodes", path: under(env + "/deploys/{d}/nodes")},
		{name: "resources", path: under(env + "/resources")},
		{name: "attention", path: under("/attention")},
		{name: "attention_of_a_member", path: under("/attention"), member: true},
		{name: "active_resources", path: under("/active-resources?per_page=100&app={a}")},
		{name: "active_resources_by_text", path: under("/active-resources?per_page=100&text=nothing-has-this")},
		{name: "env_values", path: under(env + "/values")},
		{name: "app_values", path: under("/apps/{a}/values")},
		{name: "deltas", path: under("/apps/{a}/deltas")},
		{name: "deltas_of_env", path: under("/apps/{a}/deltas?env={e}")},
		{name: "delta", path: under("/apps/{a}/deltas/{delta}")},
		{name: "sets", path: under("/apps/{a}/sets")},
		{name: "set", path: under("/apps/{a}/sets/{set}")},
		{name: "definitions", path: under("/resources/defs")},
		{name: "definition", path: under("/resources/defs/{def}")},
		{name: "audit_logs", path: under("/audit-logs")},
		{name: "audit_logs_of_env", path: under("/audit-logs?object=/orgs/" + org + env)},
		{name: "audit_logs_of_user", path: under("/audit-logs?user_id=nobody")},
		{name: "users", path: under("/users")},
		{name: "app_users", path: under("/apps/{a}/users")},
		{name: "artefact_versions", path: under("/artefact-versions")},
		{name: "artefact_versions_newest", path: under("/artefact-versions?limit=20")},
		{name: "artefact_versions_of_name", path: under("/artefact-versions?name={image}")},
		{name: "versions_of_artefact", path: under("/artefacts/{artefact}/versions?limit=10")},
	}
}

// memberOfOne makes a member who may see app-0 only and returns the token.
func (h *harness) memberOfOne() string {
	h.t.Helper()
	_, token := h.user("user", map[string]string{
		orchestrator.OrgObject(org): orchestrator.RoleMember, orchestrator.AppObject(org, "app-0"): orchestrator.RoleViewer,
	})
	return token
}
