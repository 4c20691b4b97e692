package api

// Environment is one place an Application is deployed to.
type Environment struct {
	ID              string      `json:"id" doc:"Id of the Environment"`
	Name            string      `json:"name" doc:"Display name"`
	Type            string      `json:"type" doc:"Id of its Environment Type"`
	CreatedAt       Time        `json:"created_at" doc:"When it was created"`
	CreatedBy       string      `json:"created_by" doc:"Id of the user who created it"`
	FromDeploy      *Deployment `json:"from_deploy,omitempty" doc:"Deployment that the next one starts from; absent when none"`
	LastDeploy      *Deployment `json:"last_deploy,omitempty" doc:"Newest deployment; absent when none"`
	Status          string      `json:"status" enum:"active,deleting" doc:"Life-cycle status"`
	StatusChangedAt Time        `json:"status_changed_at" doc:"When the status last changed"`
	StatusMessage   string      `json:"status_message,omitempty" doc:"What a deletion is stuck on"`
	QueuePolicy     string      `json:"queue_policy,omitempty" enum:"queue,supersede,reject,freeze" doc:"What happens to a deployment while another one is unfinished"`
}

// CreateEnvironmentRequest asks for a new Environment.
type CreateEnvironmentRequest struct {
	ID           string `json:"id" doc:"Id: 2 to 50 lower-case letters, digits and single dashes"`
	Name         string `json:"name" doc:"Display name"`
	Type         string `json:"type,omitempty" doc:"Id of its Environment Type; that of the from_deploy_id's environment, or development, when absent"`
	FromDeployID string `json:"from_deploy_id,omitempty" doc:"Deployment of any environment of the Application that the first deployment starts from"`
}

// UpdateEnvironmentRequest changes the name of an Environment.
type UpdateEnvironmentRequest struct {
	Name *string `json:"name,omitempty" doc:"New display name"`
}

// EnvironmentType classifies environments.
type EnvironmentType struct {
	ID          string `json:"id" doc:"Id of the Environment Type"`
	Description string `json:"description" doc:"What environments of this type are for"`
}

// CreateEnvironmentTypeRequest asks for a new Environment Type.
type CreateEnvironmentTypeRequest struct {
	ID          string `json:"id" doc:"Id: lower-case letters, digits and single dashes, at least 2 characters"`
	Description string `json:"description,omitempty" doc:"What environments of this type are for"`
}

// UpdateEnvironmentTypeRequest changes the description of an Environment Type.
type UpdateEnvironmentTypeRequest struct {
	Description *string `json:"description,omitempty" doc:"New description"`
}

// QueuePolicy says what happens to a deployment that is requested while
// another one of the environment is unfinished.
type QueuePolicy struct {
	Policy string `json:"policy" enum:"queue,supersede,reject,freeze" doc:"queue: wait in line; supersede: replace those that wait; reject: answer 409; freeze: accept nothing"`
}

// Queue is what waits and runs in an environment.
type Queue struct {
	Policy      string       `json:"policy" enum:"queue,supersede,reject,freeze" doc:"The queue policy of the environment"`
	Deployments []Deployment `json:"deployments" doc:"Unfinished deployments, the one that runs or is next first"`
}
