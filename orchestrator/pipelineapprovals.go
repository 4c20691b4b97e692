package orchestrator

import "context"

// ListPipelineApprovals lists the approval requests of an application newest first.
func (s *Service) ListPipelineApprovals(ctx context.Context, org, app string, f PipelineApprovalFilter) ([]PipelineApproval, error) {
	if _, err := s.readApp(ctx, org, app, RoleViewer); err != nil {
		return nil, err
	}
	switch f.Status {
	case "", ApprovalWaiting, ApprovalApproved, ApprovalDenied, ApprovalCancelled:
	default:
		return nil, Invalidf("status: expected %s, %s, %s or %s, got %q", ApprovalWaiting, ApprovalApproved, ApprovalDenied, ApprovalCancelled, shorten(f.Status))
	}
	return s.store.ListPipelineApprovals(ctx, org, app, f)
}

// GetPipelineApproval returns one approval request.
func (s *Service) GetPipelineApproval(ctx context.Context, run PipelineRunKey, job, id string) (*PipelineApproval, error) {
	if _, err := s.GetPipelineRun(ctx, run); err != nil {
		return nil, err
	}
	return s.findApproval(ctx, run, job, id)
}

func (s *Service) findApproval(ctx context.Context, run PipelineRunKey, job, id string) (*PipelineApproval, error) {
	a, err := s.store.GetPipelineApproval(ctx, run.OrgID, id)
	if err != nil {
		return nil, err
	}
	if a.RunID != run.ID || a.JobID != job {
		return nil, NotFoundf("approval request %q does not exist", id)
	}
	return a, nil
}

// DecidePipelineApproval approves or denies a request: the run goes on, or its
// step fails. It needs the permission to deploy to the environment. Deciding the
// same again is harmless; what was decided otherwise is a conflict.
func (s *Service) DecidePipelineApproval(ctx context.Context, run PipelineRunKey, job, id string, approve bool) (*PipelineApproval, error) {
	if err := s.requireAppPerm(ctx, run.OrgID, run.AppID, PermPipelinesRun); err != nil {
		return nil, err
	}
	if _, err := s.findRun(ctx, run); err != nil {
		return nil, err
	}
	status, action := ApprovalDenied, "deny"
	if approve {
		status, action = ApprovalApproved, "approve"
	}
	var a *PipelineApproval
	err := s.inTxAgain(ctx, func(ctx context.Context) error {
		var err error
		if a, err = s.findApproval(ctx, run, job, id); err != nil {
			return err
		}
		if err := s.requireApprover(ctx, a); err != nil {
			return err
		}
		before := approvalState(a)
		if a.Status != ApprovalWaiting && a.Status != status {
			return Conflictf("approval request %s was %s already", a.ID, a.Status)
		}
		if a.Status == ApprovalWaiting {
			at := s.now()
			a.Status, a.DecidedAt, a.DecidedBy = status, &at, ActorFrom(ctx).UserID
			if err := stale(s.store.UpdatePipelineApproval(ctx, a)); err != nil {
				return err
			}
		}
		return s.audit(ctx, Change{
			Org: run.OrgID, Action: action, Type: "pipeline-approval", Object: runObject(run) + "/jobs/" + job + "/approvals/" + id,
			Before: before, After: approvalState(a),
		})
	})
	if err != nil {
		return nil, err
	}
	s.wakeRun(ctx, run.OrgID, run.ID)
	return a, nil
}

// requireApprover lets those pass who may deploy to the environment.
func (s *Service) requireApprover(ctx context.Context, a *PipelineApproval) error {
	if err := s.requireAppPerm(ctx, a.OrgID, a.AppID, PermPipelinesRun); err != nil {
		return err
	}
	env, err := s.store.GetEnvironment(ctx, EnvRef{a.OrgID, a.AppID, a.EnvID})
	if IsNotFound(err) {
		return Conflictf("environment %q, which the request is about, does not exist any more; cancel the run", a.EnvID)
	}
	if err != nil {
		return err
	}
	return s.requireDeployPerm(ctx, a.OrgID, a.AppID, env.TypeID, PermAppDeploy)
}

func approvalState(a *PipelineApproval) map[string]any {
	return map[string]any{"id": a.ID, "env_id": a.EnvID, "status": a.Status, "decided_by": a.DecidedBy}
}
