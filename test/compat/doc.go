// Package compat holds the HTTP API against the published document of the API
// that it speaks, and against its own: a scenario walks the operations of a
// running `slipway dev`, and each request and answer is checked. The result is
// the table in docs/compatibility.md.
//
// The published document is not part of this project. SLIPWAY_REFERENCE names
// its file; without it only our own document is held against, and the table is
// taken at its word for which operation is meant.
package compat
