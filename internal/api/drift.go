package api

// FieldChange is a field of an object that differs.
type FieldChange struct {
	Path   string `json:"path" doc:"JSON pointer; an element of a list that has a name is found by it"`
	Before string `json:"before,omitempty" doc:"JSON of what it was, cut at 200 bytes; absent when the field was not there, is secret, or is of a resource"`
	After  string `json:"after,omitempty" doc:"JSON of what it is, likewise"`
	Secret bool   `json:"secret,omitempty" doc:"The values are not shown"`
	By     string `json:"by,omitempty" doc:"Field manager that holds the field in the cluster"`
}

// ObjectDiff is an object that differs.
type ObjectDiff struct {
	Source     string        `json:"source" doc:"Where it is: kubernetes, or the driver type of a resource"`
	From       string        `json:"from" doc:"What brought it: a workload or a resource"`
	APIVersion string        `json:"api_version" doc:"API version; empty for what is no Kubernetes object"`
	Kind       string        `json:"kind" doc:"Kind of the object; of a resource the driver's, such as a Terraform resource type"`
	Namespace  string        `json:"namespace,omitempty" doc:"Namespace"`
	Name       string        `json:"name" doc:"Name; of a resource the driver's, such as a Terraform address"`
	State      string        `json:"state" enum:"added,removed,changed,missing,unknown" doc:"How it differs"`
	Message    string        `json:"message,omitempty" doc:"Why it could not be looked at"`
	Changes    []FieldChange `json:"changes" doc:"The fields that differ"`
}

// DeploymentDiff is how the objects of an Environment differ.
type DeploymentDiff struct {
	FromID  string       `json:"from_id,omitempty" doc:"The deployment that is compared from; absent for the cluster"`
	ToID    string       `json:"to_id" doc:"The deployment that is compared with"`
	Objects []ObjectDiff `json:"objects" doc:"The objects that differ"`
}

// DriftScan is one look at an Environment for drift.
type DriftScan struct {
	ID         string       `json:"id" doc:"Id"`
	EnvID      string       `json:"env_id" doc:"Environment"`
	Cause      string       `json:"cause" doc:"request or schedule"`
	Status     string       `json:"status" enum:"running,clean,drifted,failed" doc:"Status"`
	Message    string       `json:"message,omitempty" doc:"Why it failed, or what it could not do"`
	DeployID   string       `json:"deploy_id,omitempty" doc:"The deployment that was compared with"`
	RedeployID string       `json:"redeploy_id,omitempty" doc:"The deployment that brings it right"`
	Checked    int          `json:"checked" doc:"How many objects were looked at"`
	Drifted    int          `json:"drifted" doc:"How many of them drifted"`
	Results    []ObjectDiff `json:"results" doc:"What is not as it was deployed; before is what is there"`
	CreatedAt  Time         `json:"created_at" doc:"When it was asked for"`
	CreatedBy  string       `json:"created_by" doc:"By whom"`
	FinishedAt *Time        `json:"finished_at,omitempty" doc:"When it ended"`
}

// Terminal reports whether the scan is over.
func (s DriftScan) Terminal() bool { return s.Status != "running" }

// IgnoredField is what a scan does not look at; empty parts mean all.
type IgnoredField struct {
	Kind string `json:"kind,omitempty" doc:"Kind of objects; all when absent"`
	Name string `json:"name,omitempty" doc:"Name of objects; all when absent"`
	Path string `json:"path,omitempty" doc:"JSON pointer, with everything below it; the whole object when absent"`
}

// DriftSettings say how an Environment is looked at for drift.
type DriftSettings struct {
	Enabled  bool           `json:"enabled" doc:"Scans run by themselves"`
	Every    string         `json:"every" doc:"Time between two scans, such as 24h; 5m to 744h"`
	Redeploy bool           `json:"redeploy" doc:"Deploy again when drift is found"`
	Ignore   []IgnoredField `json:"ignore" doc:"What is not looked at"`
	// Inherited is answered; in a request it has no effect.
	Inherited []InheritedField `json:"inherited,omitempty" doc:"What is not looked at because of the Application or the organization; has no effect in a request"`
}

// InheritedField is what is ignored because of a wider scope.
type InheritedField struct {
	Kind string `json:"kind,omitempty" doc:"Kind of objects; all when absent"`
	Name string `json:"name,omitempty" doc:"Name of objects; all when absent"`
	Path string `json:"path,omitempty" doc:"JSON pointer, with everything below it; the whole object when absent"`
	From string `json:"from" enum:"organization,application" doc:"Where it was set"`
}

// DriftIgnores are what scans do not look at in all Environments of an organization or an Application.
type DriftIgnores struct {
	Ignore    []IgnoredField   `json:"ignore" doc:"What is not looked at"`
	Inherited []InheritedField `json:"inherited,omitempty" doc:"What is not looked at because of the organization; has no effect in a request"`
}
