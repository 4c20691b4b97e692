package orchestrator

// LifecycleStore keeps the records of how environments come and go.
type LifecycleStore interface{}
