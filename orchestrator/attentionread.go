package orchestrator

import (
	"context"
	"fmt"
	"slices"
)

// attentionReader gathers Attention, one kind at a time.
type attentionReader struct {
	*Service
	ctx    context.Context //nolint:containedctx // of one call
	org    string
	limit  int
	filter AttentionFilter
	out    *Attention

	asked    map[string]bool // deployments about which a resource asks
	ofOthers map[string]bool // deployments that something else is shown for
}

func (r *attentionReader) unknown(format string, args ...any) {
	r.out.Unknown = append(r.out.Unknown, fmt.Sprintf(format, args...))
}

// cut leaves as many as were asked for, and notes when there are more.
func cut[T any](r *attentionReader, kind AttentionKind, list []T) []T {
	if len(list) > r.limit {
		r.out.More = append(r.out.More, kind)
		return list[:r.limit]
	}
	return list
}

func (r *attentionReader) concern(item AttentionItem) {
	r.out.Concerns = append(r.out.Concerns, item)
}

func (r *attentionReader) underway(item AttentionItem) {
	r.out.Underway = append(r.out.Underway, item)
}

// gates are deployments that wait for approvals, promotions among them.
func (r *attentionReader) gates() error {
	gates, err := r.store.GatesWaiting(r.ctx, r.filter)
	if err != nil {
		return err
	}
	gates = cut(r, AttentionApproval, gates)
	deployments := make([]string, 0, len(gates))
	for i := range gates {
		deployments = append(deployments, gates[i].DeploymentID)
	}
	said, err := r.saidTo(r.ctx, r.org, gates)
	if err != nil {
		return err
	}
	promotions, err := r.store.PromotionsWaiting(r.ctx, r.org, deployments)
	if err != nil {
		return err
	}
	of := map[string]string{}
	for _, p := range promotions {
		of[p.DeploymentID] = p.ID
		if p.RollBackID != "" {
			of[p.RollBackID] = p.ID
		}
	}
	for i := range gates {
		g := &gates[i]
		view := r.viewGate(ActorFrom(r.ctx), g, said[g.DeploymentID])
		r.out.Waiting = append(r.out.Waiting, AttentionItem{
			Kind: AttentionApproval, Env: EnvRef{g.OrgID, g.AppID, g.EnvID}, Status: string(g.State), Message: g.Message, At: g.CreatedAt, Until: g.Until,
			By: g.Input.Proposer.ID, Mine: view.Mine, DeploymentID: g.DeploymentID, PromotionID: of[g.DeploymentID], Approval: view,
		})
	}
	return nil
}

// pipelineApprovals are steps of runs that wait; whether they are those of the
// one who asks is known once the types of environments are.
func (r *attentionReader) pipelineApprovals() error {
	requests, err := r.store.PipelineApprovalsWaiting(r.ctx, r.filter)
	if err != nil {
		return err
	}
	for _, a := range cut(r, AttentionPipelineApproval, requests) {
		r.out.Waiting = append(r.out.Waiting, AttentionItem{
			Kind: AttentionPipelineApproval, Env: EnvRef{a.OrgID, a.AppID, a.EnvID}, Status: a.Status, Message: a.Message, At: a.CreatedAt,
			PipelineID: a.PipelineID, RunID: a.RunID, PipelineApproval: &a,
		})
	}
	return nil
}

// questions are resources that stopped for a person.
func (r *attentionReader) questions() error {
	r.asked = map[string]bool{}
	if r.Service.questions == nil {
		return nil
	}
	all, err := r.Service.questions.Open(r.ctx, r.org)
	if err != nil {
		return err
	}
	ids := make([]string, 0, len(all))
	for i := range all {
		ids = append(ids, all[i].GUResID)
	}
	places, err := r.store.PlacesOfResources(r.ctx, r.org, ids)
	if err != nil {
		return err
	}
	all = slices.DeleteFunc(all, func(q Question) bool {
		at, known := places[q.GUResID]
		return !known || !r.may(r.ctx, PermAppRead, onApp(r.org, at.AppID))
	})
	for _, q := range all {
		r.asked[q.DeploymentID] = true
	}
	for _, q := range cut(r, AttentionStopped, all) {
		r.concern(AttentionItem{
			Kind: AttentionStopped, Env: places[q.GUResID], Status: "waiting", Message: q.Address + ": " + q.Why, DeploymentID: q.DeploymentID, RunID: q.RunID,
		})
	}
	return nil
}

func (r *attentionReader) failed() error {
	found, err := r.store.FailedEnvironments(r.ctx, r.filter)
	if err != nil {
		return err
	}
	for _, f := range cut(r, AttentionFailed, found) {
		if r.asked[f.ID] {
			continue // what it asks says more
		}
		item := AttentionItem{
			Kind: AttentionFailed, Env: f.Ref(), Status: string(f.Outcome), Message: f.Cause, At: f.StatusChangedAt, By: f.CreatedBy, Runs: f.Runs, DeploymentID: f.ID,
		}
		if item.Message == "" {
			item.Message = f.Comment
		}
		r.concern(item)
	}
	return nil
}

// going are environments that are being deleted; a message says why one does not get on.
func (r *attentionReader) going() error {
	found, err := r.store.GoingEnvironments(r.ctx, r.filter)
	if err != nil {
		return err
	}
	for _, e := range cut(r, AttentionDeletion, found) {
		item := AttentionItem{Kind: AttentionDeletion, Env: e.Ref(), Status: e.Status, Message: e.StatusMessage, At: e.StatusChangedAt}
		if e.StatusMessage == "" {
			r.underway(item)
			continue
		}
		item.Kind = AttentionTeardown
		r.concern(item)
	}
	return nil
}

func (r *attentionReader) failedPipelines() error {
	runs, err := r.store.FailedPipelines(r.ctx, r.filter)
	if err != nil {
		return err
	}
	for _, run := range cut(r, AttentionPipelineFailed, runs) {
		r.concern(runItem(AttentionPipelineFailed, &run))
	}
	return nil
}

func runItem(kind AttentionKind, run *PipelineRun) AttentionItem {
	item := AttentionItem{
		Kind: kind, Env: EnvRef{OrgID: run.OrgID, AppID: run.AppID}, Status: run.Status, Message: run.StatusMessage, At: run.CreatedAt, By: run.CreatedBy,
		PipelineID: run.PipelineID, RunID: run.ID,
	}
	if len(run.EnvIDs) == 1 {
		item.Env.EnvID = run.EnvIDs[0]
	}
	return item
}

// failedSchedules are known to the workflow engine only. A scan for drift tells
// itself how it ended.
func (r *attentionReader) failedSchedules() error {
	failures, more, err := r.scheduleFailures(r.ctx, r.org)
	if err != nil {
		r.unknown("whether schedules failed: %s", err.Error())
		return nil
	}
	var seen []AttentionItem
	for _, f := range failures {
		kind, parts := scheduleParts(f.ID)
		item := AttentionItem{
			Kind: AttentionScheduleFailed, Env: EnvRef{OrgID: r.org}, Status: f.Status, Message: "the run of the schedule " + f.ID + " " + f.Status, At: f.At, ScheduleID: f.ID,
		}
		switch {
		case kind == ScheduleDrift:
			continue
		case kind == SchedulePipeline && len(parts) == 3:
			item.Env.AppID, item.PipelineID = parts[0], parts[1]
		case kind == ScheduleDeployment && len(parts) == 3:
			item.Env.AppID, item.Env.EnvID = parts[0], parts[1]
		}
		if item.Env.AppID == "" || r.may(r.ctx, PermAppRead, onApp(r.org, item.Env.AppID)) {
			seen = append(seen, item)
		}
	}
	if more {
		r.out.More = append(r.out.More, AttentionScheduleFailed)
	}
	for _, item := range cut(r, AttentionScheduleFailed, seen) {
		r.concern(item)
	}
	return nil
}

func (r *attentionReader) refusedOrders() error {
	orders, err := r.store.RefusedOrders(r.ctx, r.filter, r.now().Add(-refusedLately))
	if err != nil {
		return err
	}
	for _, o := range cut(r, AttentionOrderFailed, orders) {
		item := AttentionItem{Kind: AttentionOrderFailed, Env: o.Ref(), Status: o.Status, Message: o.Message, At: *o.LastAt, By: o.CreatedBy, ScheduleID: scheduledDeploymentID(&o)}
		if o.Status == OrderActive {
			item.Status = OrderFailed
		}
		r.concern(item)
	}
	return nil
}

func (r *attentionReader) drifted() error {
	scans, err := r.store.DriftedEnvironments(r.ctx, r.filter)
	if err != nil {
		return err
	}
	for _, scan := range cut(r, AttentionDrifted, scans) {
		item := AttentionItem{
			Kind: AttentionDrifted, Env: scan.Ref(), Status: string(scan.Status), At: scan.CreatedAt, DeploymentID: scan.BaseID,
			Message: fmt.Sprintf("%d of %d objects are not as they were deployed", scan.Drifted, scan.Checked),
		}
		if scan.FinishedAt != nil {
			item.At = *scan.FinishedAt
		}
		if scan.Status == DriftFailed {
			item.Kind, item.Message = AttentionScanFailed, scan.Message
		}
		r.concern(item)
	}
	return nil
}

func (r *attentionReader) ending() error {
	found, err := r.store.EndingEnvironments(r.ctx, r.filter, r.now(), expiringSoon)
	if err != nil {
		return err
	}
	for _, e := range cut(r, AttentionExpiring, found) {
		message := "it ends when its time is over"
		if e.Reason == EndIdle {
			message = "it ends because nothing is deployed to it"
		}
		r.concern(AttentionItem{Kind: AttentionExpiring, Env: e.Ref, Status: e.Reason, Message: message, At: e.EndsAt})
	}
	return nil
}

func (r *attentionReader) paused() error {
	pauses, err := r.store.PausedEnvironments(r.ctx, r.filter)
	if err != nil {
		return err
	}
	for _, p := range cut(r, AttentionPaused, pauses) {
		r.concern(AttentionItem{Kind: AttentionPaused, Env: p.Ref(), Status: "paused", Message: "it runs nothing until somebody resumes it", At: p.CreatedAt, By: p.CreatedBy})
	}
	return nil
}

// frozen are environment types whose freeze window is open: an item of each
// environment would be too many.
func (r *attentionReader) frozen() error {
	windows, err := r.store.ListFreezeWindows(r.ctx, r.org, "")
	if err != nil {
		return err
	}
	for start := 0; start < len(windows); {
		end := start
		for end < len(windows) && windows[end].EnvTypeID == windows[start].EnvTypeID {
			end++
		}
		if until := frozenBy(windows[start:end], r.now()); until != nil {
			r.concern(AttentionItem{
				Kind: AttentionFrozen, Env: EnvRef{OrgID: r.org}, EnvType: windows[start].EnvTypeID, Status: "frozen", At: *until, Until: until,
				Message: "environments of type " + windows[start].EnvTypeID + " accept no deployments",
			})
		}
		start = end
	}
	return nil
}
