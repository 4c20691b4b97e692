//go:build !linux

package main

import (
	"fmt"
	"syscall"
)

// keepMemoryPrivate has the kernel write no image of this process when it
// crashes: keys, secrets and tokens are in its memory. The limit passes on to
// whatever is started from here.
func keepMemoryPrivate() error {
	if err := syscall.Setrlimit(syscall.RLIMIT_CORE, &syscall.Rlimit{}); err != nil {
		return fmt.Errorf("turn core dumps off: %w", err)
	}
	return nil
}
