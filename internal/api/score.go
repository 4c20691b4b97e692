package api

// ConvertScoreRequest carries a Score file and what a conversion may be told.
type ConvertScoreRequest struct {
	Spec                map[string]any    `json:"spec" doc:"The Score file as JSON"`
	Image               string            `json:"image,omitempty" doc:"Image of containers that have none, or \".\""`
	Overrides           map[string]any    `json:"overrides,omitempty" doc:"Score content that is merged over the file"`
	PropertyOverrides   map[string]any    `json:"property_overrides,omitempty" doc:"Values by path; null deletes"`
	ResourceTypeAliases map[string]string `json:"resource_type_aliases,omitempty" doc:"Resource Types to replace by others"`
	Extensions          map[string]any    `json:"extensions,omitempty" doc:"What Score cannot say: apiVersion, profile, spec, deploy"`
}

// ConvertedScore is what a Score file becomes.
type ConvertedScore struct {
	Modules map[string]map[string]any `json:"modules" doc:"The module by its id"`
	Shared  map[string]any            `json:"shared" doc:"Shared resources by id"`
}
