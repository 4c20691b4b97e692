package orchestrator

import "context"

// AssetStore keeps what platform engineers bring along beside resource types,
// drivers and definitions.
type AssetStore interface {
	CreateSecretStore(ctx context.Context, v *SecretStore) error
	GetSecretStore(ctx context.Context, org, id string) (*SecretStore, error)
	// ListSecretStores lists by id.
	ListSecretStores(ctx context.Context, org string) ([]SecretStore, error)
	UpdateSecretStore(ctx context.Context, v *SecretStore) error
	DeleteSecretStore(ctx context.Context, org, id string) error

	CreateResourceAccount(ctx context.Context, v *ResourceAccount) error
	GetResourceAccount(ctx context.Context, org, id string) (*ResourceAccount, error)
	// ListResourceAccounts lists by id.
	ListResourceAccounts(ctx context.Context, org string) ([]ResourceAccount, error)
	UpdateResourceAccount(ctx context.Context, v *ResourceAccount) error
	DeleteResourceAccount(ctx context.Context, org, id string) error
	// AccountUses lists the active resources of all environments that an
	// account made, retired ones included; account "" = those of any account.
	AccountUses(ctx context.Context, org, account string) ([]ActiveResource, error)

	// CreateRegistry answers CodeConflict also when the registry itself
	// (Registry.Registry) is taken.
	CreateRegistry(ctx context.Context, v *Registry) error
	GetRegistry(ctx context.Context, org, id string) (*Registry, error)
	// ListRegistries lists by id.
	ListRegistries(ctx context.Context, org string) ([]Registry, error)
	UpdateRegistry(ctx context.Context, v *Registry) error
	DeleteRegistry(ctx context.Context, org, id string) error

	CreateAgent(ctx context.Context, v *Agent) error
	GetAgent(ctx context.Context, org, id string) (*Agent, error)
	// ListAgents lists by id.
	ListAgents(ctx context.Context, org string) ([]Agent, error)
	UpdateAgent(ctx context.Context, v *Agent) error
	// DeleteAgent removes the agent with its keys.
	DeleteAgent(ctx context.Context, org, id string) error
	// CreateAgentKey answers CodeConflict when any agent has the key.
	CreateAgentKey(ctx context.Context, v *AgentKey) error
	// ListAgentKeys lists newest first; agent "" = those of all agents.
	ListAgentKeys(ctx context.Context, org, agent string) ([]AgentKey, error)
	DeleteAgentKey(ctx context.Context, org, agent, fingerprint string) error

	// CreatePublicKey answers CodeConflict when the organization has the key.
	CreatePublicKey(ctx context.Context, v *PublicKey) error
	GetPublicKey(ctx context.Context, org, id string) (*PublicKey, error)
	// ListPublicKeys lists newest first.
	ListPublicKeys(ctx context.Context, org string) ([]PublicKey, error)
	DeletePublicKey(ctx context.Context, org, id string) error

	CreateWorkloadProfileChart(ctx context.Context, v *WorkloadProfileChart) error
	GetWorkloadProfileChart(ctx context.Context, org, id, version string) (*WorkloadProfileChart, error)
	// ListWorkloadProfileCharts lists newest first, without archives.
	ListWorkloadProfileCharts(ctx context.Context, org string) ([]WorkloadProfileChart, error)

	CreateWorkloadProfile(ctx context.Context, v *WorkloadProfile) error
	GetWorkloadProfile(ctx context.Context, org, id string) (*WorkloadProfile, error)
	// ListWorkloadProfiles lists by id.
	ListWorkloadProfiles(ctx context.Context, org string) ([]WorkloadProfile, error)
	UpdateWorkloadProfile(ctx context.Context, v *WorkloadProfile) error
	// DeleteWorkloadProfile removes the profile with its versions.
	DeleteWorkloadProfile(ctx context.Context, org, id string) error
	CreateWorkloadProfileVersion(ctx context.Context, v *WorkloadProfileVersion) error
	GetWorkloadProfileVersion(ctx context.Context, org, profile, id string) (*WorkloadProfileVersion, error)
	// ListWorkloadProfileVersions lists newest first.
	ListWorkloadProfileVersions(ctx context.Context, org, profile string) ([]WorkloadProfileVersion, error)

	CreateWorkloadTemplate(ctx context.Context, v *WorkloadTemplate) error
	GetWorkloadTemplate(ctx context.Context, org, id string) (*WorkloadTemplate, error)
	// ListWorkloadTemplates lists by id.
	ListWorkloadTemplates(ctx context.Context, org string) ([]WorkloadTemplate, error)
	UpdateWorkloadTemplate(ctx context.Context, v *WorkloadTemplate) error
	DeleteWorkloadTemplate(ctx context.Context, org, id string) error
}
