package drivers

import (
	"context"
	"errors"
	"fmt"
)

// Codes of driver errors, as they appear in deployment errors and API answers.
// The RES-1xx range is the one the published driver contract uses.
const (
	// CodeNotAvailable: the driver does not run on this server.
	CodeNotAvailable = "RES-100"
	// CodeInvalidInputs: the definition's driver inputs or the resource's inputs are wrong.
	CodeInvalidInputs = "RES-101"
	// CodeFailed: the driver ran and failed.
	CodeFailed = "RES-102"
	// CodeLimit: a size, count or time limit was reached.
	CodeLimit = "RES-103"
	// CodeInterrupted: the context ended first; trying again may succeed.
	CodeInterrupted = "RES-104"
	// CodeInvalidResult: the driver produced something that is not a legal result.
	CodeInvalidResult = "RES-105"
	// CodeChanged: the driver is no longer the one that the deployment was planned with.
	CodeChanged = "RES-106"
	// CodeUncertain: a person has to say what has become of something before the driver goes on.
	CodeUncertain = "RES-130"
)

// ErrDetach is the cause (context.Cause) with which a driver's context ends when
// its process goes away and what can go on without it shall go on: another
// process will call the driver again and find it.
var ErrDetach = errors.New("the worker stops; what can go on without it goes on")

// Error is the failure of a driver.
type Error struct {
	// Code is one of the Code constants, or another RES-1xx of an external driver.
	Code string
	// Message names the thing, what is wrong with it and what to do. It holds no secret value.
	Message string
	// Permanent says that the same request cannot succeed by trying again.
	Permanent bool
	// Err is the cause, or nil. It is not part of the message, so it may be
	// anything; it is meant for errors.Is and errors.As only.
	Err error
}

// Error returns the message without the code.
func (e *Error) Error() string { return e.Message }

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Invalid returns a permanent error about inputs.
func Invalid(format string, args ...any) *Error {
	return &Error{Code: CodeInvalidInputs, Message: fmt.Sprintf(format, args...), Permanent: true}
}

// Interrupted returns the temporary error for a context that has ended.
func Interrupted(what string, err error) *Error {
	if errors.Is(err, context.DeadlineExceeded) {
		return &Error{Code: CodeInterrupted, Message: what + " took longer than its time limit", Err: err}
	}
	return &Error{Code: CodeInterrupted, Message: what + " was interrupted before it finished", Err: err}
}

// IsPermanent reports whether err says that trying the same request again is pointless.
func IsPermanent(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.Permanent
}
