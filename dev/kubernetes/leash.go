package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"syscall"
	"time"
)

// What a part inherits besides its standard streams.
const (
	// leashFD is the reading end of a pipe that only the supervisor can write to: end of file says that the supervisor is gone.
	leashFD = 3
	// The lock of the home is inherited as file descriptor 4: it stays held until the last part has ended, so that the next
	// start cannot meet what a killed one has left behind.

	leashGrace = 5 * time.Second
	lockWait   = 20 * time.Second
)

// holdLeash ends this process when its supervisor has ended, however that happened: in order first, then at once.
func holdLeash() {
	leash := os.NewFile(leashFD, "leash")
	if leash == nil {
		return
	}
	go func() {
		_, _ = io.Copy(io.Discard, leash)
		_ = syscall.Kill(os.Getpid(), syscall.SIGTERM)
		time.Sleep(leashGrace)
		os.Exit(1)
	}()
}

// lockHome makes this the only control plane of a home. It waits a while, because the parts of a supervisor that was killed hold
// the lock until they have ended.
func lockHome(ctx context.Context, home string) (*os.File, error) {
	f, err := os.OpenFile(filepath.Join(home, "lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open the lock of the home: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, lockWait)
	defer cancel()
	for syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) != nil {
		select {
		case <-ctx.Done():
			_ = f.Close()
			return nil, fmt.Errorf("home %s is in use by another control plane: stop it, or name another folder with --home", home)
		case <-time.After(100 * time.Millisecond):
		}
	}
	return f, nil
}
