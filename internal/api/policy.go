package api

// PolicyRule is what a policy says.
type PolicyRule struct {
	When            string   `json:"when" doc:"Condition in CEL over plan, env and proposer, of type bool"`
	Effect          string   `json:"effect" enum:"deny,approve" doc:"What it does when the condition holds"`
	Message         string   `json:"message,omitempty" doc:"What people are told"`
	Approvals       int      `json:"approvals,omitempty" doc:"How many people have to agree, 1 to 10; 1 when absent; not with deny"`
	Roles           []string `json:"roles,omitempty" doc:"Roles that may agree, of the organization, the Application or the Environment Type; absent is whoever may deploy"`
	ExcludeProposer bool     `json:"exclude_proposer,omitempty" doc:"Whether the approval of who asked for the deployment does not count"`
	Deadline        string   `json:"deadline,omitempty" doc:"How long a deployment waits for the approvals, such as 30m, 8h or 2d; 1m to 7d, 1h when absent; not with deny"`
}

// Policy is a rule of an organization about what deployments may do.
type Policy struct {
	ID string `json:"id" doc:"Id"`
	PolicyRule
	CreatedAt Time   `json:"created_at" doc:"When it was made"`
	CreatedBy string `json:"created_by" doc:"Who made it"`
	UpdatedAt Time   `json:"updated_at" doc:"When it was changed last"`
	UpdatedBy string `json:"updated_by" doc:"Who changed it last"`
}

// DraftPolicy is a policy that is only tried.
type DraftPolicy struct {
	ID string `json:"id" doc:"Id"`
	PolicyRule
}

// TestPoliciesRequest names what would be deployed, and what is to judge it.
type TestPoliciesRequest struct {
	PlanDeploymentRequest
	Policies []DraftPolicy `json:"policies,omitempty" doc:"Policies to evaluate instead of those of the organization"`
}

// PolicyTest is what policies would say about a deployment.
type PolicyTest struct {
	PlannedPolicies
	Input    PolicyInput `json:"input" doc:"What the conditions see"`
	Problems []string    `json:"problems" doc:"Why the deployment would fail anyway"`
}

// PolicyDenial is a policy that does not allow a deployment.
type PolicyDenial struct {
	Policy  string `json:"policy" doc:"Id of the policy"`
	Message string `json:"message" doc:"Why"`
	Broken  bool   `json:"broken,omitempty" doc:"Whether the policy cannot be evaluated, which denies"`
}

// PolicyRequirement is what one policy asks for.
type PolicyRequirement struct {
	Policy          string   `json:"policy" doc:"Id of the policy"`
	Message         string   `json:"message" doc:"What people are told"`
	Approvals       int      `json:"approvals" doc:"How many people have to agree"`
	Missing         int      `json:"missing" doc:"How many are missing"`
	Roles           []string `json:"roles" doc:"Roles that may agree; empty is whoever may deploy to the Environment"`
	ExcludeProposer bool     `json:"exclude_proposer,omitempty" doc:"Whether the approval of who asked does not count"`
	Until           *Time    `json:"until,omitempty" doc:"When the time to approve ends; absent while nothing waits"`
}

// PolicyInput is what the conditions of policies see.
type PolicyInput struct {
	Plan     PolicyPlan     `json:"plan" doc:"What would be done"`
	Env      PolicyEnv      `json:"env" doc:"Where"`
	Proposer PolicyProposer `json:"proposer" doc:"Who asks for it"`
}

// PolicyPlan is the variable plan.
type PolicyPlan struct {
	Created   []PolicyResource `json:"created" doc:"Made for the first time"`
	Changed   []PolicyResource `json:"changed" doc:"Their driver is called with something else, or another one takes them over in place"`
	Replaced  []PolicyResource `json:"replaced" doc:"Another definition or driver makes a new one"`
	Destroyed []PolicyResource `json:"destroyed" doc:"Destroyed once the deployment has succeeded"`
	Removed   []PolicyResource `json:"removed" doc:"Nothing asks for them any more; they stay until they are deleted"`
	Workloads PolicyWorkloads  `json:"workloads" doc:"Ids of workloads"`
	Values    []string         `json:"values" doc:"Keys of Shared Values that differ from those of the last deployment"`
}

// PolicyResource is one resource of a plan.
type PolicyResource struct {
	Type   string `json:"type" doc:"Resource Type"`
	Class  string `json:"class" doc:"Resource Class"`
	ID     string `json:"id" doc:"Resource id"`
	Def    string `json:"def" doc:"Definition"`
	Driver string `json:"driver" doc:"Driver"`
}

// PolicyWorkloads are workloads by what becomes of them.
type PolicyWorkloads struct {
	Added   []string `json:"added" doc:"Added"`
	Changed []string `json:"changed" doc:"Changed"`
	Removed []string `json:"removed" doc:"Removed"`
}

// PolicyEnv is the variable env.
type PolicyEnv struct {
	ID   string `json:"id" doc:"Environment"`
	Type string `json:"type" doc:"Environment Type"`
	App  string `json:"app" doc:"Application"`
	Org  string `json:"org" doc:"Organization"`
}

// PolicyProposer is the variable proposer.
type PolicyProposer struct {
	ID string `json:"id" doc:"User id"`
}

// DeploymentApproval is a plan that policies were asked about, and what people said.
type DeploymentApproval struct {
	DeploymentID string              `json:"deployment_id" doc:"Deployment"`
	App          string              `json:"app_id" doc:"Application"`
	Env          string              `json:"env_id" doc:"Environment"`
	EnvType      string              `json:"env_type" doc:"Environment Type"`
	Node         string              `json:"node,omitempty" doc:"Resource whose own plan is meant; absent for the plan of the whole deployment"`
	Status       string              `json:"status" enum:"open,waiting,passed,denied,rejected,expired,void,withdrawn" doc:"How far it is"`
	Message      string              `json:"message,omitempty" doc:"What it waits for, or how it ended"`
	Proposer     string              `json:"proposer" doc:"Who asked for the deployment"`
	Summary      string              `json:"summary,omitempty" doc:"What would be done, in a line"`
	Fingerprint  string              `json:"fingerprint" doc:"Names the plan; approvals count for it alone"`
	Plan         PolicyPlan          `json:"plan" doc:"What would be done, as the policies see it"`
	Requirements []PolicyRequirement `json:"requirements" doc:"What the policies ask for"`
	Decisions    []ApprovalDecision  `json:"decisions" doc:"What people said, oldest first"`
	Mine         bool                `json:"mine" doc:"Whether an approval by the one who asks would count"`
	CreatedAt    Time                `json:"created_at" doc:"When it was planned"`
	Until        *Time               `json:"until,omitempty" doc:"When it ends unless more people agree; absent when it does not wait"`
	EndedAt      *Time               `json:"ended_at,omitempty" doc:"When it was decided"`
}

// ApprovalDecision is what one person said.
type ApprovalDecision struct {
	ID       string   `json:"id" doc:"Id"`
	Decision string   `json:"decision" enum:"approve,reject" doc:"What was said"`
	By       string   `json:"by" doc:"Who"`
	Roles    []string `json:"roles" doc:"The roles that the person had"`
	Comment  string   `json:"comment,omitempty" doc:"Why"`
	Void     string   `json:"void,omitempty" doc:"Why it does not count; absent when it does"`
	At       Time     `json:"at" doc:"When"`
}

// DecideRequest is what somebody says to a deployment that waits.
type DecideRequest struct {
	Decision    string `json:"decision" enum:"approve,reject" doc:"What is said"`
	Node        string `json:"node,omitempty" doc:"Resource whose plan is meant, when several plans of the deployment wait"`
	Fingerprint string `json:"fingerprint,omitempty" doc:"Plan that was looked at: the decision is refused when another one waits"`
	Comment     string `json:"comment,omitempty" doc:"Why"`
}
