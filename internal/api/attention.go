package api

// Attention is what somebody who answers for an organization should look at.
type Attention struct {
	Waiting  []AttentionItem `json:"waiting" doc:"What waits for people: what you can decide first, then the oldest"`
	Concerns []AttentionItem `json:"concerns" doc:"What is not as it should be, the worst first"`
	Underway []AttentionItem `json:"underway" doc:"What goes on now, the oldest first; what waits for people is not in it"`
	More     []string        `json:"more" doc:"Kinds of which there are more than are listed; deletion stands for teardown too"`
	Unknown  []string        `json:"unknown" doc:"What could not be found out, in words; empty as a rule"`
}

// AttentionItem is one thing to look at. What does not fit its kind is absent.
type AttentionItem struct {
	Kind    string `json:"kind" enum:"approval,pipeline-approval,stopped,failed,teardown,pipeline-failed,schedule-failed,scheduled-failed,drifted,scan-failed,expiring,paused,frozen,deployment,promotion,spin-up,pipeline-run,deletion" doc:"What it is about"`
	AppID   string `json:"app_id,omitempty" doc:"Application; absent for what concerns the Organization"`
	AppName string `json:"app_name,omitempty" doc:"Its name"`
	EnvID   string `json:"env_id,omitempty" doc:"Environment"`
	EnvName string `json:"env_name,omitempty" doc:"Its name; absent when it is gone"`
	EnvType string `json:"env_type,omitempty" doc:"Its type; of frozen the type that is"`
	Status  string `json:"status" doc:"Where it stands, or how it ended"`
	Message string `json:"message" doc:"What it is, or why"`
	At      *Time  `json:"at,omitempty" doc:"Since when; of expiring when the Environment ends, of frozen when the window closes; absent when it is not known"`
	Until   *Time  `json:"until,omitempty" doc:"When waiting ends by itself"`
	By      string `json:"by,omitempty" doc:"Id of the user who asked for it"`
	Mine    bool   `json:"mine" doc:"A decision by you counts"`
	Runs    bool   `json:"runs" doc:"Of failed: an earlier deployment succeeded, and what it brought is not taken away"`

	DeploymentID string `json:"deployment_id,omitempty" doc:"Deployment; of drifted the one that was compared with"`
	PromotionID  string `json:"promotion_id,omitempty" doc:"Promotion"`
	RequestID    string `json:"request_id,omitempty" doc:"Request for the Environment"`
	PipelineID   string `json:"pipeline_id,omitempty" doc:"Pipeline"`
	RunID        string `json:"run_id,omitempty" doc:"Run of the pipeline, or of Terraform"`
	ScheduleID   string `json:"schedule_id,omitempty" doc:"Schedule"`

	Approval         *DeploymentApproval      `json:"approval,omitempty" doc:"Of approval: what is asked, and what was said"`
	PipelineApproval *PipelineApprovalRequest `json:"pipeline_approval,omitempty" doc:"Of pipeline-approval: what is asked"`
}
