// Package chaos kills the parts of a running installation, cuts what lies between them and spoils the folders they write to, one
// at a time, and counts at the far ends what came of it. See docs/reliability.md; `make chaos` runs it for long.
package chaos
