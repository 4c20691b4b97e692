package orchestrator

import (
	"context"
	"slices"
)

// Question is what a run that stopped for a person wants to know: whether an
// object exists that nobody can tell about any more.
type Question struct {
	RunID        string
	GUResID      string
	DeploymentID string
	Node         string // resource key
	Address      string // Terraform's
	Action       string // create | replace
	Inputs       map[string]any
	Why          string
}

// Questions is where runs ask and are answered.
type Questions interface {
	// Open lists the questions of all stopped runs of an organization.
	Open(ctx context.Context, org string) ([]Question, error)
	// Answer answers one with import (and the id), retry or accept, and reports
	// whether that was the run's last one.
	Answer(ctx context.Context, org, runID, address, answer, id string) (last bool, err error)
}

// OpenQuestions lists what the resources of an environment wait for a person to
// answer.
func (s *Service) OpenQuestions(ctx context.Context, ref EnvRef) ([]Question, error) {
	if err := s.requireEnvReader(ctx, ref); err != nil {
		return nil, err
	}
	if s.questions == nil {
		return []Question{}, nil
	}
	resources, err := everything(ctx, s.store, ref)
	if err != nil {
		return nil, err
	}
	here := map[string]bool{}
	for _, r := range resources {
		here[r.GUResID] = true
	}
	all, err := s.questions.Open(ctx, ref.OrgID)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(all, func(q Question) bool { return !here[q.GUResID] }), nil
}

// AnswerQuestion answers one question of the environment. When it was the last
// one of its run, the resource can be deployed again.
func (s *Service) AnswerQuestion(ctx context.Context, ref EnvRef, runID, address, answer, id string) (last bool, err error) {
	if err := s.requireEnvDeployer(ctx, ref); err != nil {
		return false, err
	}
	open, err := s.OpenQuestions(ctx, ref)
	if err != nil {
		return false, err
	}
	at := slices.IndexFunc(open, func(q Question) bool { return q.RunID == runID && q.Address == address })
	if at < 0 {
		return false, NotFoundf("no run %q of environment %q asks about %q", runID, ref.EnvID, address)
	}
	last, err = s.questions.Answer(ctx, ref.OrgID, runID, address, answer, id)
	if err != nil {
		return false, err
	}
	// The runner keeps the answer, not the database of the records: the entry
	// can only follow it.
	err = s.audit(ctx, Change{
		Org: ref.OrgID, Action: "answer", Type: "question", Object: EnvObject(ref) + "/questions/" + runID,
		After: map[string]any{"address": address, "answer": answer, "id": id},
	})
	if err != nil {
		return false, err
	}
	s.sayAnswered(ctx, ref, open[at], answer)
	s.log.InfoContext(ctx, "question answered", "run", runID, "address", address, "answer", answer, "by", ActorFrom(ctx).UserID)
	return last, nil
}
