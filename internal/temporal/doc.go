// Package temporal connects Slipway to Temporal: the client with its
// interceptors, the set-up of namespace and search attributes, and the
// implementation of orchestrator.Workflows.
package temporal
