package orchestrator

import "time"

// Life-cycle status of applications and environments.
const (
	StatusActive   = "active"
	StatusDeleting = "deleting"
)

// Application groups environments that run the same workloads.
type Application struct {
	OrgID           string
	ID              string
	Name            string
	Status          string // StatusActive | StatusDeleting
	StatusMessage   string // why a deletion is stuck; empty otherwise
	StatusChangedAt time.Time
	CreatedAt       time.Time
	CreatedBy       string
	Version         int64
}

// EnvironmentType classifies environments ("development", "production").
type EnvironmentType struct {
	OrgID       string
	ID          string
	Description string
}

// QueuePolicy says what happens when a deployment is requested while another
// one of the same environment is pending or running.
type QueuePolicy string

// The queue policies.
const (
	QueuePolicyQueue     QueuePolicy = "queue"     // wait in line (default)
	QueuePolicySupersede QueuePolicy = "supersede" // replace those that wait; the running one ends first
	QueuePolicyReject    QueuePolicy = "reject"    // 409, as the published API documents
	QueuePolicyFreeze    QueuePolicy = "freeze"    // accept nothing at all
)

// Environment is one place an application is deployed to.
type Environment struct {
	OrgID           string
	AppID           string
	ID              string
	Name            string
	TypeID          string
	FromDeployID    string // base of the next deployment; empty = the zero set
	LastDeployID    string // newest accepted deployment; empty = none yet
	QueuePolicy     QueuePolicy
	Status          string
	StatusMessage   string
	StatusChangedAt time.Time
	CreatedAt       time.Time
	CreatedBy       string
	Version         int64
}

// EnvRef names an environment.
type EnvRef struct{ OrgID, AppID, EnvID string }

// Ref returns the environment's name.
func (e Environment) Ref() EnvRef { return EnvRef{e.OrgID, e.AppID, e.ID} }

// String returns org/app/env.
func (r EnvRef) String() string { return r.OrgID + "/" + r.AppID + "/" + r.EnvID }
