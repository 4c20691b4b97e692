package api

// ResourceType describes what can be asked for.
type ResourceType struct {
	Type          string         `json:"type" doc:"Id: a built-in name or <org>/<name>"`
	Name          string         `json:"name" doc:"Display name"`
	Category      string         `json:"category" doc:"Category, for display"`
	Use           string         `json:"use" enum:"direct,indirect,implicit" doc:"How resources of the type come about"`
	InputsSchema  map[string]any `json:"inputs_schema" doc:"JSON Schema of the parameters"`
	OutputsSchema map[string]any `json:"outputs_schema" doc:"JSON Schema of the outputs"`
}

// CreateResourceTypeRequest asks for a new Resource Type.
type CreateResourceTypeRequest struct {
	Type          string         `json:"type" doc:"Id: <org>/<name>"`
	Name          string         `json:"name,omitempty" doc:"Display name; the id when absent"`
	Category      string         `json:"category,omitempty" doc:"Category, for display"`
	Use           string         `json:"use" enum:"direct,indirect,implicit" doc:"How resources of the type come about"`
	InputsSchema  map[string]any `json:"inputs_schema,omitempty" doc:"JSON Schema of the parameters"`
	OutputsSchema map[string]any `json:"outputs_schema,omitempty" doc:"JSON Schema of the outputs"`
}

// UpdateResourceTypeRequest replaces a Resource Type.
type UpdateResourceTypeRequest struct {
	Name          string         `json:"name,omitempty" doc:"Display name; the id when absent"`
	Category      string         `json:"category,omitempty" doc:"Category, for display"`
	Use           string         `json:"use" enum:"direct,indirect,implicit" doc:"How resources of the type come about"`
	InputsSchema  map[string]any `json:"inputs_schema,omitempty" doc:"JSON Schema of the parameters"`
	OutputsSchema map[string]any `json:"outputs_schema,omitempty" doc:"JSON Schema of the outputs"`
}

// PatchResourceTypeRequest changes what it names.
type PatchResourceTypeRequest struct {
	Name          *string        `json:"name,omitempty" doc:"Display name"`
	Category      *string        `json:"category,omitempty" doc:"Category, for display"`
	Use           *string        `json:"use,omitempty" enum:"direct,indirect,implicit" doc:"How resources of the type come about"`
	InputsSchema  map[string]any `json:"inputs_schema,omitempty" doc:"JSON Schema of the parameters"`
	OutputsSchema map[string]any `json:"outputs_schema,omitempty" doc:"JSON Schema of the outputs"`
}

// ResourceClass is a documented class of a Resource Type.
type ResourceClass struct {
	ID           string `json:"id" doc:"Id of the class"`
	ResourceType string `json:"resource_type" doc:"Resource Type it belongs to"`
	Description  string `json:"description" doc:"When to use it"`
	CreatedAt    Time   `json:"created_at" doc:"When it was created"`
	CreatedBy    string `json:"created_by" doc:"Id of the user who created it"`
}

// CreateResourceClassRequest asks for a new Resource Class.
type CreateResourceClassRequest struct {
	ID          string `json:"id" doc:"Id: 2 to 63 lower-case letters, digits and dashes"`
	Description string `json:"description" doc:"When to use it"`
}

// UpdateResourceClassRequest changes the description of a Resource Class.
type UpdateResourceClassRequest struct {
	Description string `json:"description" doc:"When to use it"`
}

// Driver is a registered or built-in Resource Driver.
type Driver struct {
	ID           string         `json:"id" doc:"Id of the driver"`
	OrgID        string         `json:"org_id" doc:"Organization that registered it"`
	Type         string         `json:"type" doc:"Resource Type it provisions; * for any"`
	AccountTypes []string       `json:"account_types" doc:"Types of accounts it can use"`
	InputsSchema map[string]any `json:"inputs_schema" doc:"JSON Schema of its inputs"`
	Target       string         `json:"target,omitempty" doc:"Address of the driver"`
	Template     any            `json:"template,omitempty" doc:"For drivers built on another one: its inputs, any JSON"`
}

// CreateDriverRequest registers a Resource Driver.
type CreateDriverRequest struct {
	ID           string         `json:"id" doc:"Id of the driver"`
	Type         string         `json:"type" doc:"Resource Type it provisions"`
	AccountTypes []string       `json:"account_types" doc:"Types of accounts it can use"`
	InputsSchema map[string]any `json:"inputs_schema" doc:"JSON Schema of its inputs"`
	Target       string         `json:"target" doc:"Address of the driver"`
	Template     any            `json:"template,omitempty" doc:"For drivers built on another one: its inputs, any JSON"`
}

// UpdateDriverRequest replaces a Resource Driver.
type UpdateDriverRequest struct {
	Type         string         `json:"type" doc:"Resource Type it provisions"`
	AccountTypes []string       `json:"account_types" doc:"Types of accounts it can use"`
	InputsSchema map[string]any `json:"inputs_schema" doc:"JSON Schema of its inputs"`
	Target       string         `json:"target" doc:"Address of the driver"`
	Template     any            `json:"template,omitempty" doc:"For drivers built on another one: its inputs, any JSON"`
}
