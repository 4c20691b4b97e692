// Package redaction takes known secret values out of text before it is shown.
//
// It never decides what is secret.
package redaction
