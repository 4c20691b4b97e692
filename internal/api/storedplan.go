package api

// StoredPlan is a plan of a deployment for which drivers were asked.
type StoredPlan struct {
	ID           string          `json:"id" doc:"Id; give it as plan to createDeployment"`
	EnvID        string          `json:"env_id" doc:"Environment"`
	Status       string          `json:"status" enum:"planning,ready,failed,cancelled,expired" doc:"Only a plan that is ready can be deployed"`
	Message      string          `json:"message,omitempty" doc:"Why it is not ready"`
	DeltaID      string          `json:"delta_id,omitempty" doc:"Delta that it was asked for with"`
	SetID        string          `json:"set_id,omitempty" doc:"Deployment Set that it was asked for with"`
	DeploymentID string          `json:"deployment_id,omitempty" doc:"The last deployment that was accepted with it"`
	CreatedAt    Time            `json:"created_at" doc:"When it was asked for"`
	CreatedBy    string          `json:"created_by" doc:"By whom"`
	MadeAt       *Time           `json:"made_at,omitempty" doc:"When it was complete"`
	ExpiresAt    *Time           `json:"expires_at,omitempty" doc:"Until when it can be deployed"`
	FinishedAt   *Time           `json:"finished_at,omitempty" doc:"When it failed, was cancelled, or expired"`
	Moved        []string        `json:"moved,omitempty" doc:"What has changed since it was made, so that its deployment would be refused; only of a single plan that is ready, absent when nothing has"`
	Plan         *DeploymentPlan `json:"plan,omitempty" doc:"What a deployment would do; absent in lists, and until it is known"`
	Nodes        []PlannedNode   `json:"nodes" doc:"What the driver of each resource would do, dependencies first; empty in lists"`
	Manifests    *ManifestPlan   `json:"manifests,omitempty" doc:"What would become of the objects; absent in lists, and until it is known"`
}

// Made reports whether nothing of the plan is still to come.
func (p StoredPlan) Made() bool { return p.Status != "planning" }

// PlannedNode is what the driver of one resource would do.
type PlannedNode struct {
	Type       string          `json:"type" doc:"Resource Type"`
	Class      string          `json:"class" doc:"Resource Class"`
	ID         string          `json:"id" doc:"Resource id"`
	GUResID    string          `json:"guresid" doc:"Globally unique id; of a new resource the one it will have"`
	DriverType string          `json:"driver_type" doc:"Driver that does the work"`
	State      string          `json:"state" enum:"computed,planned,deferred,failed" doc:"computed: the driver only computes; planned: exactly the changes shown are applied; deferred: nobody can say yet; failed: so would the deployment"`
	Reason     string          `json:"reason,omitempty" doc:"Why it is deferred or failed"`
	Unchanged  bool            `json:"unchanged" doc:"The driver would change nothing, outputs included"`
	Summary    string          `json:"summary,omitempty" doc:"One line of the driver"`
	Counts     map[string]int  `json:"counts" doc:"Changes by action"`
	Changes    []PlannedChange `json:"changes" doc:"The first 200 changes"`
}

// PlannedChange is one object that a driver would change. It names attributes and tells no values.
type PlannedChange struct {
	Action     string             `json:"action" doc:"create, update, replace, delete"`
	Address    string             `json:"address" doc:"The object in the driver's words, such as a Terraform address"`
	Kind       string             `json:"kind,omitempty" doc:"Its kind, such as a Terraform resource type"`
	Attributes []PlannedAttribute `json:"attributes" doc:"What would differ; at most 100"`
}

// PlannedAttribute is a part of an object that would differ.
type PlannedAttribute struct {
	Path      string `json:"path" doc:"JSON pointer"`
	Sensitive bool   `json:"sensitive,omitempty" doc:"Its values are secret"`
}

// ManifestPlan is what would become of the objects of an Environment.
type ManifestPlan struct {
	FromID      string          `json:"from_id,omitempty" doc:"The deployment that was delivered last; absent when none was"`
	Objects     []PlannedObject `json:"objects" doc:"Objects that would not be as they were delivered last"`
	Unchanged   int             `json:"unchanged" doc:"How many stay as they were delivered"`
	Notes       []string        `json:"notes" doc:"What cannot be told, and why"`
	Live        []ObjectDiff    `json:"live" doc:"What would change in the cluster, of the objects that are fully known; as the cluster says to a dry run"`
	LiveChecked int             `json:"live_checked" doc:"How many objects the cluster was asked about; 0 when it was not asked"`
}

// PlannedObject is an object that would not be as it was delivered last.
type PlannedObject struct {
	ObjectDiff
	Unknown []string `json:"unknown" doc:"JSON pointers of fields whose values are known only when resources were made"`
}
