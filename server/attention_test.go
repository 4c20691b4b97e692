package server_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/internal/api"
	"github.com/slipway-dev/slipway/internal/store"
	"github.com/slipway-dev/slipway/orchestrator"
	"github.com/slipway-dev/slipway/server"
)

// place makes an environment of an application, which must exist, with a deployment that is its newest.
func (h *harness) place(app, env string, status orchestrator.DeploymentStatus, outcome orchestrator.Outcome) (orchestrator.EnvRef, string) {
	h.t.Helper()
	now := time.Now().UTC()
	ref := orchestrator.EnvRef{OrgID: org, AppID: app, EnvID: env}
	id := fmt.Sprintf("%016x", now.UnixNano())
	require.NoError(h.t, h.store.CreateEnvironment(asSystem, &orchestrator.Environment{
		OrgID: org, AppID: app, ID: env, Name: strings.ToUpper(env), TypeID: "development", Status: orchestrator.StatusActive, LastDeployID: id, CreatedAt: now,
	}))
	require.NoError(h.t, h.store.CreateDeployment(asSystem, &orchestrator.Deployment{
		OrgID: org, AppID: app, EnvID: env, ID: id, Status: status, Outcome: outcome, Comment: "why not", CreatedAt: now, StatusChangedAt: now,
	}))
	return ref, id
}

// trouble makes one of everything that needs attention, with environments and ids that begin with a prefix.
func (h *harness) trouble(app, prefix string) {
	h.t.Helper()
	now := time.Now().UTC()
	soon, last := now.Add(time.Hour), now.Add(-time.Hour)
	h.place(app, prefix+"failed", orchestrator.DeploymentFailed, orchestrator.OutcomeFailed)
	h.place(app, prefix+"busy", orchestrator.DeploymentInProgress, "")
	ref, id := h.place(app, prefix+"waits", orchestrator.DeploymentInProgress, "")
	h.waits(ref, id)
	require.NoError(h.t, h.store.CreatePromotion(asSystem, &orchestrator.Promotion{
		OrgID: org, AppID: app, ID: prefix + "promotion", EnvID: ref.EnvID, DeploymentID: id, Phase: orchestrator.PhaseApproval, CreatedAt: now,
	}))
	ref, _ = h.place(app, prefix+"drifted", orchestrator.DeploymentSucceeded, orchestrator.OutcomeSucceeded)
	require.NoError(h.t, h.store.CreateDriftScan(asSystem, &orchestrator.DriftScan{
		OrgID: org, AppID: app, EnvID: ref.EnvID, ID: "scan", Status: orchestrator.DriftFound, Checked: 4, Drifted: 2, CreatedAt: now, FinishedAt: &now,
	}))
	ref, _ = h.place(app, prefix+"expiring", orchestrator.DeploymentSucceeded, orchestrator.OutcomeSucceeded)
	require.NoError(h.t, h.store.CreateLifetime(asSystem, &orchestrator.Lifetime{OrgID: org, AppID: app, EnvID: ref.EnvID, ExpiresAt: &soon, NextAt: &soon}))
	require.NoError(h.t, h.store.CreatePause(asSystem, &orchestrator.Pause{OrgID: org, AppID: app, EnvID: ref.EnvID, CreatedAt: now}))
	require.NoError(h.t, h.store.CreateScheduledDeployment(asSystem, &orchestrator.ScheduledDeployment{
		OrgID: org, AppID: app, EnvID: ref.EnvID, ID: "order", Status: orchestrator.OrderFailed, Message: "frozen", LastAt: &last, CreatedAt: last,
	}))
	_, id = h.place(app, prefix+"target", orchestrator.DeploymentInProgress, "")
	require.NoError(h.t, h.store.CreatePromotion(asSystem, &orchestrator.Promotion{
		OrgID: org, AppID: app, ID: prefix + "goes on", EnvID: prefix + "target", FromEnvID: "development", DeploymentID: id, Phase: orchestrator.PhaseDeploy, CreatedAt: now,
	}))
	_, id = h.place(app, prefix+"new", orchestrator.DeploymentInProgress, "")
	require.NoError(h.t, h.store.CreateSpinUp(asSystem, &orchestrator.SpinUp{OrgID: org, AppID: app, ID: prefix + "up", EnvID: prefix + "new", DeploymentID: id, Phase: "deploy", CreatedAt: now}))
	for name, status := range map[string]string{"nightly": orchestrator.PipelineFailed, "release": orchestrator.PipelineExecuting, "build": orchestrator.PipelineExecuting} {
		run := orchestrator.PipelineRun{OrgID: org, AppID: app, PipelineID: prefix + name, ID: prefix + name, Status: status, Trigger: "schedule", EnvIDs: []string{prefix + "busy"}, CreatedAt: now}
		if status == orchestrator.PipelineFailed {
			run.CompletedAt = &now
		}
		require.NoError(h.t, h.store.CreatePipelineRun(asSystem, &run))
	}
	require.NoError(h.t, h.store.CreatePipelineApproval(asSystem, &orchestrator.PipelineApproval{
		OrgID: org, AppID: app, PipelineID: prefix + "release", RunID: prefix + "release", JobID: "job", ID: prefix + "request", EnvID: prefix + "busy",
		Message: "Ship it?", Status: orchestrator.ApprovalWaiting, CreatedAt: time.Now().UTC(),
	}))
	for name, message := range map[string]string{"going": "", "stuck": "no cluster"} {
		require.NoError(h.t, h.store.CreateEnvironment(asSystem, &orchestrator.Environment{
			OrgID: org, AppID: app, ID: prefix + name, TypeID: "development", Status: orchestrator.StatusDeleting, StatusMessage: message, CreatedAt: now, StatusChangedAt: now,
		}))
	}
}

func kindsOf(items []api.AttentionItem) []string {
	out := []string{}
	for _, i := range items {
		out = append(out, i.Kind)
	}
	return out
}

func (h *harness) attention(token, query string) api.Attention {
	h.t.Helper()
	var got api.Attention
	h.as(token, "GET", "/orgs/"+org+"/attention"+query, "").must(http.StatusOK, &got)
	return got
}

func TestAttention(t *testing.T) {
	t.Parallel()
	onBothDatabases(t, func(t *testing.T, h *harness) {
		require.Equal(t, api.Attention{Waiting: []api.AttentionItem{}, Concerns: []api.AttentionItem{}, Underway: []api.AttentionItem{}, More: []string{}, Unknown: []string{}},
			h.attention(h.token, ""))
		h.app("shop")
		h.app("other")
		h.trouble("shop", "a-")
		failedAt := time.Now().UTC().Add(-time.Minute)
		h.schedules.failures = []orchestrator.ScheduleFailure{
			{ID: "pipeline.shop.nightly.0", Status: "failed", At: failedAt}, {ID: "drift.shop.qa", Status: "failed", At: failedAt}, {ID: "cleanup", Status: "timed out", At: failedAt},
		}
		require.NoError(t, h.store.CreateFreezeWindow(asSystem, &orchestrator.FreezeWindow{OrgID: org, ID: "w", EnvTypeID: "production", Cron: "* * * * *", Duration: time.Hour, TimeZone: "UTC", CreatedAt: failedAt}))
		_, viewer := h.user("user", map[string]string{orchestrator.OrgObject(org): "member", orchestrator.AppObject(org, "shop"): "viewer"})
		_, deployer := h.user("user", map[string]string{
			orchestrator.OrgObject(org): "member", orchestrator.AppObject(org, "shop"): "developer", orchestrator.EnvTypeObject(org, "development"): "deployer",
		})
		_, stranger := h.user("user", map[string]string{orchestrator.OrgObject(org): "member", orchestrator.AppObject(org, "other"): "owner"})

		// The service remembers failures of schedules for some seconds, and was asked just before.
		h.restart()
		got := h.attention(h.token, "")
		require.Equal(t, []string{"approval", "pipeline-approval"}, kindsOf(got.Waiting))
		require.Equal(t, []string{"failed", "teardown", "pipeline-failed", "schedule-failed", "schedule-failed", "scheduled-failed", "drifted", "expiring", "paused", "frozen"}, kindsOf(got.Concerns))
		require.ElementsMatch(t, []string{"deployment", "promotion", "spin-up", "pipeline-run", "deletion"}, kindsOf(got.Underway), "what waits, and what is shown for something else, is not there twice")
		require.Empty(t, got.More)
		require.Empty(t, got.Unknown)
		wait := got.Waiting[0]
		require.True(t, wait.Mine)
		require.Equal(t, []string{"shop", "A-WAITS", "development", "a-promotion"}, []string{wait.AppID, wait.EnvName, wait.EnvType, wait.PromotionID})
		require.Equal(t, wait.DeploymentID, wait.Approval.DeploymentID)
		require.Equal(t, "Ship it?", got.Waiting[1].PipelineApproval.Message)
		require.True(t, got.Waiting[1].Mine)
		require.Equal(t, "why not", got.Concerns[0].Message, "without a cause, what it was")
		require.False(t, got.Concerns[0].Runs)
		require.Equal(t, "no cluster", got.Concerns[1].Message)
		require.Equal(t, "2 of 4 objects are not as they were deployed", got.Concerns[6].Message)
		require.Equal(t, "production", got.Concerns[9].EnvType)

		for name, c := range map[string]struct {
			token string
			mine  bool
		}{"viewer": {viewer, false}, "deployer": {deployer, true}} {
			seen := h.attention(c.token, "")
			require.Len(t, seen.Concerns, 10, name)
			require.Equal(t, []bool{c.mine, c.mine}, []bool{seen.Waiting[0].Mine, seen.Waiting[1].Mine}, name)
		}
		seen := h.attention(stranger, "")
		require.Equal(t, []string{"schedule-failed", "frozen"}, kindsOf(seen.Concerns), "what is of the organization")
		require.Empty(t, seen.Waiting)
		require.Empty(t, seen.Underway)

		h.trouble("other", "b-")
		got = h.attention(h.token, "?limit=1")
		require.Len(t, got.Concerns, 9, "one of each kind")
		require.Subset(t, got.More, []string{"approval", "failed", "drifted", "expiring", "paused", "deployment", "promotion", "spin-up", "pipeline-run", "schedule-failed", "deletion"})
		require.NotContains(t, got.More, "frozen")
		require.Len(t, h.attention(h.token, "?limit=2").Waiting, 4)
		for _, limit := range []string{"0", "201", "x"} {
			h.do("GET", "/orgs/"+org+"/attention?limit="+limit, "").fails(http.StatusBadRequest, "limit")
		}
		h.as(h.rival, "GET", "/orgs/"+org+"/attention", "").fails(http.StatusNotFound, org)
	})
}

// restart builds service and server anew.
func (h *harness) restart() {
	h.t.Helper()
	h.service = orchestrator.New(orchestrator.Options{Store: h.store, Workflows: h.workflows, Keeper: h.keeper, Drivers: fakeCatalogue{}, Log: h.log, Schedules: h.schedules})
	h.server = server.New(server.Options{Service: h.service, Log: h.log, Version: "test"})
}

// TestAttentionWithoutWorkflowEngine: what only the workflow engine knows is said to be unknown.
func TestAttentionWithoutWorkflowEngine(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	h.app("shop")
	h.trouble("shop", "a-")
	h.schedules.away = true
	got := h.attention(h.token, "")
	require.Len(t, got.Unknown, 1)
	require.Contains(t, got.Unknown[0], "whether schedules failed")
	require.Contains(t, kindsOf(got.Concerns), "failed")
}

// statements counts statements of a store that logs each one.
type statements struct{ n atomic.Int64 }

func (*statements) Enabled(context.Context, slog.Level) bool { return true }

func (s *statements) Handle(_ context.Context, r slog.Record) error {
	if r.Message == "slow database statement" {
		s.n.Add(1)
	}
	return nil
}

func (s *statements) WithAttrs([]slog.Attr) slog.Handler { return s }

func (s *statements) WithGroup(string) slog.Handler { return s }

// TestAttentionNeedsAsManyStatementsAsEver: however much there is, the number is the same.
func TestAttentionNeedsAsManyStatementsAsEver(t *testing.T) {
	t.Parallel()
	onBothDatabases(t, func(t *testing.T, h *harness) {
		count := &statements{}
		records, err := store.Open(t.Context(), store.Options{DSN: h.database, Log: slog.New(count), SlowQuery: 1})
		require.NoError(t, err)
		t.Cleanup(func() { require.NoError(t, records.Close()) })
		service := orchestrator.New(orchestrator.Options{Store: records, Workflows: h.workflows, Keeper: h.keeper, Drivers: fakeCatalogue{}, Log: h.log, Schedules: h.schedules})
		ask := func() int64 {
			before := count.n.Load()
			_, err := service.Attention(orchestrator.WithActor(t.Context(), orchestrator.SystemActor), org, 0)
			require.NoError(t, err)
			return count.n.Load() - before
		}
		h.app("shop")
		h.trouble("shop", "first-")
		once := ask()
		require.Positive(t, once)
		for i := range 12 {
			h.app(fmt.Sprintf("app-%d", i))
			h.trouble(fmt.Sprintf("app-%d", i), "e-"+string(rune('a'+i)))
		}
		require.Equal(t, once, ask())
		t.Logf("%d statements", once)
	})
}
