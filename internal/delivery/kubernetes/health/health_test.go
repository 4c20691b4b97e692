package health_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/yaml"

	"github.com/slipway-dev/slipway/internal/delivery/kubernetes/health"
	"github.com/slipway-dev/slipway/orchestrator"
)

// pod reads the status of a pod named api-1.
func pod(t *testing.T, status string) *corev1.Pod {
	t.Helper()
	p := &corev1.Pod{}
	require.NoError(t, yaml.UnmarshalStrict([]byte(status), &p.Status))
	p.Name, p.Namespace, p.UID = "api-1", "shop-dev", "pod-uid"
	return p
}

func event(uid types.UID, reason, message string) corev1.Event {
	return corev1.Event{
		InvolvedObject: corev1.ObjectReference{UID: uid, Kind: "Pod", Name: "api-1"}, Type: "Warning", Reason: reason, Message: message,
		LastTimestamp: metav1.NewTime(time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)),
	}
}

func TestKubernetesPodReasons(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		status  string
		events  []corev1.Event
		code    orchestrator.ReasonCode
		lasting bool
		log     bool
		summary string
		message string
	}{
		"runs": {status: `{phase: Running, containerStatuses: [{name: main, ready: true, state: {running: {}}}]}`},
		"an image that is not there, with the answer of the registry": {
			status: `{phase: Pending, containerStatuses: [{name: main, image: "reg/api:1", state: {waiting: {reason: ImagePullBackOff, message: 'Back-off pulling image "reg/api:1"'}}}]}`,
			events: []corev1.Event{event("pod-uid", "Failed", `Failed to pull image "reg/api:1": not found`), event("pod-uid", "Failed", "Error: ErrImagePull"), event("other", "Failed", "Failed to pull image: denied")},
			code:   orchestrator.ReasonImagePull, lasting: true,
			summary: `container main: image reg/api:1 cannot be pulled: Failed to pull image "reg/api:1": not found`,
			message: `pod "api-1": container "main": ImagePullBackOff: Back-off pulling image "reg/api:1"; Failed to pull image "reg/api:1": not found`,
		},
		"a name that is no image": {
			status: `{phase: Pending, containerStatuses: [{name: main, image: "A B", state: {waiting: {reason: InvalidImageName, message: "couldn't parse image"}}}]}`,
			code:   orchestrator.ReasonImagePull, lasting: true, summary: "container main: image A B cannot be pulled: couldn't parse image",
			message: `pod "api-1": container "main": InvalidImageName: couldn't parse image`,
		},
		"a crash loop, with code": {
			status: `{phase: Running, containerStatuses: [{name: main, restartCount: 4, state: {waiting: {reason: CrashLoopBackOff}}, lastState: {terminated: {exitCode: 3, reason: Error}}}]}`,
			code:   orchestrator.ReasonCrashLoop, lasting: true, log: true, summary: "container main: the program ended with exit code 3 (Error), after 4 restarts",
			message: `pod "api-1": container "main": CrashLoopBackOff: exit code 3 (Error) after 4 restarts`,
		},
		"a crash loop by a signal": {
			status: `{phase: Running, containerStatuses: [{name: main, restartCount: 1, state: {waiting: {reason: CrashLoopBackOff}}, lastState: {terminated: {exitCode: 139, reason: Error}}}]}`,
			code:   orchestrator.ReasonCrashLoop, lasting: true, log: true, summary: "container main: the program ended with exit code 139 (Error), signal 11 SIGSEGV, after 1 restart",
			message: `pod "api-1": container "main": CrashLoopBackOff: exit code 139 (Error), signal 11 SIGSEGV after 1 restarts`,
		},
		"out of memory": {
			status: `{phase: Running, containerStatuses: [{name: main, restartCount: 2, state: {waiting: {reason: CrashLoopBackOff}}, lastState: {terminated: {exitCode: 137, reason: OOMKilled}}}]}`,
			code:   orchestrator.ReasonOutOfMemory, lasting: true, log: true, summary: "container main: it was killed because it used more memory than its limit, after 2 restarts",
			message: `pod "api-1": container "main": CrashLoopBackOff: exit code 137 (OOMKilled), signal 9 SIGKILL after 2 restarts`,
		},
		"killed by its liveness probe": {
			status: `{phase: Running, containerStatuses: [{name: main, restartCount: 2, state: {waiting: {reason: CrashLoopBackOff}}, lastState: {terminated: {exitCode: 137, reason: Error}}}]}`,
			events: []corev1.Event{event("pod-uid", "Unhealthy", "Liveness probe failed: HTTP probe failed with statuscode: 500")},
			code:   orchestrator.ReasonLiveness, lasting: true, log: true, summary: "container main: the node kills it: Liveness probe failed: HTTP probe failed with statuscode: 500",
			message: `pod "api-1": container "main": CrashLoopBackOff: exit code 137 (Error), signal 9 SIGKILL after 2 restarts; Liveness probe failed: HTTP probe failed with statuscode: 500`,
		},
		"a key that is missing": {
			status: `{phase: Pending, containerStatuses: [{name: main, state: {waiting: {reason: CreateContainerConfigError, message: "couldn't find key A in Secret b/c"}}}]}`,
			code:   orchestrator.ReasonConfig, lasting: true, summary: "container main: its configuration cannot be had: couldn't find key A in Secret b/c",
			message: `pod "api-1": container "main": CreateContainerConfigError: couldn't find key A in Secret b/c`,
		},
		"a command that is not there": {
			status: `{phase: Pending, containerStatuses: [{name: main, state: {waiting: {reason: RunContainerError, message: "no such file"}}}]}`,
			code:   orchestrator.ReasonStart, lasting: true, summary: "container main: the node cannot start it: no such file",
			message: `pod "api-1": container "main": RunContainerError: no such file`,
		},
		"not ready": {
			status:  `{phase: Running, containerStatuses: [{name: main, started: true, state: {running: {}}}]}`,
			code:    orchestrator.ReasonNotReady,
			summary: "container main: it runs but is not ready", message: `pod "api-1": container "main": runs but is not ready`,
		},
		"a readiness probe": {
			status: `{phase: Running, containerStatuses: [{name: main, started: true, state: {running: {}}}]}`,
			events: []corev1.Event{event("pod-uid", "Unhealthy", "Readiness probe failed: HTTP probe failed with statuscode: 503")},
			code:   orchestrator.ReasonReadiness, log: true, summary: "container main: its readiness probe fails: HTTP probe failed with statuscode: 503",
			message: `pod "api-1": container "main": runs but is not ready: Readiness probe failed: HTTP probe failed with statuscode: 503`,
		},
		"a startup probe": {
			status: `{phase: Running, containerStatuses: [{name: main, started: false, state: {running: {}}}]}`,
			events: []corev1.Event{event("pod-uid", "Unhealthy", "Startup probe failed: refused"), event("pod-uid", "Unhealthy", "Readiness probe failed: x")},
			code:   orchestrator.ReasonStartup, log: true, summary: "container main: its startup probe fails: refused",
			message: `pod "api-1": container "main": runs but is not ready: Startup probe failed: refused`,
		},
		"not enough cpu": {
			status: `{phase: Pending, conditions: [{type: PodScheduled, status: "False", reason: Unschedulable, message: "0/2 nodes are available: 2 Insufficient cpu. preemption: 0/2 nodes are available: 2 No preemption victims found."}]}`,
			code:   orchestrator.ReasonUnschedulable, lasting: true, summary: "no node takes the pod: 2 of 2 nodes have not enough cpu left",
			message: `pod "api-1": Unschedulable: 0/2 nodes are available: 2 Insufficient cpu. preemption: 0/2 nodes are available: 2 No preemption victims found.`,
		},
		"taints and a selector": {
			status: `{phase: Pending, conditions: [{type: PodScheduled, status: "False", reason: Unschedulable, message: "0/3 nodes are available: 1 node(s) had untolerated taint {gpu: only}, 2 node(s) didn't match Pod's node affinity/selector."}]}`,
			code:   orchestrator.ReasonUnschedulable, lasting: true,
			summary: "no node takes the pod: 1 of 3 nodes have a taint that the pod does not tolerate {gpu: only}, nodes do not have the labels that the node selector or affinity asks for",
			message: `pod "api-1": Unschedulable: 0/3 nodes are available: 1 node(s) had untolerated taint {gpu: only}, 2 node(s) didn't match Pod's node affinity/selector.`,
		},
		"a claim that is not bound": {
			status: `{phase: Pending, conditions: [{type: PodScheduled, status: "False", reason: Unschedulable, message: "0/2 nodes are available: pod has unbound immediate PersistentVolumeClaims."}]}`,
			code:   orchestrator.ReasonVolume, lasting: true, summary: "no node takes the pod because of a volume: pod has unbound immediate PersistentVolumeClaims.",
			message: `pod "api-1": Unschedulable: 0/2 nodes are available: pod has unbound immediate PersistentVolumeClaims.`,
		},
		"a volume that cannot be mounted": {
			status: `{phase: Pending, containerStatuses: [{name: main, state: {waiting: {reason: ContainerCreating}}}]}`,
			events: []corev1.Event{event("pod-uid", "FailedMount", `secret "credentials" not found`)},
			code:   orchestrator.ReasonVolume, lasting: true, summary: `a volume cannot be mounted: secret "credentials" not found`,
			message: `pod "api-1": FailedMount: secret "credentials" not found`,
		},
		"thrown out": {
			status: `{phase: Failed, reason: Evicted, message: "The node was low on resource: memory.", containerStatuses: [{name: main, state: {terminated: {exitCode: 137}}}]}`,
			code:   orchestrator.ReasonEvicted, lasting: true, summary: "the node has thrown the pod out: The node was low on resource: memory.",
			message: `pod "api-1": Evicted: The node was low on resource: memory.`,
		},
		"it has failed": {
			status: `{phase: Failed, containerStatuses: [{name: main, state: {terminated: {exitCode: 1, reason: Error}}}]}`,
			code:   orchestrator.ReasonCrashLoop, log: true, summary: "container main: the program ended with exit code 1 (Error)",
			message: `pod "api-1": container "main": ended with exit code 1 (Error)`,
		},
		"it was started again": {
			status: `{phase: Running, containerStatuses: [{name: main, ready: true, restartCount: 1, state: {running: {}}, lastState: {terminated: {exitCode: 2, reason: Error}}}]}`,
			code:   orchestrator.ReasonRestarted, log: true, summary: "container main: it runs, but was started again 1 time; the last run ended with exit code 2 (Error)",
			message: `pod "api-1": container "main": restarted 1 time; the last run ended with exit code 2 (Error)`,
		},
		"an init container holds the others up": {
			status: `{phase: Pending, initContainerStatuses: [{name: prepare, restartCount: 1, state: {waiting: {reason: CrashLoopBackOff}}, lastState: {terminated: {exitCode: 1, reason: Error}}}],
				containerStatuses: [{name: main, state: {waiting: {reason: PodInitializing}}}]}`,
			code: orchestrator.ReasonCrashLoop, lasting: true, log: true, summary: "container prepare: the program ended with exit code 1 (Error), after 1 restart",
			message: `pod "api-1": container "prepare": CrashLoopBackOff: exit code 1 (Error) after 1 restarts`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			all := health.PodReasons(pod(t, tc.status), tc.events)
			r, found := orchestrator.MainReason(all)
			require.Equal(t, tc.code != "", found, "%v", all)
			require.Equal(t, tc.code, r.Code)
			require.Equal(t, tc.lasting, r.Lasting)
			require.Equal(t, tc.log, r.Log)
			require.Equal(t, tc.summary, r.Summary)
			require.Equal(t, tc.message, r.Message)
		})
	}
}

func TestKubernetesPodThatIsGoingHasNoReasons(t *testing.T) {
	t.Parallel()
	p := pod(t, `{phase: Running, containerStatuses: [{name: main, state: {waiting: {reason: CrashLoopBackOff}}}]}`)
	now := metav1.Now()
	p.DeletionTimestamp = &now
	require.Empty(t, health.PodReasons(p, nil))
}

func TestKubernetesControllers(t *testing.T) {
	t.Parallel()
	const crash = `{phase: Running, containerStatuses: [{name: main, restartCount: 4, state: {waiting: {reason: CrashLoopBackOff}}, lastState: {terminated: {exitCode: 3}}}]}`
	for name, tc := range map[string]struct {
		object string
		pods   []string
		events []corev1.Event
		status orchestrator.RuntimeStatus
		code   orchestrator.ReasonCode
	}{
		"all ready": {object: `{kind: Deployment, spec: {replicas: 2}, status: {replicas: 2, readyReplicas: 2, updatedReplicas: 2}}`, status: orchestrator.RuntimeRunning},
		"ready, with one that was started again": {
			object: `{kind: Deployment, spec: {replicas: 1}, status: {replicas: 1, readyReplicas: 1, updatedReplicas: 1}}`, status: orchestrator.RuntimeRunning,
			pods: []string{`{phase: Running, containerStatuses: [{name: main, ready: true, restartCount: 1, state: {running: {}}, lastState: {terminated: {exitCode: 2}}}]}`},
		},
		"not seen by its controller yet": {object: `{kind: Deployment, metadata: {generation: 2}, spec: {replicas: 1}, status: {observedGeneration: 1, replicas: 1, readyReplicas: 1, updatedReplicas: 1}}`,
			status: orchestrator.RuntimeStarting},
		"stopped":         {object: `{kind: Deployment, spec: {replicas: 0}, status: {}}`, status: orchestrator.RuntimeStopped},
		"starting":        {object: `{kind: Deployment, spec: {replicas: 1}, status: {replicas: 1}}`, pods: []string{`{phase: Pending}`}, status: orchestrator.RuntimeStarting},
		"none works":      {object: `{kind: Deployment, spec: {replicas: 1}, status: {replicas: 1}}`, pods: []string{crash}, status: orchestrator.RuntimeFailed, code: orchestrator.ReasonCrashLoop},
		"some work":       {object: `{kind: Deployment, spec: {replicas: 2}, status: {replicas: 2, readyReplicas: 1, updatedReplicas: 2}}`, pods: []string{crash}, status: orchestrator.RuntimePartiallySucceeded, code: orchestrator.ReasonCrashLoop},
		"a paused change": {object: `{kind: Deployment, spec: {replicas: 1, paused: true}, status: {replicas: 1, readyReplicas: 1}}`, status: orchestrator.RuntimeRunning, code: orchestrator.ReasonPaused},
		"a quota": {object: `{kind: Deployment, spec: {replicas: 1}, status: {conditions: [{type: ReplicaFailure, status: "True", message: 'pods "api-1" is forbidden: exceeded quota: small'}]}}`,
			status: orchestrator.RuntimeFailed, code: orchestrator.ReasonQuota},
		"a policy": {object: `{kind: StatefulSet, metadata: {uid: u}, spec: {replicas: 1}, status: {}}`, status: orchestrator.RuntimeFailed, code: orchestrator.ReasonAdmission,
			events: []corev1.Event{event("u", "FailedCreate", `create Pod api-0 failed error: pods "api-0" is forbidden: violates PodSecurity "restricted:latest"`)}},
		"a policy that was overcome": {object: `{kind: DaemonSet, metadata: {uid: u}, status: {desiredNumberScheduled: 1, currentNumberScheduled: 1, numberReady: 1, updatedNumberScheduled: 1}}`,
			status: orchestrator.RuntimeRunning, events: []corev1.Event{event("u", "FailedCreate", "denied")}},
		"no progress": {object: `{kind: Deployment, spec: {replicas: 1}, status: {replicas: 1, conditions: [{type: Progressing, status: "False", reason: ProgressDeadlineExceeded}]}}`,
			status: orchestrator.RuntimeFailed, code: orchestrator.ReasonDeadline, pods: []string{`{phase: Running, conditions: [{type: Ready, status: "True"}]}`}},
		"a job that is done": {object: `{kind: Job, status: {conditions: [{type: Complete, status: "True"}]}}`, status: orchestrator.RuntimeSucceeded},
		"a job that took too long": {object: `{kind: Job, spec: {activeDeadlineSeconds: 5}, status: {conditions: [{type: Failed, status: "True", reason: DeadlineExceeded, message: Job was active longer than specified deadline}]}}`,
			status: orchestrator.RuntimeFailed, code: orchestrator.ReasonDeadline},
		"a job that gave up": {object: `{kind: Job, status: {conditions: [{type: Failed, status: "True", reason: BackoffLimitExceeded, message: too often}]}}`,
			status: orchestrator.RuntimeFailed, code: orchestrator.ReasonJob},
		"a job that is suspended":         {object: `{kind: Job, spec: {suspend: true}, status: {}}`, status: orchestrator.RuntimeStopped, code: orchestrator.ReasonPaused},
		"a schedule without a run":        {object: `{kind: CronJob, spec: {schedule: "* * * * *"}, status: {}}`, status: orchestrator.RuntimeRunning},
		"a schedule that is suspended":    {object: `{kind: CronJob, spec: {suspend: true}, status: {}}`, status: orchestrator.RuntimeStopped},
		"a set of no node":                {object: `{kind: DaemonSet, status: {desiredNumberScheduled: 0}}`, status: orchestrator.RuntimeStopped},
		"a pod of its own":                {object: `{kind: Pod, metadata: {name: a}, status: {phase: Running, conditions: [{type: Ready, status: "True"}]}}`, status: orchestrator.RuntimeRunning},
		"a pod of its own that has ended": {object: `{kind: Pod, metadata: {name: a}, status: {phase: Failed}}`, status: orchestrator.RuntimeFailed, code: orchestrator.ReasonExited},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			u := &unstructured.Unstructured{}
			raw, err := yaml.YAMLToJSON([]byte(strings.Replace(tc.object, "{kind", "{apiVersion: v1, kind", 1)))
			require.NoError(t, err)
			require.NoError(t, u.UnmarshalJSON(raw))
			var owned health.Owned
			for i, status := range tc.pods {
				one := pod(t, status)
				one.Name = fmt.Sprintf("api-%d", i)
				owned.Pods = append(owned.Pods, one)
			}
			got := health.Controller(u, owned, tc.events)
			require.Equal(t, tc.status, got.Status, "%+v", got)
			r, _ := orchestrator.MainReason(got.Reasons)
			require.Equal(t, tc.code, r.Code, "%+v", got.Reasons)
			require.Len(t, got.Pods, max(len(tc.pods), len(got.Pods)))
		})
	}
}

func TestKubernetesPodsOfAnOlderRevisionAreNoReason(t *testing.T) {
	t.Parallel()
	const (
		crash = `{phase: Running, containerStatuses: [{name: main, state: {waiting: {reason: CrashLoopBackOff}}}]}`
		fresh = `{phase: Pending, containerStatuses: [{name: main, state: {waiting: {reason: ContainerCreating}}}]}`
	)
	of := func(revision, status string) *corev1.Pod {
		p := pod(t, status)
		p.Name, p.OwnerReferences = "api-"+revision, []metav1.OwnerReference{{UID: types.UID(revision), Controller: new(true)}}
		return p
	}
	var sets []*unstructured.Unstructured
	for _, revision := range []string{"1", "2"} {
		set := &unstructured.Unstructured{Object: map[string]any{"kind": "ReplicaSet"}}
		set.SetUID(types.UID(revision))
		set.SetAnnotations(map[string]string{"deployment.kubernetes.io/revision": revision})
		sets = append(sets, set)
	}
	for name, tc := range map[string]struct {
		pods   []*corev1.Pod
		sets   []*unstructured.Unstructured
		status orchestrator.RuntimeStatus
	}{
		"the old one fails":                       {[]*corev1.Pod{of("1", crash), of("2", fresh)}, sets, orchestrator.RuntimeStarting},
		"the new one fails":                       {[]*corev1.Pod{of("1", fresh), of("2", crash)}, sets, orchestrator.RuntimeFailed},
		"nothing is known of revisions":           {[]*corev1.Pod{of("1", crash), of("2", fresh)}, nil, orchestrator.RuntimeFailed},
		"one that belongs to no known ReplicaSet": {[]*corev1.Pod{of("3", crash), of("2", fresh)}, sets, orchestrator.RuntimeFailed},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			u := &unstructured.Unstructured{Object: map[string]any{"kind": "Deployment", "spec": map[string]any{"replicas": int64(2)}, "status": map[string]any{"replicas": int64(2)}}}
			u.SetAnnotations(map[string]string{"deployment.kubernetes.io/revision": "2"})
			got := health.Controller(u, health.Owned{Pods: tc.pods, Sets: tc.sets}, nil)
			require.Equal(t, tc.status, got.Status, "%+v", got)
			require.Len(t, got.Pods, 2, "all are shown")
		})
	}
}

func TestKubernetesJoinedStates(t *testing.T) {
	t.Parallel()
	const r, s, f, p, st, u, d = orchestrator.RuntimeRunning, orchestrator.RuntimeStopped, orchestrator.RuntimeFailed, orchestrator.RuntimePartiallySucceeded,
		orchestrator.RuntimeStarting, orchestrator.RuntimeUnknown, orchestrator.RuntimeSucceeded
	for _, tc := range []struct {
		parts []orchestrator.RuntimeStatus
		want  orchestrator.RuntimeStatus
	}{
		{nil, s}, {[]orchestrator.RuntimeStatus{s, s}, s}, {[]orchestrator.RuntimeStatus{r, s}, r}, {[]orchestrator.RuntimeStatus{r, d}, r}, {[]orchestrator.RuntimeStatus{d, d}, d},
		{[]orchestrator.RuntimeStatus{r, f}, p}, {[]orchestrator.RuntimeStatus{f, st}, f}, {[]orchestrator.RuntimeStatus{r, st}, st}, {[]orchestrator.RuntimeStatus{r, u}, u}, {[]orchestrator.RuntimeStatus{p, r}, p},
	} {
		require.Equal(t, tc.want, orchestrator.JoinRuntime(tc.parts), "%v", tc.parts)
	}
}
