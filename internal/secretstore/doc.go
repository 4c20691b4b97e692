// Package secretstore reads and writes secrets in stores outside Slipway: in
// HashiCorp Vault and OpenBao, which speak one protocol. It never keeps a
// secret: what it remembers are the tokens of its own logins, in memory.
package secretstore
