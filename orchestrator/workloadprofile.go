package orchestrator

import "time"

// WorkloadProfile is a workload profile of an organization; what it says is in
// its versions.
type WorkloadProfile struct {
	OrgID     string
	ID        string
	Latest    string // id of the version that workloads use
	CreatedAt time.Time
	CreatedBy string
	UpdatedAt time.Time
	UpdatedBy string
	Version   int64
}

// WorkloadProfileVersion is one version of a workload profile. It never changes.
type WorkloadProfileVersion struct {
	OrgID              string
	ProfileID          string
	ID                 string // the version: chosen by the client, or a UUID
	Description        string
	DeprecationMessage string // not empty: the profile should not be used any more
	SpecDefinition     map[string]any
	ChartID            string
	ChartVersion       string // "latest" is the newest at the time of a deployment
	CreatedAt          time.Time
	CreatedBy          string
}

// WorkloadProfileChart is one version of a Helm chart that renders workloads.
type WorkloadProfileChart struct {
	OrgID        string
	ID           string // name in Chart.yaml
	ChartVersion string // version in Chart.yaml
	Archive      []byte // .tgz, as uploaded; nil in lists
	CreatedAt    time.Time
	CreatedBy    string
}

// WorkloadTemplate is a Score file with parameters, from which workloads begin.
type WorkloadTemplate struct {
	OrgID       string
	ID          string
	Name        string
	Description string
	Parameters  map[string]any // JSON schema of an object
	Score       string         // YAML with ${params.<name>}
	CreatedAt   time.Time
	CreatedBy   string
	UpdatedAt   time.Time
	UpdatedBy   string
	Version     int64
}
