package api

// PersonName is who an id stands for.
type PersonName struct {
	ID     string `json:"id" doc:"Id of the user"`
	Name   string `json:"name" doc:"Name"`
	Email  string `json:"email,omitempty" doc:"E-mail address; absent for those who have left"`
	Type   string `json:"type" doc:"user, service or group"`
	Former bool   `json:"former" doc:"No longer in the Organization"`
}
