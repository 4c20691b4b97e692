package api

// Schedule is something that happens by the clock.
type Schedule struct {
	ID         string       `json:"id" doc:"Id, such as drift.shop.production"`
	Kind       string       `json:"kind" enum:"cleanup,retention,drift,pipeline,deployment" doc:"What happens"`
	What       string       `json:"what" doc:"What happens, in words"`
	AppID      string       `json:"app_id,omitempty" doc:"Application; absent for what concerns the Organization"`
	EnvID      string       `json:"env_id,omitempty" doc:"Environment"`
	PipelineID string       `json:"pipeline_id,omitempty" doc:"Pipeline"`
	Every      string       `json:"every,omitempty" doc:"Time between two runs"`
	Cron       string       `json:"cron,omitempty" doc:"Five fields, in time_zone"`
	TimeZone   string       `json:"time_zone,omitempty" doc:"Time zone of the IANA database"`
	At         *Time        `json:"at,omitempty" doc:"When it happens, once"`
	Overlap    string       `json:"overlap" enum:"skip,buffer_one" doc:"What becomes of a time that comes while the run before goes on: it is left out, or waits for its end"`
	CatchUp    string       `json:"catch_up" doc:"How late a time that was missed is made up for"`
	Paused     bool         `json:"paused" doc:"Nothing happens"`
	Note       string       `json:"note" doc:"Why it is paused, or was resumed"`
	InSync     bool         `json:"in_sync" doc:"The workflow engine has it as it is here; otherwise it will within minutes"`
	Next       []Time       `json:"next" doc:"The next times, soonest first; empty when paused or while the workflow engine is away"`
	Last       *ScheduleRun `json:"last,omitempty" doc:"The newest run, without its status"`
	Missed     int          `json:"missed,omitempty" doc:"How many times were too old to be made up for; only of a single schedule"`
	Skipped    int          `json:"skipped,omitempty" doc:"How many times came while the run before went on; only of a single schedule"`
}

// ScheduleRun is one time of a schedule.
type ScheduleRun struct {
	At         Time   `json:"at" doc:"When it was due"`
	StartedAt  Time   `json:"started_at" doc:"When it began"`
	WorkflowID string `json:"workflow_id" doc:"Id of the workflow"`
	RunID      string `json:"run_id" doc:"Id of the run of the workflow"`
	Status     string `json:"status,omitempty" doc:"running, completed, failed, cancelled, terminated, timed out, or forgotten when it was too long ago"`
	ClosedAt   *Time  `json:"closed_at,omitempty" doc:"When it ended"`
}

// ScheduleNote says why a schedule is paused or resumed.
type ScheduleNote struct {
	Note string `json:"note,omitempty" doc:"Why; at most 500 bytes"`
}

// RetentionRule says how long records of one kind are kept.
type RetentionRule struct {
	For    string `json:"for" doc:"How long, such as 90d; 0 = for ever"`
	Newest int    `json:"newest,omitempty" doc:"So many stay however old they are: of each Environment, pipeline or resource"`
}

// RetentionSettings say what of the records of an Organization is kept for how long.
type RetentionSettings struct {
	Enabled  bool                     `json:"enabled" doc:"Old records are deleted by the clock"`
	Cron     string                   `json:"cron" doc:"When: five fields, in time_zone"`
	TimeZone string                   `json:"time_zone" doc:"Time zone of the IANA database"`
	Rules    map[string]RetentionRule `json:"rules" doc:"By kind of record"`
}

// RetentionChange changes what is kept; what is absent stays as it is.
type RetentionChange struct {
	Enabled  *bool                    `json:"enabled,omitempty" doc:"Old records are deleted by the clock"`
	Cron     string                   `json:"cron,omitempty" doc:"When: five fields, in time_zone"`
	TimeZone string                   `json:"time_zone,omitempty" doc:"Time zone of the IANA database"`
	Rules    map[string]RetentionRule `json:"rules,omitempty" doc:"By kind of record; kinds that are absent stay as they are"`
}

// RetentionRunRequest asks for a round of retention.
type RetentionRunRequest struct {
	DryRun bool `json:"dry_run,omitempty" doc:"Count what would be deleted, and delete nothing"`
}

// RetentionResult is what a round found of one kind of record.
type RetentionResult struct {
	Kind   string `json:"kind" doc:"Kind of record"`
	Before Time   `json:"before" doc:"Older ones were looked for"`
	Found  int    `json:"found" doc:"How many were deleted, or, of a dry run, would be"`
	Done   bool   `json:"done" doc:"All of this kind were looked at"`
}

// RetentionRun is a round in which old records are deleted.
type RetentionRun struct {
	ID         string            `json:"id" doc:"Id"`
	Cause      string            `json:"cause" enum:"request,schedule" doc:"What caused it"`
	DryRun     bool              `json:"dry_run" doc:"Nothing was deleted"`
	Status     string            `json:"status" enum:"running,succeeded,failed" doc:"Status"`
	Phase      string            `json:"phase,omitempty" doc:"Kind of record that it is at"`
	Message    string            `json:"message,omitempty" doc:"Why it failed"`
	Results    []RetentionResult `json:"results" doc:"What it found so far"`
	CreatedAt  Time              `json:"created_at" doc:"Begin"`
	CreatedBy  string            `json:"created_by" doc:"Who asked for it"`
	FinishedAt *Time             `json:"finished_at,omitempty" doc:"End"`
}
