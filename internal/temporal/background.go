package temporal

import (
	"context"
	"errors"
	"time"

	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/serviceerror"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/temporal"

	"github.com/slipway-dev/slipway/orchestrator"
	"github.com/slipway-dev/slipway/workflows"
)

var _ orchestrator.Background = (*Starter)(nil)

// DeliverWebhook starts the workflow of an order; one that runs goes on.
func (s *Starter) DeliverWebhook(ctx context.Context, order orchestrator.WebhookOrder) error {
	in := workflows.WebhookOrder{Org: order.OrgID, ID: order.ID, Order: order.Order}
	_, err := s.client.ExecuteWorkflow(ctx, client.StartWorkflowOptions{
		ID: workflows.WebhookWorkflowID(in), TaskQueue: workflows.TaskQueue,
		WorkflowIDConflictPolicy: enumspb.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING,
		WorkflowIDReusePolicy:    enumspb.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE,
		StaticSummary:            "webhook delivery " + in.ID,
		TypedSearchAttributes: temporal.NewSearchAttributes(
			temporal.NewSearchAttributeKeyKeyword(workflows.SearchOrg).ValueSet(in.Org),
		),
	}, workflows.WebhookType, in)
	if err != nil {
		return unavailable(err)
	}
	return nil
}

// ApplyPushes starts the automation of an environment, or tells the one that
// runs that there is more. A signal cannot be missed: a workflow does not end
// before it has seen all of them.
func (s *Starter) ApplyPushes(ctx context.Context, ref orchestrator.EnvRef, window time.Duration) error {
	env := envOf(ref)
	_, err := s.client.SignalWithStartWorkflow(ctx, workflows.AutomationWorkflowID(env), workflows.PushedSignal, nil, client.StartWorkflowOptions{
		TaskQueue: workflows.TaskQueue, StaticSummary: "automation of environment " + env.String(),
		TypedSearchAttributes: temporal.NewSearchAttributes(
			temporal.NewSearchAttributeKeyKeyword(workflows.SearchOrg).ValueSet(env.Org),
			temporal.NewSearchAttributeKeyKeyword(workflows.SearchApp).ValueSet(env.App),
			temporal.NewSearchAttributeKeyKeyword(workflows.SearchEnv).ValueSet(env.Env),
		),
	}, workflows.AutomationType, workflows.AutomationInput{Env: env, Window: window})
	if err != nil {
		return unavailable(err)
	}
	return nil
}

// WatchLifetime starts what looks after the end of an environment, or tells the
// one that runs that the records changed.
func (s *Starter) WatchLifetime(ctx context.Context, ref orchestrator.EnvRef) error {
	env := envOf(ref)
	_, err := s.client.SignalWithStartWorkflow(ctx, workflows.LifetimeWorkflowID(env), workflows.ChangedSignal, nil, client.StartWorkflowOptions{
		TaskQueue: workflows.TaskQueue, StaticSummary: "lifetime of environment " + env.String(),
		TypedSearchAttributes: temporal.NewSearchAttributes(
			temporal.NewSearchAttributeKeyKeyword(workflows.SearchOrg).ValueSet(env.Org),
			temporal.NewSearchAttributeKeyKeyword(workflows.SearchApp).ValueSet(env.App),
			temporal.NewSearchAttributeKeyKeyword(workflows.SearchEnv).ValueSet(env.Env),
		),
	}, workflows.LifetimeType, env)
	if err != nil {
		return unavailable(err)
	}
	return nil
}

// FollowSpinUp starts the workflow of a request for an environment; one that runs goes on.
func (s *Starter) FollowSpinUp(ctx context.Context, k orchestrator.SpinUpKey) error {
	in := workflows.SpinUp{Org: k.OrgID, App: k.AppID, ID: k.ID}
	_, err := s.client.ExecuteWorkflow(ctx, client.StartWorkflowOptions{
		ID: workflows.SpinUpWorkflowID(in), TaskQueue: workflows.TaskQueue,
		WorkflowIDConflictPolicy: enumspb.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING,
		WorkflowIDReusePolicy:    enumspb.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE,
		StaticSummary:            "request " + in.ID + " for an environment",
		TypedSearchAttributes: temporal.NewSearchAttributes(
			temporal.NewSearchAttributeKeyKeyword(workflows.SearchOrg).ValueSet(in.Org),
			temporal.NewSearchAttributeKeyKeyword(workflows.SearchApp).ValueSet(in.App),
		),
	}, workflows.SpinUpType, in)
	if err != nil {
		return unavailable(err)
	}
	return nil
}

// WakeDeployment signals the workflow of a deployment.
func (s *Starter) WakeDeployment(ctx context.Context, k orchestrator.DeploymentKey) error {
	id := workflows.WorkflowID(workflows.Item{Kind: workflows.KindDeployment, ID: k.ID})
	err := s.client.SignalWorkflow(ctx, id, "", workflows.ChangedSignal, nil)
	var missing *serviceerror.NotFound
	if err == nil || errors.As(err, &missing) {
		return nil
	}
	return unavailable(err)
}

// CarryOutPromotion starts the workflow of a promotion, or tells the one that
// runs that the records changed.
func (s *Starter) CarryOutPromotion(ctx context.Context, k orchestrator.PromotionKey) error {
	in := workflows.Promotion{Org: k.OrgID, App: k.AppID, ID: k.ID}
	_, err := s.client.SignalWithStartWorkflow(ctx, workflows.PromotionWorkflowID(in), workflows.ChangedSignal, nil, client.StartWorkflowOptions{
		TaskQueue: workflows.TaskQueue, StaticSummary: "promotion " + in.ID,
		TypedSearchAttributes: temporal.NewSearchAttributes(
			temporal.NewSearchAttributeKeyKeyword(workflows.SearchOrg).ValueSet(in.Org),
			temporal.NewSearchAttributeKeyKeyword(workflows.SearchApp).ValueSet(in.App),
		),
	}, workflows.PromotionType, in)
	if err != nil {
		return unavailable(err)
	}
	return nil
}
