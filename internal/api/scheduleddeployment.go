package api

// ScheduledDeployment is an order to deploy at a time, or again and again.
type ScheduledDeployment struct {
	ID           string `json:"id" doc:"Id"`
	ScheduleID   string `json:"schedule_id" doc:"Id of its schedule, which can be paused; there is none when it is over"`
	EnvID        string `json:"env_id" doc:"Environment that is deployed to"`
	SetID        string `json:"set_id,omitempty" doc:"Deployment Set that is deployed"`
	DeltaID      string `json:"delta_id,omitempty" doc:"Deployment Delta that is deployed"`
	FromEnv      string `json:"from_env,omitempty" doc:"Environment whose newest succeeded deployment is deployed, as it is then"`
	Comment      string `json:"comment" doc:"Comment of its deployments"`
	At           *Time  `json:"at,omitempty" doc:"When, once"`
	Cron         string `json:"cron,omitempty" doc:"When, again and again: five fields, in time_zone"`
	TimeZone     string `json:"time_zone,omitempty" doc:"Time zone of the IANA database"`
	Status       string `json:"status" enum:"active,done,failed,missed" doc:"What becomes of it"`
	Message      string `json:"message,omitempty" doc:"Why it was refused last"`
	LastAt       *Time  `json:"last_at,omitempty" doc:"The time that was done last"`
	LastDeployID string `json:"last_deploy_id,omitempty" doc:"The deployment that it made last"`
	CreatedAt    Time   `json:"created_at" doc:"When it was ordered"`
	CreatedBy    string `json:"created_by" doc:"Who ordered it; it is done with the roles that they have then"`
}

// CreateScheduledDeploymentRequest orders a deployment. With none of set_id, delta_id and from_env the Environment's base is deployed again.
type CreateScheduledDeploymentRequest struct {
	SetID    string `json:"set_id,omitempty" doc:"Deployment Set to deploy"`
	DeltaID  string `json:"delta_id,omitempty" doc:"Deployment Delta to deploy"`
	FromEnv  string `json:"from_env,omitempty" doc:"Deploy what the newest succeeded deployment of this Environment brought"`
	Comment  string `json:"comment,omitempty" doc:"Comment of its deployments"`
	At       *Time  `json:"at,omitempty" doc:"When, once; this or cron"`
	Cron     string `json:"cron,omitempty" doc:"When, again and again: five fields, in time_zone"`
	TimeZone string `json:"time_zone,omitempty" doc:"Time zone of the IANA database; UTC when absent"`
}
