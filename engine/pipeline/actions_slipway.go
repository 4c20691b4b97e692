package pipeline

// Names of actions of Slipway's own.
const (
	ActionSetValue          = "humanitec/set-value"
	ActionCreateEnvironment = "humanitec/create-environment"
	ActionDeleteEnvironment = "humanitec/delete-environment"
	ActionCallPipeline      = "humanitec/pipeline-call"
)

// ownActions are those that the published documentation does not have; actions/slipway/NAME is how to spell them.
var ownActions = []Action{
	{
		Ref: v1(ActionSetValue), Summary: "Sets a Shared Value of the application, or its override in an environment.",
		Inputs: []Field{
			{Name: "key", Type: InputString, Required: true, Description: "key of the value"},
			{Name: "value", Type: InputString, Description: "the value", Secret: true},
			{Name: "env_id", Type: InputString, Description: "environment whose override is set; the application's value when absent", Aliases: []string{"environment"}},
			{Name: "description", Type: InputString, Description: "description of a new value"},
			{Name: "secret", Type: InputBoolean, Description: "whether a new value is a secret; false when absent"},
		},
		Outputs: []Field{{Name: "key", Type: InputString, Description: "key of the value"}},
	},
	{
		Ref: v1(ActionCreateEnvironment), Summary: "Creates an environment; deploys nothing.",
		Inputs: []Field{
			{Name: "env_id", Type: InputString, Required: true, Description: "id of the new environment", Aliases: []string{"environment"}},
			{Name: "name", Type: InputString, Description: "name; the id when absent"},
			{Name: "type", Type: InputString, Description: "type; that of the environment it starts from, else development", Aliases: []string{"env_type"}},
			{Name: "from_env_id", Type: InputString, Description: "environment whose newest deployment it starts from"},
			{Name: "from_deployment_id", Type: InputString, Description: "deployment that it starts from"},
		},
		Outputs: []Field{{Name: "env_id", Type: InputString, Description: "the environment"}},
	},
	{
		Ref: v1(ActionDeleteEnvironment), Summary: "Deletes an environment with everything in it, and waits until it is gone.",
		Inputs: []Field{envField("environment to delete")},
		Waits:  true,
	},
	{
		Ref: v1(ActionCallPipeline), Summary: "Runs another pipeline of the application and waits for its end.",
		Inputs: []Field{
			{Name: "pipeline_id", Type: InputString, Required: true, Description: "pipeline with the trigger pipeline_call", Aliases: []string{"pipeline"}},
			{Name: "inputs", Type: InputObject, Description: "inputs of the run"},
		},
		Outputs: []Field{
			{Name: "run_id", Type: InputString, Description: "the run"},
			{Name: "status", Type: InputString, Description: "how it ended"},
		},
		Waits: true,
	},
}
