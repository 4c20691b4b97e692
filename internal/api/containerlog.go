package api

// ContainerLogEntry is one line that a container wrote.
type ContainerLogEntry struct {
	WorkloadID  string `json:"workload_id" doc:"Workload"`
	ContainerID string `json:"container_id" doc:"Container"`
	PodID       string `json:"pod_id,omitempty" doc:"Pod"`
	Level       string `json:"level" doc:"Level that the line itself names; info when it names none"`
	Payload     string `json:"payload" doc:"The line, without secrets"`
	Timestamp   string `json:"timestamp" doc:"When it was written, RFC 3339 with nanoseconds"`
}
