package orchestrator

import "context"

// approveAction asks somebody who may deploy to an environment, and waits for
// the answer.
func approveAction(ctx context.Context, c *pipelineCall) (*pipelineWait, error) {
	ref, err := c.env("env_id")
	if err != nil {
		return nil, err
	}
	id := c.id("approval")
	a, err := c.s.store.GetPipelineApproval(ctx, c.run.OrgID, id)
	if IsNotFound(err) {
		return c.askApproval(ctx, ref, id)
	}
	if err != nil {
		return nil, err
	}
	c.output("approved_by", a.DecidedBy)
	switch a.Status {
	case ApprovalApproved:
		c.log("INFO", "approved by %s", a.DecidedBy)
		return nil, nil
	case ApprovalDenied:
		return nil, Conflictf("%s denied the request", a.DecidedBy)
	case ApprovalCancelled:
		return nil, Conflictf("the request was cancelled")
	}
	return approvalWait(id), nil
}

func approvalWait(id string) *pipelineWait { return &pipelineWait{For: "approval(" + id + ")"} }

func (c *pipelineCall) askApproval(ctx context.Context, ref EnvRef, id string) (*pipelineWait, error) {
	if err := c.s.requireEnvReader(ctx, ref); err != nil {
		return nil, err
	}
	message := c.hide.String(c.text("message"))
	c.related("approval_id", id)
	c.output("approval_id", id)
	err := c.s.store.CreatePipelineApproval(ctx, &PipelineApproval{
		OrgID: c.run.OrgID, AppID: c.run.AppID, PipelineID: c.run.PipelineID, RunID: c.run.ID, JobID: c.step.JobID, StepIndex: c.step.Index,
		ID: id, EnvID: ref.EnvID, Message: message, Status: ApprovalWaiting, CreatedAt: c.s.now(),
	})
	if err != nil && !IsConflict(err) {
		return nil, err
	}
	c.log("INFO", "waiting for somebody who may deploy to environment %s: %s", ref.EnvID, message)
	return approvalWait(id), nil
}

// stopApprove takes the request back.
func stopApprove(ctx context.Context, c *pipelineCall) error {
	return c.s.inTxAgain(ctx, func(ctx context.Context) error {
		a, err := c.s.store.GetPipelineApproval(ctx, c.run.OrgID, c.id("approval"))
		if IsNotFound(err) {
			return nil
		}
		if err != nil || a.Status != ApprovalWaiting {
			return err
		}
		at := c.s.now()
		a.Status, a.DecidedAt = ApprovalCancelled, &at
		return stale(c.s.store.UpdatePipelineApproval(ctx, a))
	})
}

// logAction writes a message to the log of the step.
func logAction(_ context.Context, c *pipelineCall) (*pipelineWait, error) {
	c.log("INFO", "%s", textOf(orText(c.with["message"])))
	return nil, nil
}

// failAction fails the step.
func failAction(_ context.Context, c *pipelineCall) (*pipelineWait, error) {
	return nil, Conflictf("%s", c.textOr("the pipeline says that this fails", "message"))
}

func orText(v any) any {
	if v == nil {
		return ""
	}
	return v
}
