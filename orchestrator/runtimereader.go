package orchestrator

import (
	"context"
	"time"
)

// RuntimeReader is implemented by the container logs of clusters that can also
// tell how what was delivered runs. An implementation answers CodeInvalid when
// the cluster refuses and CodeUnavailable when it does not answer; it reads at
// most what the context gives time for, and hides what the query names.
type RuntimeReader interface {
	ContainerLogs
	// ReadRuntime reads the controllers of the environment with their pods.
	ReadRuntime(ctx context.Context, t Target, q RuntimeQuery) (*RuntimeState, error)
	// ReadEvents reads what the cluster noted about them, newest first.
	ReadEvents(ctx context.Context, t Target, q RuntimeQuery) ([]RuntimeEvent, error)
	// FollowLogs tells lines as they are written until the context ends or a
	// function fails. Containers that come later join.
	FollowLogs(ctx context.Context, t Target, q ContainerLogQuery, f LogFollower) error
	// Ping asks the cluster whether it answers and takes the credentials, and
	// names its version.
	Ping(ctx context.Context, t Target) (version string, err error)
}

// RuntimeQuery narrows what is read of a cluster.
type RuntimeQuery struct {
	Workload string   // "" = all
	Hidden   []string // secrets that must not be shown
}

// LogFollower is whoever follows logs.
type LogFollower struct {
	// Tell takes the next line; it is called by one goroutine at a time.
	Tell func(ContainerLogLine) error
	// Renew is called before a container is read that is new, and every
	// RenewLogs: it answers the secrets to hide from now on, beside those of
	// before, or ends the following.
	Renew func(ctx context.Context) (hidden []string, err error)
}

// RenewLogs is how often rights and secrets are looked at again while logs are followed.
const RenewLogs = 15 * time.Second
