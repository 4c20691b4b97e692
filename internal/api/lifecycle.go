package api

// EnvironmentLifetime says what ends an Environment by itself.
type EnvironmentLifetime struct {
	ExpiresAt  *Time  `json:"expires_at,omitempty" doc:"When its time is over; absent when it has no such end"`
	WarnBefore string `json:"warn_before" doc:"How long before the end the event environment.expiring is sent; 0s is not at all"`
	IdleAfter  string `json:"idle_after" doc:"It ends when nothing was deployed to it for so long; 0s is never"`
	Protected  bool   `json:"protected" doc:"It is never removed by itself, whatever else is set"`
	EndsAt     *Time  `json:"ends_at,omitempty" doc:"When it ends as things are; absent when it does not end by itself"`
	Reason     string `json:"reason,omitempty" enum:"expired,idle" doc:"Why it ends then"`
}

// EnvironmentLifetimeChange changes what ends an Environment; what is absent stays.
type EnvironmentLifetimeChange struct {
	TTL        *string `json:"ttl,omitempty" doc:"Time to live from now on, such as 90m, 8h, 3d or 2w; 0s is no end by time"`
	ExtendBy   *string `json:"extend_by,omitempty" doc:"How much later than now set it ends"`
	WarnBefore *string `json:"warn_before,omitempty" doc:"How long before the end the event environment.expiring is sent; 0s is not at all"`
	IdleAfter  *string `json:"idle_after,omitempty" doc:"It ends when nothing was deployed to it for so long; 0s is never"`
	Protected  *bool   `json:"protected,omitempty" doc:"Never remove it by itself"`
}

// EnvironmentValue is a Shared Value that a new Environment overrides.
type EnvironmentValue struct {
	Key         string           `json:"key" doc:"Key that the Application has"`
	Value       *string          `json:"value,omitempty" doc:"The value; of a secret it is stored encrypted and never shown"`
	Description string           `json:"description,omitempty" doc:"What it is for"`
	IsSecret    bool             `json:"is_secret,omitempty" doc:"Whether it is a secret, as on the Application"`
	SecretRef   *SecretReference `json:"secret_ref,omitempty" doc:"Where a secret is kept instead of value"`
}

// CreateEnvironmentRequestRequest asks for a new Environment as one durable process.
type CreateEnvironmentRequestRequest struct {
	ID             string             `json:"id" doc:"Id: 2 to 50 lower-case letters, digits and single dashes"`
	Name           string             `json:"name,omitempty" doc:"Display name; the id when absent"`
	Type           string             `json:"type,omitempty" doc:"Id of its Environment Type; that of what it starts from, or development, when absent"`
	FromEnv        string             `json:"from_env,omitempty" doc:"Environment whose newest succeeded deployment it starts from"`
	FromDeployID   string             `json:"from_deploy_id,omitempty" doc:"Deployment that it starts from, instead of from_env"`
	CopyValues     bool               `json:"copy_values,omitempty" doc:"Copy the Shared Values that from_env overrides: a clone"`
	Values         []EnvironmentValue `json:"values,omitempty" doc:"Shared Values to override, also those that are copied"`
	Deploy         bool               `json:"deploy,omitempty" doc:"Deploy at once"`
	Comment        string             `json:"comment,omitempty" doc:"Comment of that deployment"`
	OnFailure      string             `json:"on_failure,omitempty" enum:"keep,teardown" doc:"What becomes of the Environment when that deployment fails; keep when absent"`
	TTL            *string            `json:"ttl,omitempty" doc:"Time to live, such as 90m, 8h, 3d or 2w"`
	WarnBefore     *string            `json:"warn_before,omitempty" doc:"How long before the end the event environment.expiring is sent"`
	IdleAfter      *string            `json:"idle_after,omitempty" doc:"It ends when nothing was deployed to it for so long"`
	Protected      *bool              `json:"protected,omitempty" doc:"Never remove it by itself"`
	FreezeOverride string             `json:"freeze_override,omitempty" doc:"Why the deployment is to be accepted during a freeze window"`
}

// EnvironmentRequest is a request for an Environment and what became of it.
type EnvironmentRequest struct {
	ID                string                    `json:"id" doc:"Id of the request"`
	WorkflowID        string                    `json:"workflow_id,omitempty" doc:"Id of its workflow in Temporal"`
	EnvID             string                    `json:"env_id" doc:"Environment that was asked for"`
	Kind              string                    `json:"kind" enum:"create,clone,preview" doc:"What was asked for"`
	FromEnv           string                    `json:"from_env,omitempty" doc:"Environment that it started from"`
	FromDeployID      string                    `json:"from_deploy_id,omitempty" doc:"Deployment that it started from"`
	DeploymentID      string                    `json:"deployment_id,omitempty" doc:"Its first deployment, when one was asked for"`
	OnFailure         string                    `json:"on_failure" enum:"keep,teardown" doc:"What becomes of it when that fails"`
	Status            string                    `json:"status" enum:"in progress,succeeded,failed,cancelled" doc:"How far it is"`
	Phase             string                    `json:"phase" enum:"deploy,teardown,done" doc:"What is being done"`
	Message           string                    `json:"message,omitempty" doc:"Why it failed"`
	CreatedAt         Time                      `json:"created_at" doc:"When it was asked for"`
	CreatedBy         string                    `json:"created_by" doc:"Who asked"`
	CancelRequestedAt *Time                     `json:"cancel_requested_at,omitempty" doc:"When its end was asked for"`
	FinishedAt        *Time                     `json:"finished_at,omitempty" doc:"When it was over"`
	Events            []EnvironmentRequestEvent `json:"events" doc:"What happened, oldest first"`
}

// EnvironmentRequestEvent is one step of a request for an Environment.
type EnvironmentRequestEvent struct {
	Seq     int64  `json:"seq" doc:"Number, from 1"`
	At      Time   `json:"at" doc:"When"`
	Phase   string `json:"phase" doc:"Phase from then on"`
	Status  string `json:"status" doc:"Status from then on"`
	Message string `json:"message" doc:"What happened"`
}

// FreezeWindow is a recurring time in which Environments of a type accept no deployments.
type FreezeWindow struct {
	ID          string `json:"id" doc:"Id"`
	EnvType     string `json:"env_type" doc:"Environment Type"`
	Description string `json:"description" doc:"Why"`
	Cron        string `json:"cron" doc:"When it begins: minute, hour, day, month, weekday"`
	Duration    string `json:"duration" doc:"How long it lasts, by the clock on the wall"`
	TimeZone    string `json:"time_zone" doc:"Time zone of the IANA database"`
	OpenUntil   *Time  `json:"open_until,omitempty" doc:"When it ends; absent when it is not open now"`
	OpensNext   *Time  `json:"opens_next,omitempty" doc:"When it opens next"`
	CreatedAt   Time   `json:"created_at" doc:"When it was made"`
	CreatedBy   string `json:"created_by" doc:"Who made it"`
}

// CreateFreezeWindowRequest asks for a freeze window.
type CreateFreezeWindowRequest struct {
	Description string `json:"description,omitempty" doc:"Why"`
	Cron        string `json:"cron" doc:"When it begins: minute, hour, day, month, weekday, such as 0 16 * * 5"`
	Duration    string `json:"duration" doc:"How long it lasts, such as 64h or 2d16h; 1m to 31d"`
	TimeZone    string `json:"time_zone,omitempty" doc:"Time zone of the IANA database, such as Europe/Berlin; UTC when absent"`
}

// ApplicationStatus is what an Application runs where.
type ApplicationStatus struct {
	Environments []EnvironmentStatus `json:"environments" doc:"Environments, along the promotion path first"`
	Path         []PromotionStation  `json:"path" doc:"The promotion path; empty when none is set"`
}

// EnvironmentStatus is what one Environment runs.
type EnvironmentStatus struct {
	ID          string           `json:"id" doc:"Id"`
	Name        string           `json:"name" doc:"Display name"`
	Type        string           `json:"type" doc:"Environment Type"`
	Status      string           `json:"status" doc:"active or deleting"`
	QueuePolicy string           `json:"queue_policy" doc:"What happens to a deployment while another one is unfinished"`
	Running     *Deployment      `json:"running,omitempty" doc:"The newest deployment that succeeded"`
	LastDeploy  *Deployment      `json:"last_deploy,omitempty" doc:"The newest deployment"`
	Workloads   []WorkloadStatus `json:"workloads" doc:"What the running deployment brought"`
	FrozenUntil *Time            `json:"frozen_until,omitempty" doc:"When the freeze window that is open ends"`
	EndsAt      *Time            `json:"ends_at,omitempty" doc:"When it ends by itself"`
	EndReason   string           `json:"end_reason,omitempty" enum:"expired,idle" doc:"Why it ends then"`
	Protected   bool             `json:"protected" doc:"Never removed by itself"`
}

// WorkloadStatus is one workload with its images.
type WorkloadStatus struct {
	ID         string            `json:"id" doc:"Workload"`
	Containers []ContainerStatus `json:"containers" doc:"Its containers"`
}

// ContainerStatus is one container.
type ContainerStatus struct {
	ID    string `json:"id" doc:"Container"`
	Image string `json:"image" doc:"Image that it runs"`
}

// PromotionStep is one station of a promotion path: an Environment, or all of a type.
type PromotionStep struct {
	Env  string `json:"env,omitempty" doc:"Environment"`
	Type string `json:"type,omitempty" doc:"Environment Type"`
}

// PromotionStation is a station with its Environments.
type PromotionStation struct {
	Env          string   `json:"env,omitempty" doc:"Environment"`
	Type         string   `json:"type,omitempty" doc:"Environment Type"`
	Environments []string `json:"environments" doc:"Environments that are there now"`
}

// PromotionPath is the order in which an Application is promoted.
type PromotionPath struct {
	Steps []PromotionStation `json:"steps" doc:"Stations, first to last"`
}

// SetPromotionPathRequest sets a promotion path.
type SetPromotionPathRequest struct {
	Steps []PromotionStep `json:"steps" doc:"Stations, first to last; none removes the path"`
}

// PreviewRule makes an Environment for each branch that an image is pushed for.
type PreviewRule struct {
	ID         string `json:"id" doc:"Id"`
	BaseEnv    string `json:"base_env" doc:"Environment that previews start from"`
	Type       string `json:"type" doc:"Environment Type of previews"`
	MatchRef   string `json:"match_ref" doc:"Regular expression on refs/heads/<branch>"`
	TTL        string `json:"ttl" doc:"Their time to live; 0s is no end by time"`
	WarnBefore string `json:"warn_before" doc:"How long before the end the event environment.expiring is sent"`
	IdleAfter  string `json:"idle_after" doc:"They end when nothing was deployed to them for so long; 0s is never"`
	OnFailure  string `json:"on_failure" enum:"keep,teardown" doc:"What becomes of one whose first deployment fails"`
	CreatedAt  Time   `json:"created_at" doc:"When it was made"`
	CreatedBy  string `json:"created_by" doc:"Who made it"`
}

// CreatePreviewRuleRequest asks for a preview rule.
type CreatePreviewRuleRequest struct {
	BaseEnv    string  `json:"base_env" doc:"Environment that previews start from"`
	Type       string  `json:"type,omitempty" doc:"Environment Type of previews; that of the base when absent"`
	MatchRef   string  `json:"match_ref" doc:"Regular expression (RE2) on refs/heads/<branch>"`
	TTL        *string `json:"ttl,omitempty" doc:"Their time to live, such as 3d; this or idle_after is needed"`
	WarnBefore *string `json:"warn_before,omitempty" doc:"How long before the end the event environment.expiring is sent"`
	IdleAfter  *string `json:"idle_after,omitempty" doc:"They end when nothing was deployed to them for so long"`
	OnFailure  string  `json:"on_failure,omitempty" enum:"keep,teardown" doc:"What becomes of one whose first deployment fails; keep when absent"`
}
