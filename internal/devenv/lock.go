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
// an error that names the process that holds it. The kernel releases the lock however the process ends. What it was just
// starting when it was killed has the lock too, until it is a program of its own: that is waited for.
func Lock(home string) (unlock func(), err error) {
	if err := os.MkdirAll(home, 0o755); err != nil {
		return nil, fmt.Errorf("make the home folder: %w", err)
	}
	path := filepath.Join(home, "lock")
	f, err := tryLock(path)
	for end := time.Now().Add(inheritedFor); errors.Is(err, errLocked) && isDead(holder(path)) && time.Now().Before(end); f, err = tryLock(path) {
		time.Sleep(20 * time.Millisecond)
	}
	if errors.Is(err, errLocked) {
		by := ""
		if pid := holder(path); pid != 0 {
			by = fmt.Sprintf(" (pid %d)", pid)
		}
		return nil, fmt.Errorf("another slipway dev%s uses %s: stop it, or choose another folder with --home", by, home)
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

// inheritedFor bounds how long the lock of a process that is dead is waited for.
const inheritedFor = 10 * time.Second

// holder is the process that wrote its id into a lock file, 0 if that is unknown.
func holder(path string) int {
	f, err := os.Open(path)
	if err != nil {
		return 0
	}
	defer func() { _ = f.Close() }()
	content, _ := io.ReadAll(io.LimitReader(f, 32))
	pid, err := strconv.Atoi(strings.TrimSpace(string(content)))
	if err != nil || pid <= 0 {
		return 0
	}
	return pid
}

func isDead(pid int) bool { return pid != 0 && errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) }
