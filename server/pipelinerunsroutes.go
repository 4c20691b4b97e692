package server

// pipelineRunRoutes are the operations of runs of pipelines.
func pipelineRunRoutes() []Route { return nil }
