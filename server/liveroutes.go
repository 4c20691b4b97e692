package server

import (
	"context"
	"strings"

	"github.com/slipway-dev/slipway/internal/api"
	"github.com/slipway-dev/slipway/orchestrator"
)

// liveRoutes follow what changes. The log of a deployment is followed where it is listed.
func liveRoutes() []Route {
	const run = appPath + "/pipelines/{pipelineId}/runs/{runId}/events"
	return tagged("Events", []Route{
		stream[[]api.FollowEvent](Route{Method: "GET", Path: orgPath + "/attention/events", OperationID: "streamAttentionEvents", ContentType: mediaEvents, Query: attentionQuery,
			Summary: "List what is so in an Organization for the one who asks: what needs attention, and digests of its Applications and of the newest runs of pipelines; with Accept: text/event-stream follow what changes"},
			organizationEvents),
		stream[[]api.FollowEvent](Route{Method: "GET", Path: appPath + "/events", OperationID: "streamApplicationEvents", ContentType: mediaEvents,
			Summary: "List what is so about an Application: itself, its promotion path, what each Environment runs and how, promotions, requests for Environments, runs of pipelines, scheduled deployments; with Accept: text/event-stream follow what changes until it is gone"},
			applicationEvents),
		stream[[]api.FollowEvent](Route{Method: "GET", Path: envPath + "/events", OperationID: "streamEnvironmentEvents", ContentType: mediaEvents,
			Summary: "List what is so about an Environment: itself, deployments, operations, plans that wait for approval, how it runs, pause, lifetime, drift; with Accept: text/event-stream follow what changes until it is gone"},
			environmentEvents),
		stream[[]api.FollowEvent](Route{Method: "GET", Path: run, OperationID: "streamPipelineRunEvents", ContentType: mediaEvents,
			Summary: "List what is so about a run: itself, jobs with steps, approval requests; with Accept: text/event-stream follow what changes, and what steps write, until it ends"},
			pipelineRunEvents),
	})
}

// wantsEvents reports whether the client accepts nothing but events.
func (c *Call) wantsEvents() bool {
	accepted := c.Request().Header.Get("Accept")
	return strings.Contains(accepted, mediaEvents) && !strings.Contains(accepted, mediaJSON)
}

func organizationEvents(c *Call) error {
	limit, err := attentionLimit(c)
	if err != nil {
		return err
	}
	if c.wantsEvents() {
		return c.stream(func(ctx context.Context, position string) (*orchestrator.Follow, error) {
			return c.Service.FollowOrganization(ctx, c.Org(), limit, position)
		})
	}
	return c.sendNow(c.Service.OrganizationNow(c.Context(), c.Org(), limit))
}

func applicationEvents(c *Call) error {
	if c.wantsEvents() {
		return c.stream(func(ctx context.Context, position string) (*orchestrator.Follow, error) {
			return c.Service.FollowApplication(ctx, c.Org(), c.App(), position)
		})
	}
	return c.sendNow(c.Service.ApplicationNow(c.Context(), c.Org(), c.App()))
}

func environmentEvents(c *Call) error {
	if c.wantsEvents() {
		return c.stream(func(ctx context.Context, position string) (*orchestrator.Follow, error) {
			return c.Service.FollowEnvironment(ctx, c.Env(), position)
		})
	}
	return c.sendNow(c.Service.EnvironmentNow(c.Context(), c.Env()))
}

func pipelineRunEvents(c *Call) error {
	if c.wantsEvents() {
		return c.stream(func(ctx context.Context, position string) (*orchestrator.Follow, error) {
			return c.Service.FollowPipelineRun(ctx, runKey(c), position)
		})
	}
	return c.sendNow(c.Service.PipelineRunNow(c.Context(), runKey(c)))
}

func (c *Call) sendNow(events []orchestrator.LiveEvent, err error) error {
	if err != nil {
		return err
	}
	return c.send(200, convert(events, func(e orchestrator.LiveEvent) api.FollowEvent {
		return api.FollowEvent{ID: e.Position, Type: e.Type, Data: wireLive(e.Data)}
	}))
}

// stream follows something from the position that the client has heard of until
// it is over, the client goes, or it may not read it any more.
func (c *Call) stream(join func(ctx context.Context, position string) (*orchestrator.Follow, error)) error {
	release, err := c.openStream()
	if err != nil {
		return err
	}
	defer release()
	ctx, leave := context.WithCancel(c.Context())
	defer leave()
	follow, err := join(ctx, c.Request().Header.Get("Last-Event-ID"))
	if err != nil {
		return err
	}
	out := c.startEventStream()
	if err := out.comment("events of " + c.Request().URL.Path); err != nil {
		return err
	}
	return c.follow(out, follow.Wake, func(ctx context.Context) (bool, error) {
		for {
			events, over, err := follow.Next(ctx)
			for _, e := range events {
				if err := out.named(e.Position, e.Type, wireLive(e.Data)); err != nil {
					return true, err
				}
			}
			if err != nil || over || !follow.Behind() {
				return over, err
			}
		}
	})
}

// wireLive turns what an event carries into what its own operation answers.
func wireLive(data any) any {
	switch d := data.(type) {
	case orchestrator.EnvironmentView:
		return wireEnvironment(d)
	case orchestrator.Deployment:
		return wireDeployment(d)
	case orchestrator.DeploymentProgress:
		nodes := map[string]int{}
		for status, n := range d.Nodes {
			nodes[string(status)] = n
		}
		return api.DeploymentProgress{DeploymentID: d.ID, Nodes: nodes}
	case orchestrator.Operation:
		return wireOperation(d)
	case []orchestrator.WaitingPlan:
		return convert(d, func(w orchestrator.WaitingPlan) api.WaitingPlan {
			return api.WaitingPlan{DeploymentID: w.DeploymentID, Node: w.Node, Summary: w.Summary, Message: w.Message, Until: api.NewTimePtr(w.Until)}
		})
	case *orchestrator.EnvRuntime:
		return wireRuntime(*d)
	case *orchestrator.Pause:
		return wirePaused(d)
	case orchestrator.LifetimeView:
		return wireLifetime(d)
	case orchestrator.DriftScan:
		return wireDriftScan(d)
	case orchestrator.PipelineRun:
		return wireRun(d)
	case orchestrator.LiveJobState:
		return api.PipelineJob{PipelineJobPartial: wireJob(d.PipelineJob, &d.Run), Steps: convert(d.Steps, wireStep)}
	case orchestrator.PipelineApproval:
		return wireApproval(d)
	case orchestrator.LogLine:
		return wireLogLine(d)
	case orchestrator.PipelineLogLine:
		return api.PipelineRunLine{PipelineStepLog: wireStepLog(d), JobID: d.JobID, StepIndex: d.Index, Line: d.Line}
	case string:
		return api.FollowEnd{Reason: d}
	}
	return wireLiveWider(data)
}

// wireLiveWider is wireLive for organizations and applications.
func wireLiveWider(data any) any {
	switch d := data.(type) {
	case orchestrator.Attention:
		return wireAttention(d)
	case orchestrator.LiveList:
		return api.ListState{Count: d.Count, Digest: d.Digest}
	case orchestrator.ApplicationView:
		return wireApplication(d)
	case []orchestrator.PathStep:
		return api.PromotionPath{Steps: wirePath(d)}
	case orchestrator.EnvStatus:
		return wireEnvStatus(d)
	case orchestrator.Promotion:
		return wirePromotion(d)
	case orchestrator.SpinUp:
		return wireSpinUp(d)
	case []orchestrator.ScheduledDeployment:
		return convert(d, wireScheduledDeployment)
	case orchestrator.LiveRuntimeOf:
		return api.RuntimeOfEnvironment{EnvID: d.EnvID, Runtime: wireRuntime(d.Runtime)}
	}
	return data
}
