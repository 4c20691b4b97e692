package orchestrator

import (
	"context"
	"time"
)

// startShownAfter is how long an in-process node may take before its start is
// recorded. Nearly all are done within milliseconds, and a start beside the end
// would double what is written for them; whoever looks at one that takes longer
// than about half a second wonders whether anything happens.
const startShownAfter = 500 * time.Millisecond

// slowStart records that an in-process node runs, should it take long enough for
// somebody to notice. nil records nothing.
type slowStart struct {
	timer *time.Timer
	ended chan struct{} // closed when what the timer began is over
	node  Node          // as it was when it started; the timer's own
	kept  bool          // the record has it
}

// recordIfSlow has the start of a node recorded unless settle is called soon. The
// caller goes on with n, so that what is recorded is what n was by now.
func (d *Deployer) recordIfSlow(ctx context.Context, n *Node) *slowStart {
	if n.Heavy { // it was recorded before
		return nil
	}
	s := &slowStart{ended: make(chan struct{}), node: *n}
	s.timer = time.AfterFunc(d.startShownAfter, func() {
		defer close(s.ended)
		if err := d.recordStart(ctx, &s.node); err == nil {
			s.kept = true
		} else if ctx.Err() == nil {
			d.log.WarnContext(ctx, "the start of a resource could not be recorded; it goes on", "deployment", s.node.DeploymentID,
				"node", s.node.Key.String(), "error", err)
		}
	})
	return s
}

// settle ends it: from now on nothing is recorded, and n follows what was. What
// comes of the node is written after this, so that its end is after its start.
func (s *slowStart) settle(n *Node) {
	if s == nil || s.timer == nil {
		return
	}
	stopped := s.timer.Stop()
	s.timer = nil
	if stopped {
		return
	}
	<-s.ended
	if s.kept {
		n.Version = s.node.Version
	}
}

// recordStart stores a node that runs, and tells those who look since when.
func (d *Deployer) recordStart(ctx context.Context, n *Node) error {
	return d.store.InTx(ctx, func(ctx context.Context) error {
		if err := d.store.UpdateNode(ctx, n); err != nil {
			return err
		}
		return d.closer.nodeEventAt(ctx, n, *n.StartedAt, "started")
	})
}
