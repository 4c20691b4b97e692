package api

import (
	"encoding/json"
	"fmt"
)

// ReplicaCounts are numbers of replicas by workload.
type ReplicaCounts map[string]int

// UnmarshalJSON refuses null, which would otherwise be read as no replicas.
func (r *ReplicaCounts) UnmarshalJSON(raw []byte) error {
	var counts map[string]*int
	if err := json.Unmarshal(raw, &counts); err != nil {
		return err
	}
	if counts == nil {
		return nil
	}
	*r = ReplicaCounts{}
	for workload, n := range counts {
		if n == nil {
			return fmt.Errorf("replicas of workload %q: expected a number, got null", workload)
		}
		(*r)[workload] = *n
	}
	return nil
}

// OperationRequest asks for a change of what runs in an Environment.
type OperationRequest struct {
	Kind      string        `json:"kind" doc:"scale, pause, resume or restart"`
	Replicas  ReplicaCounts `json:"replicas,omitempty" doc:"Of a scale: how many replicas, by workload"`
	Workloads []string      `json:"workloads,omitempty" doc:"Of a restart: the workloads; all when empty"`
}

// Operation is a change of what runs in an Environment, which goes through its queue.
type Operation struct {
	ID         string         `json:"id" doc:"Id"`
	Kind       string         `json:"kind" doc:"scale, pause, resume or restart"`
	EnvID      string         `json:"env_id" doc:"Environment"`
	Replicas   map[string]int `json:"replicas,omitempty" doc:"Of a scale: how many replicas, by workload"`
	Workloads  []string       `json:"workloads,omitempty" doc:"Of a restart: the workloads; all when absent"`
	Status     string         `json:"status" enum:"pending,in progress,succeeded,failed,cancelled" doc:"Status"`
	Message    string         `json:"message,omitempty" doc:"Why it failed"`
	CreatedAt  Time           `json:"created_at" doc:"When it was accepted"`
	CreatedBy  string         `json:"created_by" doc:"Who asked for it"`
	StartedAt  *Time          `json:"started_at,omitempty" doc:"When it began"`
	FinishedAt *Time          `json:"finished_at,omitempty" doc:"When it ended"`
}

// Terminal reports whether the operation is over.
func (o Operation) Terminal() bool {
	return o.Status == "succeeded" || o.Status == "failed" || o.Status == "cancelled"
}

// Paused says whether an Environment is paused.
type Paused struct {
	Paused      bool   `json:"paused" doc:"Whether it is paused, or is about to be"`
	Since       *Time  `json:"since,omitempty" doc:"Since when"`
	By          string `json:"by,omitempty" doc:"Who paused it"`
	OperationID string `json:"operation_id,omitempty" doc:"The operation that paused it"`
}
