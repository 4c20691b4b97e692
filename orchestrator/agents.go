package orchestrator

import (
	"context"
	"slices"
	"strings"
)

const agentKeyBits = 4096 // published API

// ListAgents lists the agents of an organization by id; with a fingerprint, the
// one that has the key.
func (s *Service) ListAgents(ctx context.Context, org, fingerprint string) ([]Agent, error) {
	if err := s.requireOrg(ctx, org); err != nil {
		return nil, err
	}
	agents, err := s.store.ListAgents(ctx, org)
	if err != nil || fingerprint == "" {
		return agents, err
	}
	keys, err := s.store.ListAgentKeys(ctx, org, "")
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(agents, func(a Agent) bool {
		return !slices.ContainsFunc(keys, func(k AgentKey) bool { return k.AgentID == a.ID && strings.EqualFold(k.Fingerprint, fingerprint) })
	}), nil
}

// CreateAgent registers an agent with its first key.
func (s *Service) CreateAgent(ctx context.Context, org, id, description, key string) (*Agent, error) {
	if err := s.requireOrgPerm(ctx, org, PermAgentsManage); err != nil {
		return nil, err
	}
	if err := checkSlug("id", id, maxKey); err != nil {
		return nil, err
	}
	if err := checkText("description", description); err != nil {
		return nil, err
	}
	a := &Agent{OrgID: org, ID: id, Description: description, CreatedAt: s.now(), CreatedBy: ActorFrom(ctx).UserID}
	k, err := s.agentKey(ctx, org, id, key)
	if err != nil {
		return nil, err
	}
	return a, s.store.InTx(ctx, func(ctx context.Context) error {
		if err := s.store.CreateAgent(ctx, a); err != nil {
			return err
		}
		if err := s.addAgentKey(ctx, k); err != nil {
			return err
		}
		return s.audit(ctx, created(org, "agent", agentObjectPath(org, id), map[string]any{"agent": a, "fingerprint": k.Fingerprint}))
	})
}

func agentObjectPath(org, id string) string { return OrgObject(org) + "/agents/" + id }

// DescribeAgent changes the description of an agent, which has to be given.
func (s *Service) DescribeAgent(ctx context.Context, org, id string, description *string) (*Agent, error) {
	if err := s.requireOrgPerm(ctx, org, PermAgentsManage); err != nil {
		return nil, err
	}
	if description == nil {
		return nil, Invalidf("description: it is required")
	}
	if err := checkText("description", *description); err != nil {
		return nil, err
	}
	var a *Agent
	err := s.inTxAgain(ctx, func(ctx context.Context) (err error) {
		if a, err = s.store.GetAgent(ctx, org, id); err != nil {
			return err
		}
		before := snapshot(a)
		a.Description = *description
		if err := stale(s.store.UpdateAgent(ctx, a)); err != nil {
			return err
		}
		return s.audit(ctx, updated(org, "agent", agentObjectPath(org, id), before, a))
	})
	if err != nil {
		return nil, err
	}
	return a, nil
}

// DeleteAgent deletes an agent with its keys.
func (s *Service) DeleteAgent(ctx context.Context, org, id string) error {
	if err := s.requireOrgPerm(ctx, org, PermAgentsManage); err != nil {
		return err
	}
	return s.audited(ctx, func(ctx context.Context) (Change, error) {
		before, err := s.store.GetAgent(ctx, org, id)
		if err != nil {
			return Change{}, err
		}
		return deleted(org, "agent", agentObjectPath(org, id), before), s.store.DeleteAgent(ctx, org, id)
	})
}

// ListAgentKeys lists the keys of an agent, newest first.
func (s *Service) ListAgentKeys(ctx context.Context, org, agent string) ([]AgentKey, error) {
	if err := s.requireOrg(ctx, org); err != nil {
		return nil, err
	}
	if _, err := s.store.GetAgent(ctx, org, agent); err != nil {
		return nil, err
	}
	return s.store.ListAgentKeys(ctx, org, agent)
}

// CreateAgentKey adds a key to an agent.
func (s *Service) CreateAgentKey(ctx context.Context, org, agent, key string) (*AgentKey, error) {
	if err := s.requireOrgPerm(ctx, org, PermAgentsManage); err != nil {
		return nil, err
	}
	if _, err := s.store.GetAgent(ctx, org, agent); err != nil {
		return nil, err
	}
	k, err := s.agentKey(ctx, org, agent, key)
	if err != nil {
		return nil, err
	}
	return k, s.audited(ctx, func(ctx context.Context) (Change, error) {
		object := agentObjectPath(org, agent) + "/keys/" + k.Fingerprint
		return created(org, "agent-key", object, map[string]any{"fingerprint": k.Fingerprint, "expired_at": k.ExpiredAt}), s.addAgentKey(ctx, k)
	})
}

func (s *Service) agentKey(ctx context.Context, org, agent, key string) (*AgentKey, error) {
	fingerprint, err := readPublicKey("public_key", key, agentKeyBits)
	if err != nil {
		return nil, err
	}
	at := s.now()
	return &AgentKey{
		OrgID: org, AgentID: agent, Fingerprint: fingerprint, PublicKey: key, CreatedAt: at, CreatedBy: ActorFrom(ctx).UserID, ExpiredAt: keyEnd(at),
	}, nil
}

func (s *Service) addAgentKey(ctx context.Context, k *AgentKey) error {
	err := s.store.CreateAgentKey(ctx, k)
	if IsConflict(err) {
		return Conflictf("public_key: an agent of the organization has this key already (%s); every agent needs one of its own", k.Fingerprint)
	}
	return err
}

// DeleteAgentKey takes a key from an agent.
func (s *Service) DeleteAgentKey(ctx context.Context, org, agent, fingerprint string) error {
	if err := s.requireOrgPerm(ctx, org, PermAgentsManage); err != nil {
		return err
	}
	fingerprint = strings.ToLower(fingerprint)
	return s.audited(ctx, func(ctx context.Context) (Change, error) {
		change := deleted(org, "agent-key", agentObjectPath(org, agent)+"/keys/"+fingerprint, map[string]any{"fingerprint": fingerprint})
		return change, s.store.DeleteAgentKey(ctx, org, agent, fingerprint)
	})
}
