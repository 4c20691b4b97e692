package orchestrator_test

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/engine/resource"
	"github.com/slipway-dev/slipway/internal/secrets"
	"github.com/slipway-dev/slipway/internal/store"
	"github.com/slipway-dev/slipway/internal/testenv/migrated"
	"github.com/slipway-dev/slipway/orchestrator"
)

// fakeQuestions asks about two resources and remembers the answer.
type fakeQuestions struct{ answered []string }

func (*fakeQuestions) Open(context.Context, string) ([]orchestrator.Question, error) {
	return []orchestrator.Question{
		{RunID: "run-1", GUResID: "ours", Address: "aws_s3_bucket.a", Action: "create", Why: "the runner died"},
		{RunID: "run-2", GUResID: "elsewhere", Address: "aws_s3_bucket.b", Action: "create"},
	}, nil
}

func (f *fakeQuestions) Answer(_ context.Context, org, runID, address, answer, id string) (bool, error) {
	f.answered = []string{org, runID, address, answer, id}
	return true, nil
}

// Questions belong to the environment whose resource asks, and only its
// deployers may answer them.
func TestQuestions(t *testing.T) {
	t.Parallel()
	ctx := orchestrator.WithActor(t.Context(), orchestrator.SystemActor)
	file := filepath.Join(t.TempDir(), "slipway.db")
	migrated.Database(t, file)
	records, err := store.Open(ctx, store.Options{DSN: file})
	require.NoError(t, err)
	t.Cleanup(func() { _ = records.Close() })
	keeper, err := secrets.Create(filepath.Join(t.TempDir(), "keys.json"))
	require.NoError(t, err)
	asked := &fakeQuestions{}
	service := orchestrator.New(orchestrator.Options{Store: records, Keeper: keeper, Questions: asked})
	_, err = service.Seed(ctx, orchestrator.Seed{OrgID: "acme", OrgName: "Acme", AdminName: "Ada", EnvTypes: []orchestrator.EnvironmentType{{ID: "development"}}})
	require.NoError(t, err)
	_, err = service.CreateApplication(ctx, "acme", orchestrator.ApplicationRequest{ID: "shop", Name: "Shop"})
	require.NoError(t, err)
	env := orchestrator.EnvRef{OrgID: "acme", AppID: "shop", EnvID: "development"}
	_, err = records.ReserveResource(ctx, &orchestrator.ActiveResource{
		OrgID: env.OrgID, AppID: env.AppID, EnvID: env.EnvID, EnvType: "development", GUResID: "ours",
		Key: resource.Key{Type: "s3", Class: "default", ID: "shared.a"}, Status: orchestrator.ResourcePending, CreatedAt: time.Now(), UpdatedAt: time.Now(),
	})
	require.NoError(t, err)

	open, err := service.OpenQuestions(ctx, env)
	require.NoError(t, err)
	require.Len(t, open, 1, "the other one is another environment's")
	require.Equal(t, "run-1", open[0].RunID)

	viewer := orchestrator.WithActor(t.Context(), orchestrator.Actor{UserID: "v", Roles: map[string]string{
		orchestrator.OrgObject("acme"): orchestrator.RoleMember, orchestrator.AppObject("acme", "shop"): orchestrator.RoleViewer,
	}})
	_, err = service.AnswerQuestion(viewer, env, "run-1", "aws_s3_bucket.a", "retry", "")
	require.Equal(t, orchestrator.CodeForbidden, orchestrator.CodeOf(err))
	_, err = service.AnswerQuestion(ctx, env, "run-2", "aws_s3_bucket.b", "retry", "")
	require.Equal(t, orchestrator.CodeNotFound, orchestrator.CodeOf(err))
	require.Empty(t, asked.answered)
	last, err := service.AnswerQuestion(ctx, env, "run-1", "aws_s3_bucket.a", "import", "my-bucket")
	require.NoError(t, err)
	require.True(t, last)
	require.Equal(t, []string{"acme", "run-1", "aws_s3_bucket.a", "import", "my-bucket"}, asked.answered)
	stranger := orchestrator.WithActor(t.Context(), orchestrator.Actor{UserID: "x"})
	_, err = service.OpenQuestions(stranger, env)
	require.Equal(t, orchestrator.CodeNotFound, orchestrator.CodeOf(err))
}
