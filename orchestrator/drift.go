package orchestrator

import (
	"time"

	"github.com/slipway-dev/slipway/engine/objectdiff"
)

// DriftSettings say how an environment is looked at for drift. Without a record
// it is looked at on demand only.
type DriftSettings struct {
	OrgID     string
	AppID     string
	EnvID     string
	Enabled   bool          // scans run by themselves
	Every     time.Duration // between two scans
	Redeploy  bool          // deploy again what was deployed when a scan finds drift
	Ignore    []IgnoredField
	UpdatedAt time.Time
	UpdatedBy string
	Version   int64
}

// Ref names the environment.
func (s *DriftSettings) Ref() EnvRef { return EnvRef{OrgID: s.OrgID, AppID: s.AppID, EnvID: s.EnvID} }

// IgnoredField is what a scan does not look at. Empty parts mean all.
type IgnoredField struct {
	Kind string `json:"kind,omitempty"`
	Name string `json:"name,omitempty"`
	Path string `json:"path,omitempty"` // a JSON pointer; everything below it, too
}

// DriftStatus is how a scan ended.
type DriftStatus string

// The statuses of a scan.
const (
	DriftRunning DriftStatus = "running"
	DriftClean   DriftStatus = "clean"   // everything is as it was deployed
	DriftFound   DriftStatus = "drifted" // something is not
	DriftFailed  DriftStatus = "failed"  // it could not be found out
)

// Terminal reports whether the status is final.
func (s DriftStatus) Terminal() bool { return s != DriftRunning }

// What caused a scan.
const (
	DriftCauseRequest  = "request"
	DriftCauseSchedule = "schedule"
)

// DriftScan is one look at an environment.
type DriftScan struct {
	OrgID      string
	AppID      string
	EnvID      string
	ID         string
	Cause      string
	Status     DriftStatus
	Message    string
	BaseID     string // the deployment that was compared with
	RedeployID string // the deployment that brings it right; "" = none was ordered
	Checked    int    // objects that were looked at
	Drifted    int    // those of them that drifted
	Results    []DriftResult
	CreatedAt  time.Time
	CreatedBy  string
	FinishedAt *time.Time
	Version    int64
}

// Ref names the environment.
func (s *DriftScan) Ref() EnvRef { return EnvRef{OrgID: s.OrgID, AppID: s.AppID, EnvID: s.EnvID} }

// States of what was looked at and is not as it was deployed.
const (
	DriftStateChanged = "changed"
	DriftStateMissing = "missing" // it is not there any more
	DriftStateUnknown = "unknown" // it could not be looked at; Message says why
)

// DriftResult is a resource that is not as it was deployed, or could not be
// looked at. It holds no secrets.
type DriftResult struct {
	Source     string              `json:"source"` // kubernetes, or a driver type
	From       string              `json:"from"`   // what brought it: a workload, or a resource
	APIVersion string              `json:"api_version,omitempty"`
	Kind       string              `json:"kind"`
	Namespace  string              `json:"namespace,omitempty"`
	Name       string              `json:"name"`
	State      string              `json:"state"`
	Message    string              `json:"message,omitempty"`
	Changes    []objectdiff.Change `json:"changes,omitempty"` // before: as it is; after: as it was deployed; of a driver the paths alone
}
