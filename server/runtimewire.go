package server

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/slipway-dev/slipway/internal/api"
	"github.com/slipway-dev/slipway/orchestrator"
)

// sendAs writes a success in a shape that the client asked for by its media type.
func (c *Call) sendAs(media string, out any) error {
	var body bytes.Buffer
	encoder := json.NewEncoder(&body)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(out); err != nil {
		return fmt.Errorf("encoding the answer: %w", err)
	}
	return c.echo.Blob(http.StatusOK, media, body.Bytes())
}

func wireRuntimeV1(r orchestrator.EnvRuntime) api.RuntimeV1 {
	out := api.RuntimeV1{Namespace: r.Namespace, Message: r.Message, Modules: map[string]map[string]api.RuntimeControllerV1{}}
	for id, m := range r.Modules {
		controllers := map[string]api.RuntimeControllerV1{}
		for i, c := range m.Controllers {
			controllers[controllerName(m.Controllers, i)] = api.RuntimeControllerV1{
				Kind: c.Kind, Status: c.Status.Class(), Message: c.Message, Replicas: c.Desired, Revision: c.Revision,
				Pods: convert(c.Pods, func(p orchestrator.RuntimePod) api.RuntimePodV1 {
					return api.RuntimePodV1{
						PodName: p.Name, Phase: p.Phase, Status: p.Status, Revision: p.Revision, ContainerStatuses: convert(p.Containers, wireContainer),
					}
				}),
			}
		}
		out.Modules[id] = controllers
	}
	return out
}

func wireRuntime(r orchestrator.EnvRuntime) api.Runtime {
	out := api.Runtime{
		Namespace: r.Namespace, Status: string(r.Status), StatusClass: r.Status.Class(), Message: r.Message, Paused: r.Paused,
		Modules: map[string]api.RuntimeModule{}, Notes: r.Notes,
	}
	for id, m := range r.Modules {
		out.Modules[id] = api.RuntimeModule{
			Status: string(m.Status), StatusClass: m.Status.Class(), Message: m.Message, Controllers: wireControllers(m.Controllers),
		}
	}
	if len(r.Others) > 0 {
		out.Others = map[string]api.RuntimeController{}
		for _, c := range r.Others {
			out.Others[c.Kind+"/"+c.Name] = wireController(c)
		}
	}
	return out
}

func wireControllers(all []orchestrator.RuntimeController) map[string]api.RuntimeController {
	out := map[string]api.RuntimeController{}
	for i, c := range all {
		out[controllerName(all, i)] = wireController(c)
	}
	return out
}

// controllerName is the name of a controller among those of its workload: a
// Deployment and a Job may have the same.
func controllerName(all []orchestrator.RuntimeController, i int) string {
	for j, other := range all {
		if j != i && other.Name == all[i].Name {
			return all[i].Kind + "/" + all[i].Name
		}
	}
	return all[i].Name
}

func wireController(c orchestrator.RuntimeController) api.RuntimeController {
	return api.RuntimeController{
		Kind: c.Kind, Name: c.Name, Status: string(c.Status), Message: c.Message, Replicas: c.Replicas, Desired: c.Desired, ReadyReplicas: c.Ready,
		Revision: c.Revision, Paused: c.Paused, Reasons: convert(c.Reasons, wireReason), Pods: convert(c.Pods, wirePod),
	}
}

func wireReason(r orchestrator.RuntimeReason) api.RuntimeReason {
	return api.RuntimeReason{
		Code: string(r.Code), Summary: r.Summary, Message: r.Message, Pod: r.Pod, Container: r.Container, Lasting: r.Lasting, Advice: r.Code.Advice(),
	}
}

func wirePod(p orchestrator.RuntimePod) api.RuntimePod {
	return api.RuntimePod{
		PodName: p.Name, Phase: p.Phase, Status: p.Status, Revision: p.Revision, Node: p.Node, StartedAt: timeOrNil(p.StartedAt),
		Reasons: convert(p.Reasons, wireReason), ContainerStatuses: convert(p.Containers, wireContainer),
	}
}

func wireContainer(c orchestrator.RuntimeContainer) api.RuntimeContainerStatus {
	out := api.RuntimeContainerStatus{
		Name: c.Name, Image: c.Image, Init: c.Init, Ready: c.Ready, RestartCount: c.Restarts, Restarts: c.Restarts, Status: c.Status,
		State: api.RuntimeContainerState{Terminated: wireEnd(c.Ended)}, LastState: api.RuntimeContainerState{Terminated: wireEnd(c.Last)},
	}
	if c.Waiting != nil {
		out.State.Waiting = &api.RuntimeWaiting{Reason: c.Waiting.Reason, Message: c.Waiting.Message}
	}
	if c.Running != nil {
		out.State.Running = &api.RuntimeRunning{StartedAt: api.NewTime(*c.Running)}
	}
	return out
}

func wireEnd(e *orchestrator.ContainerEnd) *api.RuntimeTerminated {
	if e == nil {
		return nil
	}
	return &api.RuntimeTerminated{
		ExitCode: e.ExitCode, Signal: e.Signal, Reason: e.Reason, Message: e.Message,
		StartedAt: timeOrNil(e.StartedAt), FinishedAt: timeOrNil(e.FinishedAt), ContainerID: e.ContainerID,
	}
}

// timeOrNil leaves out a time that is not known.
func timeOrNil(t time.Time) *api.Time {
	if t.IsZero() {
		return nil
	}
	return api.NewTimePtr(&t)
}
