// Package starter holds what an organization has before anybody configures
// anything: the built-in resource types, and resource definitions that answer the
// usual types inside the cluster, so that a first Score file deploys as it is.
//
// The definitions are ordinary manifests in the folder definitions, meant to be
// read, copied and changed; nothing here is known to the engine. The package reads
// only what is embedded, stores nothing and calls no driver.
package starter
