package server

import "slices"

// assetRoutes are the operations on what platform engineers bring along beside
// types, drivers and definitions.
func assetRoutes() []Route {
	return slices.Concat(
		secretStoreRoutes(),
		registryRoutes(),
		agentRoutes(),
		workloadTemplateRoutes(),
		resourceAccountRoutes(),
	)
}
