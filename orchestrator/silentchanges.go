package orchestrator

import (
	"context"
	"slices"
)

// recordErrors replaces the errors of a deployment that goes on, and tells those
// who look when they are others than before; none = there are none any more.
func (d *Deployer) recordErrors(ctx context.Context, key DeploymentKey, errs []DeploymentError) error {
	recorded, err := d.store.ListDeploymentErrors(ctx, key.OrgID, key.ID)
	if err != nil || slices.Equal(recorded, errs) {
		return err
	}
	status, message := "cleared", ""
	if len(errs) > 0 {
		status, message = "recorded", errs[0].Summary
	}
	return d.store.InTx(ctx, func(ctx context.Context) error {
		if _, err := d.store.LockEnvironment(ctx, key.EnvRef); err != nil {
			return err
		}
		dep, err := d.store.GetDeployment(ctx, key.EnvRef, key.ID)
		if err != nil || dep.Status.Terminal() { // its end has said why, and is the last that is told
			return err
		}
		if err := d.store.SetDeploymentErrors(ctx, key.OrgID, key.ID, errs); err != nil {
			return err
		}
		return d.closer.event(ctx, dep, eventDeploymentErrors, status, message)
	})
}

// sayAnswered tells those who look at a deployment that one of its questions is
// answered. The answer counts, told or not.
func (s *Service) sayAnswered(ctx context.Context, ref EnvRef, q Question, answer string) {
	if q.DeploymentID == "" {
		return
	}
	err := s.store.InTx(ctx, func(ctx context.Context) error {
		if _, err := s.store.LockEnvironment(ctx, ref); err != nil {
			return err
		}
		d, err := s.store.GetDeployment(ctx, ref, q.DeploymentID)
		if IsNotFound(err) || err == nil && d.Status.Terminal() {
			return nil
		}
		if err != nil {
			return err
		}
		return s.store.AppendEvents(ctx, &Event{
			OrgID: ref.OrgID, AppID: ref.AppID, EnvID: ref.EnvID, DeploymentID: d.ID,
			At: s.now(), Type: eventNodeQuestion, Node: q.Node, Status: "answered", Message: q.Address + ": " + answer,
		})
	})
	if err != nil {
		s.log.WarnContext(ctx, "an answer is not told to those who look at its deployment", "deployment", q.DeploymentID, "run", q.RunID, "error", err)
	}
}

// PlannedEvent tells that it is known what the driver of a node is about to do.
func (n NodeChanges) PlannedEvent(d *Deployment) *Event {
	return &Event{
		OrgID: d.OrgID, AppID: d.AppID, EnvID: d.EnvID, DeploymentID: d.ID,
		At: n.At, Type: eventNodeChanges, Node: n.Node, Status: "planned", Message: n.Summary,
	}
}
