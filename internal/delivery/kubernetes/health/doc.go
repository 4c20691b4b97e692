// Package health says from objects of a cluster and their events how a workload runs, and why it does not. It asks nobody: whoever
// has read the objects, for a rollout or for a look at an environment, gets the same reasons.
package health
