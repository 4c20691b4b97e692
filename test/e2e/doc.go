// Package e2e tests Slipway as its users meet it: the real binary in processes
// of its own, talked to over HTTP and through its own command line, with the
// real Temporal behind it and real repositories as targets.
package e2e
