package server

import (
	"context"
	"strings"
	"time"

	"github.com/slipway-dev/slipway/internal/api"
	"github.com/slipway-dev/slipway/orchestrator"
)

type eventOfRequest = api.EnvironmentRequestEvent

// span reads a time span of a request; nil when it is absent.
func span(field string, text *string) (*time.Duration, error) {
	if text == nil {
		return nil, nil
	}
	d, err := orchestrator.ParseSpan(field, *text)
	return &d, err
}

// lifetimeChange reads the time spans of a request.
func lifetimeChange(ttl, extend, warn, idle *string, protected *bool) (orchestrator.LifetimeChange, error) {
	out := orchestrator.LifetimeChange{Protected: protected}
	for field, s := range map[string]struct {
		text *string
		into **time.Duration
	}{"ttl": {ttl, &out.TTL}, "extend_by": {extend, &out.ExtendBy}, "warn_before": {warn, &out.WarnBefore}, "idle_after": {idle, &out.IdleAfter}} {
		d, err := span(field, s.text)
		if err != nil {
			return out, err
		}
		*s.into = d
	}
	return out, nil
}

func createSpinUp(c *Call, in api.CreateEnvironmentRequestRequest) (api.EnvironmentRequest, error) {
	lifetime, err := lifetimeChange(in.TTL, nil, in.WarnBefore, in.IdleAfter, in.Protected)
	if err != nil {
		return api.EnvironmentRequest{}, err
	}
	req := orchestrator.SpinUpRequest{
		EnvironmentRequest: orchestrator.EnvironmentRequest{ID: in.ID, Name: in.Name, TypeID: in.Type, FromDeployID: in.FromDeployID},
		FromEnvID:          in.FromEnv, CopyValues: in.CopyValues, Deploy: in.Deploy, OnFailure: in.OnFailure, Comment: in.Comment,
		Lifetime: lifetime, FreezeOverride: in.FreezeOverride,
	}
	for _, v := range in.Values {
		req.Values = append(req.Values, orchestrator.NewValue{
			Key: v.Key, Description: v.Description, Value: v.Value, IsSecret: v.IsSecret, SecretRef: secretRef(v.SecretRef),
		})
	}
	return as(wireSpinUp)(c.Service.CreateSpinUp(c.Context(), c.Org(), c.App(), req))
}

func (c *Call) spinUp() orchestrator.SpinUpKey {
	return orchestrator.SpinUpKey{OrgID: c.Org(), AppID: c.App(), ID: c.Param("requestId")}
}

func listSpinUps(c *Call) ([]api.EnvironmentRequest, error) {
	limit, err := c.limit()
	if err != nil {
		return nil, err
	}
	return asList(wireSpinUp)(c.Service.ListSpinUps(c.Context(), c.Org(), c.App(), limit))
}

func getSpinUp(c *Call) (api.EnvironmentRequest, error) {
	return as(wireSpinUp)(c.Service.GetSpinUp(c.Context(), c.spinUp()))
}

func cancelSpinUp(c *Call) (api.EnvironmentRequest, error) {
	return as(wireSpinUp)(c.Service.CancelSpinUp(c.Context(), c.spinUp()))
}

// spinUpEvents answers a list or a stream, as the client accepts.
func spinUpEvents(c *Call) error {
	after, err := c.resumePosition()
	if err != nil {
		return err
	}
	up, err := c.Service.GetSpinUp(c.Context(), c.spinUp())
	if err != nil {
		return err
	}
	accepted := c.Request().Header.Get("Accept")
	if strings.Contains(accepted, mediaJSON) && !strings.Contains(accepted, "text/event-stream") {
		return c.send(200, newer(wireSpinUp(*up).Events, after))
	}
	release, err := c.openStream()
	if err != nil {
		return err
	}
	defer release()
	ctx, stop := context.WithCancel(c.Context())
	defer stop()
	out := c.startEventStream()
	if err := out.comment("events of environment request " + up.ID); err != nil {
		return err
	}
	return c.follow(out, ticks(ctx, spinUpPoll), func(ctx context.Context) (bool, error) {
		up, err := c.Service.GetSpinUp(ctx, c.spinUp())
		if err != nil {
			return false, err
		}
		for _, e := range newer(wireSpinUp(*up).Events, after) {
			after = e.Seq
			if err := out.event(e.Seq, "environment-request.status", e); err != nil {
				return true, err
			}
		}
		return up.Terminal(), nil
	})
}

// spinUpPoll is how often a stream looks for events of a request: there are few.
const spinUpPoll = 500 * time.Millisecond

// ticks has a value from time to time, until ctx ends.
func ticks(ctx context.Context, every time.Duration) <-chan struct{} {
	out := make(chan struct{}, 1)
	go func() {
		tick := time.NewTicker(every)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
				select {
				case out <- struct{}{}:
				default:
				}
			}
		}
	}()
	return out
}

func newer(events []api.EnvironmentRequestEvent, after int64) []api.EnvironmentRequestEvent {
	out := []api.EnvironmentRequestEvent{}
	for _, e := range events {
		if e.Seq > after {
			out = append(out, e)
		}
	}
	return out
}

func wireSpinUp(u orchestrator.SpinUp) api.EnvironmentRequest {
	out := api.EnvironmentRequest{
		ID: u.ID, WorkflowID: u.WorkflowID(), EnvID: u.EnvID, Kind: u.Kind, FromEnv: u.FromEnvID, FromDeployID: u.FromDeployID, DeploymentID: u.DeploymentID,
		OnFailure: u.OnFailure, Status: u.Status, Phase: u.Phase, Message: u.Message, CreatedAt: api.NewTime(u.CreatedAt), CreatedBy: u.CreatedBy,
		CancelRequestedAt: api.NewTimePtr(u.CancelRequestedAt), FinishedAt: api.NewTimePtr(u.FinishedAt), Events: []api.EnvironmentRequestEvent{},
	}
	for _, e := range u.Events {
		out.Events = append(out.Events, api.EnvironmentRequestEvent{Seq: e.Seq, At: api.NewTime(e.At), Phase: e.Phase, Status: e.Status, Message: e.Message})
	}
	return out
}

func getLifetime(c *Call) (api.EnvironmentLifetime, error) {
	return as(wireLifetime)(c.Service.GetLifetime(c.Context(), c.Env()))
}

func changeLifetime(c *Call, in api.EnvironmentLifetimeChange) (api.EnvironmentLifetime, error) {
	change, err := lifetimeChange(in.TTL, in.ExtendBy, in.WarnBefore, in.IdleAfter, in.Protected)
	if err != nil {
		return api.EnvironmentLifetime{}, err
	}
	return as(wireLifetime)(c.Service.ChangeLifetime(c.Context(), c.Env(), change))
}

func wireLifetime(l orchestrator.LifetimeView) api.EnvironmentLifetime {
	return api.EnvironmentLifetime{
		ExpiresAt: api.NewTimePtr(l.ExpiresAt), WarnBefore: l.WarnBefore.String(), IdleAfter: l.IdleAfter.String(), Protected: l.Protected,
		EndsAt: api.NewTimePtr(l.EndsAt), Reason: l.Reason,
	}
}

func listFreezeWindows(c *Call) ([]api.FreezeWindow, error) {
	return asList(wireFreezeWindow)(c.Service.ListFreezeWindows(c.Context(), c.Org(), c.Param("envTypeId")))
}

func createFreezeWindow(c *Call, in api.CreateFreezeWindowRequest) (api.FreezeWindow, error) {
	duration := time.Duration(0)
	if in.Duration != "" { // its absence is refused by the use case, after authorization
		var err error
		if duration, err = orchestrator.ParseSpan("duration", in.Duration); err != nil {
			return api.FreezeWindow{}, err
		}
	}
	return as(wireFreezeWindow)(c.Service.CreateFreezeWindow(c.Context(), c.Org(), c.Param("envTypeId"), orchestrator.FreezeRequest{
		Description: in.Description, Cron: in.Cron, Duration: duration, TimeZone: in.TimeZone,
	}))
}

func deleteFreezeWindow(c *Call) (Empty, error) {
	return Empty{}, c.Service.DeleteFreezeWindow(c.Context(), c.Org(), c.Param("envTypeId"), c.Param("windowId"))
}

func wireFreezeWindow(w orchestrator.FreezeView) api.FreezeWindow {
	return api.FreezeWindow{
		ID: w.ID, EnvType: w.EnvTypeID, Description: w.Description, Cron: w.Cron, Duration: w.Duration.String(), TimeZone: w.TimeZone,
		OpenUntil: api.NewTimePtr(w.Until), OpensNext: api.NewTimePtr(w.Next), CreatedAt: api.NewTime(w.CreatedAt), CreatedBy: w.CreatedBy,
	}
}
