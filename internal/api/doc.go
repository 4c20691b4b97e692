// Package api holds the wire types of Slipway's HTTP API: the bodies of
// requests and answers with their JSON names, shared by the API server and by
// clients written in Go, the CLI among them.
//
// The types say what travels, nothing else: no rules, no defaults, no I/O. The
// tag `doc` describes a field for the OpenAPI document, which the server
// generates from these types; `enum` lists the values a string may have. A
// field without omitempty is always present in answers.
package api
