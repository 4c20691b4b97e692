// Package bench holds the benchmarks behind the product's numbers: each
// compares what Slipway does with the bare thing in the same run and reports
// the ratio.
package bench

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/client"
	sdk "go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"github.com/slipway-dev/slipway/drivers"
	"github.com/slipway-dev/slipway/drivers/builtin"
	"github.com/slipway-dev/slipway/engine/deployset"
	"github.com/slipway-dev/slipway/engine/redaction"
	"github.com/slipway-dev/slipway/engine/resource"
	"github.com/slipway-dev/slipway/internal/delivery"
	"github.com/slipway-dev/slipway/internal/delivery/git"
	"github.com/slipway-dev/slipway/internal/secrets"
	"github.com/slipway-dev/slipway/internal/store"
	slipwaytemporal "github.com/slipway-dev/slipway/internal/temporal"
	"github.com/slipway-dev/slipway/internal/testenv"
	"github.com/slipway-dev/slipway/orchestrator"
	"github.com/slipway-dev/slipway/worker"
)

func TestMain(m *testing.M) { testenv.Main(m) }

// BenchmarkDeployment compares a deployment of 20 in-process nodes with one
// bare workflow with one activity on the same server (docs/benchmarks.md), which
// encrypts nothing.
func BenchmarkDeployment(b *testing.B) {
	bare := bareWorkflow(b, connect(b, nil))
	keeper := newKeeper(b)
	deploy := deployment(b, connect(b, keeper), keeper, 16) // 16 resources, their workload, cluster, namespace and base-env: 20 nodes
	bare()
	deploy()
	var plain, ours time.Duration
	rounds := 0
	for b.Loop() {
		plain += measure(bare)
		ours += measure(deploy)
		rounds++
	}
	b.ReportMetric(float64(ours)/float64(plain), "x-bare")
	b.ReportMetric(float64(ours.Milliseconds())/float64(rounds), "ms/deploy")
	b.ReportMetric(float64(plain.Milliseconds())/float64(rounds), "ms/bare")
}

// BenchmarkCodec compares a deployment whose payloads are encrypted, as they are
// in production, with the same without encryption, in turns (docs/benchmarks.md).
func BenchmarkCodec(b *testing.B) {
	keeper := newKeeper(b)
	open := deployment(b, connect(b, nil), keeper, 16)
	encrypted := deployment(b, connect(b, keeper), keeper, 16)
	open()
	encrypted()
	var without, with []time.Duration
	for b.Loop() {
		without = append(without, measure(open))
		with = append(with, measure(encrypted))
	}
	b.ReportMetric(float64(median(with))/float64(median(without)), "x-clear")
	b.ReportMetric(float64(median(with).Milliseconds()), "ms/encrypted")
	b.ReportMetric(float64(median(without).Milliseconds()), "ms/clear")
}

func median(of []time.Duration) time.Duration {
	slices.Sort(of)
	return of[len(of)/2]
}

func measure(fn func()) time.Duration {
	start := time.Now()
	fn()
	return time.Since(start)
}

var namespaces atomic.Int64

// connect opens a client of a namespace of its own; with a keeper it encrypts all
// payloads, as in production.
func connect(b *testing.B, keeper *secrets.Keeper) client.Client {
	// Workers with different databases must not share task queues.
	namespace := fmt.Sprintf("%s-%d", testenv.Namespace(b), namespaces.Add(1))
	o := slipwaytemporal.Options{Address: testenv.Temporal(b), Namespace: namespace}
	if keeper != nil {
		o.Keeper = keeper
	}
	c, err := slipwaytemporal.Connect(b.Context(), o)
	require.NoError(b, err)
	b.Cleanup(c.Close)
	return c
}

func newKeeper(b *testing.B) *secrets.Keeper {
	keeper, err := secrets.Create(filepath.Join(b.TempDir(), "keyset.json"))
	require.NoError(b, err)
	return keeper
}

// bareWorkflow returns a function that runs a workflow with one empty activity.
func bareWorkflow(b *testing.B, c client.Client) func() {
	w := sdk.New(c, "bare", sdk.Options{})
	w.RegisterActivityWithOptions(func(context.Context) error { return nil }, activity.RegisterOptions{Name: "nothing"})
	w.RegisterWorkflowWithOptions(func(ctx workflow.Context) error {
		ctx = workflow.WithActivityOptions(ctx, workflow.ActivityOptions{StartToCloseTimeout: time.Minute})
		return workflow.ExecuteActivity(ctx, "nothing").Get(ctx, nil)
	}, workflow.RegisterOptions{Name: "bare"})
	require.NoError(b, w.Start())
	b.Cleanup(w.Stop)
	return func() {
		run, err := c.ExecuteWorkflow(b.Context(), client.StartWorkflowOptions{TaskQueue: "bare"}, "bare")
		require.NoError(b, err)
		require.NoError(b, run.Get(b.Context(), nil))
	}
}

// deployment returns a function that deploys a workload with the given number
// of template resources to a repository and waits for its end.
func deployment(b *testing.B, c client.Client, keeper *secrets.Keeper, resources int) func() {
	home := b.TempDir()
	ctx := orchestrator.WithActor(b.Context(), orchestrator.SystemActor)
	dsn := filepath.Join(home, "slipway.db")
	require.NoError(b, store.Migrate(ctx, dsn, nil))
	db, err := store.Open(ctx, store.Options{DSN: dsn})
	require.NoError(b, err)
	b.Cleanup(func() { _ = db.Close() })
	recipient, err := secrets.EnsureAgeIdentity(filepath.Join(home, "age.key"))
	require.NoError(b, err)
	repository := filepath.Join(home, "deployments.git")
	require.NoError(b, git.InitBare(repository, "main"))

	registry := drivers.NewRegistry()
	require.NoError(b, builtin.Register(registry))
	service := orchestrator.New(orchestrator.Options{Store: db, Workflows: slipwaytemporal.NewStarter(c), Keeper: keeper})
	deployer := orchestrator.NewDeployer(orchestrator.DeployerOptions{
		Store: db, Keeper: keeper, Drivers: registry,
		Targets:  map[string]orchestrator.Delivery{"git": delivery.NewGit(delivery.GitOptions{CacheDir: home, AgeRecipients: []string{recipient}})},
		Redactor: func(values ...string) func(string) string { return redaction.New(values...).String },
	})
	workers := worker.New(worker.Options{Client: c, Deployer: deployer})
	require.NoError(b, workers.Start())
	b.Cleanup(workers.Stop)

	ref := prepare(ctx, b, service, db, repository, resources)
	first := true
	set := workload(ctx, b, db, ref, resources)
	return func() {
		request := orchestrator.DeploymentRequest{}
		if first {
			request.SetID, first = set, false
		}
		d, err := service.CreateDeployment(ctx, ref, request)
		require.NoError(b, err)
		for signal := db.Watch(ctx, d.ID); ; <-signal {
			now, err := service.GetDeployment(ctx, ref, d.ID)
			require.NoError(b, err)
			if now.Status.Terminal() {
				require.Equal(b, orchestrator.DeploymentSucceeded, now.Status)
				return
			}
		}
	}
}

// prepare seeds an organization whose definitions are templates.
func prepare(ctx context.Context, b *testing.B, service *orchestrator.Service, db *store.Store, repository string, resources int) orchestrator.EnvRef {
	b.Helper()
	seed := orchestrator.Seed{OrgID: "bench", OrgName: "bench", AdminName: "bench",
		EnvTypes: []orchestrator.EnvironmentType{{ID: "development"}},
		Types: []orchestrator.ResourceType{
			{ID: "k8s-cluster", Use: "implicit"}, {ID: "k8s-namespace", Use: "implicit"}, {ID: "base-env", Use: "implicit"},
			{ID: "workload", Use: "implicit"}, {ID: "postgres", Use: "direct"},
		},
		Definitions: []orchestrator.SeedDefinition{
			definition("cluster", "k8s-cluster", "humanitec/k8s-cluster-git", map[string]any{"url": repository, "branch": "main", "path": "bench"}),
			definition("namespace", "k8s-namespace", "humanitec/echo", map[string]any{"namespace": "bench"}),
			definition("base", "base-env", "humanitec/echo", map[string]any{}),
			definition("db", "postgres", "humanitec/template", map[string]any{"templates": map[string]any{
				"init":    "name: db-{{ .id | trunc 8 }}",
				"outputs": "host: {{ .init.name }}\nport: 5432\n",
			}}),
		}}
	_, err := service.Seed(ctx, seed)
	require.NoError(b, err)
	ref := orchestrator.EnvRef{OrgID: "bench", AppID: "app", EnvID: "development"}
	at := time.Now().UTC()
	require.NoError(b, db.CreateApplication(ctx, &orchestrator.Application{
		OrgID: ref.OrgID, ID: ref.AppID, Name: "app", Status: orchestrator.StatusActive, StatusChangedAt: at, CreatedAt: at}))
	require.NoError(b, db.CreateEnvironment(ctx, &orchestrator.Environment{
		OrgID: ref.OrgID, AppID: ref.AppID, ID: ref.EnvID, Name: "dev", TypeID: "development", QueuePolicy: orchestrator.QueuePolicyQueue,
		Status: orchestrator.StatusActive, StatusChangedAt: at, CreatedAt: at}))
	return ref
}

func definition(id, resourceType, driver string, values map[string]any) orchestrator.SeedDefinition {
	return orchestrator.SeedDefinition{ID: id, Name: id, Type: resourceType, DriverType: driver,
		DriverInputs: &orchestrator.DriverInputs{Values: values}, Criteria: []resource.Criteria{{}}}
}

// workload stores a set with one module that depends on so many databases.
func workload(ctx context.Context, b *testing.B, db *store.Store, ref orchestrator.EnvRef, resources int) string {
	b.Helper()
	externals, variables := map[string]any{}, map[string]any{}
	for i := range resources {
		name := fmt.Sprintf("db%02d", i)
		externals[name] = map[string]any{"type": "postgres"}
		variables["HOST_"+fmt.Sprint(i)] = "${externals." + name + ".host}"
	}
	id, err := db.PutSet(ctx, ref.OrgID, ref.AppID, deployset.Set{Modules: map[string]map[string]any{"web": {
		"profile": "humanitec/default-module", "externals": externals,
		"spec": map[string]any{"containers": map[string]any{"web": map[string]any{"id": "web", "image": "nginx:1", "variables": variables}}},
	}}})
	require.NoError(b, err)
	return id
}
