package server

import (
	"net/http"
	"time"

	"github.com/slipway-dev/slipway/internal/api"
	"github.com/slipway-dev/slipway/orchestrator"
)

// scheduleRoutes are the operations of what happens by the clock.
func scheduleRoutes() []Route {
	const list, item = orgPath + "/schedules", orgPath + "/schedules/{scheduleId}"
	const retention = orgPath + "/retention"
	return tagged("Schedules", []Route{
		answer(Route{Method: "GET", Path: list, OperationID: "listSchedules", Summary: "List what happens by the clock in an Organization",
			Query: []Query{{Name: "kind", Type: "string", Doc: "Only of this kind"}, {Name: "app", Type: "string", Doc: "Only of this Application"},
				{Name: "env", Type: "string", Doc: "Only of this Environment"}}}, listSchedules),
		answer(Route{Method: "GET", Path: item, OperationID: "getSchedule", Summary: "Get a schedule with its next times"}, getSchedule),
		answer(Route{Method: "GET", Path: item + "/history", OperationID: "listScheduleRuns", Summary: "List the newest runs of a schedule, newest first"}, listScheduleRuns),
		accept(Route{Method: "POST", Path: item + "/pause", OperationID: "pauseSchedule", BodyOptional: true, Summary: "Pause a schedule"}, pauseSchedule),
		accept(Route{Method: "POST", Path: item + "/unpause", OperationID: "unpauseSchedule", BodyOptional: true, Summary: "Resume a schedule"}, unpauseSchedule),
		answer(Route{Method: "POST", Path: item + "/trigger", OperationID: "triggerSchedule", Status: http.StatusAccepted,
			Summary: "Have a schedule happen now, also when it is paused"}, triggerSchedule),

		answer(Route{Method: "GET", Path: retention, OperationID: "getRetentionSettings", Summary: "See what of the records is kept for how long"}, getRetention),
		accept(Route{Method: "PATCH", Path: retention, OperationID: "updateRetentionSettings", Summary: "Change what of the records is kept for how long"}, setRetention),
		answer(Route{Method: "GET", Path: retention + "/runs", OperationID: "listRetentionRuns", Summary: "List the newest 50 rounds in which old records were deleted, newest first"}, listRetentionRuns),
		accept(Route{Method: "POST", Path: retention + "/runs", OperationID: "createRetentionRun", Status: http.StatusCreated, BodyOptional: true,
			Summary: "Delete old records now, or count them; a round that runs is answered instead"}, createRetentionRun),
		answer(Route{Method: "GET", Path: retention + "/runs/{runId}", OperationID: "getRetentionRun", Summary: "Get a round in which old records are deleted"}, getRetentionRun),
	})
}

func listSchedules(c *Call) ([]api.Schedule, error) {
	return asList(wireSchedule)(c.Service.ListSchedules(c.Context(), c.Org(), orchestrator.ScheduleFilter{Kind: c.Query("kind"), AppID: c.Query("app"), EnvID: c.Query("env")}))
}

func getSchedule(c *Call) (api.Schedule, error) {
	return as(wireSchedule)(c.Service.GetSchedule(c.Context(), c.Org(), c.Param("scheduleId")))
}

func listScheduleRuns(c *Call) ([]api.ScheduleRun, error) {
	return asList(wireScheduleRun)(c.Service.ScheduleRuns(c.Context(), c.Org(), c.Param("scheduleId")))
}

func pauseSchedule(c *Call, in api.ScheduleNote) (api.Schedule, error) {
	return as(wireSchedule)(c.Service.PauseSchedule(c.Context(), c.Org(), c.Param("scheduleId"), true, in.Note))
}

func unpauseSchedule(c *Call, in api.ScheduleNote) (api.Schedule, error) {
	return as(wireSchedule)(c.Service.PauseSchedule(c.Context(), c.Org(), c.Param("scheduleId"), false, in.Note))
}

func triggerSchedule(c *Call) (api.Schedule, error) {
	return as(wireSchedule)(c.Service.TriggerSchedule(c.Context(), c.Org(), c.Param("scheduleId")))
}

func wireSchedule(v orchestrator.ScheduleView) api.Schedule {
	out := api.Schedule{
		ID: v.ID, Kind: v.Kind, What: v.What, AppID: v.AppID, EnvID: v.EnvID, PipelineID: v.PipelineID, Cron: v.Cron, TimeZone: v.TimeZone,
		At: api.NewTimePtr(v.At), Overlap: "skip", CatchUp: v.CatchUp.String(), Paused: v.Paused, Note: v.Note, InSync: v.Known,
		Next: []api.Time{}, Missed: v.State.Missed, Skipped: v.State.Skipped,
	}
	if v.Every > 0 {
		out.Every = v.Every.String()
	}
	if v.Buffer {
		out.Overlap = "buffer_one"
	}
	for _, at := range v.State.Next {
		if !v.Paused {
			out.Next = append(out.Next, api.NewTime(at))
		}
	}
	if len(v.State.Recent) > 0 {
		last := wireScheduleRun(v.State.Recent[0])
		out.Last = &last
	}
	return out
}

func wireScheduleRun(r orchestrator.ScheduleRun) api.ScheduleRun {
	return api.ScheduleRun{
		At: api.NewTime(r.At), StartedAt: api.NewTime(r.StartedAt), WorkflowID: r.WorkflowID, RunID: r.RunID, Status: r.Status,
		ClosedAt: api.NewTimePtr(r.ClosedAt),
	}
}

func getRetention(c *Call) (api.RetentionSettings, error) {
	return as(wireRetention)(c.Service.GetRetention(c.Context(), c.Org()))
}

func setRetention(c *Call, in api.RetentionChange) (api.RetentionSettings, error) {
	req := orchestrator.RetentionRequest{Enabled: in.Enabled, Cron: in.Cron, TimeZone: in.TimeZone, Rules: map[string]orchestrator.RetentionRule{}}
	for name, rule := range in.Rules {
		keep := time.Duration(0)
		if rule.For != "0" {
			var err error
			if keep, err = orchestrator.ParseSpan("rules."+name+".for", rule.For); err != nil {
				return api.RetentionSettings{}, err
			}
		}
		req.Rules[name] = orchestrator.RetentionRule{For: keep, Newest: rule.Newest}
	}
	return as(wireRetention)(c.Service.SetRetention(c.Context(), c.Org(), req))
}

func wireRetention(r orchestrator.RetentionSettings) api.RetentionSettings {
	out := api.RetentionSettings{Enabled: r.Enabled, Cron: r.Cron, TimeZone: r.TimeZone, Rules: map[string]api.RetentionRule{}}
	for name, rule := range r.Rules {
		out.Rules[name] = api.RetentionRule{For: orchestrator.FormatSpan(rule.For), Newest: rule.Newest}
	}
	return out
}

func listRetentionRuns(c *Call) ([]api.RetentionRun, error) {
	return asList(wireRetentionRun)(c.Service.ListRetentionRuns(c.Context(), c.Org()))
}

func createRetentionRun(c *Call, in api.RetentionRunRequest) (api.RetentionRun, error) {
	return as(wireRetentionRun)(c.Service.RequestRetention(c.Context(), c.Org(), in.DryRun))
}

func getRetentionRun(c *Call) (api.RetentionRun, error) {
	return as(wireRetentionRun)(c.Service.GetRetentionRun(c.Context(), c.Org(), c.Param("runId")))
}

func wireRetentionRun(r orchestrator.RetentionRun) api.RetentionRun {
	out := api.RetentionRun{
		ID: r.ID, Cause: r.Cause, DryRun: r.DryRun, Status: r.Status, Phase: r.Phase, Message: r.Message, Results: []api.RetentionResult{},
		CreatedAt: api.NewTime(r.CreatedAt), CreatedBy: r.CreatedBy, FinishedAt: api.NewTimePtr(r.FinishedAt),
	}
	for _, found := range r.Results {
		out.Results = append(out.Results, api.RetentionResult{Kind: found.Kind, Before: api.NewTime(found.Before), Found: found.Found, Done: found.Done})
	}
	return out
}
