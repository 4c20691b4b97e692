package store

import (
	"context"
	"net"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
)

const (
	// probeAfter, probeEvery and probes find a peer that is gone without a word while an answer is waited for.
	probeAfter = 15 * time.Second
	probeEvery = 5 * time.Second
	probes     = 3
	// unacknowledged is how long what was sent may stay without the peer's acknowledgement, where the kernel can be told.
	unacknowledged = 30 * time.Second
)

// dialPostgres connects so that a machine that vanished, or a network that drops packets, ends the connection within half a minute;
// by default it takes a quarter of an hour.
func dialPostgres(connect time.Duration) pgconn.DialFunc {
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		d := net.Dialer{
			Timeout:         connect,
			KeepAliveConfig: net.KeepAliveConfig{Enable: true, Idle: probeAfter, Interval: probeEvery, Count: probes},
			Control: func(_, _ string, raw syscall.RawConn) error {
				return raw.Control(func(fd uintptr) { limitUnacknowledged(fd, unacknowledged) })
			},
		}
		return d.DialContext(ctx, network, address)
	}
}
