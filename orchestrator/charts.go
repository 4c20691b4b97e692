package orchestrator

import "context"

// ChartRenderer renders Helm charts with bounded time and memory, without
// cluster, network and environment. What is wrong with a chart is CodeInvalid.
type ChartRenderer interface {
	// Inspect reads name and version of a packaged chart.
	Inspect(ctx context.Context, archive []byte) (name, version string, err error)
	// Render gives the texts of the templates by their path.
	Render(ctx context.Context, in ChartRelease) (map[string]string, error)
}

// ChartRelease is what a chart is rendered with.
type ChartRelease struct {
	Archive   []byte
	Name      string // of the release
	Namespace string
	Values    map[string]any // JSON; holds no secrets
}
