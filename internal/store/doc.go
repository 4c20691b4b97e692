// Package store keeps Slipway's records with GORM, in PostgreSQL or in SQLite.
// It implements orchestrator.Store; the rules of every method are told there.
//
// Rows are types of this package, never the domain: each aggregate has a file
// with its row, the mapping to and from the domain, and its methods. Times are
// Unix nanoseconds and documents are JSON text, so both databases give back
// exactly what was stored.
//
// The package never decides anything (that is the use cases' part), never
// encrypts (sealed columns arrive sealed), never changes the schema behind
// goose's back, and never logs the parameters of a statement.
package store
