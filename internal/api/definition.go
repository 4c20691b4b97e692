package api

// ResourceDefinition says how needs of one Resource Type are met.
type ResourceDefinition struct {
	ID                  string               `json:"id" doc:"Id of the definition"`
	OrgID               string               `json:"org_id" doc:"Organization it belongs to"`
	Name                string               `json:"name" doc:"Display name"`
	Type                string               `json:"type" doc:"Resource Type it provisions"`
	DriverType          string               `json:"driver_type" doc:"Driver: <org>/<driver>"`
	DriverAccount       string               `json:"driver_account,omitempty" doc:"Resource Account the driver uses"`
	DriverInputs        *DriverInputs        `json:"driver_inputs,omitempty" doc:"Inputs of the driver"`
	Provision           map[string]Provision `json:"provision,omitempty" doc:"Resources that are provisioned along"`
	Criteria            []MatchingCriteria   `json:"criteria,omitempty" doc:"Matching Criteria"`
	ActiveVersionID     string               `json:"active_version_id" doc:"Version in use"`
	InPlaceDriverChange bool                 `json:"in_place_driver_change" doc:"Hand existing resources to a new driver instead of making new ones"`
	IsDefault           bool                 `json:"is_default" doc:"Used when nothing else matches"`
	IsDeleted           bool                 `json:"is_deleted" doc:"Deleted, but resources of it still exist"`
	CreatedAt           Time                 `json:"created_at" doc:"When it was created"`
	CreatedBy           string               `json:"created_by" doc:"Id of the user who created it"`
	UpdatedAt           *Time                `json:"updated_at,omitempty" doc:"When it last changed"`
	UpdatedBy           string               `json:"updated_by,omitempty" doc:"Id of the user who changed it"`
}

// DriverInputs are the inputs of a driver. Answers never carry secrets, only
// where they are kept.
type DriverInputs struct {
	Values     map[string]any `json:"values,omitzero" doc:"Plain inputs"` // {} is not the same as none
	Secrets    map[string]any `json:"secrets,omitempty" doc:"Secret inputs; only in requests"`
	SecretRefs map[string]any `json:"secret_refs,omitempty" doc:"Where secret inputs are kept: {store, ref, version} leaves, or {value} in requests"`
}

// Provision describes a resource that is provisioned along with another one.
type Provision struct {
	IsDependent     bool           `json:"is_dependent" doc:"The provisioned resource depends on this one"`
	MatchDependents bool           `json:"match_dependents" doc:"What depends on this one depends on the provisioned resource too"`
	Params          map[string]any `json:"params,omitempty" doc:"Parameters of the provisioned resource"`
}

// MatchingCriteria is one rule by which a definition is selected.
type MatchingCriteria struct {
	ID      string `json:"id" doc:"Id of the rule"`
	AppID   string `json:"app_id,omitempty" doc:"Application"`
	EnvID   string `json:"env_id,omitempty" doc:"Environment"`
	EnvType string `json:"env_type,omitempty" doc:"Environment Type"`
	ResID   string `json:"res_id,omitempty" doc:"Resource id"`
	Class   string `json:"class" doc:"Resource Class"`
}

// MatchingCriteriaRequest is a rule to add. An absent field matches anything,
// but an absent class matches the class default only.
type MatchingCriteriaRequest struct {
	AppID   string `json:"app_id,omitempty" doc:"Application"`
	EnvID   string `json:"env_id,omitempty" doc:"Environment"`
	EnvType string `json:"env_type,omitempty" doc:"Environment Type"`
	ResID   string `json:"res_id,omitempty" doc:"Resource id"`
	Class   string `json:"class,omitempty" doc:"Resource Class; default when absent"`
}

// CreateDefinitionRequest asks for a new Resource Definition.
type CreateDefinitionRequest struct {
	ID                  string                    `json:"id" doc:"Id of the definition"`
	Name                string                    `json:"name" doc:"Display name"`
	Type                string                    `json:"type" doc:"Resource Type it provisions"`
	DriverType          string                    `json:"driver_type" doc:"Driver: <org>/<driver>"`
	DriverAccount       string                    `json:"driver_account,omitempty" doc:"Resource Account the driver uses"`
	DriverInputs        *DriverInputs             `json:"driver_inputs,omitempty" doc:"Inputs of the driver"`
	Provision           map[string]Provision      `json:"provision,omitempty" doc:"Resources that are provisioned along"`
	Criteria            []MatchingCriteriaRequest `json:"criteria,omitempty" doc:"Matching Criteria"`
	InPlaceDriverChange bool                      `json:"in_place_driver_change,omitempty" doc:"Hand existing resources to a new driver instead of making new ones"`
}

// UpdateDefinitionRequest replaces a Resource Definition but for its criteria.
// Absent driver_inputs and provision are unset; an absent driver_type stays.
type UpdateDefinitionRequest struct {
	Name                string               `json:"name" doc:"Display name"`
	DriverType          string               `json:"driver_type,omitempty" doc:"Driver: <org>/<driver>"`
	DriverAccount       string               `json:"driver_account,omitempty" doc:"Resource Account the driver uses"`
	DriverInputs        *DriverInputs        `json:"driver_inputs,omitempty" doc:"Inputs of the driver"`
	Provision           map[string]Provision `json:"provision,omitempty" doc:"Resources that are provisioned along"`
	InPlaceDriverChange bool                 `json:"in_place_driver_change,omitempty" doc:"Hand existing resources to a new driver instead of making new ones"`
	Proposed            bool                 `json:"proposed,omitempty" doc:"Store as a version that is not in use yet"`
}

// PatchDefinitionRequest changes what it names; maps are merged, and null
// deletes a key.
type PatchDefinitionRequest struct {
	Name                *string               `json:"name,omitempty" doc:"Display name"`
	DriverAccount       *string               `json:"driver_account,omitempty" doc:"Resource Account the driver uses"`
	DriverInputs        *DriverInputs         `json:"driver_inputs,omitempty" doc:"Inputs of the driver"`
	Provision           map[string]*Provision `json:"provision,omitempty" doc:"Resources that are provisioned along"`
	InPlaceDriverChange *bool                 `json:"in_place_driver_change,omitempty" doc:"Hand existing resources to a new driver instead of making new ones"`
	Proposed            bool                  `json:"proposed,omitempty" doc:"Store as a version that is not in use yet"`
}

// ResourceDefinitionVersion is one immutable state of a Resource Definition.
type ResourceDefinitionVersion struct {
	ID                  string               `json:"id" doc:"UUID"`
	OrgID               string               `json:"org_id" doc:"Organization it belongs to"`
	DefID               string               `json:"def_id" doc:"Resource Definition"`
	Name                string               `json:"name" doc:"Display name"`
	Type                string               `json:"type" doc:"Resource Type it provisions"`
	DriverType          string               `json:"driver_type" doc:"Driver: <org>/<driver>"`
	DriverAccount       string               `json:"driver_account" doc:"Resource Account the driver uses"`
	DriverInputs        DriverInputs         `json:"driver_inputs" doc:"Inputs of the driver"`
	Provision           map[string]Provision `json:"provision" doc:"Resources that are provisioned along"`
	InPlaceDriverChange bool                 `json:"in_place_driver_change" doc:"Hand existing resources to a new driver instead of making new ones"`
	Action              string               `json:"action" enum:"created,updated,deleted" doc:"What made this version"`
	Archived            bool                 `json:"archived" doc:"Archived versions cannot become active"`
	Active              bool                 `json:"active" doc:"In use"`
	Proposed            bool                 `json:"proposed" doc:"Not in use yet"`
	CreatedAt           Time                 `json:"created_at" doc:"When it was created"`
	CreatedBy           string               `json:"created_by" doc:"Id of the user who created it"`
}

// ArchiveVersionRequest archives a version or takes that back.
type ArchiveVersionRequest struct {
	Archived *bool `json:"archived,omitempty" doc:"true when absent"`
}

// DefinitionChange says what would happen to one active resource when a
// definition or criteria went away.
type DefinitionChange struct {
	AppID   string `json:"app_id" doc:"Application"`
	EnvID   string `json:"env_id" doc:"Environment"`
	ResID   string `json:"res_id" doc:"Resource id"`
	FromDef string `json:"from_def" doc:"Definition it has now"`
	ToDef   string `json:"to_def" doc:"Definition it would get; empty when none matches"`
}
