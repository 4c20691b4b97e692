package api

// SecretStore is a place where an Organization keeps secrets. Exactly one of
// the kinds is set. Credentials are never answered.
type SecretStore struct {
	ID        string           `json:"id" doc:"Id of the store"`
	Primary   bool             `json:"primary" doc:"New secrets are stored there"`
	Humanitec *struct{}        `json:"humanitec,omitempty" doc:"The built-in store"`
	Vault     *VaultSettings   `json:"vault,omitempty" doc:"HashiCorp Vault or OpenBao"`
	AWSSM     *AWSSMSettings   `json:"awssm,omitempty" doc:"AWS Secrets Manager"`
	AzureKV   *AzureKVSettings `json:"azurekv,omitempty" doc:"Azure Key Vault"`
	GCPSM     *GCPSMSettings   `json:"gcpsm,omitempty" doc:"GCP Secret Manager"`
	CreatedAt Time             `json:"created_at" doc:"When it was created"`
	CreatedBy string           `json:"created_by" doc:"Id of the user who created it"`
	UpdatedAt Time             `json:"updated_at" doc:"When it last changed"`
	UpdatedBy string           `json:"updated_by" doc:"Id of the user who changed it"`
}

// VaultSettings are what everybody may see of a vault.
type VaultSettings struct {
	URL       string `json:"url,omitempty" doc:"Address of the server"`
	Path      string `json:"path,omitempty" doc:"Mount of the KV engine, version 2; secret when absent"`
	AgentID   string `json:"agent_id,omitempty" doc:"Agent through which it is reached; kept, not used"`
	Namespace string `json:"namespace,omitempty" doc:"Namespace of the server (addition to the published API)"`
}

// AWSSMSettings are what everybody may see of an AWS Secrets Manager.
type AWSSMSettings struct {
	Region   string `json:"region,omitempty" doc:"Region"`
	Endpoint string `json:"endpoint,omitempty" doc:"Address in place of that of the region"`
}

// AzureKVSettings are what everybody may see of an Azure Key Vault.
type AzureKVSettings struct {
	TenantID string `json:"tenant_id,omitempty" doc:"Tenant"`
	URL      string `json:"url,omitempty" doc:"Address of the vault"`
}

// GCPSMSettings are what everybody may see of a GCP Secret Manager.
type GCPSMSettings struct {
	ProjectID string `json:"project_id,omitempty" doc:"Project"`
}

// CreateSecretStoreRequest makes a secret store known.
type CreateSecretStoreRequest struct {
	ID      string `json:"id" doc:"Id of the store"`
	Primary bool   `json:"primary" doc:"Store new secrets there"`
	SecretStoreKinds
}

// UpdateSecretStoreRequest changes what it names.
type UpdateSecretStoreRequest struct {
	Primary *bool `json:"primary,omitempty" doc:"Store new secrets there"`
	SecretStoreKinds
}

// SecretStoreKinds hold settings and, below auth, credentials of one kind of
// store, all of them texts.
type SecretStoreKinds struct {
	Vault   *VaultRequest   `json:"vault,omitempty" doc:"HashiCorp Vault or OpenBao"`
	AWSSM   *AWSSMRequest   `json:"awssm,omitempty" doc:"AWS Secrets Manager"`
	AzureKV *AzureKVRequest `json:"azurekv,omitempty" doc:"Azure Key Vault"`
	GCPSM   *GCPSMRequest   `json:"gcpsm,omitempty" doc:"GCP Secret Manager"`
}

// VaultRequest describes a vault.
type VaultRequest struct {
	URL       *string    `json:"url,omitempty" doc:"Address of the server"`
	Path      *string    `json:"path,omitempty" doc:"Mount of the KV engine, version 2; secret when absent"`
	AgentID   *string    `json:"agent_id,omitempty" doc:"Agent through which it is reached; kept, not used"`
	Namespace *string    `json:"namespace,omitempty" doc:"Namespace of the server (addition to the published API)"`
	Auth      *VaultAuth `json:"auth,omitempty" doc:"How to sign in; never answered"`
}

// VaultAuth is one way to sign in to a vault.
type VaultAuth struct {
	Token    string `json:"token,omitempty" doc:"Token"`
	Role     string `json:"role,omitempty" doc:"Role of the Kubernetes auth method"`
	RoleID   string `json:"role_id,omitempty" doc:"Role id of the AppRole auth method (addition to the published API)"`
	SecretID string `json:"secret_id,omitempty" doc:"Secret id of the AppRole auth method (addition to the published API)"`
	Mount    string `json:"mount,omitempty" doc:"Mount of the auth method; kubernetes or approle when absent (addition to the published API)"`
}

// AWSSMRequest describes an AWS Secrets Manager.
type AWSSMRequest struct {
	Region   *string  `json:"region,omitempty" doc:"Region"`
	Endpoint *string  `json:"endpoint,omitempty" doc:"Address in place of that of the region"`
	Auth     *AWSAuth `json:"auth,omitempty" doc:"Credentials; never answered"`
}

// AWSAuth are credentials for AWS.
type AWSAuth struct {
	AccessKeyID     string `json:"access_key_id,omitempty" doc:"Access key id"`
	SecretAccessKey string `json:"secret_access_key,omitempty" doc:"Secret access key"`
}

// AzureKVRequest describes an Azure Key Vault.
type AzureKVRequest struct {
	TenantID *string    `json:"tenant_id,omitempty" doc:"Tenant"`
	URL      *string    `json:"url,omitempty" doc:"Address of the vault"`
	Auth     *AzureAuth `json:"auth,omitempty" doc:"Credentials; never answered"`
}

// AzureAuth are credentials for Azure.
type AzureAuth struct {
	ClientID     string `json:"client_id,omitempty" doc:"Client id"`
	ClientSecret string `json:"client_secret,omitempty" doc:"Client secret"`
}

// GCPSMRequest describes a GCP Secret Manager.
type GCPSMRequest struct {
	ProjectID *string  `json:"project_id,omitempty" doc:"Project"`
	Auth      *GCPAuth `json:"auth,omitempty" doc:"Credentials; never answered"`
}

// GCPAuth are credentials for GCP.
type GCPAuth struct {
	SecretAccessKey string `json:"secret_access_key,omitempty" doc:"Key of a service account, JSON"`
}
