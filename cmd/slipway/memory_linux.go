package main

import (
	"fmt"

	"golang.org/x/sys/unix"
)

// keepMemoryPrivate has the kernel write no image of this process when it
// crashes: keys, secrets and tokens are in its memory. The limit passes on to
// Terraform and whatever else is started from here. It covers files; a handler
// to which core_pattern pipes is kept off by the flag, which is this process's
// alone, and keeps debuggers of the same user out, too.
func keepMemoryPrivate() error {
	if err := unix.Setrlimit(unix.RLIMIT_CORE, &unix.Rlimit{}); err != nil {
		return fmt.Errorf("turn core dumps off: %w", err)
	}
	if err := unix.Prctl(unix.PR_SET_DUMPABLE, 0, 0, 0, 0); err != nil {
		return fmt.Errorf("turn core dumps off: %w", err)
	}
	return nil
}
