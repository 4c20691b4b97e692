package server

import (
	"github.com/slipway-dev/slipway/internal/api"
	"github.com/slipway-dev/slipway/orchestrator"
)

func getAppStatus(c *Call) (api.ApplicationStatus, error) {
	return as(wireAppStatus)(c.Service.GetAppStatus(c.Context(), c.Org(), c.App()))
}

func wireAppStatus(s orchestrator.AppStatus) api.ApplicationStatus {
	return api.ApplicationStatus{Environments: convert(s.Environments, wireEnvStatus), Path: wirePath(s.Path)}
}

func wireEnvStatus(e orchestrator.EnvStatus) api.EnvironmentStatus {
	env := api.EnvironmentStatus{
		ID: e.ID, Name: e.Name, Type: e.TypeID, Status: e.Status, QueuePolicy: string(e.QueuePolicy), Workloads: []api.WorkloadStatus{},
		FrozenUntil: api.NewTimePtr(e.FrozenUntil), EndsAt: api.NewTimePtr(e.EndsAt), EndReason: e.EndReason, Protected: e.Protected,
	}
	if e.Running != nil {
		running := wireDeployment(*e.Running)
		env.Running = &running
	}
	if e.Last != nil {
		last := wireDeployment(*e.Last)
		env.LastDeploy = &last
	}
	for _, w := range e.Workloads {
		workload := api.WorkloadStatus{ID: w.ID, Containers: []api.ContainerStatus{}}
		for _, container := range w.Containers {
			workload.Containers = append(workload.Containers, api.ContainerStatus{ID: container.ID, Image: container.Image})
		}
		env.Workloads = append(env.Workloads, workload)
	}
	return env
}

func wirePath(path []orchestrator.PathStep) []api.PromotionStation {
	out := []api.PromotionStation{}
	for _, p := range path {
		out = append(out, api.PromotionStation{Env: p.Env, Type: p.Type, Environments: orEmptyList(p.Environments)})
	}
	return out
}

func getPromotionPath(c *Call) (api.PromotionPath, error) {
	path, err := c.Service.GetPromotionPath(c.Context(), c.Org(), c.App())
	return api.PromotionPath{Steps: wirePath(path)}, err
}

func setPromotionPath(c *Call, in api.SetPromotionPathRequest) (api.PromotionPath, error) {
	steps := make([]orchestrator.PromotionStep, 0, len(in.Steps))
	for _, s := range in.Steps {
		steps = append(steps, orchestrator.PromotionStep{Env: s.Env, Type: s.Type})
	}
	path, err := c.Service.SetPromotionPath(c.Context(), c.Org(), c.App(), steps)
	return api.PromotionPath{Steps: wirePath(path)}, err
}
