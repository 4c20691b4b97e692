package api

// DefinitionImpactRequest is a change of a Resource Definition to try: one of
// definition, patch, version_id and delete, or criteria.
type DefinitionImpactRequest struct {
	DefID      string                     `json:"def_id,omitempty" doc:"Resource Definition; may be left out with definition"`
	Definition *CreateDefinitionRequest   `json:"definition,omitempty" doc:"Create it, or replace it when it exists; its criteria replace those that are there unless they are absent"`
	Patch      *PatchDefinitionRequest    `json:"patch,omitempty" doc:"Change it"`
	VersionID  string                     `json:"version_id,omitempty" doc:"Promote this version"`
	Criteria   *[]MatchingCriteriaRequest `json:"criteria,omitempty" doc:"Replace all Matching Criteria; may come with another change"`
	Delete     bool                       `json:"delete,omitempty" doc:"Delete it"`
}

// DefinitionImpact is what a change of a Resource Definition would do at the
// next deployment of each Environment.
type DefinitionImpact struct {
	DefID        string              `json:"def_id" doc:"Resource Definition"`
	Type         string              `json:"type" doc:"Resource Type"`
	Examined     int                 `json:"examined" doc:"Environments that were looked at: those that have been deployed to"`
	Environments []EnvironmentImpact `json:"environments" doc:"Environments in which something would change, by Application and id"`
	Hidden       HiddenImpact        `json:"hidden" doc:"What would change in Applications that the caller may not see"`
	Summary      map[string]int      `json:"summary" doc:"Resources shown, by action"`
}

// HiddenImpact counts what is not shown.
type HiddenImpact struct {
	Environments int `json:"environments" doc:"Environments"`
	Resources    int `json:"resources" doc:"Resources"`
}

// EnvironmentImpact is what would change in one Environment.
type EnvironmentImpact struct {
	AppID     string           `json:"app_id" doc:"Application"`
	EnvID     string           `json:"env_id" doc:"Environment"`
	EnvType   string           `json:"env_type" doc:"Environment Type"`
	Fails     bool             `json:"fails" doc:"The next deployment would fail, and would not without the change"`
	Repaired  bool             `json:"repaired" doc:"The next deployment would fail without the change, and not with it"`
	Problems  []string         `json:"problems" doc:"What would be wrong"`
	Resources []ResourceImpact `json:"resources" doc:"Resources that would change"`
}

// ResourceImpact is what would become of one resource.
type ResourceImpact struct {
	Type             string `json:"type" doc:"Resource Type"`
	Class            string `json:"class" doc:"Resource Class"`
	ID               string `json:"id" doc:"Resource id"`
	GUResID          string `json:"guresid,omitempty" doc:"Globally unique id; absent when it does not exist"`
	Action           string `json:"action" enum:"create,update,in_place,replace,take_back,remove,unmatched,idle" doc:"What would be done"`
	FromDef          string `json:"from_def" doc:"Definition it has"`
	FromDefVersionID string `json:"from_def_version_id" doc:"Version it has"`
	FromDriver       string `json:"from_driver_type" doc:"Driver it has"`
	ToDef            string `json:"to_def" doc:"Definition it would get; empty when none matches"`
	ToDefVersionID   string `json:"to_def_version_id" doc:"Version it would get; of no version yet when the change is not stored"`
	ToDriver         string `json:"to_driver_type" doc:"Driver it would get"`
	Reason           string `json:"reason" doc:"What differs, in words"`
}
