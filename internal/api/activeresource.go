package api

// ActiveResource is a resource that exists in an environment.
type ActiveResource struct {
	OrgID              string         `json:"org_id" doc:"Organization"`
	AppID              string         `json:"app_id" doc:"Application"`
	EnvID              string         `json:"env_id" doc:"Environment"`
	EnvType            string         `json:"env_type" doc:"Environment Type"`
	Type               string         `json:"type" doc:"Resource Type"`
	Class              string         `json:"class" doc:"Resource Class"`
	ResID              string         `json:"res_id" doc:"Resource id"`
	GUResID            string         `json:"gu_res_id" doc:"Globally unique resource id"`
	DefID              string         `json:"def_id" doc:"Resource Definition"`
	DefVersionID       string         `json:"def_version_id" doc:"Version of the definition it was provisioned with"`
	TargetDefVersionID string         `json:"target_def_version_id,omitempty" doc:"Version it is pinned to"`
	CriteriaID         string         `json:"criteria_id,omitempty" doc:"Matching Criteria that selected the definition"`
	DriverType         string         `json:"driver_type" doc:"Driver"`
	DriverAccount      string         `json:"driver_account,omitempty" doc:"Resource Account"`
	Resource           map[string]any `json:"resource" doc:"Output values"`
	SecretRefs         map[string]any `json:"secret_refs" doc:"Where output secrets are kept"`
	Status             string         `json:"status" enum:"pending,active,deleting" doc:"Status"`
	StatusMessage      string         `json:"status_message,omitempty" doc:"What its deletion is stuck on, or waits for"`
	Retired            bool           `json:"retired,omitempty" doc:"Another resource has taken its place; it goes once a deployment has succeeded without it"`
	DeployID           string         `json:"deploy_id" doc:"Deployment that last provisioned it"`
	ScheduledDeletion  bool           `json:"scheduled_deletion" doc:"It is to be deleted"`
	UpdatedAt          Time           `json:"updated_at" doc:"When it last changed"`
}

// ResourceRequest names a resource to compute a graph for.
type ResourceRequest struct {
	ID       string         `json:"id" doc:"Resource id"`
	Type     string         `json:"type" doc:"Resource Type"`
	Class    string         `json:"class,omitempty" doc:"Resource Class; default when absent"`
	Resource map[string]any `json:"resource,omitempty" doc:"Parameters of the resource"`
}

// DependencyGraph is a stored resource graph.
type DependencyGraph struct {
	ID        string      `json:"id" doc:"UUID"`
	Hash      string      `json:"hash" doc:"Content hash"`
	Nodes     []GraphNode `json:"nodes" doc:"Nodes, dependencies first"`
	CreatedAt Time        `json:"created_at" doc:"When it was stored first"`
	UsedAt    Time        `json:"used_at" doc:"When it was last computed"`
}

// GraphNode is one resource in a resource graph.
type GraphNode struct {
	Type                string         `json:"type" doc:"Resource Type"`
	Class               string         `json:"class" doc:"Resource Class"`
	ID                  string         `json:"id" doc:"Resource id"`
	GUResID             string         `json:"guresid" doc:"Globally unique resource id"`
	DefID               string         `json:"def_id" doc:"Resource Definition"`
	DefVersionID        string         `json:"def_version_id" doc:"Version of the definition"`
	CriteriaID          string         `json:"criteria_id" doc:"Matching Criteria that selected the definition"`
	DriverType          string         `json:"driver_type" doc:"Driver"`
	DriverAccount       string         `json:"driver_account,omitempty" doc:"Resource Account"`
	Driver              map[string]any `json:"driver" doc:"Inputs of the driver, secrets left out"`
	Resource            map[string]any `json:"resource" doc:"Parameters of the resource"`
	ResourceSchema      map[string]any `json:"resource_schema" doc:"JSON Schema of the outputs"`
	Target              string         `json:"target,omitempty" doc:"Address of the driver"`
	DependsOn           []string       `json:"depends_on" doc:"Globally unique ids of the resources it depends on"`
	InPlaceDriverChange bool           `json:"in_place_driver_change" doc:"Hand an existing resource to a new driver"`
}

// PinResourceRequest pins an active resource to a version; null unpins it.
type PinResourceRequest struct {
	TargetDefVersionID *string `json:"target_def_version_id" doc:"Version of the definition, or null"`
}
