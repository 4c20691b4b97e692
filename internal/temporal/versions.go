package temporal

import (
	"context"
	"errors"
	"fmt"
	"time"

	"go.temporal.io/api/serviceerror"
	"go.temporal.io/sdk/client"

	"github.com/slipway-dev/slipway/workflows"
)

// WorkerVersion is one version of the workers that Temporal knows.
type WorkerVersion struct {
	BuildID string
	Created time.Time
	// State is current (new work goes to it), ramping (a share does), draining (only what is pinned to it still runs), drained
	// (its workers may be stopped) or inactive (never used yet).
	State string
	// Percent is the share of new work that a ramping version gets.
	Percent float32
}

// WorkerVersions lists the versions of the workers, none before a versioned worker has asked for work.
func WorkerVersions(ctx context.Context, c client.Client) ([]WorkerVersion, error) {
	d, err := c.WorkerDeploymentClient().GetHandle(workflows.WorkerDeployment).Describe(ctx, client.WorkerDeploymentDescribeOptions{})
	var none *serviceerror.NotFound
	if errors.As(err, &none) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("listing the versions of the workers: %w", err)
	}
	out := make([]WorkerVersion, 0, len(d.Info.VersionSummaries))
	for _, v := range d.Info.VersionSummaries {
		out = append(out, workerVersion(v, d.Info.RoutingConfig))
	}
	return out, nil
}

func workerVersion(v client.WorkerDeploymentVersionSummary, routing client.WorkerDeploymentRoutingConfig) WorkerVersion {
	out := WorkerVersion{BuildID: v.Version.BuildID, Created: v.CreateTime, State: "inactive"}
	switch {
	case routing.CurrentVersion != nil && *routing.CurrentVersion == v.Version:
		out.State = "current"
	case routing.RampingVersion != nil && *routing.RampingVersion == v.Version:
		out.State, out.Percent = "ramping", routing.RampingVersionPercentage
	case v.DrainageStatus == client.WorkerDeploymentVersionDrainageStatusDraining:
		out.State = "draining"
	case v.DrainageStatus == client.WorkerDeploymentVersionDrainageStatusDrained:
		out.State = "drained"
	}
	return out
}

// PromoteWorkers makes the version with this build id the current one; "" gives new work to unversioned workers. A percentage
// below 100 gives the version that share of new work and leaves the current one; 0 takes a share back. Temporal refuses a version
// without workers, and one that does not serve every task queue that the current one serves.
func PromoteWorkers(ctx context.Context, c client.Client, buildID string, percent float32) error {
	handle := c.WorkerDeploymentClient().GetHandle(workflows.WorkerDeployment)
	d, err := handle.Describe(ctx, client.WorkerDeploymentDescribeOptions{})
	if err != nil {
		return fmt.Errorf("no versioned worker has asked for work yet: %w", err)
	}
	if percent >= 100 {
		_, err = handle.SetCurrentVersion(ctx, client.WorkerDeploymentSetCurrentVersionOptions{BuildID: buildID, ConflictToken: d.ConflictToken})
	} else {
		_, err = handle.SetRampingVersion(ctx, client.WorkerDeploymentSetRampingVersionOptions{
			BuildID: buildID, Percentage: percent, ConflictToken: d.ConflictToken,
		})
	}
	if err != nil {
		return fmt.Errorf("promoting the workers of build %q: %w", buildID, err)
	}
	return nil
}
