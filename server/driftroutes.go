package server

// driftRoutes are the operations of drift and differences.
func driftRoutes() []Route { return nil }
