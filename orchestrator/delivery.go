package orchestrator

import "time"

// InventoryEntry is one object that Slipway has brought, or is about to bring,
// to the target of an environment. It is written before the delivery, with
// what is intended, so that nothing that was made can be forgotten.
type InventoryEntry struct {
	OrgID        string
	AppID        string
	EnvID        string
	Target       string // identifies the cluster or repository path
	APIVersion   string
	Kind         string
	Namespace    string
	Name         string
	DeploymentID string // the deployment that last intended it
	CreatedAt    time.Time
	UpdatedAt    time.Time
}

// ManifestSet is what a deployment rendered, encrypted as a whole because
// Secret objects are among it.
type ManifestSet struct {
	OrgID        string
	DeploymentID string
	Sealed       []byte
	Objects      int
	CreatedAt    time.Time
}
