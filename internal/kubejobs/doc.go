// Package kubejobs is what everything that Slipway runs as a Kubernetes Job has in
// common: how a pod template of the user's is merged with ours, what has become of
// a Job and why, its logs, and its end.
//
// It decides nothing about what runs in a Job and stores nothing. Errors of the
// API server are those of package orchestrator: CodeUnavailable where another try
// may help.
package kubejobs
