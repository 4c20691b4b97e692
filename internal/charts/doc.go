// Package charts renders Helm charts with no access to a cluster, a network or
// an environment. Templates of others run in a process of their own that is
// limited in time and memory: Go's templates cannot be interrupted from within.
// It never sees a secret; see engine/manifest.
package charts
