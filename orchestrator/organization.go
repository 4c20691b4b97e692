package orchestrator

import "time"

// Organization is the tenant: everything else belongs to exactly one.
type Organization struct {
	ID        string
	Name      string
	CreatedAt time.Time
	CreatedBy string
}

// User is a person ("user"), a machine ("service") or Slipway itself ("system").
// A user exists outside organizations; RoleBindings connect the two.
type User struct {
	ID         string // UUID; service users "s-<uuid>"
	Name       string
	Email      string // empty when unknown
	Type       string // user | service | system
	Properties map[string]any
	CreatedAt  time.Time
	Version    int64 // row version, see Store
}

// Token is a static API token of a user. Only a hash of it is stored.
type Token struct {
	UserID      string
	ID          string // chosen by the caller, unique per user
	Type        string // static
	Description string
	Hash        string // hex SHA-256 of the token; unique
	CreatedAt   time.Time
	CreatedBy   string
	ExpiresAt   *time.Time // nil = never
	LastUsedAt  *time.Time
}

// RoleBinding gives a subject a role on an object.
type RoleBinding struct {
	OrgID     string
	SubjectID string // user id
	Object    string // OrgObject, AppObject or EnvTypeObject
	Role      string
	CreatedAt time.Time
}

// OrgObject is the authorization name of an organization.
func OrgObject(org string) string { return "/orgs/" + org }

// AppObject is the authorization name of an application.
func AppObject(org, app string) string { return "/orgs/" + org + "/apps/" + app }

// EnvTypeObject is the authorization name of an environment type.
func EnvTypeObject(org, envType string) string { return "/orgs/" + org + "/env-types/" + envType }

// EnvObject is the path of an environment in the audit log.
func EnvObject(ref EnvRef) string { return AppObject(ref.OrgID, ref.AppID) + "/envs/" + ref.EnvID }
