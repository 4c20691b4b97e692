package orchestrator

// PipelineRunStore keeps the records of runs of pipelines.
type PipelineRunStore interface{}
