package server

import (
	"context"
	"errors"
	"time"

	"github.com/labstack/echo/v4"
)

// errTooLong is the cause of the end of a request's context that its deadline brought.
var errTooLong = errors.New("the request took too long")

// deadlineKey finds the timer of a request's deadline in its context.
type deadlineKey struct{}

// withDeadline ends the context of a request that takes too long, so that a database which accepts connections and says nothing
// holds neither the client nor a connection of the pool for ever. A stream lifts it.
func (s *Server) withDeadline(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		ctx, cancel := context.WithCancelCause(c.Request().Context())
		defer cancel(nil)
		timer := time.AfterFunc(s.timeout, func() { cancel(errTooLong) })
		defer timer.Stop()
		c.SetRequest(c.Request().WithContext(context.WithValue(ctx, deadlineKey{}, timer)))
		return next(c)
	}
}

// tookTooLong reports whether the deadline ended the request's context.
func tookTooLong(c echo.Context) bool {
	return errors.Is(context.Cause(c.Request().Context()), errTooLong)
}

// liftDeadline lets an answer go on for as long as the client listens.
func (c *Call) liftDeadline() {
	if timer, ok := c.Context().Value(deadlineKey{}).(*time.Timer); ok {
		timer.Stop()
	}
}

// within bounds one read for a stream; a stream that ends too early is resumed by its client.
func (c *Call) within(ctx context.Context, more func(ctx context.Context) (bool, error)) (bool, error) {
	ctx, cancel := context.WithTimeout(ctx, c.server.timeout)
	defer cancel()
	return more(ctx)
}
