// Package terraform is the driver behind humanitec/terraform: a resource is
// what a piece of Terraform (or OpenTofu) code makes of it.
//
// The driver reads inputs and turns outputs into a result. It never runs
// Terraform itself: that is the part of Runs, whose runner outlives the process
// that called the driver. See "Terraform" in docs/architecture.md.
package terraform
