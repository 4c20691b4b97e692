package api

// AutomationRule says which pushes of images an Environment follows.
type AutomationRule struct {
	ID                     string   `json:"id" doc:"16 hexadecimal digits"`
	Type                   string   `json:"type" enum:"update" doc:"Kind of rule"`
	Active                 bool     `json:"active" doc:"Whether it is followed"`
	MatchRef               string   `json:"match_ref" doc:"Regular expression on the ref; empty = every ref"`
	ArtefactsFilter        []string `json:"artefacts_filter" doc:"Names of Artefacts; empty = all"`
	ExcludeArtefactsFilter bool     `json:"exclude_artefacts_filter" doc:"Whether artefacts_filter lists what is not followed"`
	UpdateTo               string   `json:"update_to" enum:"branch,tag" doc:"Older form: what match looks at"`
	Match                  string   `json:"match" doc:"Older form: regular expression on the name of the branch or tag"`
	ImagesFilter           []string `json:"images_filter" doc:"Older form: ids of images"`
	ExcludeImagesFilter    bool     `json:"exclude_images_filter" doc:"Older form: whether images_filter lists what is not followed"`
	CreatedAt              Time     `json:"created_at" doc:"When it was created"`
	UpdatedAt              Time     `json:"updated_at" doc:"When it last changed"`
}

// AutomationRuleRequest says what a rule shall be. An older field cannot be
// combined with the one that replaces it.
type AutomationRuleRequest struct {
	Type                   string   `json:"type" enum:"update" doc:"Kind of rule"`
	Active                 *bool    `json:"active,omitempty" doc:"Whether it is followed; default true"`
	MatchRef               *string  `json:"match_ref,omitempty" doc:"Regular expression on the ref; empty = every ref"`
	ArtefactsFilter        []string `json:"artefacts_filter,omitempty" doc:"Names of Artefacts; empty = all"`
	ExcludeArtefactsFilter *bool    `json:"exclude_artefacts_filter,omitempty" doc:"Whether artefacts_filter lists what is not followed"`
	UpdateTo               *string  `json:"update_to,omitempty" enum:"branch,tag" doc:"Older form: what match looks at"`
	Match                  *string  `json:"match,omitempty" doc:"Older form: regular expression on the name of the branch or tag"`
	ImagesFilter           []string `json:"images_filter,omitempty" doc:"Older form: ids of images"`
	ExcludeImagesFilter    *bool    `json:"exclude_images_filter,omitempty" doc:"Older form: whether images_filter lists what is not followed"`
}

// Push is a new image that a rule let through to an Environment.
type Push struct {
	ID                string `json:"id" doc:"UUID"`
	ArtefactVersionID string `json:"artefact_version_id" doc:"UUID of the Artefact Version"`
	Image             string `json:"image" doc:"The image with tag and digest"`
	Ref               string `json:"ref" doc:"What it was built from"`
	Commit            string `json:"commit" doc:"Commit it was built from"`
	RuleID            string `json:"rule_id" doc:"Rule that let it through"`
	Status            string `json:"status" enum:"pending,deployed,ignored,failed" doc:"What became of it"`
	Reason            string `json:"reason,omitempty" doc:"Why it was ignored or failed, or what it waits for"`
	DeploymentID      string `json:"deployment_id,omitempty" doc:"Deployment that brings it"`
	CreatedAt         Time   `json:"created_at" doc:"When it was pushed"`
	HandledAt         *Time  `json:"handled_at,omitempty" doc:"When it was decided on"`
}
