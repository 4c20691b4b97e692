package server

// operateRoutes are the operations of what changes a running environment without a deployment.
func operateRoutes() []Route { return nil }
