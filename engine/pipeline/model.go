package pipeline

// Defaults of a run, in minutes. A job and a step have no limit of their own unless they name one; the run's limit holds
// for everything in it.
const DefaultTimeoutMinutes = 60

// MaxTimeoutMinutes is the longest limit that a document may ask for: 31 days.
const MaxTimeoutMinutes = 31 * 24 * 60

// Names of triggers, as they stand under `on`, in a pipeline's trigger_types and in a run's trigger.
const (
	TriggerDeploymentRequest = "deployment_request"
	TriggerPipelineCall      = "pipeline_call"
	TriggerArtefact          = "artefact"
	TriggerSchedule          = "schedule"
)

// Document is a parsed pipeline. Every text that may hold expressions is kept as it was written; [Evaluate] and
// [Condition] read it when it is needed.
type Document struct {
	// Name is what people read.
	Name string
	// ID is the id that the document asks for; empty leaves it to the server.
	ID string
	// Metadata is free text by key.
	Metadata map[string]string
	// TimeoutMinutes limits the whole run; [DefaultTimeoutMinutes] when the document says nothing.
	TimeoutMinutes int
	// ConcurrencyGroup is a text with expressions (contexts inputs, pipeline, app, run). Runs of one group in one
	// application take place one after another. Empty means no group.
	ConcurrencyGroup string
	Permissions      Permissions
	On               Triggers
	// Env are values for the context env, as they were written (contexts inputs, pipeline, app, run).
	Env map[string]any
	// Jobs are in the order of the document. Their needs have no cycle and name existing jobs.
	Jobs []Job
}

// Permissions say as whom a run acts. The zero value gives no role at all.
type Permissions struct {
	// Inherit is `run-as: inherit`: the run acts with the roles of whoever started it.
	Inherit bool
	// Application is viewer, developer or owner; empty gives no role on the application.
	Application string
	// EnvTypes is the role by environment type; the only role is deployer.
	EnvTypes map[string]string
}

// Triggers are what starts runs. At least one is set.
type Triggers struct {
	// DeploymentRequest is set when the pipeline can be chosen for deployment requests by criteria.
	DeploymentRequest bool
	// PipelineCall is set when runs can be started by name.
	PipelineCall *PipelineCall
	// Artefact is set when new artefact versions start runs.
	Artefact *Artefact
	// Schedules start runs by the clock.
	Schedules []Schedule
}

// Types returns the names of the triggers that are set, sorted.
func (t Triggers) Types() []string {
	out := []string{}
	if t.Artefact != nil {
		out = append(out, TriggerArtefact)
	}
	if t.DeploymentRequest {
		out = append(out, TriggerDeploymentRequest)
	}
	if t.PipelineCall != nil {
		out = append(out, TriggerPipelineCall)
	}
	if len(t.Schedules) > 0 {
		out = append(out, TriggerSchedule)
	}
	return out
}

// PipelineCall declares what a caller may and must give. No inputs means that none are accepted.
type PipelineCall struct {
	Inputs map[string]Input
}

// Types of inputs.
const (
	InputString  = "string"
	InputNumber  = "number"
	InputInteger = "integer"
	InputBoolean = "boolean"
	InputObject  = "object"
	InputArray   = "array"
)

// Input is one declared input of a pipeline.
type Input struct {
	// Type is one of the Input constants; string when the document says nothing.
	Type        string
	Description string
	Required    bool
	// Default is what an absent input becomes. It is nil when there is none (HasDefault tells).
	Default    any
	HasDefault bool
}

// Artefact chooses the artefact versions that start a run. Names and refs are matched as a whole by regular expressions.
type Artefact struct {
	// Type is container or workload.
	Type string
	// Include holds one pattern or more; one of them must match the name.
	Include []string
	// Exclude may be empty; none of them may match the name.
	Exclude []string
	// MatchRef must match the version's ref; empty matches all.
	MatchRef string
}

// Schedule starts runs by the clock.
type Schedule struct {
	// Cron has the five usual fields, or is one of @hourly, @daily, @weekly, @monthly, @yearly.
	Cron string
	// TimeZone is a name of the IANA database; UTC when the document says nothing.
	TimeZone string
	// Inputs are given to the run (no expressions).
	Inputs map[string]any
}

// Job is a sequence of steps. Jobs that do not need each other run side by side.
type Job struct {
	ID   string
	Name string
	// Needs are the ids of jobs that must end first.
	Needs []string
	// If is a condition ([Condition]); empty means success().
	If string
	// ContinueOnError keeps a failure of this job from failing the run and from skipping the jobs that need it.
	ContinueOnError bool
	// TimeoutMinutes limits the job; 0 means no limit but the run's.
	TimeoutMinutes int
	// Env are values for the context env, over those of the document.
	Env map[string]any
	// Outputs are evaluated after the last step; other jobs read them as needs.<job>.outputs.<name>.
	Outputs map[string]any
	Steps   []Step
}

// Step is one use of an action.
type Step struct {
	// Index is its place in the job, from 0.
	Index int
	// ID names the step in expressions (steps.<id>); empty when it has none.
	ID   string
	Name string
	// If is a condition ([Condition]); empty means success().
	If string
	// Uses is the text of the document.
	Uses string
	// Action is the action that Uses names.
	Action ActionRef
	// With are the inputs of the action, with expressions as they were written. Evaluate it with [Evaluate], then let
	// [Action.Check] judge the result.
	With map[string]any
	// Env are values for the context env, over those of the job.
	Env             map[string]any
	ContinueOnError bool
	// TimeoutMinutes limits the step; 0 means no limit but the job's and the run's.
	TimeoutMinutes int
}

// ActionRef names an action and its version.
type ActionRef struct {
	// Name is such as "humanitec/apply".
	Name string
	// Version is such as "v1".
	Version string
}

// String returns name@version.
func (r ActionRef) String() string { return r.Name + "@" + r.Version }

// DisplayName is what a step is called where the document gives no name.
func (s Step) DisplayName() string {
	switch {
	case s.Name != "":
		return s.Name
	case s.ID != "":
		return s.ID
	}
	return s.Action.Name
}

// Job returns the job with an id.
func (d *Document) Job(id string) (Job, bool) {
	for _, job := range d.Jobs {
		if job.ID == id {
			return job, true
		}
	}
	return Job{}, false
}
