package orchestrator_test

import (
	"context"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/engine/deployset"
	"github.com/slipway-dev/slipway/orchestrator"
)

// away is a target that may not be there.
type away struct {
	*capture
	message string
}

func (a *away) Deliver(ctx context.Context, r orchestrator.DeliveryRequest) (orchestrator.DeliveryResult, error) {
	if a.message != "" {
		return orchestrator.DeliveryResult{}, orchestrator.Errorf(orchestrator.CodeUnavailable, "%s", a.message)
	}
	return a.capture.Deliver(ctx, r)
}

// eventsOf lists the events of one type as "status message".
func eventsOf(t *testing.T, records orchestrator.Store, id, kind string) []string {
	t.Helper()
	events, err := records.ListEvents(orchestrator.WithActor(t.Context(), orchestrator.SystemActor), "acme", id, 0, 0)
	require.NoError(t, err)
	out := []string{}
	for _, e := range events {
		if e.Type == kind {
			out = append(out, e.Status+" "+e.Message)
		}
	}
	return out
}

// TestErrorsOfADeploymentThatGoesOn: a target that is away is told of once, and again when it is back.
func TestErrorsOfADeploymentThatGoesOn(t *testing.T) {
	t.Parallel()
	target := &away{}
	p := newPlatformWith(t, func(_ *orchestrator.Options, d *orchestrator.DeployerOptions) { d.Targets["git"] = target })
	target.capture = p.target
	setID, err := p.store.PutSet(p.ctx, p.env.OrgID, p.env.AppID, p.set(map[string]m{"api": module(nil, nil)}, nil))
	require.NoError(t, err)
	d, err := p.service.CreateDeployment(p.ctx, p.env, orchestrator.DeploymentRequest{SetID: setID})
	require.NoError(t, err)
	key := orchestrator.DeploymentKey{EnvRef: p.env, ID: d.ID}
	require.NoError(t, p.steps(key))
	told := func() []string { return eventsOf(t, p.store, d.ID, "deployment.errors") }
	require.Empty(t, told(), "all is well")

	for _, message := range []string{"no route to host", "no route to host", "certificate expired"} {
		target.message = message
		_, err = p.deployer.Deliver(p.ctx, key)
		require.ErrorContains(t, err, message)
	}
	want := []string{"recorded no route to host", "recorded certificate expired"}
	require.Equal(t, want, told())
	target.message = ""
	_, err = p.deployer.Deliver(p.ctx, key)
	require.NoError(t, err)
	require.Equal(t, append(want, "cleared "), told())

	_, err = p.deployer.Finish(p.ctx, key, orchestrator.FinishInput{Outcome: orchestrator.OutcomeSucceeded})
	require.NoError(t, err)
	target.message = "too late"
	_, err = p.deployer.Deliver(p.ctx, key)
	require.Error(t, err)
	require.Equal(t, append(want, "cleared "), told(), "a step that is late adds nothing to a deployment that is over")
	errs, err := p.store.ListDeploymentErrors(p.ctx, "acme", d.ID)
	require.NoError(t, err)
	require.Empty(t, errs)
}

// TestBaseOfAWaitingDeployment: one that starts from another deployment than before says so.
func TestBaseOfAWaitingDeployment(t *testing.T) {
	t.Parallel()
	l := newLife(t, sqlite(t))
	accept := func(from string) *orchestrator.Deployment {
		setID, err := l.records.PutSet(l.ctx, "acme", "shop", deployset.Set{Shared: map[string]any{from: map[string]any{"type": "postgres", "class": "default"}}})
		require.NoError(t, err)
		d, err := l.service.CreateDeployment(l.ctx, l.ref, orchestrator.DeploymentRequest{SetID: setID})
		require.NoError(t, err)
		return d
	}
	first, second, third := accept("a"), accept("b"), accept("c")
	require.Equal(t, []string{first.ID, second.ID}, []string{second.FromID, third.FromID})
	_, err := l.service.CancelDeployment(l.ctx, l.ref, second.ID)
	require.NoError(t, err)
	now, err := l.service.GetDeployment(l.ctx, l.ref, third.ID)
	require.NoError(t, err)
	require.Equal(t, first.ID, now.FromID)
	require.Equal(t, []string{"pending starts from " + first.ID + ", because what it was to start from was withdrawn"}, eventsOf(t, l.records, third.ID, "deployment.base"))
	require.Empty(t, eventsOf(t, l.records, first.ID, "deployment.base"))
}

// asking asks about one resource of a deployment.
type asking struct{ question orchestrator.Question }

func (a asking) Open(context.Context, string) ([]orchestrator.Question, error) {
	return []orchestrator.Question{a.question}, nil
}

func (asking) Answer(context.Context, string, string, string, string, string) (bool, error) {
	return true, nil
}

// TestAnsweredQuestion: an answer is told to those who look at a deployment that goes on, without what was answered.
func TestAnsweredQuestion(t *testing.T) {
	t.Parallel()
	l := newLife(t, sqlite(t))
	l.slowly(never, thing{"light", l.at}, l.records, quiet)
	key := l.begin(db)
	l.provision(key)
	resources, err := l.service.ListActiveResources(l.ctx, l.ref, nil)
	require.NoError(t, err)
	at := slices.IndexFunc(resources, func(r orchestrator.ActiveResource) bool { return r.Key.ID == slowID })
	require.GreaterOrEqual(t, at, 0)
	question := orchestrator.Question{RunID: "run", GUResID: resources[at].GUResID, DeploymentID: key.ID, Node: resources[at].Key.String(), Address: "aws_s3_bucket.a"}
	answer := func(of string) {
		question.DeploymentID = of
		known, _ := l.drivers.(knownDrivers)
		service := orchestrator.New(orchestrator.Options{Store: l.records, Workflows: l.queue, Keeper: l.keeper, Drivers: known, Log: quiet, Questions: asking{question}})
		last, err := service.AnswerQuestion(l.ctx, l.ref, "run", question.Address, "import", "the-secret-name-of-a-bucket")
		require.NoError(t, err)
		require.True(t, last)
	}
	want := []string{"answered aws_s3_bucket.a: import"}
	for _, of := range []string{"", "gone", key.ID} {
		answer(of)
	}
	require.Equal(t, want, eventsOf(t, l.records, key.ID, "node.question"))
	l.finish(key, succeeded)
	answer(key.ID)
	require.Equal(t, want, eventsOf(t, l.records, key.ID, "node.question"), "the end is the last that is told")
}
