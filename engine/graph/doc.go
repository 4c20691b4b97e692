// Package graph builds the resource graph of an environment: every resource that a Deployment Set asks for, directly
// or through the definitions that match, and what depends on what.
//
// It works in the order of the behaviour reference: collect what workloads declare, select a definition for every
// resource, follow the references and co-provisioning of those definitions until nothing new appears, apply
// match_dependents, evaluate selectors, refuse loops, and sort.
//
// The package decides from its input alone. It never provisions or resolves anything: placeholders stay as written in
// the nodes, together with the resources they point at.
package graph
