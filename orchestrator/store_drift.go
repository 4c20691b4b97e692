package orchestrator

// DriftStore keeps the records of drift and differences.
type DriftStore interface{}
