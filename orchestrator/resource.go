package orchestrator

import (
	"time"

	"github.com/slipway-dev/slipway/engine/resource"
)

// ResourceType describes what can be asked for.
type ResourceType struct {
	OrgID         string // BuiltinOrg for built-in types
	ID            string // "postgres", "my-org/s3"
	Name          string
	Category      string
	Use           string // direct | indirect | implicit
	InputsSchema  map[string]any
	OutputsSchema map[string]any
	Version       int64
}

// BuiltinOrg owns what every organization has: built-in types, drivers, profiles.
const BuiltinOrg = "humanitec"

// ResourceClass is an optional, documented class of a resource type.
type ResourceClass struct {
	OrgID        string
	ResourceType string
	ID           string
	Description  string
	CreatedAt    time.Time
	CreatedBy    string
}

// Definition is a Resource Definition: how needs of one type are met.
type Definition struct {
	OrgID           string
	ID              string
	Type            string
	ActiveVersionID string
	IsDefault       bool
	IsDeleted       bool
	CreatedAt       time.Time
	CreatedBy       string
	UpdatedAt       time.Time
	UpdatedBy       string
	Version         int64 // row version

	Active   DefinitionVersion // the active version, always loaded
	Criteria []resource.Criteria
}

// DefinitionVersion is one immutable state of a Definition.
type DefinitionVersion struct {
	OrgID               string
	DefID               string
	ID                  string // UUID
	Name                string
	Type                string
	DriverType          string
	DriverAccount       string
	DriverInputs        *DriverInputs // nil when never given
	Provision           map[string]resource.Provision
	InPlaceDriverChange bool
	Action              string // created | updated | deleted
	Active              bool
	Proposed            bool
	Archived            bool
	CreatedAt           time.Time
	CreatedBy           string
}

// DriverInputs are the inputs of a definition as stored: values round-trip
// exactly, secrets are references {store, ref, version} or {value}.
type DriverInputs struct {
	Values     map[string]any
	SecretRefs map[string]any
}

// DriverDefinition is a registered driver.
type DriverDefinition struct {
	OrgID        string
	ID           string
	Type         string
	AccountTypes []string
	InputsSchema map[string]any
	Target       string
	Template     any
	Version      int64
}

// Status of an active resource.
const (
	ResourcePending  = "pending"
	ResourceActive   = "active"
	ResourceDeleting = "deleting"
)

// ActiveResource is a resource that exists, or is being made or deleted.
// Its GUResID is stored before the driver is first called.
type ActiveResource struct {
	OrgID              string
	AppID              string
	EnvID              string
	EnvType            string
	Key                resource.Key
	GUResID            string
	DefID              string
	DefVersionID       string
	TargetDefVersionID string
	CriteriaID         string
	DriverType         string
	DriverAccount      string
	Values             map[string]any // output values
	SecretRefs         map[string]any // where output secrets are kept; same nesting, no values
	Sealed             []byte         // encrypted JSON: output secrets, cookie, and what Destroy needs
	DependsOn          []string       // GUResIDs; teardown goes the other way
	Status             string
	StatusMessage      string // what a deletion is stuck on
	Attempted          bool   // a driver was called at least once: teardown must destroy it
	DeployID           string // last deployment that provisioned it
	ScheduledDeletion  bool
	// Retired: its key stands for another resource, which has replaced it, or
	// which it is to replace once it was provisioned.
	Retired    bool
	Deletions  int       // how often its destruction was ordered; 0 = it stays
	DeletionAt time.Time // when it was ordered last
	CreatedAt  time.Time
	UpdatedAt  time.Time
	Version    int64
}

// GraphRecord is a stored resource graph; equal content is stored once.
type GraphRecord struct {
	OrgID     string
	AppID     string
	EnvID     string
	ID        string // UUID
	Hash      string
	Nodes     []GraphNode // topological order
	CreatedAt time.Time
	UsedAt    time.Time
}

// GraphNode is one node of a stored graph as the API shows it.
type GraphNode struct {
	Type                string         `json:"type"`
	Class               string         `json:"class"`
	ID                  string         `json:"id"`
	DefID               string         `json:"def_id"`
	DefVersionID        string         `json:"def_version_id"`
	CriteriaID          string         `json:"criteria_id,omitempty"`
	DriverType          string         `json:"driver_type"`
	DriverAccount       string         `json:"driver_account,omitempty"`
	Driver              map[string]any `json:"driver"`
	Resource            map[string]any `json:"resource"`
	ResourceSchema      map[string]any `json:"resource_schema"`
	Target              string         `json:"target,omitempty"`
	GUResID             string         `json:"guresid"`
	DependsOn           []string       `json:"depends_on"`
	InPlaceDriverChange bool           `json:"in_place_driver_change"`
}
