package api

// OperationRequest asks for a change of what runs in an Environment.
type OperationRequest struct {
	// Kind is scale, pause, resume or restart.
	Kind string `json:"kind"`
	// Replicas of a scale, by workload.
	Replicas map[string]int `json:"replicas,omitempty"`
	// Workloads of a restart; all when empty.
	Workloads []string `json:"workloads,omitempty"`
}

// Operation is a change of what runs in an Environment, which goes through its queue.
type Operation struct {
	ID         string         `json:"id"`
	Kind       string         `json:"kind"`
	EnvID      string         `json:"env_id"`
	Replicas   map[string]int `json:"replicas,omitempty"`
	Workloads  []string       `json:"workloads,omitempty"`
	Status     string         `json:"status"` // pending | in progress | succeeded | failed | cancelled
	Message    string         `json:"message,omitempty"`
	CreatedAt  Time           `json:"created_at"`
	CreatedBy  string         `json:"created_by"`
	StartedAt  *Time          `json:"started_at,omitempty"`
	FinishedAt *Time          `json:"finished_at,omitempty"`
}

// Terminal reports whether the operation is over.
func (o Operation) Terminal() bool {
	return o.Status == "succeeded" || o.Status == "failed" || o.Status == "cancelled"
}

// Paused says whether an Environment is paused.
type Paused struct {
	Paused bool  `json:"paused"`
	Since  *Time `json:"since,omitempty"`
	// By is the id of the user who paused it.
	By string `json:"by,omitempty"`
	// OperationID is the operation that paused it.
	OperationID string `json:"operation_id,omitempty"`
}
