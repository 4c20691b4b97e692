package e2e

import (
	"testing"
)

// sharedTests need nothing but a running instance, so that one serves them all.
// Each keeps to applications of its own and leaves the platform as it was; the
// order is random.
var sharedTests = map[string]func(*instance){
	"corpus scores":      corpusScores,
	"corpus definitions": corpusDefinitions,
	"refused requests":   refusedRequests,
	"broken scores":      brokenScores,
	"broken deployments": brokenDeployments,
	"cancel running":     cancelRunning,
	"cancel queued":      cancelQueued,
	"queue policies":     queuePolicies,
	"teardown":           tearDown,
	"come and go":        environmentsComeAndGo,
	"promotions":         applicationsArePromoted,
	"command line":       commandLine,
	"pinned version":     pinnedVersion,
	"engine on demand":   engineOnDemand,
	"automation":         automation,
	"webhooks":           webhooks,
}

func TestOnOneInstance(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes longer than the fast tier allows")
	}
	i := newInstance(t, "SLIPWAY_AUTOMATION_WINDOW=1s")
	i.start()
	for name, test := range sharedTests {
		t.Run(name, func(t *testing.T) { test(i.as(t)) })
	}
}
