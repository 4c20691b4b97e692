package devenv

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"time"

	"go.temporal.io/sdk/client"
	sdklog "go.temporal.io/sdk/log"
)

// WaitReady returns nil as soon as the Temporal frontend at address (host:port, no TLS) reports itself healthy. It asks
// until ctx ends; the error then holds the last answer.
func WaitReady(ctx context.Context, address string) error {
	c, err := client.NewLazyClient(client.Options{
		HostPort: address,
		Logger:   sdklog.NewStructuredLogger(slog.New(slog.DiscardHandler)),
	})
	if err != nil {
		return fmt.Errorf("prepare a client of Temporal at %s: %w", address, err)
	}
	defer c.Close()
	for {
		if err = checkHealth(ctx, c); err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("the Temporal at %s is not ready: %w", address, err)
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// checkHealth asks once. Its own deadline is short: a connection attempt made a moment too early must not use up the
// caller's time by backing off.
func checkHealth(ctx context.Context, c client.Client) error {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	_, err := c.CheckHealth(ctx, &client.CheckHealthRequest{})
	return err
}

// waitListening returns nil as soon as something accepts connections at address; the Web UI comes a moment after the frontend.
func waitListening(ctx context.Context, address string) error {
	for {
		conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", address)
		if err == nil {
			return conn.Close()
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("nothing listens on %s: %w", address, err)
		case <-time.After(50 * time.Millisecond):
		}
	}
}
