package runner

import (
	"errors"
	"fmt"
	"time"

	"github.com/slipway-dev/slipway/drivers"
	"github.com/slipway-dev/slipway/drivers/terraform"
	"github.com/slipway-dev/slipway/internal/runner/record"
)

// CodeUncertain is the driver error of a run that waits for a person.
const CodeUncertain = drivers.CodeUncertain

// CodeStalePlan is the driver error of a stored plan that cannot be applied any more.
const CodeStalePlan = "RES-131"

// errCancelled ends the work after a request to stop.
var errCancelled = errors.New("cancelled on request")

// stopError ends the work until a person has answered.
type stopError struct{ message string }

func (e *stopError) Error() string { return e.message }

// conclude fills in the run's outcome.
func (j *job) conclude(out terraform.Outcome, err error, w *work) {
	r := j.run
	r.FinishedAt = time.Now()
	if err == nil {
		r.Status = record.Succeeded
		if r.Result, err = seal(j.keeper, resultAD(r), out); err == nil {
			return
		}
	}
	r.Result = nil
	r.Status, r.ErrorCode = record.Failed, drivers.CodeFailed
	r.Error = w.events.redact(err.Error())
	var stop *stopError
	var known *drivers.Error
	switch {
	case errors.Is(err, errCancelled):
		r.Status, r.ErrorCode = record.Cancelled, drivers.CodeInterrupted
	case errors.As(err, &stop):
		r.Status, r.ErrorCode, r.Permanent = record.Stopped, CodeUncertain, true
	case errors.As(err, &known):
		r.ErrorCode, r.Permanent = known.Code, known.Permanent
	}
	if w.spec.AppendLogs && r.Status == record.Failed {
		r.Error += "\n\nlog:\n" + w.events.tail()
	}
}

func failed(format string, args ...any) error {
	return &drivers.Error{Code: drivers.CodeFailed, Message: fmt.Sprintf(format, args...)}
}
