package api

// WorkloadTemplate is a Score file with parameters, from which workloads begin.
type WorkloadTemplate struct {
	ID          string             `json:"id" doc:"Id of the template"`
	OrgID       string             `json:"org_id" doc:"Organization it belongs to; humanitec for built-in ones"`
	Name        string             `json:"name" doc:"Display name"`
	Description string             `json:"description" doc:"What it is for"`
	Parameters  map[string]any     `json:"parameters" doc:"JSON Schema of the parameters, an object"`
	Score       string             `json:"score" doc:"Score file in YAML with ${params.<name>}, and after --- perhaps an extension file"`
	Resources   []TemplateResource `json:"resources" doc:"What its workloads ask for"`
	CreatedAt   Time               `json:"created_at" doc:"When it was created"`
	CreatedBy   string             `json:"created_by" doc:"Id of the user who created it"`
	UpdatedAt   Time               `json:"updated_at" doc:"When it last changed"`
	UpdatedBy   string             `json:"updated_by" doc:"Id of the user who changed it"`
}

// TemplateResource is something that workloads of a template ask for.
type TemplateResource struct {
	ID    string `json:"id" doc:"Name in the Score file"`
	Type  string `json:"type" doc:"Resource Type"`
	Class string `json:"class" doc:"Class"`
}

// WorkloadTemplateRequest describes a template.
type WorkloadTemplateRequest struct {
	ID          string         `json:"id,omitempty" doc:"Id of the template; for a new one"`
	Name        string         `json:"name" doc:"Display name"`
	Description string         `json:"description,omitempty" doc:"What it is for"`
	Parameters  map[string]any `json:"parameters,omitempty" doc:"JSON Schema of the parameters, an object"`
	Score       string         `json:"score" doc:"Score file in YAML with ${params.<name>}, and after --- perhaps an extension file"`
}

// InstantiateTemplateRequest gives parameters.
type InstantiateTemplateRequest struct {
	Parameters map[string]any `json:"parameters" doc:"Parameters by name"`
}

// InstantiatedTemplate is a workload made from a template.
type InstantiatedTemplate struct {
	Score      string `json:"score" doc:"Score file, YAML"`
	Extensions string `json:"extensions,omitempty" doc:"Extension file, YAML"`
}
