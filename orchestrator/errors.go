package orchestrator

import (
	"errors"
	"fmt"
)

// Code classifies an Error. The HTTP status, the API's error body and the
// CLI's exit code are each derived from it in one place.
type Code string

// The codes, with the HTTP status each one becomes.
const (
	CodeInvalid         Code = "invalid"         // 400: the request cannot be understood or carried out as it stands
	CodeUnauthenticated Code = "unauthenticated" // 401: no token, or one that is unknown or expired
	CodeForbidden       Code = "forbidden"       // 403: the subject may see the object but not do this
	CodeNotFound        Code = "not_found"       // 404: no such object, or one of another organization
	CodeConflict        Code = "conflict"        // 409: the state of the object forbids it now
	CodePrecondition    Code = "precondition"    // 412: the object changed since it was read
	CodeTooLarge        Code = "too_large"       // 413: the body is larger than allowed
	CodeLimited         Code = "limited"         // 429: more requests than the caller may send; try again in a moment
	CodeUnprocessable   Code = "unprocessable"   // 422: only where the published API says so
	CodeUnavailable     Code = "unavailable"     // 503: something Slipway depends on is away; try again
	CodeCancelled       Code = "cancelled"       // the work was cancelled on request
	CodeInternal        Code = "internal"        // 500: a fault of Slipway itself
)

// Error is the one error type of the domain.
type Error struct {
	// Code classifies the error.
	Code Code
	// Reason is the machine-readable code of the API's error body, such as
	// "API-004"; empty means "HTTP-<status>".
	Reason string
	// Message names the thing, what is wrong with it and what to do.
	Message string
	// Details is additional structured information, nil when there is none.
	Details map[string]any
	// Body replaces the standard error body where the published API documents
	// another shape (for example the list of affected resources of a 409).
	Body any
	// Err is the cause; it is logged but never shown to a client.
	Err error
}

// Error returns the message and, when there is one, the cause.
func (e *Error) Error() string {
	if e.Err == nil {
		return e.Message
	}
	return e.Message + ": " + e.Err.Error()
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Errorf builds an Error with a formatted message, which a client will see.
func Errorf(code Code, format string, args ...any) *Error {
	return &Error{Code: code, Message: fmt.Sprintf(format, args...)}
}

// Wrapf builds an Error with a formatted message and a cause. The cause is
// logged; a client sees only the message.
func Wrapf(code Code, err error, format string, args ...any) *Error {
	return &Error{Code: code, Message: fmt.Sprintf(format, args...), Err: err}
}

// Invalidf is an Error of CodeInvalid.
func Invalidf(format string, args ...any) *Error { return Errorf(CodeInvalid, format, args...) }

// NotFoundf is an Error of CodeNotFound.
func NotFoundf(format string, args ...any) *Error { return Errorf(CodeNotFound, format, args...) }

// Conflictf is an Error of CodeConflict.
func Conflictf(format string, args ...any) *Error { return Errorf(CodeConflict, format, args...) }

// Forbiddenf is an Error of CodeForbidden.
func Forbiddenf(format string, args ...any) *Error { return Errorf(CodeForbidden, format, args...) }

// CodeOf returns the code of the first Error in err's chain, CodeInternal when
// there is none, and "" for nil.
func CodeOf(err error) Code {
	if err == nil {
		return ""
	}
	var e *Error
	if errors.As(err, &e) {
		return e.Code
	}
	return CodeInternal
}

// IsNotFound reports whether err says that an object does not exist.
func IsNotFound(err error) bool { return CodeOf(err) == CodeNotFound }

// IsConflict reports whether err says that the state forbids the request.
func IsConflict(err error) bool { return CodeOf(err) == CodeConflict }
