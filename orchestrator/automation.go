package orchestrator

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/slipway-dev/slipway/engine/deployset"
)

// DefaultAutomationWindow is how long pushes are collected before they become
// one deployment.
const DefaultAutomationWindow = 10 * time.Second

// pushesKept is how long handled pushes are remembered.
const pushesKept = 30 * 24 * time.Hour

// PushResult says what ApplyPushes did.
type PushResult struct {
	DeploymentID string // "" = nothing had to be deployed; of a pipeline's run that deploys it: the id of that
	Held         bool   // the environment accepts no deployment now; the pushes wait
	Pushes       int    // how many were looked at
	run          *PipelineRun
}

// followPush stores a push for every environment that follows the version, and
// returns these environments. It runs in the transaction that stores the version.
func (s *Service) followPush(ctx context.Context, v *ArtefactVersion) ([]EnvRef, error) {
	image := v.Image()
	if image == "" {
		return nil, nil
	}
	rules, err := s.store.ActiveAutomationRules(ctx, v.OrgID)
	if err != nil {
		return nil, err
	}
	var pushes []Push
	var touched []EnvRef
	for _, rule := range rules {
		if slices.Contains(touched, rule.Ref()) || !rule.follows(v) {
			continue // one rule is enough
		}
		touched = append(touched, rule.Ref())
		pushes = append(pushes, Push{
			OrgID: rule.OrgID, AppID: rule.AppID, EnvID: rule.EnvID, ID: newUUID(), ArtefactVersionID: v.ID, ArtefactName: v.Name,
			Image: image, Ref: v.Ref, Commit: v.Commit, RuleID: rule.ID, Status: PushPending, CreatedAt: s.now(),
		})
	}
	return touched, s.store.CreatePushes(ctx, pushes)
}

// handPushes tells the workflow engine of pushes that are stored, without
// failing the request.
func (s *Service) handPushes(ctx context.Context, refs ...EnvRef) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), startTimeout)
	defer cancel()
	for _, ref := range refs {
		if err := s.background.ApplyPushes(ctx, ref, s.window); err != nil {
			s.log.Warn("hand-over of pushed images failed; the reconciler will repeat it", "environment", ref.String(), "error", err)
		}
	}
}

// ListPushes lists the images that rules of an environment let through, newest
// first, and what became of them.
func (s *Service) ListPushes(ctx context.Context, ref EnvRef, limit int) ([]Push, error) {
	if err := s.requireEnvReader(ctx, ref); err != nil {
		return nil, err
	}
	return s.store.ListPushes(ctx, ref, limit)
}

// ApplyPushes turns the pending pushes of an environment into one deployment,
// which goes through the environment's queue like any other, or into a run of the
// pipeline whose criteria match it, as Deploy does. Only Slipway itself may ask for
// it. What the queue policy does not admit now stays pending, with the reason.
func (s *Service) ApplyPushes(ctx context.Context, ref EnvRef) (PushResult, error) {
	if !ActorFrom(ctx).System {
		return PushResult{}, Forbiddenf("only Slipway itself applies pushes")
	}
	var result PushResult
	var policy QueuePolicy
	err := s.inTxAgain(ctx, func(ctx context.Context) error {
		env, err := s.store.LockEnvironment(ctx, ref)
		if err != nil {
			return err
		}
		policy = env.QueuePolicy
		result, err = s.applyPushes(ctx, env)
		return err
	})
	switch CodeOf(err) {
	case CodeNotFound: // the environment, and with it the pushes
		return PushResult{}, nil
	case CodeInvalid, CodeConflict, CodeUnprocessable:
		s.observe("automation", PushFailed)
		s.log.WarnContext(ctx, "pushed images could not be deployed", "environment", ref.String(), "error", err)
		return PushResult{}, s.failPushes(ctx, ref, err.Error())
	}
	if err != nil {
		return PushResult{}, err
	}
	s.afterPushes(ctx, ref, result, policy)
	return result, nil
}

// afterPushes hands over what was accepted, counts and logs.
func (s *Service) afterPushes(ctx context.Context, ref EnvRef, result PushResult, policy QueuePolicy) {
	outcome := PushIgnored
	switch {
	case result.Pushes == 0:
		return
	case result.Held:
		outcome = "held"
	case result.DeploymentID != "":
		outcome = PushDeployed
		if result.run != nil {
			s.handRun(ctx, result.run.Key())
		} else {
			s.handOver(ctx, ref, QueueItem{Kind: QueueDeployment, ID: result.DeploymentID, Policy: policy})
			s.outbox.flush(ctx, ref.OrgID, ref.AppID) // what was superseded has ended
		}
	}
	s.observe("automation", outcome)
	s.log.InfoContext(ctx, "pushed images were applied", "environment", ref.String(), "outcome", outcome,
		"pushes", result.Pushes, "deployment", result.DeploymentID)
}

// applyPushes runs inside the transaction that holds the environment.
func (s *Service) applyPushes(ctx context.Context, env *Environment) (PushResult, error) {
	pending, err := s.store.PendingPushes(ctx, env.Ref())
	if err != nil || len(pending) == 0 {
		return PushResult{}, err
	}
	result := PushResult{Pushes: len(pending)}
	waiting, err := s.store.UnfinishedDeployments(ctx, env.Ref())
	if err != nil {
		return result, err
	}
	refused := admissible(env, waiting, s.queueLimit)
	if refused == nil {
		refused = refusePaused(ctx, s.store, env)
	}
	if refused == nil {
		if refused = s.checkFreeze(ctx, env, ""); refused != nil && !IsConflict(refused) {
			return result, refused
		}
	}
	if refused != nil {
		result.Held = true
		return result, s.holdPushes(ctx, pending, refused.Error())
	}
	baseID, err := s.setOfDeployment(ctx, env.OrgID, env.AppID, env.FromDeployID)
	if err != nil {
		return result, err
	}
	base, err := s.store.GetSet(ctx, env.OrgID, env.AppID, baseID)
	if err != nil {
		return result, err
	}
	update := newImageUpdate(base, pending)
	if len(update.images) > 0 {
		if result.DeploymentID, result.run, err = s.deployImages(ctx, env, update); err != nil {
			return result, err
		}
	}
	at := s.now()
	for i := range pending {
		p := &pending[i]
		p.HandledAt, p.Status, p.Reason = &at, PushIgnored, update.ignored[p.ID]
		if p.Reason == "" {
			p.Status, p.DeploymentID = PushDeployed, result.DeploymentID
		}
		if err := s.store.UpdatePush(ctx, p); err != nil {
			return result, stale(err)
		}
	}
	return result, s.store.DeletePushes(ctx, env.Ref(), at.Add(-pushesKept))
}

// deployImages stores the delta of an update and accepts its deployment, or the run
// of the pipeline that carries it out. All are made by nobody: created_by says
// UNKNOWN, as clients expect of automation.
func (s *Service) deployImages(ctx context.Context, env *Environment, update *imageUpdate) (id string, run *PipelineRun, err error) {
	now := s.now()
	delta := &Delta{
		OrgID: env.OrgID, AppID: env.AppID, ID: randomHex(20), EnvID: env.ID, Name: "Automated Deployment",
		Contributors: []string{}, Content: update.delta,
		CreatedAt: now, CreatedBy: ActorFrom(ctx).UserID, LastModifiedAt: now,
	}
	if err := s.store.CreateDelta(ctx, delta); err != nil {
		return "", nil, err
	}
	req := DeploymentRequest{DeltaID: delta.ID, Comment: "Automated Deployment: " + strings.Join(update.images, " ")}
	pipelineID, err := s.pipelineOfRequest(ctx, env, req)
	if err != nil {
		return "", nil, err
	}
	if pipelineID != "" {
		if run, err = s.acceptRun(ctx, env, pipelineID, req); err != nil {
			return "", nil, err
		}
		return run.ID, run, nil
	}
	d, err := s.acceptDeployment(ctx, env, req)
	if err != nil {
		return "", nil, err
	}
	return d.ID, nil, nil
}

// acceptRun stores the run of a pipeline that carries a delta out, inside the
// transaction of the caller, who hands it over.
func (s *Service) acceptRun(ctx context.Context, env *Environment, pipelineID string, req DeploymentRequest) (*PipelineRun, error) {
	inputs, _, err := s.requestInputs(ctx, env, DeploymentByPipeline{Trigger: triggerRequest, EnvID: env.ID, DeltaID: req.DeltaID, Comment: req.Comment})
	if err != nil {
		return nil, err
	}
	run, err := s.newRun(ctx, runRequest{org: env.OrgID, app: env.AppID, pipelineID: pipelineID, trigger: triggerRequest, inputs: inputs, envs: []string{env.ID}})
	if err != nil {
		return nil, err
	}
	if err := s.store.CreatePipelineRun(ctx, run); err != nil {
		return nil, err
	}
	return run, s.audit(ctx, created(env.OrgID, "pipeline-run", runObject(run.Key()), runState(run)))
}

// holdPushes notes what the pushes wait for.
func (s *Service) holdPushes(ctx context.Context, pending []Push, reason string) error {
	for i := range pending {
		if pending[i].Reason == reason {
			continue
		}
		pending[i].Reason = reason
		if err := s.store.UpdatePush(ctx, &pending[i]); err != nil {
			return stale(err)
		}
	}
	return nil
}

// failPushes gives all pending pushes up.
func (s *Service) failPushes(ctx context.Context, ref EnvRef, reason string) error {
	return s.inTxAgain(ctx, func(ctx context.Context) error {
		if _, err := s.store.LockEnvironment(ctx, ref); err != nil {
			return err
		}
		pending, err := s.store.PendingPushes(ctx, ref)
		if err != nil {
			return err
		}
		at := s.now()
		for i := range pending {
			pending[i].Status, pending[i].Reason, pending[i].HandledAt = PushFailed, reason, &at
			if err := s.store.UpdatePush(ctx, &pending[i]); err != nil {
				return stale(err)
			}
		}
		return nil
	})
}

// ignoredSame is why a push is ignored that changes nothing.
const ignoredSame = "the environment runs it already"

// imageUpdate is the delta that brings pushed images to a set.
type imageUpdate struct {
	delta   deployset.Delta
	images  []string          // that the delta brings, sorted
	ignored map[string]string // reason, by the id of the push
}

// newImageUpdate finds the containers of a set that run the pushed images. Of
// several pushes of one image the last counts.
func newImageUpdate(base deployset.Set, pending []Push) *imageUpdate {
	u := &imageUpdate{ignored: map[string]string{}}
	newest := map[string]Push{}
	for _, p := range pending {
		if old, several := newest[p.ArtefactName]; several {
			u.ignored[old.ID] = "a newer push of the image came with it"
		}
		newest[p.ArtefactName] = p
	}
	u.delta.Modules.Update = map[string][]deployset.Op{}
	for _, name := range sortedNames(newest) {
		p := newest[name]
		used, changed := u.put(&u.delta.Modules, base.Modules, p)
		if base.Workloads != nil {
			if u.delta.Workloads == nil {
				u.delta.Workloads = &deployset.Changes{Update: map[string][]deployset.Op{}}
			}
			n, c := u.put(u.delta.Workloads, base.Workloads, p)
			used, changed = used+n, changed+c
		}
		switch {
		case used == 0:
			u.ignored[p.ID] = fmt.Sprintf("no container of the environment runs %s", name)
		case changed == 0:
			u.ignored[p.ID] = ignoredSame
		default:
			u.images = append(u.images, p.Image)
		}
	}
	if u.delta.Workloads != nil && u.delta.Workloads.IsEmpty() {
		u.delta.Workloads = nil
	}
	return u
}

// put adds the operations on one map of workloads. It counts the containers
// that run the image, and those that run another version of it.
func (u *imageUpdate) put(changes *deployset.Changes, workloads map[string]map[string]any, p Push) (used, changed int) {
	for _, id := range sortedNames(workloads) {
		containers := mapAt(mapAt(workloads[id], "spec"), "containers")
		for _, c := range sortedNames(containers) {
			container, _ := containers[c].(map[string]any)
			image, _ := container["image"].(string)
			name, _, _ := splitImage(image)
			if image == "" || withoutScheme(name) != withoutScheme(p.ArtefactName) {
				continue
			}
			used++
			if image == withoutScheme(p.Image) {
				continue
			}
			changed++
			changes.Update[id] = append(changes.Update[id], deployset.Op{
				Op: deployset.OpReplace, Path: "/spec/containers/" + pointerToken(c) + "/image", Value: withoutScheme(p.Image),
			})
		}
	}
	return used, changed
}

// pointerToken escapes a key for a JSON pointer (RFC 6901).
func pointerToken(key string) string {
	return strings.NewReplacer("~", "~0", "/", "~1").Replace(key)
}
