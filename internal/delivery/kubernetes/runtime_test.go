package kubernetes_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/slipway-dev/slipway/internal/delivery/kubernetes"
	"github.com/slipway-dev/slipway/orchestrator"
)

// workload is a deployment that belongs to the workload api.
func workload(annotations, spec string) string {
	text := deployment("api", 1, annotations) + spec
	text = strings.Replace(text, "metadata: {name: api, namespace: NS}", "metadata: {name: api, namespace: NS, labels: {humanitec.io/workload: api}}", 1)
	return strings.Replace(text, "slipway.dev/env: dev}", "slipway.dev/env: dev, humanitec.io/workload: api}", 1)
}

func onceJob(annotations, spec string) string {
	return fmt.Sprintf(`apiVersion: batch/v1
kind: Job
metadata: {name: once, namespace: NS, labels: {humanitec.io/workload: api}}
spec:
  backoffLimit: 0
%s
  template:
    metadata: {labels: {humanitec.io/workload: api}, annotations: {%s}}
    spec: {restartPolicy: Never, containers: [{name: main, image: a}]}`, spec, annotations)
}

func (e *env) runtime() *orchestrator.RuntimeState {
	e.t.Helper()
	state, err := e.delivery.ReadRuntime(e.t.Context(), e.request.Target, orchestrator.RuntimeQuery{})
	require.NoError(e.t, err)
	return state
}

// controller waits until the controllers of the environment meet a condition and returns the first.
func (e *env) controller(met func(c orchestrator.RuntimeController) bool) orchestrator.RuntimeController {
	e.t.Helper()
	var last []orchestrator.RuntimeController
	end := time.Now().Add(60 * time.Second)
	for time.Now().Before(end) {
		last = e.runtime().Controllers
		if len(last) > 0 && met(last[0]) {
			return last[0]
		}
		time.Sleep(100 * time.Millisecond)
	}
	require.Fail(e.t, "not seen in time", "%+v", last)
	return orchestrator.RuntimeController{}
}

func simulate(name string) string { return "slipway.dev/simulate: " + name }

func TestKubernetesRuntimeReasons(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		documents []string
		code      orchestrator.ReasonCode
		status    orchestrator.RuntimeStatus
		want      []string // in the summary or message
	}{
		"ImagePullBackOff": {[]string{workload(simulate("ImagePullBackOff"), "")}, orchestrator.ReasonImagePull, orchestrator.RuntimeFailed,
			[]string{"image registry.example/api:1 cannot be pulled", "Back-off pulling image", "failed to resolve reference: not found"}},
		"ErrImagePull": {[]string{workload(simulate("ErrImagePull"), "")}, orchestrator.ReasonImagePull, orchestrator.RuntimeFailed, []string{"pull access denied"}},
		"CrashLoopBackOff": {[]string{workload(simulate("CrashLoopBackOff"), "")}, orchestrator.ReasonCrashLoop, orchestrator.RuntimeFailed,
			[]string{"exit code 3 (Error)", "4 restarts"}},
		"an image that says so": {[]string{strings.Replace(workload("", ""), "registry.example/api:1", "registry.example/api:simulate-OOMKilled", 1)},
			orchestrator.ReasonOutOfMemory, orchestrator.RuntimeFailed, []string{"more memory than its limit", "signal 9 SIGKILL"}},
		"CreateContainerConfigError": {[]string{workload(simulate("CreateContainerConfigError"), "")}, orchestrator.ReasonConfig, orchestrator.RuntimeFailed,
			[]string{"couldn't find key PASSWORD in Secret"}},
		"ReadinessProbeFailed": {[]string{workload(simulate("ReadinessProbeFailed"), "")}, orchestrator.ReasonReadiness, orchestrator.RuntimeStarting, []string{"statuscode: 503"}},
		"StartupProbeFailed":   {[]string{workload(simulate("StartupProbeFailed"), "")}, orchestrator.ReasonStartup, orchestrator.RuntimeStarting, []string{"connection refused"}},
		"LivenessProbeFailed": {[]string{workload(simulate("LivenessProbeFailed"), "")}, orchestrator.ReasonLiveness, orchestrator.RuntimeStarting,
			[]string{"statuscode: 500", "after 3 restarts"}},
		"FailedMount": {[]string{workload(simulate("FailedMount"), "")}, orchestrator.ReasonVolume, orchestrator.RuntimeFailed, []string{`secret "credentials" not found`}},
		"Evicted":     {[]string{workload(simulate("Evicted"), "")}, orchestrator.ReasonEvicted, orchestrator.RuntimeFailed, []string{"low on resource: memory"}},
		"no node has the label": {[]string{workload("", "\n      nodeSelector: {disk: ssd}")}, orchestrator.ReasonUnschedulable, orchestrator.RuntimeFailed,
			[]string{"no node takes the pod", "labels"}},
		"a claim of an unknown class": {[]string{
			"apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: data, namespace: NS}\nspec: {storageClassName: none, accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}",
			workload("", "\n      volumes: [{name: data, persistentVolumeClaim: {claimName: data}}]")},
			orchestrator.ReasonVolume, orchestrator.RuntimeFailed, []string{"because of a volume", `storageclass.storage.k8s.io "none" not found`}},
		"a quota": {[]string{"apiVersion: v1\nkind: ResourceQuota\nmetadata: {name: small, namespace: NS}\nspec: {hard: {pods: \"0\"}}", workload("", "")},
			orchestrator.ReasonQuota, orchestrator.RuntimeFailed, []string{"exceeded quota: small"}},
		"a policy": {[]string{"apiVersion: v1\nkind: Namespace\nmetadata: {name: NS, labels: {pod-security.kubernetes.io/enforce: restricted}}", workload("", "")},
			orchestrator.ReasonAdmission, orchestrator.RuntimeFailed, []string{"violates PodSecurity"}},
		"a job that takes too long": {[]string{onceJob(simulate("Pending"), "  activeDeadlineSeconds: 1")}, orchestrator.ReasonDeadline, orchestrator.RuntimeFailed, []string{"longer than the 1 seconds"}},
		"a job that fails":          {[]string{onceJob(simulate("Failed"), "")}, orchestrator.ReasonJob, orchestrator.RuntimeFailed, []string{"the Job has failed"}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := newEnv(t)
			e.delivered(tc.documents...)
			c := e.controller(func(c orchestrator.RuntimeController) bool {
				r, _ := orchestrator.MainReason(c.Reasons)
				for _, want := range tc.want {
					if !strings.Contains(r.Summary+" "+r.Message, want) {
						return false
					}
				}
				return r.Code == tc.code && c.Status == tc.status
			})
			require.Equal(t, "api", c.Workload)
			r, _ := orchestrator.MainReason(c.Reasons)
			require.NotEmpty(t, r.Code.Advice())
			require.Equal(t, r.Summary, c.Message)
		})
	}
}

func TestKubernetesRuntimeOfWhatRuns(t *testing.T) {
	t.Parallel()
	e := newEnv(t)
	e.delivered(workload("", ""), deployment("cache", 1, ""), "apiVersion: batch/v1\nkind: CronJob\nmetadata: {name: nightly, namespace: NS, labels: {humanitec.io/workload: api}}\n"+
		"spec: {schedule: \"0 3 * * *\", jobTemplate: {spec: {template: {spec: {restartPolicy: Never, containers: [{name: main, image: a}]}}}}}")
	require.NoError(t, e.delivery.Watch(t.Context(), e.request))
	state := e.runtime()
	require.Equal(t, e.namespace, state.Namespace)
	require.Empty(t, state.Notes)
	var names []string
	for _, c := range state.Controllers {
		names = append(names, c.Workload+" "+c.Kind+" "+c.Name+" "+string(c.Status))
	}
	require.Equal(t, []string{" Deployment cache Running", "api CronJob nightly Running", "api Deployment api Running"}, names)
	api := state.Controllers[2]
	require.Equal(t, []int{1, 1, 1, 1}, []int{api.Desired, api.Ready, api.Revision, len(api.Pods)})
	require.Equal(t, "Success", api.Pods[0].Status)
	require.Equal(t, 1, api.Pods[0].Revision)
	require.NotEmpty(t, api.Pods[0].Node)
	require.NotNil(t, api.Pods[0].Containers[0].Running)
	require.False(t, state.Stopped())

	one, err := e.delivery.ReadRuntime(t.Context(), e.request.Target, orchestrator.RuntimeQuery{Workload: "api"})
	require.NoError(t, err)
	require.Len(t, one.Controllers, 2)
	other := e.request.Target
	other.Env.AppID = "another"
	none, err := e.delivery.ReadRuntime(t.Context(), other, orchestrator.RuntimeQuery{})
	require.NoError(t, err)
	require.Empty(t, none.Controllers, "what is in the namespace and another's is not shown")
	events, err := e.delivery.ReadEvents(t.Context(), other, orchestrator.RuntimeQuery{})
	require.NoError(t, err)
	require.Empty(t, events)
	version, err := e.delivery.Ping(t.Context(), e.request.Target)
	require.NoError(t, err)
	require.NotEmpty(t, version)
}

func TestKubernetesRuntimeHidesSecrets(t *testing.T) {
	t.Parallel()
	e := newEnv(t)
	e.delivered(workload(simulate("CreateContainerConfigError"), ""))
	e.controller(func(c orchestrator.RuntimeController) bool { return len(c.Reasons) > 0 })
	hidden := orchestrator.RuntimeQuery{Hidden: []string{"find key PASSWORD"}}
	e.eventually(func() bool {
		events, err := e.delivery.ReadEvents(t.Context(), e.request.Target, hidden)
		require.NoError(t, err)
		require.NotContains(t, fmt.Sprintf("%+v", events), "find key PASSWORD")
		return strings.Contains(fmt.Sprintf("%+v", events), "couldn't (secret) in Secret")
	})
	state, err := e.delivery.ReadRuntime(t.Context(), e.request.Target, hidden)
	require.NoError(t, err)
	require.NotContains(t, fmt.Sprintf("%+v", state), "find key PASSWORD")
	require.Contains(t, state.Controllers[0].Message, "couldn't (secret)")
}

func TestKubernetesClusterThatIsAway(t *testing.T) {
	t.Parallel()
	d := kubernetes.New(kubernetes.Options{})
	target := orchestrator.Target{
		Env: orchestrator.EnvRef{OrgID: "o", AppID: "a", EnvID: "e"}, Type: "k8s", Namespace: "n",
		Values:      map[string]any{"cluster_data": map[string]any{"server": "https://127.0.0.1:1"}},
		Credentials: map[string]any{"token": "token-of-the-cluster"},
	}
	_, err := d.ReadRuntime(t.Context(), target, orchestrator.RuntimeQuery{})
	require.Equal(t, orchestrator.CodeUnavailable, orchestrator.CodeOf(err), "%v", err)
	require.ErrorContains(t, err, "does not answer")
	_, err = d.Ping(t.Context(), target)
	require.Equal(t, orchestrator.CodeUnavailable, orchestrator.CodeOf(err), "%v", err)
}

// heard collects what was told.
type heard struct {
	mu    sync.Mutex
	lines []orchestrator.ContainerLogLine
}

func (h *heard) tell(l orchestrator.ContainerLogLine) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.lines = append(h.lines, l)
	return nil
}

// pods counts the lines by pod.
func (h *heard) pods() map[string]int {
	h.mu.Lock()
	defer h.mu.Unlock()
	out := map[string]int{}
	for _, l := range h.lines {
		out[l.Pod]++
	}
	return out
}

func TestKubernetesFollowLogs(t *testing.T) {
	t.Parallel()
	e := newEnv(t)
	e.delivered(workload("", ""))
	require.NoError(t, e.delivery.Watch(t.Context(), e.request))
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var h heard
	renewed := make(chan struct{}, 100)
	ended := make(chan error, 1)
	go func() {
		ended <- e.delivery.FollowLogs(ctx, e.request.Target, orchestrator.ContainerLogQuery{Workload: "api", Limit: 1}, orchestrator.LogFollower{
			Tell: h.tell, Renew: func(context.Context) ([]string, error) { renewed <- struct{}{}; return []string{"nothing runs"}, nil },
		})
	}()
	e.eventually(func() bool {
		for _, n := range h.pods() {
			return n >= 2 // one that was there, and one that came
		}
		return false
	})
	var first string
	for first = range h.pods() {
	}
	require.NoError(t, e.resource("v1/pods", e.namespace).Delete(t.Context(), first, metav1.DeleteOptions{}))
	e.eventually(func() bool { return len(h.pods()) == 2 })
	require.NotEmpty(t, renewed, "secrets are looked up before a new container is read")
	h.mu.Lock()
	for i, l := range h.lines {
		require.Equal(t, []string{"api", "main"}, []string{l.Workload, l.Container})
		if l.Pod != first {
			require.Contains(t, l.Text, "(secret) in this container")
		}
		for _, before := range h.lines[:i] {
			require.False(t, before.Pod == l.Pod && !before.At.Before(l.At), "each line once and in order: %v %v", before, l)
		}
	}
	h.mu.Unlock()
	cancel()
	require.ErrorIs(t, <-ended, context.Canceled)
}

func TestKubernetesFollowLogsEndsWithTheRight(t *testing.T) {
	t.Parallel()
	e := newEnv(t)
	ended := make(chan error, 1)
	go func() {
		ended <- e.delivery.FollowLogs(t.Context(), e.request.Target, orchestrator.ContainerLogQuery{Limit: 1}, orchestrator.LogFollower{
			Tell: func(orchestrator.ContainerLogLine) error { return nil }, Renew: func(context.Context) ([]string, error) { return nil, orchestrator.NotFoundf("gone") },
		})
	}()
	e.delivered(workload("", ""))
	select {
	case err := <-ended:
		require.ErrorContains(t, err, "gone")
	case <-time.After(60 * time.Second):
		require.Fail(t, "it goes on")
	}
}

func TestKubernetesPreviousLogs(t *testing.T) {
	t.Parallel()
	e := newEnv(t)
	e.delivered(workload(simulate("CrashLoopBackOff"), ""))
	read := func(q orchestrator.ContainerLogQuery) []orchestrator.ContainerLogLine {
		q.Limit, q.Previous = 10, true
		lines, err := e.delivery.ReadLogs(t.Context(), e.request.Target, q)
		require.NoError(t, err)
		return lines
	}
	e.eventually(func() bool { return len(read(orchestrator.ContainerLogQuery{})) == 3 })
	require.Contains(t, read(orchestrator.ContainerLogQuery{})[0].Text, "ends with exit code 3")
	require.Len(t, read(orchestrator.ContainerLogQuery{Contains: "settings"}), 1)
	hidden := orchestrator.ContainerLogQuery{Hidden: []string{"example-token-in-a-log"}, Contains: "example-token"}
	require.Empty(t, read(hidden), "nobody finds out a secret by searching for it")
	require.Empty(t, read(orchestrator.ContainerLogQuery{Pod: "another"}))
}
