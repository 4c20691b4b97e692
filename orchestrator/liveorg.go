package orchestrator

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
)

// liveNewestRuns is how many runs of pipelines have to be the same for their list to be.
const liveNewestRuns = 20

// LiveList says that a list that somebody may see is another one.
type LiveList struct {
	Count  int
	Digest string // differs when the list does
}

// FollowOrganization follows what changes in an organization for the one who
// asks, from a position that an event had ("" = from the beginning: all that is so)
// until ctx ends: what needs attention, at most limit of each kind (0 = the
// default), the list of applications, and that of the newest runs of pipelines. It fails with CodeConflict once the roles of
// the one who asks are others; following again goes on with these.
func (s *Service) FollowOrganization(ctx context.Context, org string, limit int, position string) (*Follow, error) {
	l := &liveOrg{s: s, org: org, limit: limit}
	if err := l.check(ctx); err != nil {
		return nil, err
	}
	at, err := parseLivePosition(position)
	if err != nil {
		return nil, err
	}
	actor := ActorFrom(ctx)
	roles := digestOfRoles(actor)
	renew := func(ctx context.Context) error {
		if err := s.requireOrg(ctx, org); err != nil {
			return err
		}
		if digestOfRoles(ActorFrom(ctx)) != roles {
			return Conflictf("your roles have changed; follow the organization again")
		}
		return nil
	}
	key := fmt.Sprintf("organization %s as %s with %s, %d of each kind", org, actor.UserID, roles, limit)
	return s.followObject(ctx, key, at, renew, nil, func() liveSource {
		return liveSource{
			look: func(ctx context.Context) (*liveState, error) { return l.look(WithActor(ctx, actor)) },
			wake: l.changes,
		}
	}), nil
}

// OrganizationNow lists what FollowOrganization tells first.
func (s *Service) OrganizationNow(ctx context.Context, org string, limit int) ([]LiveEvent, error) {
	l := &liveOrg{s: s, org: org, limit: limit}
	if err := l.check(ctx); err != nil {
		return nil, err
	}
	return s.liveNow(ctx, l.look)
}

// liveOrg looks at an organization.
type liveOrg struct {
	s     *Service
	org   string
	limit int
}

func (l *liveOrg) check(ctx context.Context) error {
	if err := l.s.requireOrg(ctx, l.org); err != nil {
		return err
	}
	return checkAttentionLimit(l.limit)
}

// look reads what the one who asks may see.
func (l *liveOrg) look(ctx context.Context) (*liveState, error) {
	attention, err := l.s.Attention(ctx, l.org, l.limit)
	if err != nil {
		return nil, err
	}
	apps, err := l.s.ListApplications(ctx, l.org)
	if err != nil {
		return nil, err
	}
	runs, err := l.s.ListPipelineRuns(ctx, l.org, PipelineRunFilter{Limit: liveNewestRuns})
	if err != nil {
		return nil, err
	}
	facts := &liveFacts{keeper: l.s.keeper}
	facts.add(LiveAttention, LiveAttention, *attention)
	facts.add(LiveApplications, LiveApplications, LiveList{Count: len(apps), Digest: facts.mark(LiveApplications, apps)})
	facts.add(LiveRuns, LiveRuns, LiveList{Count: len(runs), Digest: facts.mark(LiveRuns, runs)})
	return &liveState{facts: facts.facts}, facts.err
}

// changes tells that something in the organization is different, whoever may
// see it. All who follow share this look; each looks for themselves only after it found something.
func (l *liveOrg) changes(ctx context.Context) <-chan struct{} {
	whole := &liveOrg{s: l.s, org: l.org, limit: MaxAttention}
	_, wake := l.s.live.join(ctx, "organization "+l.org, func() liveSource {
		return liveSource{look: func(ctx context.Context) (*liveState, error) {
			state, err := whole.look(WithActor(ctx, SystemActor))
			if err == nil {
				for i := range state.facts {
					state.facts[i].data = nil // nobody is told of it
				}
			}
			return state, err
		}}
	})
	return wake
}

// digestOfRoles differs when the rights of somebody do.
func digestOfRoles(a Actor) string {
	raw, err := json.Marshal(a.Roles) // sorted by key
	if err != nil {
		return "" // strings never fail
	}
	sum := sha256.Sum256(raw)
	return base64.RawURLEncoding.EncodeToString(sum[:12])
}
