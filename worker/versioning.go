package worker

import (
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"github.com/slipway-dev/slipway/workflows"
)

// deploymentOptions make a worker one version of the Worker Deployment, by its build id; "" leaves it unversioned.
//
// Deployments are pinned: each ends on the version on which it began, within hours, so a release may change their code as it
// likes. What has no end that could be waited for moves on with the current version and must keep replaying: the queue of an
// environment, a teardown, which repeats for as long as it takes, and the destruction of a resource.
func deploymentOptions(buildID string) worker.DeploymentOptions {
	if buildID == "" {
		return worker.DeploymentOptions{}
	}
	return worker.DeploymentOptions{
		UseVersioning:             true,
		Version:                   worker.WorkerDeploymentVersion{DeploymentName: workflows.WorkerDeployment, BuildID: buildID},
		DefaultVersioningBehavior: workflow.VersioningBehaviorAutoUpgrade,
	}
}
