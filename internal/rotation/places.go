package rotation

import (
	"fmt"

	"github.com/slipway-dev/slipway/internal/runner"
	"github.com/slipway-dev/slipway/internal/store"
	"github.com/slipway-dev/slipway/orchestrator"
)

// placeOf gives the associated data with which a value was encrypted.
func placeOf(column store.SealedColumn, v store.SealedValue) ([]byte, error) {
	text := func(name string) string { s, _ := v.Key[name].(string); return s }
	number := func(name string) int { n, _ := v.Key[name].(int64); return int(n) }
	org := text("org_id")
	switch column.String() {
	case "secret_versions.sealed":
		return orchestrator.SecretPlace(org, text("ref")), nil
	case "active_resources.sealed":
		return orchestrator.ResourcePlace(org, text("guresid")), nil
	case "nodes.sealed":
		return orchestrator.NodePlace(org, text("deployment_id"), number("ordinal")), nil
	case "manifests.sealed":
		return orchestrator.ManifestsPlace(org, text("deployment_id")), nil
	case "secret_stores.sealed", "resource_accounts.sealed", "registries.sealed":
		return orchestrator.CredentialsPlace(column.Table, org, text("id")), nil
	case "webhooks.sealed":
		return orchestrator.WebhookPlace(org, text("id")), nil
	case "receivers.sealed":
		return orchestrator.ReceiverPlace(org, text("id")), nil
	case "runner_runs.spec":
		return runner.SpecPlace(org, text("id")), nil
	case "runner_runs.result":
		return runner.ResultPlace(org, text("id")), nil
	case "runner_states.sealed":
		return runner.StatePlace(org, text("guresid")), nil
	case "runner_plans.sealed":
		return runner.PlanPlace(org, text("guresid"), text("id")), nil
	case "runner_journal.detail":
		return runner.DetailPlace(org, text("guresid"), text("address")), nil
	}
	return nil, fmt.Errorf("%s: nobody said to what its values are bound; that is a fault of this release", column)
}
