package api

// Receiver is where GitHub or GitLab tells of pull requests and branches.
type Receiver struct {
	ID         string `json:"id" doc:"Id; it is a part of the address"`
	AppID      string `json:"app_id" doc:"Application"`
	Vendor     string `json:"vendor" enum:"github,gitlab" doc:"Who sends"`
	RuleID     string `json:"rule_id" doc:"The preview rule whose Environments come and go"`
	Repository string `json:"repository,omitempty" doc:"The only repository that is listened to"`
	Path       string `json:"path" doc:"Path of the address that is sent to, below that of the API"`
	Secret     string `json:"secret,omitempty" doc:"The secret; only in the answer to its creation"`
	CreatedAt  Time   `json:"created_at" doc:"When it was made"`
	CreatedBy  string `json:"created_by" doc:"Who made it"`
}

// CreateReceiverRequest asks for a receiver.
type CreateReceiverRequest struct {
	Vendor     string `json:"vendor" enum:"github,gitlab" doc:"Who sends"`
	RuleID     string `json:"rule_id" doc:"The preview rule whose Environments come and go"`
	Repository string `json:"repository,omitempty" doc:"Listen to this repository only: owner/name"`
	Secret     string `json:"secret,omitempty" doc:"16 to 256 characters; one is made when it is absent"`
}

// ReceiverDelivery is what was received.
type ReceiverDelivery struct {
	ID         string `json:"id" doc:"The sender's id of it"`
	Event      string `json:"event" doc:"What happened, as the sender calls it"`
	Branch     string `json:"branch,omitempty" doc:"Branch"`
	Commit     string `json:"commit,omitempty" doc:"Commit"`
	EnvID      string `json:"env_id,omitempty" doc:"The Environment of the branch"`
	Status     string `json:"status" enum:"pending,done,ignored,failed" doc:"What became of it"`
	Reason     string `json:"reason,omitempty" doc:"What was done, or why nothing was"`
	CreatedAt  Time   `json:"created_at" doc:"When it came"`
	FinishedAt *Time  `json:"finished_at,omitempty" doc:"When it was over"`
}

// ReceivedAnswer answers GitHub and GitLab.
type ReceivedAnswer struct {
	Status string `json:"status" doc:"done, ignored, pending, failed, or pong"`
	Reason string `json:"reason,omitempty" doc:"What was done, or why nothing was"`
}
