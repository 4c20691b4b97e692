package orchestrator

import (
	"cmp"
	"slices"
	"time"
)

// RuntimeStatus is the state of a workload or of a controller, in the words of
// the published API.
type RuntimeStatus string

// The states. Starting is on its way, PartiallySucceeded serves with less than
// it should have.
const (
	RuntimeRunning            RuntimeStatus = "Running"
	RuntimeSucceeded          RuntimeStatus = "Succeeded"
	RuntimeStarting           RuntimeStatus = "Starting"
	RuntimePartiallySucceeded RuntimeStatus = "Partially Succeeded"
	RuntimeFailed             RuntimeStatus = "Failed"
	RuntimeStopped            RuntimeStatus = "Stopped"
	RuntimeUnknown            RuntimeStatus = "Unknown"
)

// Class is the coarser state: Success, Warning, Failure, Stopped or Unknown.
func (s RuntimeStatus) Class() string {
	switch s {
	case RuntimeRunning, RuntimeSucceeded:
		return "Success"
	case RuntimeStarting, RuntimePartiallySucceeded:
		return "Warning"
	case RuntimeFailed:
		return "Failure"
	case RuntimeStopped:
		return "Stopped"
	}
	return "Unknown"
}

// JoinRuntime is the state of what consists of parts: stopped parts do not
// count beside others, and a failure beside what works is a partial one.
func JoinRuntime(parts []RuntimeStatus) RuntimeStatus {
	parts = slices.DeleteFunc(slices.Clone(parts), func(s RuntimeStatus) bool { return s == RuntimeStopped })
	if len(parts) == 0 {
		return RuntimeStopped
	}
	has := func(s RuntimeStatus) bool { return slices.Contains(parts, s) }
	works := has(RuntimeRunning) || has(RuntimeSucceeded) || has(RuntimePartiallySucceeded)
	switch {
	case has(RuntimeFailed) && works, has(RuntimePartiallySucceeded):
		return RuntimePartiallySucceeded
	case has(RuntimeFailed):
		return RuntimeFailed
	case has(RuntimeUnknown):
		return RuntimeUnknown
	case has(RuntimeStarting):
		return RuntimeStarting
	case has(RuntimeRunning):
		return RuntimeRunning
	}
	return RuntimeSucceeded
}

// ReasonCode says in one word why something does not run.
type ReasonCode string

// The reasons. A deployment error that one of them causes has the code RUN-CODE.
const (
	ReasonImagePull     ReasonCode = "ImagePull"        // the image cannot be had
	ReasonCrashLoop     ReasonCode = "CrashLoop"        // the program ends again and again
	ReasonOutOfMemory   ReasonCode = "OutOfMemory"      // it was killed at its memory limit
	ReasonExited        ReasonCode = "Exited"           // the program has ended with an error
	ReasonRestarted     ReasonCode = "Restarted"        // it runs, and has ended before
	ReasonConfig        ReasonCode = "ConfigError"      // a ConfigMap, a Secret or a key of one is missing
	ReasonStart         ReasonCode = "StartError"       // the node cannot start the container
	ReasonUnschedulable ReasonCode = "Unschedulable"    // no node takes the pod
	ReasonVolume        ReasonCode = "VolumePending"    // a volume is not there or cannot be mounted
	ReasonReadiness     ReasonCode = "ReadinessProbe"   // the readiness probe fails
	ReasonLiveness      ReasonCode = "LivenessProbe"    // the liveness probe fails
	ReasonStartup       ReasonCode = "StartupProbe"     // the startup probe fails
	ReasonNotReady      ReasonCode = "NotReady"         // it runs and is not ready, nobody says why
	ReasonQuota         ReasonCode = "QuotaExceeded"    // a quota or limit of the namespace forbids the pod
	ReasonAdmission     ReasonCode = "AdmissionDenied"  // a policy forbids the pod
	ReasonCreate        ReasonCode = "CreateFailed"     // the pod cannot be made for another reason
	ReasonDeadline      ReasonCode = "DeadlineExceeded" // a Job or a rollout took too long
	ReasonJob           ReasonCode = "JobFailed"        // a Job has used up its attempts
	ReasonEvicted       ReasonCode = "Evicted"          // the node has thrown the pod out
	ReasonPaused        ReasonCode = "Paused"           // somebody has paused the rollout, or suspended the Job
	ReasonStarting      ReasonCode = "Starting"         // it is on its way
	ReasonUnready       ReasonCode = "Unready"          // another object reports that it is not ready
	ReasonTime          ReasonCode = "Timeout"          // it was not ready in time, nobody says why
)

// advice is what to try about a reason.
var advice = map[ReasonCode]string{
	ReasonImagePull:     "check name and tag of the image, and that the cluster has credentials for its registry (slipway get registries)",
	ReasonCrashLoop:     "read what the program wrote before it ended: slipway logs WORKLOAD --previous",
	ReasonOutOfMemory:   "raise the memory limit of the container, or have the program use less",
	ReasonExited:        "read what the program wrote: slipway logs WORKLOAD --previous",
	ReasonRestarted:     "read what the program wrote before it ended: slipway logs WORKLOAD --previous",
	ReasonConfig:        "make the ConfigMap, Secret or key that is named, or take the reference out of the workload",
	ReasonStart:         "check command, arguments, user and mounts of the container",
	ReasonUnschedulable: "lower what the workload requests, change its node selector, affinity or tolerations, or add nodes",
	ReasonVolume:        "check the claim, its storage class and the Secret or ConfigMap behind the volume",
	ReasonReadiness:     "check path and port of the readiness probe, and in the logs what the program waits for",
	ReasonLiveness:      "check path, port and time limits of the liveness probe: the node kills the container when it fails",
	ReasonStartup:       "give the startup probe more time (failureThreshold, periodSeconds), or see in the logs what the program waits for",
	ReasonNotReady:      "see in the logs what the program waits for: slipway logs WORKLOAD",
	ReasonQuota:         "lower what the workload requests, remove what is not needed, or raise the quota of the namespace",
	ReasonAdmission:     "change the workload so that it fits the policy that is named, or the policy",
	ReasonCreate:        "read the message of the cluster",
	ReasonDeadline:      "read the logs of the pods: slipway logs WORKLOAD; raise the deadline if it is too short",
	ReasonJob:           "read what the program wrote: slipway logs WORKLOAD",
	ReasonEvicted:       "give the workload requests that fit what it uses; look at the node",
	ReasonPaused:        "resume it when it is to go on",
}

// Advice says what to try; "" when there is nothing to say.
func (c ReasonCode) Advice() string { return advice[c] }

// RuntimeReason is why something does not run as it should.
type RuntimeReason struct {
	Code      ReasonCode
	Summary   string // in words, one line
	Message   string // as the cluster says it, with pod and container
	Pod       string // "" when it is not about a pod
	Container string // "" when it is not about a container
	// Lasting says that it rarely passes by itself.
	Lasting bool
	// Log says that the log of the container tells more; Previous, that it is the
	// one of the run before.
	Log, Previous bool
}

// RuntimeState is how what was delivered to an environment runs.
type RuntimeState struct {
	Namespace   string
	Controllers []RuntimeController // by workload, kind and name
	// Notes are what could not be looked at, in words.
	Notes []string
}

// RuntimeController is a Deployment, StatefulSet, DaemonSet, Job, CronJob,
// ReplicaSet or pod of its own.
type RuntimeController struct {
	Workload string // "" when it belongs to a resource
	Kind     string
	Name     string
	Status   RuntimeStatus
	Message  string // why, when the state is no good one
	Desired  int
	Replicas int // that there are
	Ready    int
	Revision int
	Paused   bool // its rollout is paused, or it is suspended
	Reasons  []RuntimeReason
	Pods     []RuntimePod // youngest first
}

// RuntimePod is one pod.
type RuntimePod struct {
	Name       string
	Phase      string // Pending | Running | Succeeded | Failed | Unknown
	Status     string // Failure | Success | Pending | Unknown
	Revision   int
	Node       string
	StartedAt  time.Time // zero when no node has it
	Reasons    []RuntimeReason
	Containers []RuntimeContainer
}

// RuntimeContainer is one container of a pod.
type RuntimeContainer struct {
	Name     string
	Image    string
	Init     bool
	Ready    bool
	Restarts int
	Status   string // Failure | Success | Pending | Unknown
	Waiting  *ContainerWaiting
	Running  *time.Time // since when
	Ended    *ContainerEnd
	Last     *ContainerEnd // how the run before ended
}

// ContainerWaiting is why a container does not run yet.
type ContainerWaiting struct{ Reason, Message string }

// ContainerEnd is how a run of a container ended.
type ContainerEnd struct {
	ExitCode, Signal int
	Reason, Message  string
	StartedAt        time.Time
	FinishedAt       time.Time
	ContainerID      string
}

// MainReason is the reason to show: the first lasting one, else the first.
func MainReason(reasons []RuntimeReason) (RuntimeReason, bool) {
	for _, r := range reasons {
		if r.Lasting {
			return r, true
		}
	}
	if len(reasons) == 0 {
		return RuntimeReason{}, false
	}
	return reasons[0], true
}

// Status is the state of all that runs.
func (s *RuntimeState) Status() RuntimeStatus {
	var parts []RuntimeStatus
	for _, c := range s.Controllers {
		parts = append(parts, c.Status)
	}
	return JoinRuntime(parts)
}

// Stopped reports whether there are Deployments and all have no replicas: what
// pausing an environment does.
func (s *RuntimeState) Stopped() bool {
	found := false
	for _, c := range s.Controllers {
		if c.Kind != "Deployment" {
			continue
		}
		if c.Desired > 0 {
			return false
		}
		found = true
	}
	return found
}

// Sort puts the controllers into their order.
func (s *RuntimeState) Sort() {
	slices.SortFunc(s.Controllers, func(a, b RuntimeController) int {
		return cmp.Or(cmp.Compare(a.Workload, b.Workload), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Name, b.Name))
	})
}

// RuntimeEvent is something that happened to what runs, or to the environment.
type RuntimeEvent struct {
	At       time.Time // when it was last seen
	Source   string    // kubernetes | slipway
	Type     string    // Normal | Warning
	Reason   string
	Kind     string // of the object
	Object   string // its name
	Workload string // "" when it cannot be told
	Count    int
	Message  string
}
