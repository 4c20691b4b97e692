package cli

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// errWaitedEnough is the cause of a context that --timeout ended.
var errWaitedEnough = errors.New("--timeout is over")

// awaited is something that goes on in the server and is looked at until it is over.
type awaited[T any] struct {
	read  func(ctx context.Context) (T, error)
	over  func(T) bool
	each  func(T)       // told of every look, the first one included; nil = nobody
	every time.Duration // between two looks
	limit time.Duration // of the wait; 0 = none
	// goesOn says what goes on when the wait ends first, and how to look at it.
	goesOn string
}

// await returns what is over. When the wait ends first it returns the last that was seen, with an error that has the exit code.
func await[T any](ctx context.Context, a *app, now T, w awaited[T]) (T, error) {
	follow := ctx
	if w.limit > 0 {
		var cancel context.CancelFunc
		follow, cancel = context.WithTimeoutCause(ctx, w.limit, errWaitedEnough)
		defer cancel()
	}
	for {
		if w.each != nil {
			w.each(now)
		}
		if w.over(now) {
			return now, nil
		}
		err := pause(follow, w.every)
		if err == nil {
			var next T
			if next, err = w.read(follow); err == nil {
				now = next
				continue
			}
		}
		if cause := context.Cause(follow); cause != nil {
			err = cause
		}
		return now, a.waitEnded(w.goesOn, w.limit, err)
	}
}

// pause waits, or returns why ctx ended.
func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// waitEnded explains that a wait ended before what it was for, which goes on.
func (a *app) waitEnded(goesOn string, limit time.Duration, cause error) error {
	if errors.Is(cause, errWaitedEnough) {
		return &codedError{exitTimeout, fmt.Errorf("not over after %s; %s", limit, goesOn), false}
	}
	if errors.Is(cause, context.Canceled) {
		a.note("detached: " + goesOn)
		return &codedError{exitInterrupted, cause, true}
	}
	return fmt.Errorf("%w; %s", cause, goesOn)
}
