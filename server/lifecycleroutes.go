package server

// lifecycleRoutes are the operations of how environments come and go.
func lifecycleRoutes() []Route { return nil }
