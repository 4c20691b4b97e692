package api

// Question is what a resource waits for a person to answer.
type Question struct {
	RunID        string         `json:"run_id" doc:"Run that stopped"`
	DeploymentID string         `json:"deployment_id" doc:"Deployment it belonged to"`
	Node         string         `json:"node" doc:"Resource key type.class#id"`
	Address      string         `json:"address" doc:"Terraform address of the object"`
	Action       string         `json:"action" doc:"What was under way: create or replace"`
	Inputs       map[string]any `json:"inputs,omitempty" doc:"What the provider was asked for, without secrets"`
	Why          string         `json:"why" doc:"What is known"`
}

// Answer answers one Question.
type Answer struct {
	Address string `json:"address" doc:"Address of the question"`
	Answer  string `json:"answer" enum:"import,retry,accept" doc:"import: it exists under id. retry: it does not exist. accept: the state is right as it is"`
	ID      string `json:"id,omitempty" doc:"For import: the id under which the provider knows it"`
}

// Answered says what an Answer led to.
type Answered struct {
	Last bool `json:"last" doc:"It was the last question of the run: deploy again"`
}
