package server

// scheduleRoutes are the operations of schedules.
func scheduleRoutes() []Route { return nil }
