package devenv

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// Lock makes the caller the only `slipway dev` of a home folder, which is created when it is missing. A second caller gets
// an error that names the process that holds it. The kernel releases the lock however the process ends.
func Lock(home string) (unlock func(), err error) {
	if err := os.MkdirAll(home, 0o755); err != nil {
		return nil, fmt.Errorf("make the home folder: %w", err)
	}
	path := filepath.Join(home, "lock")
	f, err := tryLock(path)
	if errors.Is(err, errLocked) {
		return nil, fmt.Errorf("another slipway dev%s uses %s: stop it, or choose another folder with --home", holder(path), home)
	}
	if err != nil {
		return nil, fmt.Errorf("lock the home folder: %w", err)
	}
	// The content only serves the message above; the lock itself does not depend on it.
	_ = f.Truncate(0)
	_, _ = f.WriteAt([]byte(strconv.Itoa(os.Getpid())+"\n"), 0)
	return func() { _ = f.Close() }, nil
}

var errLocked = errors.New("locked by another process")

// tryLock takes the exclusive lock of a file, or returns errLocked at once.
func tryLock(path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		return nil, err
	}
	err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if err == nil {
		return f, nil
	}
	_ = f.Close()
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return nil, errLocked
	}
	return nil, err
}

// waitForLock takes the lock of a file as soon as it is free.
func waitForLock(ctx context.Context, path string) (unlock func(), err error) {
	for {
		f, err := tryLock(path)
		if err == nil {
			return func() { _ = f.Close() }, nil
		}
		if !errors.Is(err, errLocked) {
			return nil, err
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(200 * time.Millisecond):
		}
	}
}

// holder describes the process that wrote its id into a lock file: " (pid 12)", or nothing if that is unknown.
func holder(path string) string {
	f, err := os.Open(path)
	if err != nil {
		return ""
	}
	defer func() { _ = f.Close() }()
	content, _ := io.ReadAll(io.LimitReader(f, 32))
	if pid, err := strconv.Atoi(strings.TrimSpace(string(content))); err == nil {
		return fmt.Sprintf(" (pid %d)", pid)
	}
	return ""
}
