package orchestrator

import "github.com/slipway-dev/slipway/engine/pipeline"

// pipelineActions are all actions that steps can use. What they take and give is
// declared in engine/pipeline; a test compares the two.
func pipelineActions(name string) (pipelineAction, bool) {
	switch name {
	case pipeline.ActionCreateDelta:
		return pipelineAction{Do: createDeltaAction}, true
	case pipeline.ActionApply:
		return pipelineAction{Do: applyAction}, true
	case pipeline.ActionClone:
		return pipelineAction{Do: cloneAction}, true
	case pipeline.ActionDeploy:
		return pipelineAction{Do: deployAction, Stop: stopDeploy}, true
	case pipeline.ActionWaitForReadiness:
		return pipelineAction{Do: readinessAction}, true
	case pipeline.ActionApprove:
		return pipelineAction{Do: approveAction, Stop: stopApprove}, true
	case pipeline.ActionLog:
		return pipelineAction{Do: logAction}, true
	case pipeline.ActionFail:
		return pipelineAction{Do: failAction}, true
	case pipeline.ActionHTTP:
		return pipelineAction{Do: httpAction}, true
	case pipeline.ActionGitHubWorkflow:
		return pipelineAction{Do: githubAction, Stop: stopGithub}, true
	case pipeline.ActionGitLabPipeline:
		return pipelineAction{Do: gitlabAction, Stop: stopGitlab}, true
	case pipeline.ActionSetValue:
		return pipelineAction{Do: setValueAction}, true
	case pipeline.ActionCreateEnvironment:
		return pipelineAction{Do: createEnvironmentAction}, true
	case pipeline.ActionDeleteEnvironment:
		return pipelineAction{Do: deleteEnvironmentAction, Stop: nil}, true
	case pipeline.ActionCallPipeline:
		return pipelineAction{Do: callAction, Stop: stopCall}, true
	}
	return pipelineAction{}, false
}
