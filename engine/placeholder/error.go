package placeholder

import (
	"errors"
	"fmt"
)

// Error says which placeholder of a document could not be read or resolved.
type Error struct {
	Location    string // JSON pointer (RFC 6901) of the string that holds the placeholder; "" for the document itself
	Placeholder string // text with its ${ and }; empty when the document is secret
	Err         error  // cause; a *SyntaxError when the text is not a placeholder at all
}

// Error implements error.
func (e *Error) Error() string {
	at := e.Location
	if at != "" {
		at += ": "
	}
	var syntax *SyntaxError
	if e.Placeholder == "" || errors.As(e.Err, &syntax) {
		return at + e.Err.Error()
	}
	return fmt.Sprintf("%splaceholder %s: %v", at, e.Placeholder, e.Err)
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// SyntaxError reports text that starts like a placeholder and is none, such as the shell's ${VAR:-x}.
type SyntaxError struct {
	Text   string // the offending text, cut to a readable length
	Reason string
}

// Error implements error. It tells how to keep the text as it is.
func (e *SyntaxError) Error() string {
	return fmt.Sprintf(`%s is not a placeholder: %s; write $\{ instead of ${ to keep the text as it is`, e.Text, e.Reason)
}
