package server

import "slices"

// Routes is the table of all operations of the API, by area.
func Routes() []Route {
	return slices.Concat(
		accountRoutes(),
		userRoutes(),
		roleRoutes(),
		auditRoutes(),
		signInRoutes(),
		applicationRoutes(),
		environmentRoutes(),
		environmentTypeRoutes(),
		deltaRoutes(),
		setRoutes(),
		scoreRoutes(),
		deploymentRoutes(),
		progressRoutes(),
		liveRoutes(),
		queueRoutes(),
		valueRoutes(appValues),
		valueRoutes(envValues),
		artefactRoutes(),
		imageRoutes(),
		automationRoutes(),
		webhookRoutes(),
		containerLogRoutes(),
		platformRoutes(),
		assetRoutes(),
		orphanRoutes(),
		runtimeRoutes(),
		operateRoutes(),
		driftRoutes(),
		attentionRoutes(),
		scheduleRoutes(),
		scheduledDeploymentRoutes(),
		pipelineRoutes(),
		pipelineRunRoutes(),
		lifecycleRoutes(),
		receiverRoutes(),
		promotionRoutes(),
		gateRoutes(),
		policyCheckRoutes(),
		planRoutes(),
		storedPlanRoutes(),
	)
}

// Paths that many operations share.
const (
	orgPath = "/orgs/{orgId}"
	appPath = orgPath + "/apps/{appId}"
	envPath = appPath + "/envs/{envId}"
)
