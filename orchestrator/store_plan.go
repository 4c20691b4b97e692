package orchestrator

// PlanStore keeps the records of previews and approvals.
type PlanStore interface{}
