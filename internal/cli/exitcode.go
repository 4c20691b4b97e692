package cli

import (
	"context"
	"errors"
	"fmt"
)

// The exit codes of all commands. They are declared here and nowhere else; docs/reference/cli.md shows them.
const (
	exitOK          = 0
	exitError       = 1
	exitUsage       = 2
	exitFailed      = 3
	exitCancelled   = 4
	exitTimeout     = 7
	exitImpact      = 8
	exitInterrupted = 130 // what shells report for ctrl-C
)

// exitCodes explains the codes, in order.
var exitCodes = []struct {
	code    int
	meaning string
}{
	{exitOK, "done"},
	{exitError, "an error: the server refused, could not be reached, or input was not usable"},
	{exitUsage, "the command was not understood: unknown command or flag, missing argument or setting"},
	{exitFailed, "the deployment or operation that was waited for failed, or a scan found drift"},
	{exitCancelled, "the deployment that was waited for was cancelled, or superseded by a newer one"},
	{exitTimeout, "the deployment ran out of time, or --timeout ended the wait"},
	{exitImpact, "`definitions impact --exit-code`, `deploy … --plan --exit-code`: it would destroy resources or let deployments fail"},
	{exitInterrupted, "interrupted (ctrl-C); a deployment that was waited for goes on"},
}

// usageError is a mistake in how a command was written.
type usageError struct{ message string }

func (e *usageError) Error() string { return e.message }

func usagef(format string, args ...any) error {
	return &usageError{fmt.Sprintf(format, args...)}
}

// codedError carries an exit code of its own. reported says that the cause has been shown to the user.
type codedError struct {
	code     int
	err      error
	reported bool
}

func (e *codedError) Error() string { return e.err.Error() }
func (e *codedError) Unwrap() error { return e.err }

// exitCode is the only place where an error becomes an exit code.
func exitCode(err error) int {
	if err == nil {
		return exitOK
	}
	if coded := (*codedError)(nil); errors.As(err, &coded) {
		return coded.code
	}
	if usage := (*usageError)(nil); errors.As(err, &usage) {
		return exitUsage
	}
	if errors.Is(err, context.Canceled) {
		return exitInterrupted
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return exitTimeout
	}
	return exitError
}
