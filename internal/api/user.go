package api

// CurrentUser is the profile of the user that a token belongs to.
type CurrentUser struct {
	ID         string            `json:"id" doc:"Id of the user"`
	Name       string            `json:"name" doc:"Display name"`
	Email      string            `json:"email,omitempty" doc:"E-mail address, when known"`
	Type       string            `json:"type" enum:"user,service,system" doc:"Kind of user"`
	CreatedAt  Time              `json:"created_at" doc:"When the user was created"`
	Properties map[string]any    `json:"properties" doc:"Free properties that clients keep with the user"`
	Roles      map[string]string `json:"roles" doc:"Role of the user by object, for example /orgs/acme/apps/shop"`
}

// UpdateCurrentUserRequest changes the profile of the current user. Absent
// fields stay as they are.
type UpdateCurrentUserRequest struct {
	Name       *string        `json:"name,omitempty" doc:"New display name"`
	Properties map[string]any `json:"properties,omitempty" doc:"Replaces all properties"`
}
