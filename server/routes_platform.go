package server

import "slices"

// platformRoutes are the operations on what platform engineers define.
func platformRoutes() []Route {
	return slices.Concat(
		resourceTypeRoutes(),
		resourceClassRoutes(),
		driverRoutes(),
		definitionRoutes(),
		impactRoutes(),
		definitionTestRoutes(),
		definitionVersionRoutes(),
		criteriaRoutes(),
		activeResourceRoutes(),
		questionRoutes(),
		graphRoutes(),
		explainRoutes(),
		workloadProfileRoutes(),
	)
}

// resourcesPath is where an organization's resource configuration lives.
const resourcesPath = orgPath + "/resources"
