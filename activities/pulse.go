package activities

import (
	"context"
	"errors"
	"time"

	"go.temporal.io/api/serviceerror"
	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/temporal"

	"github.com/slipway-dev/slipway/drivers"
)

// beatTimeout bounds one heartbeat of our own.
const beatTimeout = 2 * time.Second

// pulse sends the heartbeats of one activity and hears from their answers whether it shall end.
//
// The SDK ends an activity's context for three reasons that mean three things: somebody cancelled it; it is not this worker's
// any more (timed out, paused, its workflow is gone); or a heartbeat could not be delivered within a second, because Temporal
// is away. Only the first is a cancel. After the second, what can go on without a worker goes on, and the attempt that follows
// this one takes it over. After the third nothing has been said, so the work goes on; as the SDK reports nothing more for a
// context that it has ended, the pulse then asks by itself.
type pulse struct {
	activity context.Context // the SDK's
	done     context.Context // ends with the activity's function
	end      context.CancelCauseFunc
}

func (p *pulse) run() {
	tick := time.NewTicker(BeatEvery(activity.GetInfo(p.activity).HeartbeatTimeout))
	defer tick.Stop()
	cancelled, stopping := p.activity.Done(), activity.GetWorkerStopChannel(p.activity)
	alone := false
	for {
		select {
		case <-p.done.Done():
			return
		case <-stopping:
			p.end(drivers.ErrDetach)
			stopping = nil
		case <-cancelled:
			alone = p.hear(p.ended())
			cancelled = nil
		case <-tick.C:
			if alone {
				alone = p.hear(p.ask())
				continue
			}
			activity.RecordHeartbeat(p.activity)
		}
	}
}

// ended is why the SDK ended the context.
func (p *pulse) ended() error {
	if errors.Is(p.activity.Err(), context.DeadlineExceeded) {
		return context.Canceled // the time limit of the activity: a cause of the SDK's own ends it as Canceled
	}
	return context.Cause(p.activity)
}

// ask sends a heartbeat without the SDK's help.
func (p *pulse) ask() error {
	ctx, cancel := context.WithTimeout(p.done, beatTimeout)
	defer cancel()
	return activity.GetClient(p.activity).RecordActivityHeartbeat(ctx, activity.GetInfo(p.activity).TaskToken)
}

// hear acts on what a heartbeat brought, and reports whether to ask again.
func (p *pulse) hear(err error) bool {
	var notFound *serviceerror.NotFound
	var noNamespace *serviceerror.NamespaceNotFound
	switch {
	case p.done.Err() != nil:
		return false
	case temporal.IsCanceledError(err), errors.Is(err, context.Canceled):
		p.end(context.Canceled)
		return false
	case errors.As(err, &notFound), errors.As(err, &noNamespace),
		errors.Is(err, activity.ErrActivityPaused), errors.Is(err, activity.ErrActivityReset):
		p.end(drivers.ErrDetach)
		return false
	}
	if err != nil {
		activity.GetLogger(p.activity).Warn("Temporal does not answer; the work goes on", "error", err)
	}
	return true
}
