// Package migrations holds the schema of Slipway's records as SQL, one folder
// per database, applied in order of their numbers by the store. A released file
// is never changed; a change of the schema is a new file in both folders.
package migrations

import "embed"

// FS holds postgres/*.sql and sqlite/*.sql in the format of goose.
//
//go:embed postgres/*.sql sqlite/*.sql
var FS embed.FS
