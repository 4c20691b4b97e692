package store_test

import (
	"context"
	"fmt"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/engine/resource"
	"github.com/slipway-dev/slipway/internal/store"
	"github.com/slipway-dev/slipway/orchestrator"
)

// BenchmarkDeployment writes what one deployment of ten resources writes.
func BenchmarkDeployment(b *testing.B) {
	for name, database := range databases {
		b.Run(name, func(b *testing.B) {
			s := openNew(b, database(b))
			base(b, s, 1, 1)
			for i := 0; b.Loop(); i++ {
				writeDeployment(b, s, orchestrator.EnvRef{OrgID: "acme", AppID: "app-0", EnvID: "env-0"}, i, 10)
			}
		})
	}
}

func base(tb testing.TB, s *store.Store, apps, envs int) {
	require.NoError(tb, s.CreateOrganization(ctx, &orchestrator.Organization{ID: "acme"}))
	require.NoError(tb, s.CreateEnvironmentType(ctx, &orchestrator.EnvironmentType{OrgID: "acme", ID: "test"}))
	for a := range apps {
		app := fmt.Sprintf("app-%d", a)
		require.NoError(tb, s.InTx(ctx, func(ctx context.Context) error {
			require.NoError(tb, s.CreateApplication(ctx, &orchestrator.Application{OrgID: "acme", ID: app}))
			for e := range envs {
				require.NoError(tb, s.CreateEnvironment(ctx, &orchestrator.Environment{OrgID: "acme", AppID: app, ID: fmt.Sprintf("env-%d", e), TypeID: "test"}))
			}
			return nil
		}))
	}
}

func writeDeployment(tb testing.TB, s *store.Store, ref orchestrator.EnvRef, i, nodes int) {
	id := fmt.Sprintf("%016x", i)
	require.NoError(tb, s.InTx(ctx, func(ctx context.Context) error {
		e, err := s.LockEnvironment(ctx, ref)
		require.NoError(tb, err)
		require.NoError(tb, s.CreateDeployment(ctx, &orchestrator.Deployment{
			OrgID: ref.OrgID, AppID: ref.AppID, EnvID: ref.EnvID, ID: id, Status: orchestrator.DeploymentSucceeded,
		}))
		e.LastDeployID = id
		return s.UpdateEnvironment(ctx, e)
	}))
	list := make([]orchestrator.Node, nodes)
	for n := range list {
		list[n] = orchestrator.Node{OrgID: ref.OrgID, DeploymentID: id, Ordinal: n, Key: resource.Key{Type: "s3", Class: "default", ID: fmt.Sprint(n)}, Values: map[string]any{"host": "x"}}
	}
	require.NoError(tb, s.CreateNodes(ctx, list))
	for n := range list {
		require.NoError(tb, s.InTx(ctx, func(ctx context.Context) error {
			list[n].Status = orchestrator.NodeSucceeded
			if err := s.UpdateNode(ctx, &list[n]); err != nil {
				return err
			}
			return s.AppendEvents(ctx, &orchestrator.Event{OrgID: ref.OrgID, AppID: ref.AppID, EnvID: ref.EnvID, DeploymentID: id, Type: "node.status"})
		}))
	}
}

// TestReadsOfALargeDatabase measures reads with 10,000 environments and 100,000
// deployments. It takes minutes: set STORE_TEST_LARGE=1.
func TestReadsOfALargeDatabase(t *testing.T) {
	if os.Getenv("STORE_TEST_LARGE") == "" {
		t.Skip("set STORE_TEST_LARGE=1 to measure a large database")
	}
	for name, database := range databases {
		t.Run(name, func(t *testing.T) {
			s := openNew(t, database(t))
			base(t, s, 100, 100)
			fillLarge(t, s)
			measureReads(t, s)
		})
	}
}

func fillLarge(t *testing.T, s *store.Store) {
	for a := range 100 {
		require.NoError(t, s.InTx(ctx, func(ctx context.Context) error {
			for e := range 100 {
				ref := orchestrator.EnvRef{OrgID: "acme", AppID: fmt.Sprintf("app-%d", a), EnvID: fmt.Sprintf("env-%d", e)}
				for d := range 10 {
					id := fmt.Sprintf("%016x", d*10000+a*100+e)
					status := orchestrator.DeploymentSucceeded
					if d == 9 && e == 0 {
						status = orchestrator.DeploymentPending
					}
					require.NoError(t, s.CreateDeployment(ctx, &orchestrator.Deployment{OrgID: ref.OrgID, AppID: ref.AppID, EnvID: ref.EnvID, ID: id, Status: status}))
					if e < 5 {
						require.NoError(t, s.AppendEvents(ctx, &orchestrator.Event{OrgID: ref.OrgID, AppID: ref.AppID, EnvID: ref.EnvID, DeploymentID: id}))
					}
				}
				_, err := s.ReserveResource(ctx, &orchestrator.ActiveResource{
					OrgID: ref.OrgID, AppID: ref.AppID, EnvID: ref.EnvID, Key: resource.Key{Type: "s3", Class: "default", ID: "b"},
					GUResID: fmt.Sprintf("%d-%d", a, e), DefID: fmt.Sprintf("def-%d", a),
				})
				require.NoError(t, err)
			}
			return nil
		}))
	}
}

func measureReads(t *testing.T, s *store.Store) {
	reads := map[string]func(a, e int) error{
		"GetEnvironment":           func(a, e int) error { _, err := s.GetEnvironment(ctx, at(a, e)); return err },
		"ListEnvironments (100)":   func(a, e int) error { _, err := s.ListEnvironments(ctx, "acme", at(a, e).AppID); return err },
		"ListDeployments (10)":     func(a, e int) error { _, err := s.ListDeployments(ctx, at(a, e), 0); return err },
		"UnfinishedDeployments":    func(a, e int) error { _, err := s.UnfinishedDeployments(ctx, at(a, e)); return err },
		"AllUnfinishedDeployments": func(a, e int) error { _, err := s.AllUnfinishedDeployments(ctx, time.Now(), 100); return err },
		"FindDeployment":           func(a, e int) error { _, err := s.FindDeployment(ctx, fmt.Sprintf("%016x", a*100+e)); return err },
		"ListEvents": func(a, e int) error {
			_, err := s.ListEvents(ctx, "acme", fmt.Sprintf("%016x", a*100+e), 0, 100)
			return err
		},
		"ListActiveResources": func(a, e int) error { _, err := s.ListActiveResources(ctx, at(a, e)); return err },
		"ListActiveResourcesOf (100)": func(a, e int) error {
			_, err := s.ListActiveResourcesOf(ctx, "acme", fmt.Sprintf("def-%d", a))
			return err
		},
	}
	for name, read := range reads {
		var took []time.Duration
		for i := range 1000 {
			begin := time.Now()
			require.NoError(t, read(i*7%100, i*13%100))
			took = append(took, time.Since(begin))
		}
		slices.Sort(took)
		t.Logf("%-28s p50 %8s  p99 %8s", name, took[500].Round(time.Microsecond), took[990].Round(time.Microsecond))
	}
}

func at(a, e int) orchestrator.EnvRef {
	return orchestrator.EnvRef{OrgID: "acme", AppID: fmt.Sprintf("app-%d", a), EnvID: fmt.Sprintf("env-%d", e)}
}
