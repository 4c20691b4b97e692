package orchestrator

import (
	"context"
	"fmt"
	"maps"

	"github.com/slipway-dev/slipway/engine/deployset"
)

// createDeltaAction makes a delta that brings artefact versions to an environment.
func createDeltaAction(ctx context.Context, c *pipelineCall) (*pipelineWait, error) {
	ref, err := c.env("env_id")
	if err != nil {
		return nil, err
	}
	if id := c.state("delta_id"); id != "" {
		return c.deltaMade(id)
	}
	content, err := c.artefactDelta(ctx, ref)
	if err != nil {
		return nil, err
	}
	var id string
	var made PipelineStep
	err = c.s.store.InTx(ctx, func(ctx context.Context) error {
		delta, err := c.s.CreateDelta(ctx, ref.OrgID, ref.AppID, NewDelta{EnvID: ref.EnvID, Name: c.textOr("Pipeline "+c.run.PipelineID, "name"), Content: content})
		if err != nil {
			return err
		}
		id, made = delta.ID, *c.step // a copy: the transaction may be repeated
		call := *c
		call.step = &made
		return call.remember(ctx, "delta_id", id)
	})
	if err != nil {
		return nil, err
	}
	*c.step = made
	return c.deltaMade(id)
}

func (c *pipelineCall) textOr(fallback string, names ...string) string {
	if v := c.text(names...); v != "" {
		return v
	}
	return fallback
}

func (c *pipelineCall) deltaMade(id string) (*pipelineWait, error) {
	c.output("delta_id", id)
	c.related("delta_id", id)
	c.log("INFO", "delta %s", id)
	return nil, nil
}

// artefactDelta is the content of a delta for artefact versions: workloads are
// added as they are, images replace those of containers that run another version.
func (c *pipelineCall) artefactDelta(ctx context.Context, ref EnvRef) (deployset.Delta, error) {
	var delta deployset.Delta
	if err := c.s.requireEnvReader(ctx, ref); err != nil {
		return delta, err
	}
	workloads, err := c.list("workload_artefacts")
	if err != nil {
		return delta, err
	}
	containers, err := c.list("container_artefacts")
	if err != nil {
		return delta, err
	}
	if len(workloads)+len(containers) == 0 {
		return delta, Invalidf("with: neither workload_artefacts nor container_artefacts names a version")
	}
	if len(containers) > 0 {
		if delta, err = c.imageDelta(ctx, ref, containers); err != nil {
			return delta, err
		}
	}
	for _, id := range workloads {
		v, err := c.artefactVersion(ctx, id, ArtefactWorkload)
		if err != nil {
			return delta, err
		}
		if delta.Modules.Add == nil {
			delta.Modules.Add = map[string]map[string]any{}
		}
		maps.Copy(delta.Modules.Add, v.Set.Modules)
		for _, name := range sortedNames(v.Set.Shared) {
			delta.Shared = append(delta.Shared, deployset.Op{Op: deployset.OpAdd, Path: "/" + pointerToken(name), Value: v.Set.Shared[name]})
		}
		c.log("INFO", "workload %s:%s", v.Name, v.Tag)
	}
	return delta, nil
}

// artefactVersion reads a version as whoever may see the application: the run
// was given it, or names it itself.
func (c *pipelineCall) artefactVersion(ctx context.Context, id, kind string) (*ArtefactVersion, error) {
	v, err := c.s.GetArtefactVersion(ctx, c.run.OrgID, id)
	if err != nil {
		return nil, asInvalid(err, "with."+kind+"_artefacts")
	}
	if v.Type != kind || kind == ArtefactWorkload && v.Set == nil {
		return nil, Invalidf("with.%s_artefacts: version %s is a %s", kind, id, v.Type)
	}
	return v, nil
}

func (c *pipelineCall) imageDelta(ctx context.Context, ref EnvRef, ids []string) (deployset.Delta, error) {
	env, err := c.s.store.GetEnvironment(ctx, ref)
	if err != nil {
		return deployset.Delta{}, err
	}
	baseID, err := c.s.setOfDeployment(ctx, ref.OrgID, ref.AppID, env.FromDeployID)
	if err != nil {
		return deployset.Delta{}, err
	}
	base, err := c.s.store.GetSet(ctx, ref.OrgID, ref.AppID, baseID)
	if err != nil {
		return deployset.Delta{}, err
	}
	var pushed []Push
	for _, id := range ids {
		v, err := c.artefactVersion(ctx, id, ArtefactContainer)
		if err != nil {
			return deployset.Delta{}, err
		}
		pushed = append(pushed, Push{ID: v.ID, ArtefactName: v.Name, Image: v.Image()})
	}
	update := newImageUpdate(base, pushed)
	for _, image := range update.images {
		c.log("INFO", "image %s", image)
	}
	for _, id := range sortedNames(update.ignored) {
		c.log("WARN", "artefact version %s changes nothing: %s", id, update.ignored[id])
	}
	return update.delta, nil
}

// applyAction applies a delta to what an environment runs, or is to run next.
func applyAction(ctx context.Context, c *pipelineCall) (*pipelineWait, error) {
	ref, err := c.env("env_id")
	if err != nil {
		return nil, err
	}
	deltaID, err := c.needed("delta_id")
	if err != nil {
		return nil, err
	}
	if err := c.s.requireAppPerm(ctx, ref.OrgID, ref.AppID, PermAppWrite); err != nil {
		return nil, err
	}
	env, err := c.s.store.GetEnvironment(ctx, ref)
	if err != nil {
		return nil, err
	}
	base, err := c.s.setOfDeployment(ctx, ref.OrgID, ref.AppID, env.FromDeployID)
	if err != nil {
		return nil, err
	}
	var set string
	err = c.s.store.InTx(ctx, func(ctx context.Context) error {
		var err error
		set, err = applyStoredDelta(ctx, c.s.store, ref.OrgID, ref.AppID, deltaID, base)
		return err
	})
	if err != nil {
		return nil, err
	}
	c.related("delta_id", deltaID)
	return c.setMade(set)
}

func (c *pipelineCall) setMade(id string) (*pipelineWait, error) {
	c.output("set_id", id)
	c.related("set_id", id)
	c.log("INFO", "deployment set %s", id)
	return nil, nil
}

// cloneAction gives the set that one environment runs, to be deployed to another.
func cloneAction(ctx context.Context, c *pipelineCall) (*pipelineWait, error) {
	from, err := c.env("from_env_id")
	if err != nil {
		return nil, err
	}
	to, err := c.env("to_env_id")
	if err != nil {
		return nil, err
	}
	for _, ref := range []EnvRef{from, to} {
		if err := c.s.requireEnvReader(ctx, ref); err != nil {
			return nil, err
		}
	}
	deployment := c.text("from_deployment_id")
	if deployment == "" {
		env, err := c.s.store.GetEnvironment(ctx, from)
		if err != nil {
			return nil, err
		}
		deployment = env.FromDeployID
	}
	if deployment == "" {
		return nil, Conflictf("environment %q has no deployment that could be cloned", from.EnvID)
	}
	d, err := c.s.store.FindDeploymentInApp(ctx, from.OrgID, from.AppID, deployment)
	if err != nil {
		return nil, asInvalid(err, "with.from_deployment_id")
	}
	c.related("from_deployment_id", d.ID)
	return c.setMade(d.SetID)
}

// deployAction has a set deployed and waits until the deployment has ended.
func deployAction(ctx context.Context, c *pipelineCall) (*pipelineWait, error) {
	ref, err := c.env("env_id")
	if err != nil {
		return nil, err
	}
	d, err := c.deployment(ctx, ref)
	if err != nil {
		return nil, err
	}
	if !d.Status.Terminal() {
		return &pipelineWait{For: "application.environment.deployment(" + d.ID + ")"}, nil
	}
	if d.Outcome == OutcomeSucceeded {
		c.log("INFO", "deployment %s succeeded", d.ID)
		return nil, nil
	}
	errs, err := c.s.store.ListDeploymentErrors(ctx, ref.OrgID, d.ID)
	if err != nil {
		return nil, err
	}
	for _, e := range errs {
		c.log("ERROR", "%s", e.Message)
	}
	cause := ""
	if len(errs) > 0 {
		cause = ": " + errs[0].Summary
	}
	return nil, Conflictf("deployment %s to environment %q %s%s", d.ID, ref.EnvID, d.Outcome, cause)
}

// deployment is the deployment of the step: the one that an earlier attempt
// made, or a new one.
func (c *pipelineCall) deployment(ctx context.Context, ref EnvRef) (*Deployment, error) {
	if id := c.state("deployment_id"); id != "" {
		return c.s.store.GetDeployment(ctx, ref, id)
	}
	d, err := c.s.deploymentOfStep(ctx, ref, c.ref())
	if err != nil {
		return nil, err
	}
	if d == nil {
		d, err = c.s.CreateDeployment(ctx, ref, DeploymentRequest{
			DeltaID: c.text("delta_id"), SetID: c.text("set_id"), Comment: c.text("comment"), Mode: c.text("mode"),
			ValueSetVersionID: c.text("value_set_version_id"), Pipeline: c.ref(),
		})
		if err != nil {
			return nil, err
		}
		c.log("INFO", "deployment %s to environment %s", d.ID, ref.EnvID)
	}
	c.output("deployment_id", d.ID)
	c.related("deployment_id", d.ID)
	return d, c.remember(ctx, "deployment_id", d.ID)
}

// deploymentOfStep finds the deployment that a step made, nil when it made none.
func (s *Service) deploymentOfStep(ctx context.Context, ref EnvRef, step *PipelineRef) (*Deployment, error) {
	var made *Deployment
	err := eachDeployment(ctx, s.store, ref, func(d *Deployment) (bool, error) {
		if d.Pipeline != nil && *d.Pipeline == *step {
			made = d
		}
		return made == nil, nil
	})
	return made, err
}

// stopDeploy cancels the deployment that the step waits for, through the
// environment's queue.
func stopDeploy(ctx context.Context, c *pipelineCall) error {
	ref, err := c.env("env_id")
	if err != nil {
		return nil //nolint:nilerr // nothing was begun
	}
	d, err := c.s.deploymentOfStep(ctx, ref, c.ref())
	if err != nil || d == nil || d.Status.Terminal() {
		return err
	}
	c.log("WARN", "cancelling deployment %s", d.ID)
	if _, err := c.s.CancelDeployment(WithActor(ctx, SystemActor), ref, d.ID); err != nil && !IsConflict(err) {
		return fmt.Errorf("cancelling deployment %s: %w", d.ID, err)
	}
	return nil
}
