package orchestrator_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/drivers"
	"github.com/slipway-dev/slipway/engine/objectdiff"
	"github.com/slipway-dev/slipway/engine/resource"
	"github.com/slipway-dev/slipway/orchestrator"
)

// lookout is a driver that tells what has drifted, as it is told to.
type lookout struct {
	thing
	mu    sync.Mutex
	look  func(ctx context.Context, r drivers.Request) (drivers.Drift, error)
	asked []drivers.Request
}

func (l *lookout) DetectDrift(ctx context.Context, r drivers.Request) (drivers.Drift, error) {
	l.mu.Lock()
	l.asked = append(l.asked, r)
	look := l.look
	l.mu.Unlock()
	return look(ctx, r)
}

func (l *lookout) tells(d drivers.Drift, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.look = func(context.Context, drivers.Request) (drivers.Drift, error) { return d, err }
}

// watched is a life with a database whose driver looks, and a queue whose driver cannot.
func watched(t *testing.T) (*life, *lookout) {
	t.Helper()
	l := newLife(t, sqlite(t))
	driver := &lookout{thing: thing{"watched", l.at}}
	known, _ := l.drivers.(knownDrivers)
	require.NoError(t, known.Register(drivers.Descriptor{ID: "test/watched", Kind: drivers.Heavy}, driver))
	l.define("database", "postgres", "test/watched", nil, resource.Criteria{})
	l.define("queue", "redis", "test/one", nil, resource.Criteria{})
	l.deploy(needs{"db": "postgres", "queue": "redis"}, orchestrator.OutcomeSucceeded)
	l.delivered()
	return l, driver
}

// delivered notes that the newest deployment has reached its target.
func (l *life) delivered() {
	l.t.Helper()
	env, err := l.records.GetEnvironment(l.ctx, l.ref)
	require.NoError(l.t, err)
	require.NoError(l.t, l.records.PutInventory(l.ctx, []orchestrator.InventoryEntry{{
		OrgID: l.ref.OrgID, AppID: l.ref.AppID, EnvID: l.ref.EnvID, Target: "elsewhere", APIVersion: "v1", Kind: "Namespace", Name: "n", DeploymentID: env.LastDeployID,
	}}))
}

func (l *life) scan(id string) *orchestrator.DriftScan {
	l.t.Helper()
	_, err := l.service.ScanDriftWith(l.ctx, l.ref, id, l.deployer)
	require.NoError(l.t, err)
	scan, err := l.records.GetDriftScan(l.ctx, l.ref, id)
	require.NoError(l.t, err)
	return scan
}

// found is what the driver of these tests finds: a changed object and one that is gone.
var found = drivers.Drift{Checked: 3, Changes: []drivers.Change{
	{Action: "update", Address: "x.a", Kind: "x", Attributes: []drivers.Attribute{{Path: "/size"}, {Path: "/password", Sensitive: true}}},
	{Action: "delete", Address: "y.b", Kind: "y"},
}}

func TestDriftOfResources(t *testing.T) {
	t.Parallel()
	l, driver := watched(t)
	of := func(kind, name, state, message string, changes ...objectdiff.Change) orchestrator.DriftResult {
		return orchestrator.DriftResult{
			Source: "test/watched", From: "postgres.default#shared.db", Kind: kind, Name: name, State: state, Message: message, Changes: changes,
		}
	}
	gone := of("y", "y.b", "missing", "")
	unknown := func(why string) []orchestrator.DriftResult {
		return []orchestrator.DriftResult{of("postgres", "shared.db", "unknown", why)}
	}
	failure := func(code, message string) error { return &drivers.Error{Code: code, Message: message} }
	for name, c := range map[string]struct {
		drift  drivers.Drift
		err    error
		ignore []orchestrator.IgnoredField
		status orchestrator.DriftStatus
		want   []orchestrator.DriftResult
	}{
		"nothing": {drift: drivers.Drift{Checked: 3}, status: orchestrator.DriftClean},
		"changed and gone": {drift: found, status: orchestrator.DriftFound, want: []orchestrator.DriftResult{
			of("x", "x.a", "changed", "", objectdiff.Change{Path: "/size"}, objectdiff.Change{Path: "/password", Secret: true}), gone,
		}},
		"an attribute ignored": {drift: found, ignore: []orchestrator.IgnoredField{{Kind: "x", Path: "/password"}}, status: orchestrator.DriftFound, want: []orchestrator.DriftResult{
			of("x", "x.a", "changed", "", objectdiff.Change{Path: "/size"}), gone,
		}},
		"all of its attributes ignored": {
			drift: found, ignore: []orchestrator.IgnoredField{{Path: "/password"}, {Name: "x.a", Path: "/size"}}, status: orchestrator.DriftFound, want: []orchestrator.DriftResult{gone},
		},
		"all ignored":        {drift: found, ignore: []orchestrator.IgnoredField{{Kind: "x"}, {Name: "y.b"}}, status: orchestrator.DriftClean},
		"the driver fails":   {err: failure("RES-102", "no access with p"), status: orchestrator.DriftClean, want: unknown("no access with p")},
		"a person is asked":  {err: failure("RES-130", "inputs {…}"), status: orchestrator.DriftClean, want: unknown("it is stopped until somebody answers the questions about it")},
		"an error of no one": {err: context.DeadlineExceeded, status: orchestrator.DriftClean, want: unknown("what is kept of it cannot be read")},
	} {
		t.Run(name, func(t *testing.T) {
			driver.tells(c.drift, c.err)
			_, err := l.service.SetDriftSettings(l.ctx, l.ref, orchestrator.DriftSettingsRequest{Ignore: c.ignore})
			require.NoError(t, err)
			scan := l.scan(name)
			require.Equal(t, c.status, scan.Status)
			require.Equal(t, c.want, scan.Results)
			require.Equal(t, c.drift.Checked, scan.Checked)
			require.Contains(t, scan.Message, "only resources were looked at")
		})
	}
	for _, r := range driver.asked {
		require.Equal(t, "postgres", r.Type, "the other driver cannot look")
		require.Equal(t, "cookie of watched", r.Cookie)
		require.Equal(t, "database", r.Values["by"])
		require.NotEmpty(t, r.ScanID)
	}
	_, err := l.service.ScanDrift(l.ctx, l.ref, "without")
	require.Equal(t, orchestrator.CodeUnprocessable, orchestrator.CodeOf(err), "without resources there is nothing to look at")
}

// TestDriftOfResourcesGoesOn: what says nothing about a resource repeats the scan.
func TestDriftOfResourcesGoesOn(t *testing.T) {
	t.Parallel()
	l, driver := watched(t)
	for name, err := range map[string]error{
		"a deployment came first": &drivers.Error{Code: drivers.CodeInterrupted, Message: "interrupted", Err: context.Canceled},
		"the database is away":    orchestrator.Errorf(orchestrator.CodeUnavailable, "away"),
	} {
		driver.tells(drivers.Drift{}, err)
		_, err := l.service.ScanDriftWith(l.ctx, l.ref, name, l.deployer)
		require.Equal(t, orchestrator.CodeUnavailable, orchestrator.CodeOf(err), name)
		scan, err := l.records.GetDriftScan(l.ctx, l.ref, name)
		require.NoError(t, err)
		require.Equal(t, orchestrator.DriftRunning, scan.Status)
		driver.tells(found, nil)
		require.Equal(t, orchestrator.DriftFound, l.scan(name).Status)
		driver.tells(drivers.Drift{}, nil)
		require.Equal(t, orchestrator.DriftFound, l.scan(name).Status, "what has ended is not begun again")
	}

	ctx, cancel := context.WithCancelCause(l.ctx)
	looking := make(chan struct{})
	driver.mu.Lock()
	driver.look = func(ctx context.Context, _ drivers.Request) (drivers.Drift, error) {
		close(looking)
		<-ctx.Done()
		return drivers.Drift{}, drivers.Interrupted("it", context.Cause(ctx))
	}
	driver.mu.Unlock()
	ended := make(chan error, 1)
	go func() {
		_, err := l.service.ScanDriftWith(ctx, l.ref, "cancelled", l.deployer)
		ended <- err
	}()
	<-looking
	cancel(context.Canceled)
	select {
	case err := <-ended:
		require.ErrorIs(t, err, context.Canceled)
	case <-time.After(time.Minute):
		t.Fatal("a cancel does not end the scan")
	}
	require.NoError(t, l.service.FailDriftScan(l.ctx, l.ref, "cancelled", "cancelled"))
}

// TestDriftOfResourcesIsDeployedAgain: the deployment that follows calls the driver again.
func TestDriftOfResourcesIsDeployedAgain(t *testing.T) {
	t.Parallel()
	l, driver := watched(t)
	driver.tells(found, nil)
	_, err := l.service.SetDriftSettings(l.ctx, l.ref, orchestrator.DriftSettingsRequest{Redeploy: true})
	require.NoError(t, err)
	l.at.took()
	scan := l.scan("one")
	require.NotEmpty(t, scan.RedeployID)
	key := orchestrator.DeploymentKey{EnvRef: l.ref, ID: scan.RedeployID}
	_, err = l.deployer.Plan(l.ctx, key)
	require.NoError(t, err)
	require.False(t, l.provision(key))
	require.Contains(t, l.at.took(), "update watched db")
}

// TestDriftOfOthers: what the deployment does not use is not looked at, nor what is to be deleted.
func TestDriftOfOthers(t *testing.T) {
	t.Parallel()
	l, driver := watched(t)
	driver.tells(found, nil)
	l.deploy(needs{"queue": "redis"}, orchestrator.OutcomeSucceeded)
	l.delivered()
	_, err := l.service.ScanDriftWith(l.ctx, l.ref, "one", l.deployer)
	require.Equal(t, orchestrator.CodeUnprocessable, orchestrator.CodeOf(err), "there is nothing else to look at")
	require.Empty(t, driver.asked)
	able, err := l.deployer.Detectable(l.ctx, l.ref)
	require.NoError(t, err)
	require.Len(t, able, 1)
	_, err = l.service.DeleteActiveResource(l.ctx, l.ref, "postgres", able[0].Key.ID, false)
	require.NoError(t, err)
	able, err = l.deployer.Detectable(l.ctx, l.ref)
	require.NoError(t, err)
	require.Empty(t, able)
}
