package api

// Organization is the tenant that everything else belongs to.
type Organization struct {
	ID             string           `json:"id" doc:"Id of the Organization"`
	Name           string           `json:"name" doc:"Display name"`
	CreatedAt      *Time            `json:"created_at" doc:"When it was created"`
	CreatedBy      string           `json:"created_by" doc:"Id of the user who created it"`
	Logo           OrganizationLogo `json:"logo" doc:"Where its logos are"`
	TrialExpiresAt *Time            `json:"trial_expires_at" doc:"Always null: there are no trials"`
	ScaffoldingURL *string          `json:"scaffolding_url,omitempty" doc:"Never set"`
}

// OrganizationLogo says where the logos of an Organization are.
type OrganizationLogo struct {
	DarkURL  string `json:"dark_url,omitempty" doc:"Logo for dark backgrounds"`
	LightURL string `json:"light_url,omitempty" doc:"Logo for light backgrounds"`
}
