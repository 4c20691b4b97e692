// Package drivers is the contract between the orchestrator and whatever makes
// a resource real: a template, a static answer, Terraform, a container, a
// service over HTTP.
//
// Everything that is the same for all drivers (placeholders, secrets, schemas,
// storing cookies and outputs, retries) is done once, around a driver, by the
// caller. A driver therefore receives inputs that are already resolved and
// returns plain trees.
//
// The package never runs a driver by itself, never stores anything and never
// reads configuration. JSON documents are plain Go trees: map[string]any,
// []any, string, float64, bool and nil.
package drivers
