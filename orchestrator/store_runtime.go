package orchestrator

// RuntimeStore keeps the records of how what is deployed runs.
type RuntimeStore interface{}
