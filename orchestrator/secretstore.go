package orchestrator

import "time"

// Kinds of secret stores, as the published API names them.
const (
	StoreVault   = "vault" // HashiCorp Vault, OpenBao
	StoreAWSSM   = "awssm"
	StoreAzureKV = "azurekv"
	StoreGCPSM   = "gcpsm"
)

// SecretStore is a place outside Slipway where an organization keeps secrets.
type SecretStore struct {
	OrgID   string
	ID      string
	Kind    string // StoreVault, ...
	Primary bool   // new secrets go there; at most one of an organization
	// Settings are what everybody may see: url, path, agent_id of a vault;
	// region, endpoint; tenant_id, url; project_id.
	Settings  map[string]string
	Sealed    []byte // the credentials, encrypted; empty without
	CreatedAt time.Time
	CreatedBy string
	UpdatedAt time.Time
	UpdatedBy string
	Version   int64
}

// ResourceAccount is an account with a cloud or another provider, whose
// credentials drivers are given.
type ResourceAccount struct {
	OrgID     string
	ID        string
	Name      string
	Type      string // aws, gcp, ...
	Sealed    []byte // the credentials, encrypted
	CreatedAt time.Time
	CreatedBy string
	UpdatedAt time.Time
	UpdatedBy string
	Version   int64
}

// Registry is a registry of container images with the credentials for it.
type Registry struct {
	OrgID    string
	ID       string
	Registry string // domain, or domain/path
	Type     string // public | basic | google_gcr | amazon_ecr | secret_ref
	EnableCI bool   // its credentials may be read by CI
	// Secrets are Secrets in clusters, by cluster; "*" is any.
	Secrets   map[string]ClusterSecret
	Sealed    []byte // user and password, encrypted; empty without
	CreatedAt time.Time
	CreatedBy string
	UpdatedAt time.Time
	UpdatedBy string
	Version   int64
}

// ClusterSecret names a Kubernetes Secret.
type ClusterSecret struct {
	Namespace string `json:"namespace"`
	Secret    string `json:"secret"`
}
