package api

// ResourceExplanations say why the resources of a deployment are there, or
// would be.
type ResourceExplanations struct {
	DeploymentID string                `json:"deployment_id,omitempty" doc:"Deployment that was planned; absent when nothing was deployed"`
	SetID        string                `json:"set_id" doc:"Deployment Set"`
	GraphID      string                `json:"dependency_graph_id,omitempty" doc:"Stored resource graph of the deployment"`
	Resources    []ResourceExplanation `json:"resources" doc:"Dependencies first"`
	Problems     []string              `json:"problems" doc:"Why there is no graph"`
	Warnings     []string              `json:"warnings" doc:"What is legal but may not be meant"`
}

// ResourceExplanation says why one resource is there and why it is the way it is.
type ResourceExplanation struct {
	Type          string                `json:"type" doc:"Resource Type"`
	Class         string                `json:"class" doc:"Resource Class"`
	ID            string                `json:"id" doc:"Resource id"`
	GUResID       string                `json:"guresid,omitempty" doc:"Globally unique id of what is in use now; absent when it does not exist"`
	Status        string                `json:"status,omitempty" doc:"How it went in the deployment"`
	Action        string                `json:"action,omitempty" enum:"create,update,in_place,replace,take_back" doc:"What a deployment would do now; absent of a deployment that was planned"`
	AskedBy       []ResourceOrigin      `json:"asked_by" doc:"Who asked for it"`
	DefID         string                `json:"def_id,omitempty" doc:"Resource Definition that was chosen"`
	DefVersionID  string                `json:"def_version_id,omitempty" doc:"Version of the definition"`
	CriteriaID    string                `json:"criteria_id,omitempty" doc:"Matching Criterion that won"`
	DriverType    string                `json:"driver_type,omitempty" doc:"Driver"`
	DriverAccount string                `json:"driver_account,omitempty" doc:"Resource Account, as the definition has it"`
	Chosen        string                `json:"chosen" doc:"Why this definition, in words"`
	Candidates    []ResourceCandidate   `json:"candidates" doc:"Definitions of the type that were compared, best first"`
	DependsOn     []ResourceDependency  `json:"depends_on" doc:"What it needs, and why"`
	Dependents    []ResourceReferenceTo `json:"dependents" doc:"What needs it"`
	Notes         []string              `json:"notes" doc:"Definitions and versions of the type that take no part today; only when a type is asked for"`
}

// ResourceOrigin is one reason for a resource to be in the graph.
type ResourceOrigin struct {
	Kind   string               `json:"kind" enum:"workload,shared,external,implicit,request,reference,provision,selector" doc:"How it was asked for"`
	By     *ResourceReferenceTo `json:"by,omitempty" doc:"Resource that asks"`
	Detail string               `json:"detail,omitempty" doc:"Id in the set, placeholder, or key of the provision entry"`
	Text   string               `json:"text" doc:"The same in words"`
}

// ResourceReferenceTo names a resource of the same environment.
type ResourceReferenceTo struct {
	Type  string `json:"type" doc:"Resource Type"`
	Class string `json:"class" doc:"Resource Class"`
	ID    string `json:"id" doc:"Resource id"`
}

// ResourceCandidate is one Matching Criterion that was compared.
type ResourceCandidate struct {
	DefID        string           `json:"def_id" doc:"Resource Definition"`
	DefVersionID string           `json:"def_version_id" doc:"Version of the definition"`
	Criteria     MatchingCriteria `json:"criteria" doc:"Matching Criterion"`
	Matches      bool             `json:"matches" doc:"Whether it matches"`
	Chosen       bool             `json:"chosen" doc:"Whether it won"`
	IsDefault    bool             `json:"is_default" doc:"Supplied with Slipway"`
	Verdict      string           `json:"verdict" doc:"Why it won or lost, in words"`
}

// ResourceDependency is a resource that another one needs.
type ResourceDependency struct {
	Type    string             `json:"type" doc:"Resource Type"`
	Class   string             `json:"class" doc:"Resource Class"`
	ID      string             `json:"id" doc:"Resource id"`
	Reasons []DependencyReason `json:"reasons" doc:"Why it is needed"`
}

// DependencyReason is one cause of a dependency.
type DependencyReason struct {
	Kind     string               `json:"kind" enum:"declared,reference,selector,is_dependent,match_dependents" doc:"How it came about"`
	By       *ResourceReferenceTo `json:"by,omitempty" doc:"For match_dependents: the resource whose definition brings the other one"`
	Detail   string               `json:"detail,omitempty" doc:"Placeholder, key of the provision entry, or name where it is declared"`
	Location string               `json:"location,omitempty" doc:"JSON pointer of the placeholder"`
	Text     string               `json:"text" doc:"The same in words"`
}

// ExplainRequest says what to explain without deploying it; without any field
// it is the set that the next deployment builds on.
type ExplainRequest struct {
	SetID   string      `json:"set_id,omitempty" doc:"A Deployment Set of the Application"`
	DeltaID string      `json:"delta_id,omitempty" doc:"A Deployment Delta, applied to what the Environment has"`
	Delta   *PlainDelta `json:"delta,omitempty" doc:"Content of a Delta, applied to what the Environment has"`
	Set     *SetRequest `json:"set,omitempty" doc:"Content of a Deployment Set"`
}

// SetRequest is the content of a Deployment Set.
type SetRequest struct {
	Modules   map[string]map[string]any `json:"modules,omitempty" doc:"Workloads by id"`
	Shared    map[string]any            `json:"shared,omitempty" doc:"Shared resources by id"`
	Workloads map[string]map[string]any `json:"workloads,omitempty" doc:"Score workloads by id"`
}
