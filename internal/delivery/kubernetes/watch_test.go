package kubernetes_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/internal/delivery/kubernetes"
	"github.com/slipway-dev/slipway/orchestrator"
)

func TestWatchNamesTheReason(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		documents []string
		want      []string
	}{
		"an image that is not there": {
			documents: []string{deployment("api", 1, "slipway.dev/simulate: ImagePullBackOff")},
			want:      []string{`Deployment "api" in namespace`, `pod "api-`, `container "main": ImagePullBackOff: Back-off pulling image "registry.example/api:1"`},
		},
		"a program that ends": {
			documents: []string{deployment("api", 1, "slipway.dev/simulate: CrashLoopBackOff")},
			want:      []string{`pod "api-`, `CrashLoopBackOff: exit code 3 (Error) after 4 restarts`},
		},
		"no node that is big enough": {
			documents: []string{"apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: db, namespace: NS}\nspec: {serviceName: db, selector: {matchLabels: {app: db}}, " +
				"template: {metadata: {labels: {app: db}}, spec: {containers: [{name: main, image: a, resources: {requests: {cpu: \"5000\"}}}]}}}"},
			want: []string{`StatefulSet "db"`, `pod "db-0": Unschedulable: 0/`, "Insufficient cpu"},
		},
		"a quota that is used up": {
			documents: []string{"apiVersion: v1\nkind: ResourceQuota\nmetadata: {name: small, namespace: NS}\nspec: {hard: {pods: \"0\"}}", deployment("api", 1, "")},
			want:      []string{`Deployment "api"`, "exceeded quota: small"},
		},
		"a quota that is used up, without a condition": {
			documents: []string{"apiVersion: v1\nkind: ResourceQuota\nmetadata: {name: small, namespace: NS}\nspec: {hard: {pods: \"0\"}}",
				"apiVersion: apps/v1\nkind: DaemonSet\nmetadata: {name: agent, namespace: NS}\nspec: {selector: {matchLabels: {app: agent}}, " +
					"template: {metadata: {labels: {app: agent}}, spec: {containers: [{name: main, image: a}]}}}"},
			want: []string{`DaemonSet "agent"`, "FailedCreate", "exceeded quota: small"},
		},
		"a progress deadline": {
			documents: []string{deployment("api", 1, "slipway.dev/simulate: Pending") + "\n  progressDeadlineSeconds: 1"},
			want:      []string{`Deployment "api" in namespace`, `failed: pod "api-`, "ContainerCreating"},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := newEnv(t)
			e.delivered(tc.documents...)
			err := e.delivery.Watch(t.Context(), e.request)
			for _, want := range tc.want {
				require.ErrorContains(t, err, want)
			}
			require.Equal(t, orchestrator.CodeInvalid, orchestrator.CodeOf(err))
		})
	}
}

func TestWatchShowsTheLog(t *testing.T) {
	t.Parallel()
	e := newEnv(t)
	e.request.Secrets = []string{"example-token-in-a-log"}
	e.delivered(deployment("api", 1, "slipway.dev/simulate: CrashLoopBackOff"))
	err := e.delivery.Watch(t.Context(), e.request)
	for _, text := range []string{err.Error(), e.told()} {
		require.Contains(t, text, `last lines of container "main" of pod "api-`)
		require.Contains(t, text, "\n  simulated: settings token=(secret)\n  simulated: the program ends with exit code 3")
		require.NotContains(t, text, "example-token")
	}
	require.NotContains(t, err.Error(), "nothing runs", "the run that ended is the one to look at")
}

func TestWatchEndsAtTheDeadline(t *testing.T) {
	t.Parallel()
	e := newEnv(t)
	e.delivered(deployment("web", 1, ""))
	require.NoError(t, e.delivery.Watch(t.Context(), e.request))
	e.delivery = kubernetes.New(kubernetes.Options{Kubeconfig: kubeconfigPath(t), Deadline: 4 * time.Second}) // time enough for a pod to be there
	e.delivered(deployment("api", 1, "slipway.dev/simulate: Pending"), deployment("web", 1, ""))
	err := e.delivery.Watch(t.Context(), e.request)
	require.ErrorContains(t, err, "not ready after 4s: Deployment \"api\"")
	require.ErrorContains(t, err, "ContainerCreating")
	require.NotContains(t, err.Error(), `"web"`)
}

func TestWatchFollowsARecovery(t *testing.T) {
	t.Parallel()
	e := newEnv(t)
	e.delivered(deployment("api", 2, "slipway.dev/simulate: ImagePullBackOff"))
	require.Error(t, e.delivery.Watch(t.Context(), e.request))
	e.delivered(deployment("api", 2, ""))
	require.NoError(t, e.delivery.Watch(t.Context(), e.request), "the pods of the old revision do not count")
}

// The pods of a revision that failed stay until those of the next one are ready, which may take longer than the patience.
func TestWatchDoesNotBlameWhatWasThereBefore(t *testing.T) {
	t.Parallel()
	e := newEnv(t)
	e.delivered(deployment("api", 2, "slipway.dev/simulate: ImagePullBackOff"))
	require.Error(t, e.delivery.Watch(t.Context(), e.request))
	e.delivery = kubernetes.New(kubernetes.Options{Kubeconfig: kubeconfigPath(t), Deadline: 4 * time.Second, Patience: 300 * time.Millisecond})
	e.delivered(deployment("api", 2, "slipway.dev/simulate: Pending"))
	err := e.delivery.Watch(t.Context(), e.request)
	require.ErrorContains(t, err, "not ready after 4s: Deployment \"api\"")
	require.ErrorContains(t, err, "ContainerCreating")
	require.NotContains(t, err.Error(), "ImagePullBackOff")
}

func TestWatchEndsWhenAskedTo(t *testing.T) {
	t.Parallel()
	e := newEnv(t)
	e.delivered(deployment("api", 1, "slipway.dev/simulate: Pending"))
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(500*time.Millisecond, cancel)
	defer cancel()
	started := time.Now()
	require.ErrorIs(t, e.delivery.Watch(ctx, e.request), ctx.Err())
	require.Less(t, time.Since(started), 10*time.Second)
}

// TestWatchNamesEveryReason: a rollout that is given up because of one workload tells what fails beside it, and not what is only slow.
func TestWatchNamesEveryReason(t *testing.T) {
	t.Parallel()
	e := newEnv(t)
	e.delivery = kubernetes.New(kubernetes.Options{Kubeconfig: kubeconfigPath(t), Deadline: 2 * time.Minute, Patience: 8 * time.Second})
	e.delivered(deployment("pull", 1, "slipway.dev/simulate: ImagePullBackOff"), deployment("crash", 1, "slipway.dev/simulate: CrashLoopBackOff"),
		deployment("slow", 1, "slipway.dev/simulate: Pending"), deployment("fine", 1, ""))
	err := e.delivery.Watch(t.Context(), e.request)
	codes := map[string]string{}
	for _, cause := range orchestrator.DeploymentErrorsOf(err) {
		codes[cause.Code] = cause.Summary
	}
	require.Len(t, codes, 2, "%v", err)
	require.Contains(t, codes["RUN-ImagePull"], `Deployment "pull"`)
	require.Contains(t, codes["RUN-CrashLoop"], `Deployment "crash"`)
	require.ErrorContains(t, err, `is not becoming ready: pod "pull-`)
	require.ErrorContains(t, err, `is not becoming ready: pod "crash-`)
	require.NotContains(t, err.Error(), `"slow"`)
}
