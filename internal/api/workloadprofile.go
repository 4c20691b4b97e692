package api

// WorkloadProfile describes a kind of workload.
type WorkloadProfile struct {
	ID                   string         `json:"id" doc:"Id of the profile"`
	OrgID                string         `json:"org_id" doc:"Organization it belongs to"`
	Version              string         `json:"version" doc:"Version of the profile"`
	Description          string         `json:"description" doc:"What it is for"`
	DeprecationMessage   string         `json:"deprecation_message,omitempty" doc:"Set when it should not be used any more"`
	SpecDefinition       map[string]any `json:"spec_definition" doc:"What a workload's spec may hold"`
	SpecSchema           any            `json:"spec_schema" doc:"JSON Schema of the spec, computed"`
	WorkloadProfileChart ChartReference `json:"workload_profile_chart" doc:"Chart that renders workloads"`
	CreatedAt            Time           `json:"created_at" doc:"When it was created"`
	CreatedBy            string         `json:"created_by" doc:"Id of the user who created it"`
	UpdatedAt            Time           `json:"updated_at" doc:"When it last changed"`
	UpdatedBy            string         `json:"updated_by" doc:"Id of the user who changed it"`
}

// ChartReference names a chart version.
type ChartReference struct {
	ID      string `json:"id" doc:"Id of the chart"`
	Version string `json:"version" doc:"Version of the chart; latest is possible"`
}

// WorkloadProfileFeature is one thing a workload's spec may hold.
type WorkloadProfileFeature struct {
	ID      string         `json:"id" doc:"Name of the feature"`
	OrgID   string         `json:"org_id" doc:"Organization it belongs to"`
	Version string         `json:"version" doc:"Version of the feature"`
	Schema  map[string]any `json:"schema" doc:"JSON Schema of the feature"`
}

// WorkloadProfileVersion is one version of a Workload Profile.
type WorkloadProfileVersion struct {
	ID                   string         `json:"id" doc:"Version"`
	OrgID                string         `json:"org_id" doc:"Organization it belongs to"`
	Version              string         `json:"version" doc:"Version of the profile"`
	WorkloadProfileID    string         `json:"workload_profile_id" doc:"Id of the profile"`
	Description          string         `json:"description" doc:"What it is for"`
	DeprecationMessage   string         `json:"deprecation_message,omitempty" doc:"Set when it should not be used any more"`
	SpecDefinition       map[string]any `json:"spec_definition" doc:"What a workload's spec may hold"`
	SpecSchema           any            `json:"spec_schema" doc:"JSON Schema of the spec, computed"`
	WorkloadProfileChart ChartReference `json:"workload_profile_chart" doc:"Chart that renders workloads"`
	CreatedAt            Time           `json:"created_at" doc:"When it was created"`
	CreatedBy            string         `json:"created_by" doc:"Id of the user who created it"`
}

// WorkloadProfileRequest asks for a new Workload Profile, or a new version of one.
type WorkloadProfileRequest struct {
	ID                   string         `json:"id,omitempty" doc:"Id of the profile; for a new one"`
	Version              string         `json:"version,omitempty" doc:"Version; random when absent"`
	Description          string         `json:"description,omitempty" doc:"What it is for"`
	DeprecationMessage   string         `json:"deprecation_message,omitempty" doc:"Says that it should not be used any more, and what to use"`
	SpecDefinition       map[string]any `json:"spec_definition" doc:"What a workload's spec may hold"`
	WorkloadProfileChart ChartReference `json:"workload_profile_chart" doc:"Chart that renders workloads"`
}

// WorkloadProfileChartVersion is one version of a Helm chart.
type WorkloadProfileChartVersion struct {
	OrgID     string `json:"org_id" doc:"Organization it belongs to"`
	ID        string `json:"id" doc:"Name of the chart"`
	Version   string `json:"version" doc:"Version of the chart"`
	CreatedAt Time   `json:"created_at" doc:"When it was uploaded"`
	CreatedBy string `json:"created_by" doc:"Id of the user who uploaded it"`
}
