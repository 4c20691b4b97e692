package api

// ResourceAccount is an account with a cloud or another provider. Its credentials are never answered.
type ResourceAccount struct {
	ID        string `json:"id" doc:"Id of the account"`
	Name      string `json:"name" doc:"Display name"`
	Type      string `json:"type" doc:"Type of the account"`
	IsUsed    bool   `json:"is_used" doc:"Whether a Resource Definition or an active resource refers to it"`
	CreatedAt Time   `json:"created_at" doc:"When it was created"`
	CreatedBy string `json:"created_by" doc:"Id of the user who created it"`
}

// CreateResourceAccountRequest asks for a new account.
type CreateResourceAccountRequest struct {
	ID          string         `json:"id" doc:"Id of the account"`
	Name        string         `json:"name" doc:"Display name"`
	Type        string         `json:"type" doc:"Type of the account"`
	Credentials map[string]any `json:"credentials" doc:"Credentials, as the type asks for; never answered"`
}

// UpdateResourceAccountRequest changes what it names.
type UpdateResourceAccountRequest struct {
	Name        *string        `json:"name,omitempty" doc:"Display name"`
	Credentials map[string]any `json:"credentials,omitempty" doc:"Credentials, replaced as a whole"`
}

// ResourceAccountType describes the credentials of accounts.
type ResourceAccountType struct {
	Type          string         `json:"type" doc:"Id of the type"`
	Name          string         `json:"name" doc:"Display name"`
	InputsSchema  map[string]any `json:"inputs_schema" doc:"JSON Schema of the credentials"`
	OutputsSchema map[string]any `json:"outputs_schema" doc:"JSON Schema of what drivers get"`
}

// ResourceAccountCheck is what a check found.
type ResourceAccountCheck struct {
	IdentityFields []ResourceAccountField `json:"identity_fields" doc:"Whose account it is"`
	Warnings       []string               `json:"warnings" doc:"What to know about it"`
}

// ResourceAccountField says one thing about whose account it is.
type ResourceAccountField struct {
	ID          string `json:"id" doc:"Name of the field"`
	Description string `json:"description" doc:"What it is"`
	Value       string `json:"value" doc:"Its value"`
}
