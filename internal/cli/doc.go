// Package cli is the command line: the verbs with which people and scripts use a Slipway server.
//
// Everything goes through the HTTP API by way of internal/client; the package knows no other way in, never opens the
// database and never talks to Temporal. Results go to standard output, everything else to standard error. The commands
// that run a server are not here: cmd/slipway adds them to the same tree.
package cli

//go:generate go run ./docgen
