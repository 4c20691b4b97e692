// Package client talks to Slipway's HTTP API over the wire types of internal/api. It is what the command line uses; it
// holds no state but the address and the token.
//
// It never prints, never asks, never reads files or the environment, and never sends the token to another address than
// the one it was made for. It repeats a request only where that cannot do anything twice: GET requests that met a broken
// connection, and requests that the server refused with 503 and Retry-After before it did anything.
package client
