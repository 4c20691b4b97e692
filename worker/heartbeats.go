package worker

import (
	"time"

	"go.temporal.io/sdk/interceptor"
	"go.temporal.io/sdk/workflow"
)

// heartbeats gives activities another heartbeat timeout than the workflows ask for. The options of an activity are no part of what
// a replay compares, so workers with different settings may share a workflow.
type heartbeats struct {
	interceptor.WorkerInterceptorBase
	timeout time.Duration
}

// InterceptWorkflow puts itself between a workflow and the activities that it starts.
func (h *heartbeats) InterceptWorkflow(_ workflow.Context, next interceptor.WorkflowInboundInterceptor) interceptor.WorkflowInboundInterceptor {
	in := &heartbeatsInbound{timeout: h.timeout}
	in.Next = next
	return in
}

type heartbeatsInbound struct {
	interceptor.WorkflowInboundInterceptorBase
	timeout time.Duration
}

func (h *heartbeatsInbound) Init(next interceptor.WorkflowOutboundInterceptor) error {
	out := &heartbeatsOutbound{timeout: h.timeout}
	out.Next = next
	return h.Next.Init(out)
}

type heartbeatsOutbound struct {
	interceptor.WorkflowOutboundInterceptorBase
	timeout time.Duration
}

func (h *heartbeatsOutbound) ExecuteActivity(ctx workflow.Context, activity string, args ...any) workflow.Future {
	if workflow.GetActivityOptions(ctx).HeartbeatTimeout > 0 {
		ctx = workflow.WithHeartbeatTimeout(ctx, h.timeout)
	}
	return h.Next.ExecuteActivity(ctx, activity, args...)
}
