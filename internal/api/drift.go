package api

// FieldChange is a field of an object that differs.
type FieldChange struct {
	// Path is a JSON pointer; an element of a list that has a name is found by it.
	Path string `json:"path"`
	// Before and After are JSON, cut at 200 bytes; absent when the field is not there, or is secret.
	Before string `json:"before,omitempty"`
	After  string `json:"after,omitempty"`
	Secret bool   `json:"secret,omitempty"` // the values are not shown
	By     string `json:"by,omitempty"`     // the field manager that holds the field in the cluster
}

// ObjectDiff is an object that differs.
type ObjectDiff struct {
	Source     string        `json:"source"` // kubernetes
	From       string        `json:"from"`   // what brought it: a workload or a resource
	APIVersion string        `json:"api_version"`
	Kind       string        `json:"kind"`
	Namespace  string        `json:"namespace,omitempty"`
	Name       string        `json:"name"`
	State      string        `json:"state"` // added | removed | changed | missing | unknown
	Message    string        `json:"message,omitempty"`
	Changes    []FieldChange `json:"changes"`
}

// DeploymentDiff is how the objects of an Environment differ.
type DeploymentDiff struct {
	FromID  string       `json:"from_id,omitempty"` // the deployment compared from; absent for the cluster
	ToID    string       `json:"to_id"`             // the deployment compared with
	Objects []ObjectDiff `json:"objects"`
}

// DriftScan is one look at an Environment for drift.
type DriftScan struct {
	ID         string       `json:"id"`
	EnvID      string       `json:"env_id"`
	Cause      string       `json:"cause"`  // request | schedule
	Status     string       `json:"status"` // running | clean | drifted | failed
	Message    string       `json:"message,omitempty"`
	DeployID   string       `json:"deploy_id,omitempty"`   // what was compared with
	RedeployID string       `json:"redeploy_id,omitempty"` // the deployment that brings it right
	Checked    int          `json:"checked"`
	Drifted    int          `json:"drifted"`
	Results    []ObjectDiff `json:"results"`
	CreatedAt  Time         `json:"created_at"`
	CreatedBy  string       `json:"created_by"`
	FinishedAt *Time        `json:"finished_at,omitempty"`
}

// Terminal reports whether the scan is over.
func (s DriftScan) Terminal() bool { return s.Status != "running" }

// IgnoredField is what a scan does not look at; empty parts mean all.
type IgnoredField struct {
	Kind string `json:"kind,omitempty"`
	Name string `json:"name,omitempty"`
	Path string `json:"path,omitempty"` // a JSON pointer; everything below it, too
}

// DriftSettings say how an Environment is looked at for drift.
type DriftSettings struct {
	Enabled bool `json:"enabled"` // scans run by themselves
	// Every is the time between two scans, such as 24h; 5m to 744h.
	Every    string         `json:"every"`
	Redeploy bool           `json:"redeploy"` // deploy again when drift is found
	Ignore   []IgnoredField `json:"ignore"`
}
