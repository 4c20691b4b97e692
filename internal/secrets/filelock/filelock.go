// Package filelock serializes processes of one machine by a lock file. The lock is advisory and vanishes with its
// holder, so a killed process leaves nothing behind that somebody has to clean up. It does not lock across machines.
package filelock

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

const pollInterval = 10 * time.Millisecond

// Acquire waits until the lock at path is free or ctx ends, and returns the function that frees it. The file is created
// (mode 0600, with its directory) and stays: removing it would let two holders in.
func Acquire(ctx context.Context, path string) (release func(), err error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, fmt.Errorf("lock %s: %w", path, err)
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("lock %s: %w", path, err)
	}
	for {
		ok, err := tryLock(f)
		if err != nil {
			_ = f.Close()
			return nil, fmt.Errorf("lock %s: %w", path, err)
		}
		if ok {
			return func() { unlock(f); _ = f.Close() }, nil
		}
		select {
		case <-ctx.Done():
			_ = f.Close()
			return nil, fmt.Errorf("lock %s: another process holds it: %w", path, ctx.Err())
		case <-time.After(pollInterval):
		}
	}
}
