// Package server speaks HTTP: it turns requests into calls of the use cases in
// package orchestrator and their results into answers.
//
// Every operation is one Route in the table of routes.go; the OpenAPI document
// is generated from that table and from the types of internal/api, so it
// cannot drift from what the server does. Handlers hold no rules: they decode,
// call one use case, and encode. The package never talks to the database or to
// the workflow engine, and it never logs tokens, bodies or query strings.
package server
