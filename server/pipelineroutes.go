package server

// pipelineRoutes are the operations of pipelines, their versions and criteria.
func pipelineRoutes() []Route { return nil }
