package orchestrator

// OperateStore keeps the records of what changes a running environment without a deployment.
type OperateStore interface{}
