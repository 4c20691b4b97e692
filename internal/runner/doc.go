// Package runner executes Terraform so that nothing is lost or made twice,
// whoever dies meanwhile.
//
// Service is the caller's side: it stores a run, starts a runner for it (or
// finds the one that is at work) and follows it through the database. Main is
// the process `slipway runner`: it takes the lease of the resource, owns the
// work directory and Terraform, and writes events, log lines, state snapshots,
// the journal and the result. Both know each other only by what is stored, so
// either may be killed at any moment.
//
// Terraform is executed directly, not through terraform-exec: its event stream
// must go into a file that outlives the runner (the evidence of what was under
// way), it must get SIGINT instead of SIGKILL when the runner dies, and its
// environment is built from nothing.
//
// The package never trusts a state file of a work directory by itself, never
// repeats an apply whose end is unknown, and never hands Slipway's own settings
// to Terraform.
package runner
