package api

// Agent is a tunnel into somebody's network, as far as the API knows it.
type Agent struct {
	ID          string `json:"id" doc:"Id of the agent"`
	Description string `json:"description" doc:"What it is for"`
	CreatedAt   Time   `json:"created_at" doc:"When it was registered"`
	CreatedBy   string `json:"created_by" doc:"Id of the user who registered it"`
}

// CreateAgentRequest registers an agent.
type CreateAgentRequest struct {
	ID          string `json:"id" doc:"Id of the agent"`
	PublicKey   string `json:"public_key" doc:"RSA public key of at least 4096 bits, PEM"`
	Description string `json:"description,omitempty" doc:"What it is for"`
}

// UpdateAgentRequest changes the description of an agent.
type UpdateAgentRequest struct {
	Description *string `json:"description" doc:"What it is for"`
}

// AgentKey is a public key of an agent.
type AgentKey struct {
	Fingerprint  string `json:"fingerprint" doc:"SHA-256 of the key in DER, hexadecimal"`
	PublicKey    string `json:"public_key" doc:"The key, as it came"`
	CreatedAt    Time   `json:"created_at" doc:"When it was registered"`
	CreatedBy    string `json:"created_by" doc:"Id of the user who registered it"`
	ExpiredAt    Time   `json:"expired_at" doc:"When it should be replaced: two years later"`
	IsAuthorized bool   `json:"is_authorized" doc:"Whether it may be used"`
}

// CreateAgentKeyRequest adds a key to an agent.
type CreateAgentKeyRequest struct {
	PublicKey string `json:"public_key" doc:"RSA public key of at least 4096 bits, PEM"`
}

// PublicKey is a public key of an Organization.
type PublicKey struct {
	ID          string `json:"id" doc:"Id of the key"`
	Key         string `json:"key" doc:"The key, as it came"`
	Fingerprint string `json:"fingerprint" doc:"SHA-256 of the key in DER, hexadecimal"`
	CreatedAt   Time   `json:"created_at" doc:"When it was added"`
	CreatedBy   string `json:"created_by" doc:"Id of the user who added it"`
	ExpiredAt   Time   `json:"expired_at" doc:"When it should be replaced: two years later"`
}

// PlatformPublicKey is a public key of the platform itself.
type PlatformPublicKey struct {
	PubKey    string `json:"pub_key" doc:"The key, PEM"`
	Active    bool   `json:"active" doc:"Whether it is in use"`
	CreatedAt Time   `json:"created_at" doc:"When it was made"`
}
