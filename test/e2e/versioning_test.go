package e2e

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	enumspb "go.temporal.io/api/enums/v1"
	workflowpb "go.temporal.io/api/workflow/v1"
	"go.temporal.io/sdk/client"

	"github.com/slipway-dev/slipway/internal/temporal"
	"github.com/slipway-dev/slipway/internal/testenv"
)

// TestWorkerVersions runs two versions of the workers side by side: a deployment ends on the one on which it began, while new ones
// go to the current version.
func TestWorkerVersions(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes longer than the fast tier allows")
	}
	hello := startHello(t)
	s := newSplit(t, testenv.Postgres(t), testenv.Temporal(t))
	s.server = s.spawn(s.bin, "server")
	s.worker = s.versioned("one")
	s.ready()
	s.driver("hello", hello.url)
	s.greeting("slow", "demo/hello", "hello", 60)
	for _, app := range []string{"first", "second"} {
		s.app(app)
	}
	s.showsVersion("one", "inactive")
	s.promotes("one")

	began := s.deploy("first", map[string]any{"delta_id": s.delta("first", shares("slow"))})
	s.eventually("the driver is at work", func() (bool, string) { return len(hello.seen()) > 0, "not asked" })
	second := s.versioned("two")
	t.Cleanup(second.stop)
	s.showsVersion("two", "inactive")
	s.promotes("two", "--percent", "50")
	require.Contains(t, s.versions(), "ramping 50 %")
	s.promotes("two")
	require.Contains(t, s.versions(), "current")
	next := s.deploy("second", map[string]any{"delta_id": s.delta("second", addModule("web", plainModule("nginx:1")))})
	s.succeeded("second", next)
	// What runs is cancelled only to make it end now; its last steps are workflow tasks like any other.
	s.must(http.StatusAccepted, http.MethodPost, envPath("first", "development")+"/deploys/"+began+"/cancel", nil)
	require.Equal(t, "cancelled", s.finished("first", began)["outcome"])

	require.Equal(t, "one", s.ranOn("deploy:"+began, enumspb.VERSIONING_BEHAVIOR_PINNED))
	require.Equal(t, "two", s.ranOn("deploy:"+next, enumspb.VERSIONING_BEHAVIOR_PINNED))
	s.eventually("the queue moves on, with the task that follows the end of its child", func() (bool, string) {
		build := s.ranOn("env:demo/first/development", enumspb.VERSIONING_BEHAVIOR_AUTO_UPGRADE)
		return build == "two", build
	})
}

// versioned starts a worker of a version.
func (s *split) versioned(build string) *process {
	s.t.Helper()
	own := *s.instance
	own.env = append(slices.Clone(s.env), "SLIPWAY_WORKER_VERSIONING=true", "SLIPWAY_WORKER_BUILD_ID="+build)
	return (&split{instance: &own}).spawn(s.bin, "worker")
}

func (s *split) versions() string { return s.mustCLI("worker", "versions") }

func (s *split) showsVersion(build, state string) {
	s.t.Helper()
	s.eventually("version "+build+" is known", func() (bool, string) {
		last := s.versions()
		for _, line := range strings.Split(last, "\n") {
			if fields := strings.Fields(line); len(fields) > 1 && fields[0] == build && fields[1] == state {
				return true, last
			}
		}
		return false, last
	})
}

// promotes promotes a version, once Temporal has seen all its task queues.
func (s *split) promotes(build string, more ...string) {
	s.t.Helper()
	s.eventually("version "+build+" is promoted", func() (bool, string) {
		out, errs, code := s.cli(append([]string{"worker", "promote", build}, more...)...)
		return code == 0, out + errs
	})
}

// ranOn is the build that did the last task of a workflow, whose behaviour is as it has to be.
func (s *split) ranOn(id string, behavior enumspb.VersioningBehavior) string {
	s.t.Helper()
	namespace, _ := s.setting("TEMPORAL_NAMESPACE")
	ctx, cancel := context.WithTimeout(s.t.Context(), time.Minute)
	defer cancel()
	c, err := temporal.Connect(ctx, temporal.Options{Address: testenv.Temporal(s.t), Namespace: namespace})
	require.NoError(s.t, err)
	defer c.Close()
	versioning := describedVersion(ctx, s.t, c, id)
	require.Equal(s.t, behavior, versioning.GetBehavior(), id)
	return versioning.GetDeploymentVersion().GetBuildId()
}

func describedVersion(ctx context.Context, t *testing.T, c client.Client, id string) *workflowpb.WorkflowExecutionVersioningInfo {
	t.Helper()
	d, err := c.DescribeWorkflowExecution(ctx, id, "")
	require.NoError(t, err)
	return d.GetWorkflowExecutionInfo().GetVersioningInfo()
}
