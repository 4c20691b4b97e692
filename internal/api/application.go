package api

// Application groups environments that run the same workloads.
type Application struct {
	ID              string            `json:"id" doc:"Id of the Application"`
	Name            string            `json:"name" doc:"Display name"`
	OrgID           string            `json:"org_id" doc:"Organization it belongs to"`
	CreatedAt       Time              `json:"created_at" doc:"When it was created"`
	CreatedBy       string            `json:"created_by" doc:"Id of the user who created it"`
	Envs            []EnvironmentBase `json:"envs" doc:"Its environments"`
	Status          string            `json:"status" enum:"active,deleting" doc:"Life-cycle status"`
	StatusChangedAt Time              `json:"status_changed_at" doc:"When the status last changed"`
	StatusMessage   string            `json:"status_message,omitempty" doc:"What a deletion is stuck on"`
}

// EnvironmentBase names an environment and its type.
type EnvironmentBase struct {
	ID   string `json:"id" doc:"Id of the Environment"`
	Name string `json:"name" doc:"Display name"`
	Type string `json:"type" doc:"Id of its Environment Type"`
}

// CreateApplicationRequest asks for a new Application.
type CreateApplicationRequest struct {
	ID                      string           `json:"id" doc:"Id: 2 to 50 lower-case letters, digits and single dashes"`
	Name                    string           `json:"name" doc:"Display name"`
	Env                     *EnvironmentBase `json:"env,omitempty" doc:"First environment; development when absent"`
	SkipEnvironmentCreation bool             `json:"skip_environment_creation,omitempty" doc:"Create no environment at all"`
}

// UpdateApplicationRequest changes the name of an Application.
type UpdateApplicationRequest struct {
	Name string `json:"name" doc:"New display name"`
}
