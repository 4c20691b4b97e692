package server_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/internal/api"
	"github.com/slipway-dev/slipway/orchestrator"
)

const orgEvents = "/orgs/" + org + "/attention/events"

// kindsTold are the types of the events among lines of a stream.
func kindsTold(lines []string) []string {
	kinds := []string{}
	for _, l := range lines {
		if kind, is := strings.CutPrefix(l, "event: "); is {
			kinds = append(kinds, kind)
		}
	}
	return kinds
}

// dataOf reads what the last event of a kind carries.
func dataOf[T any](t *testing.T, lines []string, kind string) (out T) {
	t.Helper()
	for i, l := range lines {
		if l == "event: "+kind {
			require.NoError(t, json.Unmarshal([]byte(strings.TrimPrefix(lines[i+1], "data: ")), &out))
		}
	}
	return out
}

func TestApplicationIsFollowed(t *testing.T) {
	t.Parallel()
	onBothDatabases(t, func(t *testing.T, h *harness) {
		h.app("shop")
		base := h.listen()
		lines := h.follow(t.Context(), base+shopPath+"/events", "")
		first := until(t, lines, "event: orders")
		require.Equal(t, []string{"application", "path", "environment", "orders"}, kindsTold(first))

		h.do("PUT", shopPath+"/promotion-path", `{"steps":[{"env":"development"},{"env":"later"}]}`).must(http.StatusOK, nil)
		told := until(t, lines, `"later"`)
		require.Equal(t, []string{"path"}, kindsTold(told))
		require.Equal(t, []string{"development"}, dataOf[api.PromotionPath](t, told, "path").Steps[0].Environments)

		h.do("POST", shopPath+"/envs", `{"id":"later","name":"Later","type":"development"}`).must(http.StatusCreated, nil)
		told = append(until(t, lines, "event: environment"), until(t, lines, "data: ")...)
		require.Equal(t, []string{"application", "path", "environment"}, kindsTold(told))
		require.Len(t, dataOf[api.Application](t, told, "application").Envs, 2)
		require.Equal(t, "later", dataOf[api.EnvironmentStatus](t, told, "environment").ID)
		position := lastID(told)

		var d api.Deployment
		h.do("POST", devEnv+"/deploys", `{"comment":"a change"}`).must(http.StatusCreated, &d)
		told = until(t, lines, "a change")
		require.Equal(t, []string{"environment"}, kindsTold(told), "what is as it was is not told again")
		again := h.follow(t.Context(), base+shopPath+"/events", position)
		require.Equal(t, []string{"environment"}, kindsTold(until(t, again, "a change")), "a client that resumes gets what it has missed")
		h.succeed(orchestrator.EnvRef{OrgID: org, AppID: "shop", EnvID: "development"}, d.ID)
		for _, stream := range []<-chan string{lines, again} {
			told = until(t, stream, `"running":`)
			require.Equal(t, d.ID, dataOf[api.EnvironmentStatus](t, told, "environment").Running.ID)
			told = until(t, stream, `"env_id":"development"`)
			require.Equal(t, []string{"runtime"}, kindsTold(told), "what runs is looked at in its cluster")
		}

		var order api.ScheduledDeployment
		h.do("POST", devEnv+"/scheduled-deploys", `{"cron":"0 4 * * *"}`).must(http.StatusCreated, &order)
		until(t, lines, order.ID)
		h.do("DELETE", devEnv+"/scheduled-deploys/"+order.ID, "").must(http.StatusNoContent, nil)
		until(t, lines, "data: []")
		now := time.Now().UTC()
		promotion := &orchestrator.Promotion{OrgID: org, AppID: "shop", ID: "p1", EnvID: "later", Phase: orchestrator.PhaseSoak, CreatedAt: now}
		require.NoError(t, h.store.CreatePromotion(asSystem, promotion))
		require.NoError(t, h.store.CreateSpinUp(asSystem, &orchestrator.SpinUp{OrgID: org, AppID: "shop", ID: "up", EnvID: "next", Phase: "create", CreatedAt: now}))
		require.NoError(t, h.store.CreatePipelineRun(asSystem, &orchestrator.PipelineRun{
			OrgID: org, AppID: "shop", PipelineID: "build", ID: "r1", Status: orchestrator.PipelineExecuting, CreatedAt: now,
		}))
		told = append(until(t, lines, "event: run"), until(t, lines, "data: ")...)
		require.Subset(t, []string{"promotion", "request", "run"}, kindsTold(told))
		require.Equal(t, "r1", dataOf[api.PipelineRun](t, told, "run").ID)

		require.NoError(t, h.store.DeleteEnvironment(t.Context(), orchestrator.EnvRef{OrgID: org, AppID: "shop", EnvID: "later"}))
		told = append(until(t, lines, "event: application"), until(t, lines, "data: ")...)
		require.Len(t, dataOf[api.Application](t, told, "application").Envs, 1)
	})
}

func TestApplicationThatIsGone(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	path := h.app("shop")
	lines := h.follow(t.Context(), h.listen()+path+"/events", "")
	until(t, lines, "event: orders")
	require.NoError(t, h.store.DeleteEnvironment(t.Context(), orchestrator.EnvRef{OrgID: org, AppID: "shop", EnvID: "development"}))
	require.NoError(t, h.store.DeleteApplication(t.Context(), org, "shop"))
	require.Contains(t, strings.Join(until(t, lines, "gone"), "\n"), "event: end")
	until(t, lines, "")
	h.do("GET", path+"/events", "").fails(http.StatusNotFound, "shop")
}

func TestWhatIsSoOfApplicationsAndOrganizations(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	path := h.app("shop")
	var events []api.FollowEvent
	kinds := func() (out []string) {
		for _, e := range events {
			out = append(out, e.Type)
		}
		return out
	}
	h.do("GET", path+"/events", "").must(http.StatusOK, &events)
	require.Equal(t, []string{"application", "path", "environment", "orders"}, kinds())
	h.place("shop", "runs", orchestrator.DeploymentFailed, orchestrator.OutcomeFailed)
	h.do("GET", path+"/events", "").must(http.StatusOK, &events)
	position := events[len(events)-1].ID
	require.NotEmpty(t, position)
	lines := h.follow(t.Context(), h.listen()+path+"/events", position)
	until(t, lines, ": events of")
	h.place("shop", "another", orchestrator.DeploymentFailed, orchestrator.OutcomeFailed)
	told := strings.Join(until(t, lines, `"id":"another"`), "\n")
	require.NotContains(t, told, "event: path", "who has read the list is told what is new")
	require.NotContains(t, told, `"id":"runs","name":"RUNS","type":"development","status"`)

	h.do("GET", orgEvents+"?limit=3", "").must(http.StatusOK, &events)
	require.Equal(t, []string{"attention", "applications", "runs"}, kinds())
	for _, limit := range []string{"0", "201", "x"} {
		h.do("GET", orgEvents+"?limit="+limit, "").fails(http.StatusBadRequest, "limit")
	}
	h.as(h.rival, "GET", orgEvents, "").fails(http.StatusNotFound, org)
	h.as(h.rival, "GET", path+"/events", "").fails(http.StatusNotFound)
	_, member := h.user("user", map[string]string{orchestrator.OrgObject(org): orchestrator.RoleMember})
	h.as(member, "GET", path+"/events", "").fails(http.StatusNotFound)
	h.as(member, "GET", orgEvents, "").must(http.StatusOK, &events)
	require.Contains(t, fmt.Sprint(events), "count:0")
}

// Everybody is told of what they may see, and goes on to be when their roles change.
func TestOrganizationIsFollowed(t *testing.T) {
	t.Parallel()
	onBothDatabases(t, func(t *testing.T, h *harness) {
		h.app("shop")
		h.app("blog")
		_, ahead := h.counting(0)
		base := h.listen()
		id, member := h.user("user", map[string]string{orchestrator.OrgObject(org): orchestrator.RoleMember, orchestrator.AppObject(org, "blog"): orchestrator.RoleViewer})
		all, some := h.follow(t.Context(), base+orgEvents, ""), h.followAs(t.Context(), member, base+orgEvents, "")
		for stream, count := range map[<-chan string]string{all: `"count":2`, some: `"count":1`} {
			require.Equal(t, []string{"attention", "applications"}, kindsTold(until(t, stream, count)))
		}
		h.place("shop", "failed", orchestrator.DeploymentFailed, orchestrator.OutcomeFailed)
		told := until(t, all, `"kind":"failed"`)
		until(t, all, "event: applications") // it has another environment
		h.place("blog", "broken", orchestrator.DeploymentFailed, orchestrator.OutcomeFailed)
		seen := until(t, some, `"env_id":"broken"`)
		require.NotContains(t, strings.Join(seen, "\n"), "shop", "what one may not see is not told")
		until(t, all, `"env_id":"broken"`)

		resumed := h.follow(t.Context(), base+orgEvents, lastID(append(told, until(t, all, "id: ")...)))
		h.app("third")
		seen = until(t, resumed, `"count":3`)
		require.NotContains(t, kindsTold(seen), "attention", "what was known is not told again")

		require.NoError(t, h.store.CreatePipelineRun(asSystem, &orchestrator.PipelineRun{
			OrgID: org, AppID: "shop", PipelineID: "build", ID: "r1", Status: orchestrator.PipelineSucceeded, CreatedAt: time.Now().UTC(),
		}))
		require.Equal(t, 1, dataOf[api.ListState](t, append(until(t, resumed, "event: runs"), until(t, resumed, "data: ")...), "runs").Count)

		require.NoError(t, h.store.PutRole(t.Context(), orchestrator.RoleBinding{
			OrgID: org, SubjectID: id, Object: orchestrator.AppObject(org, "shop"), Role: orchestrator.RoleViewer, CreatedAt: time.Now().UTC(),
		}))
		ahead.Store(int64(time.Minute))
		until(t, some, "") // what goes on is not of these roles
		require.Contains(t, strings.Join(until(t, h.followAs(t.Context(), member, base+orgEvents, ""), `"count":2`), "\n"), `"env_id":"failed"`)
	})
}

// An application of many environments is followed, too; who resumes is told everything again.
func TestApplicationOfManyEnvironmentsIsFollowed(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	path := h.app("shop")
	for i := range 120 {
		h.place("shop", fmt.Sprintf("env-%03d", i), orchestrator.DeploymentFailed, orchestrator.OutcomeFailed)
	}
	base := h.listen()
	lines := h.follow(t.Context(), base+path+"/events", "")
	told := until(t, lines, "event: orders")
	require.Len(t, kindsTold(told), 120+4)
	require.Equal(t, "0", lastID(told))
	resumed := h.follow(t.Context(), base+path+"/events", "0")
	require.Len(t, kindsTold(until(t, resumed, "event: orders")), 120+4)
}

// What is read of the database for people who look at the same organization
// depends on what happens there; while nothing does, all of them share one look.
func TestManyPeopleFollowAnOrganization(t *testing.T) {
	t.Parallel()
	const people = 20
	h := newHarness(t)
	h.app("shop")
	counted, _ := h.counting(0)
	base := h.listen()
	began := time.Now()
	ctx, leave := context.WithCancel(t.Context())
	defer leave()
	streams := make([]<-chan string, people)
	for i := range streams {
		_, token := h.user("user", map[string]string{orchestrator.OrgObject(org): orchestrator.RoleAdministrator})
		streams[i] = h.followAs(ctx, token, base+orgEvents, "")
		until(t, streams[i], "event: applications")
	}
	for n := range 3 {
		h.place("shop", fmt.Sprintf("failed-%d", n), orchestrator.DeploymentFailed, orchestrator.OutcomeFailed)
		for _, s := range streams {
			until(t, s, fmt.Sprintf(`"env_id":"failed-%d"`, n))
		}
	}
	took := time.Since(began)
	shared := int64(took/time.Second) + 2
	// Each looks at the beginning, and at most twice for each change: it may be seen in two steps.
	own := int64(people * (1 + 2*3 + 2*int(took/(15*time.Second))))
	t.Logf("%d people, %v: %d looks", people, took.Round(time.Millisecond), counted.attention.Load())
	require.LessOrEqual(t, counted.attention.Load(), shared+own)
}
