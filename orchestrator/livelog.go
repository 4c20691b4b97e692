package orchestrator

import "context"

// FollowDeploymentLog follows what drivers and steps of a deployment write, from
// behind the line with number after, until ctx ends or the deployment has; node
// "" = all of it. The last event is LiveEnd.
func (s *Service) FollowDeploymentLog(ctx context.Context, ref EnvRef, id, node string, after int64) (*Follow, error) {
	d, err := s.GetDeployment(ctx, ref, id)
	if err != nil {
		return nil, err
	}
	l := &liveLog{s: s, ref: ref, id: id, node: node}
	renew := func(ctx context.Context) error { _, err := s.GetDeployment(ctx, ref, id); return err }
	at := livePosition{marks: map[string]string{}, lines: map[string]int64{"": after}, plain: true}
	return s.followObject(ctx, "log of "+ref.String()+"/"+id+" "+node, at, renew, l.read, func() liveSource {
		source := liveSource{look: l.look}
		if d.ID == id { // a request has no deployment yet whose log could be watched
			source.wake = func(ctx context.Context) <-chan struct{} { return s.store.Watch(ctx, id) }
		}
		return source
	}), nil
}

// liveLog looks at the log of a deployment.
type liveLog struct {
	s        *Service
	ref      EnvRef
	id, node string
}

// look reads the deployment first: when that is over, all lines are there.
func (l *liveLog) look(ctx context.Context) (*liveState, error) {
	d, err := l.s.deploymentOrRequest(ctx, l.ref, l.id)
	if err != nil {
		return nil, err
	}
	head, err := l.s.store.NewestLogLine(ctx, l.ref.OrgID, d.ID, l.node)
	if err != nil {
		return nil, err
	}
	state := &liveState{heads: map[string]int64{"": head}}
	if d.Status.Terminal() {
		state.over = liveEnded
	}
	return state, nil
}

func (l *liveLog) read(ctx context.Context, _ string, after int64, limit int) ([]liveLine, error) {
	d, err := l.s.deploymentOrRequest(ctx, l.ref, l.id)
	if err != nil {
		return nil, err
	}
	lines, err := l.s.store.ListLog(ctx, l.ref.OrgID, d.ID, l.node, after, limit)
	out := make([]liveLine, 0, len(lines))
	for _, line := range lines {
		out = append(out, liveLine{number: line.Seq, data: line})
	}
	return out, err
}
