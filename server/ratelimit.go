package server

import (
	"time"

	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"
	"golang.org/x/time/rate"

	"github.com/slipway-dev/slipway/orchestrator"
)

// A caller may ask for burstSeconds of requests at once; those who have not said
// who they are share a strangersShare of the rate with everybody at their address.
const (
	burstSeconds   = 10
	strangersShare = 10
)

// limits bound how often one caller may ask.
type limits struct{ users, strangers middleware.RateLimiterStore }

// newLimits allows perSecond requests to each user; 0 bounds nobody.
func newLimits(perSecond float64) *limits {
	if perSecond <= 0 {
		return nil
	}
	return &limits{users: bucket(perSecond), strangers: bucket(perSecond / strangersShare)}
}

func bucket(perSecond float64) middleware.RateLimiterStore {
	return middleware.NewRateLimiterMemoryStoreWithConfig(middleware.RateLimiterMemoryStoreConfig{
		Rate: rate.Limit(perSecond), Burst: max(1, int(perSecond*burstSeconds)), ExpiresIn: 3 * time.Minute,
	})
}

// user takes one request of a user.
func (l *limits) user(id string) error {
	if l == nil {
		return nil
	}
	return take(l.users, id, "you send")
}

// stranger takes one request without a good token from an address.
func (l *limits) stranger(address string) error {
	if l == nil {
		return nil
	}
	return take(l.strangers, address, "your address sends, without a token that is known,")
}

func take(from middleware.RateLimiterStore, who, what string) error {
	if ok, err := from.Allow(who); !ok || err != nil {
		return orchestrator.Errorf(orchestrator.CodeLimited, "%s more requests than this server allows; wait a second", what)
	}
	return nil
}

// withStrangerLimit bounds the operations that need no token.
func (s *Server) withStrangerLimit(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if err := s.limits.stranger(c.RealIP()); err != nil {
			return err
		}
		return next(c)
	}
}
