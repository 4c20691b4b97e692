package server

// runtimeRoutes are the operations of how what is deployed runs.
func runtimeRoutes() []Route { return nil }
