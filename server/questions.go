package server

import (
	"github.com/slipway-dev/slipway/internal/api"
	"github.com/slipway-dev/slipway/orchestrator"
)

// questionRoutes are for what stopped because nobody can tell whether an object exists.
func questionRoutes() []Route {
	const list = envPath + "/questions"
	return tagged("Active Resources", []Route{
		answer(Route{Method: "GET", Path: list, OperationID: "listQuestions",
			Summary: "List what resources of an Environment wait for a person to answer"}, listQuestions),
		accept(Route{Method: "POST", Path: list + "/{runId}", OperationID: "answerQuestion",
			Summary: "Answer one question of a stopped run: import, retry or accept"}, answerQuestion),
	})
}

func listQuestions(c *Call) ([]api.Question, error) {
	return asList(wireQuestion)(c.Service.OpenQuestions(c.Context(), c.Env()))
}

func answerQuestion(c *Call, in api.Answer) (api.Answered, error) {
	last, err := c.Service.AnswerQuestion(c.Context(), c.Env(), c.Param("runId"), in.Address, in.Answer, in.ID)
	return api.Answered{Last: last}, err
}

func wireQuestion(q orchestrator.Question) api.Question {
	return api.Question{
		RunID: q.RunID, DeploymentID: q.DeploymentID, Node: q.Node, Address: q.Address, Action: q.Action, Inputs: q.Inputs, Why: q.Why,
	}
}
