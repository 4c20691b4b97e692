package api

// CheckPoliciesRequest asks what policies say about an example or a stored plan.
type CheckPoliciesRequest struct {
	Policies []DraftPolicy   `json:"policies,omitempty" doc:"Policies to check instead of those of the organization; they are not stored"`
	Input    *PolicyInput    `json:"input,omitempty" doc:"An example of what conditions see; env.org is that of the organization, and proposer.id the caller when it is empty"`
	Plan     *PlanOfPolicies `json:"plan,omitempty" doc:"A stored plan to judge, with what its drivers have planned, instead of an example"`
}

// PlanOfPolicies names a stored plan.
type PlanOfPolicies struct {
	AppID  string `json:"app_id" doc:"Application"`
	EnvID  string `json:"env_id" doc:"Environment"`
	PlanID string `json:"plan_id" doc:"Plan"`
}

// PolicyCheck is what policies say about an example. With problems nothing was evaluated.
type PolicyCheck struct {
	PlannedPolicies
	Problems []PolicyProblem `json:"problems" doc:"What is wrong with the policies that were given"`
	Input    *PolicyInput    `json:"input,omitempty" doc:"What the conditions saw; absent when there was nothing to judge"`
}

// PolicyProblem is one thing that is wrong with a policy.
type PolicyProblem struct {
	Policy  string `json:"policy" doc:"Id of the policy"`
	Field   string `json:"field" doc:"Field; empty when it is about none"`
	Message string `json:"message" doc:"What is wrong"`
	Line    int    `json:"line" doc:"Line of the field, from 1; 0 when it is about all of it"`
	Column  int    `json:"column" doc:"Column, from 1; 0 when it is about all of it"`
}
