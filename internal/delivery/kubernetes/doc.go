// Package kubernetes delivers to a cluster through its API server and tells when what was delivered is ready.
//
// Every object is written by server-side apply under one field manager, in stages: what others need comes first. An object that
// is as it should be is not written: the API server leaves it alone, so nobody who watches it is woken. What an earlier
// deployment brought and this one does not is deleted, if Slipway itself had applied it. The package never takes a field over
// from another manager unasked, never deletes what it did not bring, and never puts a secret into an error.
package kubernetes
