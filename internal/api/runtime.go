package api

// RuntimeV1 is how an Environment runs, in the older shape.
type RuntimeV1 struct {
	Namespace string                                    `json:"namespace" doc:"Namespace in the cluster; empty when there is none"`
	Modules   map[string]map[string]RuntimeControllerV1 `json:"modules" doc:"Controllers by workload and name"`
	Message   string                                    `json:"message,omitempty" doc:"Why there is nothing to see"`
}

// RuntimeControllerV1 is a controller in the older shape.
type RuntimeControllerV1 struct {
	Kind     string         `json:"kind" doc:"Deployment, StatefulSet, DaemonSet, Job, CronJob, ReplicaSet or Pod"`
	Status   string         `json:"status" doc:"Success, Warning, Failure, Stopped or Unknown"`
	Message  string         `json:"message" doc:"Why it is not as it should be"`
	Replicas int            `json:"replicas" doc:"Pods that are wanted"`
	Revision int            `json:"revision" doc:"Revision of its rollout; 0 when it has none"`
	Pods     []RuntimePodV1 `json:"pods" doc:"Its pods"`
}

// RuntimePodV1 is a pod in the older shape.
type RuntimePodV1 struct {
	PodName           string                   `json:"podName" doc:"Name"`
	Phase             string                   `json:"phase" doc:"Pending, Running, Succeeded, Failed or Unknown"`
	Status            string                   `json:"status" doc:"Failure, Success, Pending or Unknown"`
	Revision          int                      `json:"revision" doc:"Revision it belongs to; 0 when unknown"`
	ContainerStatuses []RuntimeContainerStatus `json:"containerStatuses" doc:"Its containers"`
}

// Runtime is how an Environment runs: application/v2+json.
type Runtime struct {
	Namespace   string                       `json:"namespace" doc:"Namespace in the cluster; empty when there is none"`
	Status      string                       `json:"status" doc:"State of all workloads: Running, Succeeded, Starting, Partially Succeeded, Failed, Stopped or Unknown"`
	StatusClass string                       `json:"status_class" doc:"Success, Warning, Failure, Stopped or Unknown"`
	Message     string                       `json:"message,omitempty" doc:"Why there is nothing to see: never deployed, delivered to a repository, the cluster does not answer"`
	Paused      bool                         `json:"paused" doc:"All Deployments have no replicas"`
	Modules     map[string]RuntimeModule     `json:"modules" doc:"Workloads"`
	Others      map[string]RuntimeController `json:"others,omitempty" doc:"Controllers that resources have brought, by kind and name"`
	Notes       []string                     `json:"notes,omitempty" doc:"What could not be looked at"`
}

// RuntimeModule is how a workload runs.
type RuntimeModule struct {
	Status      string                       `json:"status" doc:"As of the Environment"`
	StatusClass string                       `json:"status_class" doc:"As of the Environment"`
	Message     string                       `json:"message,omitempty" doc:"Why it is not as it should be"`
	Controllers map[string]RuntimeController `json:"controllers" doc:"Controllers by name; by kind and name where a name occurs twice"`
}

// RuntimeController is a controller of pods.
type RuntimeController struct {
	Kind          string          `json:"kind" doc:"Deployment, StatefulSet, DaemonSet, Job, CronJob, ReplicaSet or Pod"`
	Name          string          `json:"name" doc:"Name in the cluster"`
	Status        string          `json:"status" doc:"As of the Environment"`
	Message       string          `json:"message,omitempty" doc:"Why it is not as it should be"`
	Replicas      int             `json:"replicas" doc:"Pods that there are"`
	Desired       int             `json:"desired_replicas" doc:"Pods that are wanted"`
	ReadyReplicas int             `json:"ready_replicas" doc:"Pods that are ready"`
	Revision      int             `json:"revision,omitempty" doc:"Revision of its rollout"`
	Paused        bool            `json:"paused,omitempty" doc:"Its rollout is paused, or it is suspended"`
	Reasons       []RuntimeReason `json:"reasons,omitempty" doc:"Why it is not as it should be, the most telling first"`
	Pods          []RuntimePod    `json:"pods" doc:"Its pods, youngest first"`
}

// RuntimeReason is why something does not run as it should.
type RuntimeReason struct {
	Code      string `json:"code" doc:"Such as ImagePull, CrashLoop, OutOfMemory, Unschedulable, ReadinessProbe or QuotaExceeded"`
	Summary   string `json:"summary" doc:"In words, one line"`
	Message   string `json:"message" doc:"In the words of the cluster"`
	Pod       string `json:"pod,omitempty" doc:"Pod that it is about"`
	Container string `json:"container,omitempty" doc:"Container that it is about"`
	Lasting   bool   `json:"lasting" doc:"It rarely passes by itself"`
	Advice    string `json:"advice,omitempty" doc:"What to try"`
}

// RuntimePod is a pod.
type RuntimePod struct {
	PodName           string                   `json:"podName" doc:"Name"`
	Phase             string                   `json:"phase" doc:"Pending, Running, Succeeded, Failed or Unknown"`
	Status            string                   `json:"status" doc:"Failure, Success, Pending or Unknown"`
	Revision          int                      `json:"revision,omitempty" doc:"Revision it belongs to"`
	Node              string                   `json:"node,omitempty" doc:"Node that has it"`
	StartedAt         *Time                    `json:"started_at,omitempty" doc:"When its node took it"`
	Reasons           []RuntimeReason          `json:"reasons,omitempty" doc:"Why it is not as it should be"`
	ContainerStatuses []RuntimeContainerStatus `json:"containerStatuses" doc:"Its containers, those that prepare it first"`
}

// RuntimeContainerStatus is a container.
type RuntimeContainerStatus struct {
	Name         string                `json:"name" doc:"Name"`
	Image        string                `json:"image,omitempty" doc:"Image"`
	Init         bool                  `json:"init,omitempty" doc:"It prepares the pod"`
	Ready        bool                  `json:"ready" doc:"It takes traffic"`
	RestartCount int                   `json:"restart_count" doc:"How often it was started again"`
	Restarts     int                   `json:"restartCount" doc:"As restart_count; the published document names both"`
	Status       string                `json:"status" doc:"Failure, Success, Pending or Unknown"`
	State        RuntimeContainerState `json:"state" doc:"What it does"`
	LastState    RuntimeContainerState `json:"last_state,omitzero" doc:"How the run before ended"`
}

// RuntimeContainerState is one of waiting, running and terminated.
type RuntimeContainerState struct {
	Waiting    *RuntimeWaiting    `json:"waiting,omitempty" doc:"It does not run yet"`
	Running    *RuntimeRunning    `json:"running,omitempty" doc:"It runs"`
	Terminated *RuntimeTerminated `json:"terminated,omitempty" doc:"It has ended"`
}

// RuntimeWaiting is why a container does not run yet.
type RuntimeWaiting struct {
	Reason  string `json:"reason,omitempty" doc:"In one word"`
	Message string `json:"message,omitempty" doc:"In the words of the node"`
}

// RuntimeRunning says since when a container runs.
type RuntimeRunning struct {
	StartedAt Time `json:"started_at" doc:"Since when"`
}

// RuntimeTerminated is how a run of a container ended.
type RuntimeTerminated struct {
	ExitCode    int    `json:"exit_code" doc:"Exit code"`
	Signal      int    `json:"signal" doc:"Signal, where the node tells it"`
	Reason      string `json:"reason,omitempty" doc:"In one word"`
	Message     string `json:"message,omitempty" doc:"What the program left as its last message"`
	StartedAt   *Time  `json:"started_at,omitempty" doc:"When it began"`
	FinishedAt  *Time  `json:"finished_at,omitempty" doc:"When it ended"`
	ContainerID string `json:"container_id,omitempty" doc:"Id of the run"`
}

// EnvironmentRuntime is the state of one of several Environments.
type EnvironmentRuntime struct {
	ID     string `json:"id" doc:"Environment"`
	Paused bool   `json:"paused" doc:"All Deployments have no replicas"`
	Status string `json:"status,omitempty" doc:"Success, Warning, Failure, Stopped or Unknown"`
	Error  string `json:"error,omitempty" doc:"Why there is no status"`
}

// RuntimeEvents is what happened in an Environment lately.
type RuntimeEvents struct {
	Events  []RuntimeEvent `json:"events" doc:"Newest first"`
	Message string         `json:"message,omitempty" doc:"Why the cluster tells nothing"`
}

// RuntimeEvent is something that happened to what runs, or to the Environment.
type RuntimeEvent struct {
	At       Time   `json:"at" doc:"When it was last seen"`
	Source   string `json:"source" doc:"kubernetes or slipway"`
	Type     string `json:"type" doc:"Normal or Warning"`
	Reason   string `json:"reason" doc:"In one word"`
	Kind     string `json:"kind" doc:"Kind of the object"`
	Object   string `json:"object" doc:"Name of the object"`
	Workload string `json:"workload_id,omitempty" doc:"Workload that the object belongs to"`
	Count    int    `json:"count" doc:"How often it was seen"`
	Message  string `json:"message" doc:"In words, without secrets"`
}

// ClusterCheckRequest says which connection to check.
type ClusterCheckRequest struct {
	AppID    string                 `json:"app_id" doc:"Application; it need not exist"`
	EnvID    string                 `json:"env_id" doc:"Environment; it need not exist"`
	EnvType  string                 `json:"env_type" doc:"Environment Type"`
	Expected []ClusterCheckExpected `json:"expected_definitions,omitempty" doc:"Definitions that are to match"`
}

// ClusterCheckExpected is a definition that is to match.
type ClusterCheckExpected struct {
	Type string `json:"type" doc:"Resource Type"`
	ID   string `json:"id" doc:"Resource Definition"`
}

// ClusterCheck is what a check of a connection found.
type ClusterCheck struct {
	Success    bool                    `json:"success" doc:"All conditions are True"`
	Resources  []ClusterCheckResource  `json:"resource_summaries" doc:"Resources that the connection needs"`
	Conditions []ClusterCheckCondition `json:"conditions" doc:"What was checked"`
}

// ClusterCheckResource is a resource that a connection needs.
type ClusterCheckResource struct {
	Type         string   `json:"type" doc:"Resource Type"`
	Class        string   `json:"class" doc:"Class"`
	ResID        string   `json:"res_id" doc:"Id in the graph"`
	GUResID      string   `json:"gu_res_id" doc:"GUResID; empty when it does not exist yet"`
	DependsOn    []string `json:"depends_on" doc:"GUResIDs of the resources that it needs"`
	DefID        string   `json:"def_id" doc:"Resource Definition"`
	DefVersionID string   `json:"def_version_id" doc:"Version of the definition"`
	DriverType   string   `json:"driver_type" doc:"Driver"`
}

// ClusterCheckCondition is one thing that was checked.
type ClusterCheckCondition struct {
	Type    string `json:"type" doc:"GraphCanProvision, DefinitionsMatch, ClusterKnown or ClusterAnswers"`
	Status  string `json:"status" doc:"True, False or Unknown"`
	Message string `json:"message" doc:"Why"`
}
