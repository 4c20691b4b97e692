package api

// Registry is a registry of container images. Its credentials are answered to CI only.
type Registry struct {
	ID        string                   `json:"id" doc:"Id of the registry"`
	Registry  string                   `json:"registry" doc:"Domain, or domain and path"`
	Type      string                   `json:"type" doc:"public, basic, google_gcr, amazon_ecr or secret_ref"`
	EnableCI  bool                     `json:"enable_ci" doc:"Whether CI may read the credentials"`
	Secrets   map[string]ClusterSecret `json:"secrets,omitempty" doc:"Secrets in clusters, by cluster; * is any"`
	CreatedAt Time                     `json:"created_at" doc:"When it was created"`
	CreatedBy string                   `json:"created_by" doc:"Id of the user who created it"`
}

// ClusterSecret names a Kubernetes Secret.
type ClusterSecret struct {
	Namespace string `json:"namespace" doc:"Namespace it is in"`
	Secret    string `json:"secret" doc:"Its name"`
}

// RegistryRequest describes a registry. In a change, what is absent stays.
type RegistryRequest struct {
	ID       string                   `json:"id" doc:"Id of the registry"`
	Registry string                   `json:"registry" doc:"Domain, or domain and path"`
	Type     string                   `json:"type" doc:"public, basic, google_gcr, amazon_ecr or secret_ref"`
	EnableCI *bool                    `json:"enable_ci,omitempty" doc:"Let CI read the credentials"`
	Secrets  map[string]ClusterSecret `json:"secrets,omitempty" doc:"Secrets in clusters, by cluster; * is any"`
	Creds    *AccountCreds            `json:"creds,omitempty" doc:"Credentials; answered to CI only"`
}

// AccountCreds are what a registry is signed in to with.
type AccountCreds struct {
	Username string `json:"username" doc:"User"`
	Password string `json:"password" doc:"Password or token"`
	Expires  *Time  `json:"expires,omitempty" doc:"When they end"`
}

// RegistryCreds are what CI gets.
type RegistryCreds struct {
	Registry string                   `json:"registry" doc:"Domain, or domain and path"`
	Username string                   `json:"username,omitempty" doc:"User"`
	Password string                   `json:"password,omitempty" doc:"Password or token"`
	Expires  *Time                    `json:"expires,omitempty" doc:"When they end"`
	Secrets  map[string]ClusterSecret `json:"secrets,omitempty" doc:"Secrets in clusters, by cluster; * is any"`
}

// PlainError is the error body of registries.
type PlainError struct {
	Error string `json:"error" doc:"What is wrong, with which thing, and what to do"`
}
