package runner

import (
	"context"
	"encoding/json"
	"strings"

	"github.com/slipway-dev/slipway/internal/runner/record"
	"github.com/slipway-dev/slipway/orchestrator"
)

// Question is one address of which nobody knows whether it was created.
type Question struct {
	RunID, GUResID, Node, DeploymentID string
	// Address is Terraform's.
	Address string
	// Action is create or replace.
	Action string
	// Inputs is what the provider was asked to create, secrets masked; nil when it cannot be told.
	Inputs map[string]any
	// Why says what is known.
	Why string
}

// Answers of Resolve.
const (
	// AnswerImport: the object exists under the given id and is taken into the state.
	AnswerImport = record.Import
	// AnswerRetry: the object does not exist (or was removed by hand); it is created.
	AnswerRetry = record.Retry
	// AnswerAccept: the state is right as it is. The next run ends with the
	// outputs of the newest snapshot and creates nothing; whether a later
	// deployment creates the address is up to its plan.
	AnswerAccept = record.Accept
)

// Stopped lists the questions of a run; empty when it waits for nobody.
func (s *Service) Stopped(ctx context.Context, org, runID string) ([]Question, error) {
	run, err := s.store.GetRun(ctx, org, runID)
	if err != nil || run.Status != record.Stopped {
		return nil, err
	}
	entries, err := s.store.Journal(ctx, org, run.GUResID)
	if err != nil {
		return nil, err
	}
	return s.questionsOf(run, entries), nil
}

// questionsOf are what a stopped run asks, by the journal of its resource.
func (s *Service) questionsOf(run *record.Run, entries []record.Entry) []Question {
	var out []Question
	for _, e := range entries {
		if e.Step != record.Uncertain {
			continue
		}
		q := Question{
			RunID: run.ID, GUResID: run.GUResID, Node: run.Node, DeploymentID: run.DeploymentID,
			Address: e.Address, Action: e.Action, Why: e.Note,
		}
		if len(e.Detail) > 0 {
			var raw json.RawMessage
			if unseal(s.keeper, detailAD(run.OrgID, run.GUResID, e.Address), e.Detail, &raw) == nil {
				_ = json.Unmarshal(raw, &q.Inputs) // without inputs the question stands all the same
			}
		}
		out = append(out, q)
	}
	return out
}

// AllQuestions lists the questions of all runs of an organization that wait for a
// person, those of the newest run first.
func (s *Service) AllQuestions(ctx context.Context, org string) ([]Question, error) {
	runs, err := s.store.StoppedRuns(ctx, org)
	if err != nil || len(runs) == 0 {
		return nil, err
	}
	resources := make([]string, 0, len(runs))
	for i := range runs {
		resources = append(resources, runs[i].GUResID)
	}
	entries, err := s.store.JournalsOf(ctx, org, resources)
	if err != nil {
		return nil, err
	}
	journals := map[string][]record.Entry{}
	for _, e := range entries {
		journals[e.GUResID] = append(journals[e.GUResID], e)
	}
	var out []Question
	for i := range runs {
		out = append(out, s.questionsOf(&runs[i], journals[runs[i].GUResID])...)
	}
	return out, nil
}

// Resolve answers one question of a stopped run; id is needed for AnswerImport
// only. It reports whether that was the last one: then the resource may be
// deployed again. CodeNotFound: the address is not in question. CodeConflict:
// the run waits for nobody.
func (s *Service) Resolve(ctx context.Context, org, runID, address, answer, id string) (bool, error) {
	switch answer {
	case AnswerImport:
		if strings.TrimSpace(id) == "" || strings.HasPrefix(id, "-") {
			return false, orchestrator.Errorf(orchestrator.CodeInvalid, "to import %s give the id under which its provider knows it", address)
		}
	case AnswerRetry, AnswerAccept:
		id = ""
	default:
		return false, orchestrator.Errorf(orchestrator.CodeInvalid, "%q is no answer; use import (with an id), retry or accept", answer)
	}
	return s.store.ResolveEntry(ctx, org, runID, address, answer, id, s.now())
}
