package orchestrator

import (
	"context"
	"time"
)

// CreateScheduledDeployment has something deployed at a time, or again and again.
func (s *Service) CreateScheduledDeployment(ctx context.Context, o ScheduledDeployment) (*ScheduledDeployment, error) {
	if err := s.requireEnvDeployer(ctx, o.Ref()); err != nil {
		return nil, err
	}
	if err := o.check(s.now()); err != nil {
		return nil, err
	}
	if err := s.checkOrder(ctx, &o); err != nil {
		return nil, err
	}
	o.ID, o.Status, o.Message, o.LastAt, o.LastDeployID = randomHex(8), OrderActive, "", nil, ""
	o.CreatedAt, o.CreatedBy, o.Version = s.now(), ActorFrom(ctx).UserID, 0
	id := scheduledDeploymentID(&o)
	err := s.audited(ctx, func(ctx context.Context) (Change, error) {
		if err := s.store.CreateScheduledDeployment(ctx, &o); err != nil {
			return Change{}, err
		}
		return created(o.OrgID, "scheduled-deployment", orderPath(&o), o), s.touchSchedules(ctx, o.OrgID, id)
	})
	if err != nil {
		return nil, err
	}
	s.tellSchedules(ctx, o.OrgID, id)
	return &o, nil
}

func orderPath(o *ScheduledDeployment) string {
	return EnvObject(o.Ref()) + "/scheduled-deploys/" + o.ID
}

// checkOrder looks whether there is what is to be deployed.
func (s *Service) checkOrder(ctx context.Context, o *ScheduledDeployment) error {
	switch {
	case o.DeltaID != "":
		_, err := s.store.GetDelta(ctx, o.OrgID, o.AppID, o.DeltaID)
		return asInvalid(err, "delta_id")
	case o.SetID != "":
		_, err := s.store.GetSet(ctx, o.OrgID, o.AppID, o.SetID)
		return asInvalid(err, "set_id")
	case o.FromEnvID != "":
		_, err := s.store.GetEnvironment(ctx, EnvRef{OrgID: o.OrgID, AppID: o.AppID, EnvID: o.FromEnvID})
		return asInvalid(err, "from_env")
	}
	return nil
}

// ListScheduledDeployments lists those of an environment, newest first.
func (s *Service) ListScheduledDeployments(ctx context.Context, ref EnvRef) ([]ScheduledDeployment, error) {
	if err := s.requireEnvReader(ctx, ref); err != nil {
		return nil, err
	}
	return s.store.ListScheduledDeployments(ctx, ref)
}

// GetScheduledDeployment returns one.
func (s *Service) GetScheduledDeployment(ctx context.Context, ref EnvRef, id string) (*ScheduledDeployment, error) {
	if err := s.requireEnvReader(ctx, ref); err != nil {
		return nil, err
	}
	return s.store.GetScheduledDeployment(ctx, ref, id)
}

// DeleteScheduledDeployment takes an order back; what it has deployed stays.
func (s *Service) DeleteScheduledDeployment(ctx context.Context, ref EnvRef, id string) error {
	if err := s.requireEnvDeployer(ctx, ref); err != nil {
		return err
	}
	o, err := s.store.GetScheduledDeployment(ctx, ref, id)
	if err != nil {
		return err
	}
	schedule := scheduledDeploymentID(o)
	err = s.audited(ctx, func(ctx context.Context) (Change, error) {
		if err := s.store.DeleteScheduledDeployment(ctx, ref, id); err != nil {
			return Change{}, err
		}
		return deleted(ref.OrgID, "scheduled-deployment", orderPath(o), o), s.touchSchedules(ctx, ref.OrgID, schedule)
	})
	if err == nil {
		s.tellSchedules(ctx, ref.OrgID, schedule)
	}
	return err
}

// runOrder deploys what an order asks for. For one time it does so once: the
// deployment and that it was made are one transaction.
func (s *Service) runOrder(ctx context.Context, ref EnvRef, id string, due time.Time) (string, error) {
	o, err := s.store.GetScheduledDeployment(ctx, ref, id)
	if err != nil {
		return "", err
	}
	if o.Status != OrderActive || o.LastAt != nil && !due.After(*o.LastAt) {
		return "it was done already", nil
	}
	if o.At != nil && s.now().Sub(*o.At) > ScheduleCatchUp && !due.After(o.At.Add(ScheduleCatchUp)) {
		return "it is too late", s.endOrder(ctx, o, due, OrderMissed, "nobody was there within "+ScheduleCatchUp.String()+" of its time")
	}
	made, err := s.deployOrder(ctx, o, due)
	if code := CodeOf(err); err != nil && (code == CodeUnavailable || code == CodeInternal) {
		return "", err // it is tried again
	}
	if err != nil {
		s.observe("scheduled-deployment", OrderFailed)
		s.log.WarnContext(ctx, "a scheduled deployment was refused", "environment", ref.String(), "order", id, "error", err)
		return "refused: " + messageOf(err), s.endOrder(ctx, o, due, OrderFailed, messageOf(err))
	}
	if made == nil {
		return "it was done already", nil
	}
	s.observe("scheduled-deployment", OrderDone)
	s.tellSchedules(ctx, ref.OrgID, scheduledDeploymentID(o))
	return "deployment " + made.ID, nil
}

// endOrder records how an order went that brought no deployment. One that comes
// again stays active.
func (s *Service) endOrder(ctx context.Context, o *ScheduledDeployment, due time.Time, status, message string) error {
	o.LastAt, o.LastDeployID, o.Message = &due, "", message
	if o.At != nil {
		o.Status = status
	}
	err := s.store.InTx(ctx, func(ctx context.Context) error {
		if err := s.store.UpdateScheduledDeployment(ctx, o); err != nil {
			return err
		}
		return s.touchSchedules(ctx, o.OrgID, scheduledDeploymentID(o))
	})
	if err == nil {
		s.tellSchedules(ctx, o.OrgID, scheduledDeploymentID(o))
	}
	return err
}

// deployOrder acts as whoever gave the order, with the roles of now.
func (s *Service) deployOrder(ctx context.Context, o *ScheduledDeployment, due time.Time) (*Deployment, error) {
	actor, err := s.actorOf(ctx, o.CreatedBy)
	if err != nil {
		return nil, err
	}
	asGiver := WithActor(ctx, actor)
	if err := s.requireEnvDeployer(asGiver, o.Ref()); err != nil {
		return nil, err
	}
	if err := s.workflows.Ready(ctx); err != nil {
		return nil, err
	}
	var made *Deployment
	var policy QueuePolicy
	err = s.inTxAgain(asGiver, func(ctx context.Context) error {
		made = nil
		env, err := s.store.LockEnvironment(ctx, o.Ref())
		if err != nil {
			return err
		}
		again, err := s.store.GetScheduledDeployment(ctx, o.Ref(), o.ID)
		if err != nil {
			return err
		}
		if again.Status != OrderActive || again.LastAt != nil && !due.After(*again.LastAt) {
			return nil // somebody else did it
		}
		req, err := s.requestOf(ctx, again)
		if err != nil {
			return err
		}
		policy = env.QueuePolicy
		if made, err = s.acceptDeployment(ctx, env, req); err != nil {
			return err
		}
		again.LastAt, again.LastDeployID, again.Message = &due, made.ID, ""
		if again.At != nil {
			again.Status = OrderDone
		}
		if err := s.store.UpdateScheduledDeployment(ctx, again); err != nil {
			return stale(err)
		}
		if again.At != nil {
			if err := s.touchSchedules(ctx, o.OrgID, scheduledDeploymentID(o)); err != nil {
				return err
			}
		}
		after := deploymentState(made)
		after["scheduled_deployment"] = o.ID
		return s.audit(ctx, Change{Org: o.OrgID, Action: "deploy", Type: "deployment", Object: deploymentObjectPath(made), After: after})
	})
	if err != nil || made == nil {
		return nil, err
	}
	s.handOver(ctx, o.Ref(), QueueItem{Kind: QueueDeployment, ID: made.ID, Policy: policy})
	if policy == QueuePolicySupersede {
		s.outbox.flush(ctx, o.OrgID, o.AppID)
	}
	return made, nil
}

// requestOf is the deployment that an order asks for now.
func (s *Service) requestOf(ctx context.Context, o *ScheduledDeployment) (DeploymentRequest, error) {
	req := DeploymentRequest{DeltaID: o.DeltaID, SetID: o.SetID, Comment: o.Comment}
	if req.Comment == "" {
		req.Comment = "Scheduled: " + o.what()
	}
	if o.FromEnvID == "" {
		return req, nil
	}
	newest, err := s.store.LastSucceeded(ctx, o.OrgID, o.AppID)
	if err != nil {
		return req, err
	}
	for _, d := range newest {
		if d.EnvID == o.FromEnvID {
			req.SetID = d.SetID
			return req, nil
		}
	}
	return req, Conflictf("no deployment of environment %q has succeeded", o.FromEnvID)
}

// actorOf is a user with the roles of now.
func (s *Service) actorOf(ctx context.Context, userID string) (Actor, error) {
	user, err := s.store.GetUser(ctx, userID)
	if IsNotFound(err) {
		return Actor{}, Forbiddenf("user %s, with whose roles it is done, does not exist any more", userID)
	}
	if err != nil {
		return Actor{}, err
	}
	roles, err := s.rolesOf(ctx, user.ID)
	return Actor{UserID: user.ID, Type: user.Type, Roles: roles}, err
}

// orders carries out what was to happen once and did not, unless it is paused.
func (r *Reconciler) orders(ctx context.Context) error {
	if !r.keepSchedules {
		return nil
	}
	overdue, err := r.store.OverdueDeployments(ctx, r.now().Add(-scheduleGrace), reconcileBatch)
	if err != nil {
		return err
	}
	ctx = WithActor(ctx, SystemActor)
	for i := range overdue {
		o := &overdue[i]
		if record, err := r.service.scheduleRecord(ctx, o.OrgID, scheduledDeploymentID(o)); err != nil || record.Paused {
			continue
		}
		if state, err := r.service.schedules.ScheduleState(ctx, o.OrgID, scheduledDeploymentID(o)); err == nil && state.Paused {
			continue
		}
		if _, err := r.service.runOrder(ctx, o.Ref(), o.ID, *o.At); err != nil {
			r.log.Warn("a scheduled deployment was not carried out yet", "environment", o.Ref().String(), "order", o.ID, "error", err)
		}
	}
	return nil
}
