package api

// OrphanRef names an object that was left behind in a cluster.
type OrphanRef struct {
	Cluster    string `json:"cluster" doc:"URL of the API server"`
	APIVersion string `json:"api_version" doc:"API version of the object"`
	Kind       string `json:"kind" doc:"Kind of the object"`
	Namespace  string `json:"namespace" doc:"Namespace, empty for an object of the cluster"`
	Name       string `json:"name" doc:"Name of the object"`
}

// Orphan is where a cluster and Slipway's inventory do not agree.
type Orphan struct {
	OrphanRef
	State        string `json:"state" doc:"unknown: in the cluster and in no inventory; left: its environment is delivered elsewhere now; missing: in the inventory and gone from the cluster"`
	AppID        string `json:"app_id" doc:"Application, as labels or inventory say"`
	EnvID        string `json:"env_id" doc:"Environment, as labels or inventory say"`
	DeploymentID string `json:"deploy_id" doc:"Last deployment that brought it, empty when unknown"`
	Applied      bool   `json:"applied" doc:"Whether its managed fields say that Slipway applied it; labels alone can be copied"`
	CreatedAt    Time   `json:"created_at" doc:"When it was made"`
}

// OrphanCluster is a cluster that was looked at.
type OrphanCluster struct {
	URL    string   `json:"url" doc:"URL of the API server"`
	Unread []string `json:"unread" doc:"Kinds that the credentials do not let Slipway list"`
	Error  string   `json:"error" doc:"Why it could not be looked at, empty when it could"`
}

// OrphanReport is what was found, and where.
type OrphanReport struct {
	Orphans  []Orphan        `json:"orphans" doc:"By cluster, environment, kind and name"`
	Clusters []OrphanCluster `json:"clusters" doc:"The clusters that were looked at"`
}

// DeleteOrphansRequest names what to delete.
type DeleteOrphansRequest struct {
	Orphans []OrphanRef `json:"orphans" doc:"1 to 500 orphans as they are listed"`
}

// OrphanOutcome is what became of one of them.
type OrphanOutcome struct {
	OrphanRef
	Deleted bool   `json:"deleted" doc:"Deleted, or forgotten where it was missing"`
	Error   string `json:"error" doc:"Why not, empty when it was"`
}
