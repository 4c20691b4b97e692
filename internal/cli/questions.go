package cli

import (
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/spf13/cobra"

	"github.com/slipway-dev/slipway/internal/api"
	"github.com/slipway-dev/slipway/internal/client"
)

// answers are what can be said of an object that nobody can tell about any more.
var answers = []string{"import", "retry", "accept"}

func (a *app) questionsCommand() *cobra.Command {
	return &cobra.Command{
		Use: "questions", Short: "Show what resources wait for a person to answer", Args: noArgs,
		Long: "A Terraform run that died in the middle of a create stops when nobody can tell whether the object exists.\n" +
			"Look it up at the provider, then answer with `slipway resources answer`.",
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, s, err := a.within(needEnv...)
			if err != nil {
				return err
			}
			raw, err := client.Do[json.RawMessage](cmd.Context(), c, http.MethodGet, s.EnvPath("questions"), nil)
			if err != nil {
				return err
			}
			return a.showTable(raw, questionTable)
		},
	}
}

func questionTable(raw json.RawMessage) (*table, error) {
	var questions []api.Question
	if err := json.Unmarshal(raw, &questions); err != nil {
		return nil, fmt.Errorf("the answer is not what the API documents: %w", err)
	}
	t := newTable("RUN", "RESOURCE", "ADDRESS", "ACTION", "WHY")
	for _, q := range questions {
		t.add(q.RunID, q.Node, q.Address, q.Action, q.Why)
	}
	return t, nil
}

func (a *app) answerCommand() *cobra.Command {
	return &cobra.Command{
		Use: "answer RUN ADDRESS import|retry|accept [ID]", Short: "Answer what a stopped run wants to know", Args: args("RUN", "ADDRESS", "ANSWER", "[ID]"),
		Long: "import ID: the object exists under this id and is taken over. retry: it does not exist and is made again.\n" +
			"accept: the state is right as it is. After the last answer deploy again.",
		Example:   "  slipway resources answer run-1 aws_s3_bucket.main import my-bucket",
		ValidArgs: answers,
		RunE: func(cmd *cobra.Command, given []string) error {
			c, s, err := a.within(needEnv...)
			if err != nil {
				return err
			}
			in := api.Answer{Address: given[1], Answer: given[2]}
			if len(given) == 4 {
				in.ID = given[3]
			}
			out, err := client.Do[api.Answered](cmd.Context(), c, http.MethodPost, s.EnvPath("questions", given[0]), in)
			if err != nil {
				return err
			}
			a.say("answered: %s of %s", given[2], given[1])
			if out.Last {
				a.say("that was the last question of this run; deploy again: slipway deploy again")
			}
			return nil
		},
	}
}
