package orchestrator

import "time"

// Agent is a tunnel into somebody's network, as far as the API knows it. Slipway
// runs no such tunnels.
type Agent struct {
	OrgID       string
	ID          string
	Description string
	CreatedAt   time.Time
	CreatedBy   string
	Version     int64
}

// AgentKey is a public key with which an agent proves who it is.
type AgentKey struct {
	OrgID       string
	AgentID     string
	Fingerprint string // SHA-256 of the key in DER, hexadecimal
	PublicKey   string // PEM, byte for byte as it came
	CreatedAt   time.Time
	CreatedBy   string
	ExpiredAt   time.Time
}

// PublicKey is a public key of an organization.
type PublicKey struct {
	OrgID       string
	ID          string // UUID
	Fingerprint string // SHA-256 of the key in DER, hexadecimal
	Key         string // PEM, byte for byte as it came
	CreatedAt   time.Time
	CreatedBy   string
	ExpiredAt   time.Time
}
