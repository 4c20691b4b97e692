package store

import (
	"syscall"
	"time"
)

// tcpUserTimeout is TCP_USER_TIMEOUT of tcp(7), which the package syscall does not name.
const tcpUserTimeout = 0x12

// limitUnacknowledged does its best: a kernel that refuses leaves the default.
func limitUnacknowledged(fd uintptr, limit time.Duration) {
	_ = syscall.SetsockoptInt(int(fd), syscall.IPPROTO_TCP, tcpUserTimeout, int(limit.Milliseconds()))
}
