// Package secrets keeps what must not be read by others: it encrypts values before they are stored (Keeper),
// and looks after the age identity with which a development set-up opens the Secrets that Slipway committed to Git (EnsureAgeIdentity).
//
// It never decides what is secret, never logs, and never puts key material or a plaintext into an error.
package secrets
