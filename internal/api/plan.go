package api

import "github.com/slipway-dev/slipway/engine/deployset"

// PlanDeploymentRequest names what would be deployed, as CreateDeploymentRequest
// does.
type PlanDeploymentRequest struct {
	DeltaID           string  `json:"delta_id,omitempty" doc:"Delta to apply to the environment's base"`
	SetID             string  `json:"set_id,omitempty" doc:"Deployment Set to deploy; ignored with delta_id"`
	ValueSetVersionID *string `json:"value_set_version_id,omitempty" doc:"Version of the Shared Values to use; the latest when absent or null"`
}

// DeploymentPlan is what a deployment would do now.
type DeploymentPlan struct {
	BaseID            string            `json:"from_id" doc:"Deployment whose set is the base; empty for the first"`
	SetID             string            `json:"set_id" doc:"Deployment Set that would be deployed"`
	ValueSetVersionID string            `json:"value_set_version_id,omitempty" doc:"Version of the Shared Values; absent while there are none"`
	Fingerprint       string            `json:"fingerprint,omitempty" doc:"Names all that the plan depends on; give it as plan to createDeployment. Absent when the deployment would fail"`
	Changes           PlannedSetChanges `json:"changes" doc:"What leads from the set that was deployed last to this one"`
	Values            []string          `json:"values" doc:"Keys of Shared Values that differ from those of the last deployment"`
	Resources         []PlannedResource `json:"resources" doc:"Dependencies first, then what is no longer asked for"`
	Summary           map[string]int    `json:"summary" doc:"Resources by action"`
	Policies          PlannedPolicies   `json:"policies" doc:"What the policies of the organization would say"`
	Problems          []string          `json:"problems" doc:"Why the deployment would fail"`
	Warnings          []string          `json:"warnings" doc:"What else is worth knowing"`
}

// PlannedPolicies is what policies would say about a deployment.
type PlannedPolicies struct {
	Verdict      string              `json:"verdict" enum:"allowed,approval,denied" doc:"Whether the deployment would go on by itself"`
	Denials      []PolicyDenial      `json:"denials" doc:"Why it would be denied, by policy"`
	Requirements []PolicyRequirement `json:"requirements" doc:"Who would have to agree, by policy"`
}

// PlannedSetChanges is a Delta without id and metadata.
type PlannedSetChanges struct {
	Modules   deployset.Changes  `json:"modules" doc:"Changes of modules"`
	Shared    []deployset.Op     `json:"shared" doc:"Changes of shared resources"`
	Workloads *deployset.Changes `json:"workloads,omitempty" doc:"Changes of verbatim Score workloads"`
}

// PlannedResource is what would become of one resource.
type PlannedResource struct {
	Type             string              `json:"type" doc:"Resource Type"`
	Class            string              `json:"class" doc:"Resource Class"`
	ID               string              `json:"id" doc:"Resource id"`
	GUResID          string              `json:"guresid,omitempty" doc:"Globally unique id of what is there; absent when it does not exist"`
	Action           string              `json:"action" enum:"create,update,in_place,replace,take_back,remove,keep" doc:"What would be done"`
	FromDef          string              `json:"from_def" doc:"Definition that made it"`
	FromDefVersionID string              `json:"from_def_version_id" doc:"Version that made it"`
	FromDriver       string              `json:"from_driver_type" doc:"Driver that made it"`
	ToDef            string              `json:"to_def" doc:"Definition that will make it"`
	ToDefVersionID   string              `json:"to_def_version_id" doc:"Version that will make it"`
	ToDriver         string              `json:"to_driver_type" doc:"Driver that will make it"`
	Reason           string              `json:"reason" doc:"Why, in words; empty when it is kept"`
	Destroys         []DestroyedResource `json:"destroys" doc:"What is destroyed once the deployment has succeeded"`
}

// DestroyedResource is a resource that another one takes the place of.
type DestroyedResource struct {
	GUResID    string `json:"guresid" doc:"Globally unique id"`
	DefID      string `json:"def_id" doc:"Definition that made it"`
	DriverType string `json:"driver_type" doc:"Driver that made it"`
}
