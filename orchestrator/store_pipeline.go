package orchestrator

// PipelineStore keeps the records of pipelines, their versions and criteria.
type PipelineStore interface{}
