package server

// planRoutes are the operations of previews and approvals.
func planRoutes() []Route { return nil }
