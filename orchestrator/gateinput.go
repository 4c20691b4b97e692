package orchestrator

import (
	"context"
	"maps"
	"slices"

	"github.com/slipway-dev/slipway/engine/deployset"
	"github.com/slipway-dev/slipway/engine/policy"
	"github.com/slipway-dev/slipway/engine/resource"
)

// policyInput is what the conditions of policies see of a deployment.
func policyInput(env *Environment, proposer string, plan *DeploymentPlan) policy.Input {
	in := policy.Input{
		Env:      policy.Environment{ID: env.ID, Type: env.TypeID, App: env.AppID, Org: env.OrgID},
		Proposer: policy.Proposer{ID: proposer},
		Plan:     policy.Plan{Workloads: changedWorkloads(plan.Changes), Values: plan.Values},
	}
	for _, r := range plan.Resources {
		from, to := shownTo(r.Key, r.From), shownTo(r.Key, r.To)
		switch r.Action {
		case ImpactCreate:
			in.Plan.Created = append(in.Plan.Created, to)
		case ImpactUpdate, ImpactInPlace, ImpactTakeBack:
			in.Plan.Changed = append(in.Plan.Changed, to)
		case ImpactReplace:
			in.Plan.Replaced = append(in.Plan.Replaced, to)
		case ImpactRemove:
			in.Plan.Removed = append(in.Plan.Removed, from)
		}
		for _, d := range r.Destroys {
			in.Plan.Destroyed = append(in.Plan.Destroyed, shownTo(r.Key, d.By))
		}
	}
	return in
}

// proposerOf is the person behind a deployment: who started the pipeline whose own
// principal asked for it, or who asked for the promotion that it takes back; else
// who asked for it. A pipeline that the request merely names does not count.
func proposerOf(ctx context.Context, store Store, d *Deployment) (string, error) {
	if d.Pipeline != nil {
		run, err := store.GetPipelineRun(ctx, d.OrgID, d.Pipeline.RunID)
		if err != nil && !IsNotFound(err) {
			return "", err
		}
		if err == nil && run.RunAs == d.CreatedBy && run.CreatedBy != "" {
			return run.CreatedBy, nil
		}
	}
	if d.CreatedBy != SystemActor.UserID {
		return d.CreatedBy, nil
	}
	promotion, err := promotionTakenBack(ctx, store, d)
	if err != nil || promotion == nil {
		return d.CreatedBy, err
	}
	return promotion.CreatedBy, nil
}

// promotionTakenBack is the open promotion whose automatic roll-back a deployment
// is; nil when it is none.
func promotionTakenBack(ctx context.Context, store Store, d *Deployment) (*Promotion, error) {
	if d.CreatedBy != SystemActor.UserID {
		return nil, nil //nolint:nilnil // most deployments are none
	}
	open, err := store.OpenPromotions(ctx, d.Ref())
	if err != nil {
		return nil, err
	}
	for i := range open {
		if open[i].RollBackID == d.ID {
			return &open[i], nil
		}
	}
	return nil, nil //nolint:nilnil // see above
}

func shownTo(key resource.Key, by ImpactSide) policy.Resource {
	return policy.Resource{Type: key.Type, Class: key.Class, ID: key.ID, Def: by.DefID, Driver: by.DriverType}
}

// changedWorkloads sorts the workloads of a change of a set, each once: one that
// is removed and added has changed.
func changedWorkloads(changes deployset.Delta) policy.Workloads {
	what := map[string]string{}
	note := func(c deployset.Changes) {
		for id := range c.Update {
			what[id] = "changed"
		}
		for _, id := range c.Remove {
			what[id] = "removed"
		}
		for id := range c.Add {
			if what[id] == "removed" {
				what[id] = "changed"
				continue
			}
			what[id] = "added"
		}
	}
	if changes.Workloads != nil {
		note(*changes.Workloads)
	}
	note(changes.Modules) // what is deployed has the last word
	var out policy.Workloads
	for _, id := range slices.Sorted(maps.Keys(what)) {
		switch what[id] {
		case "added":
			out.Added = append(out.Added, id)
		case "changed":
			out.Changed = append(out.Changed, id)
		case "removed":
			out.Removed = append(out.Removed, id)
		}
	}
	return out
}
