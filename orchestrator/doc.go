// Package orchestrator is the heart of Slipway: the domain types, the one
// error type, the use cases ("create a deployment", "delete an environment")
// and the authorization that every use case performs.
//
// It imports the pure packages under engine/ and declares the interfaces it
// needs (Store, Workflows, Keeper); packages under internal/ implement them.
// It never speaks HTTP, SQL or Temporal itself, so that the API server,
// pipelines, automation and schedules all go through the same door.
package orchestrator
