package testenv

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"syscall"
	"testing"
)

// Ports of tests lie below those that kernels hand out by themselves (from 32768 on Linux, 49152 elsewhere), so that no
// outgoing connection and no listener on port 0 ever takes one, not even while the server of a test is down.
const firstPort, lastPort = 20000, 32000

// portLocks keeps the locks of this process's ports open until it ends.
var portLocks struct {
	sync.Mutex
	files []*os.File
}

// FreePort returns a port of 127.0.0.1 that nobody listens on and that belongs to this process until it ends: no other
// call, in whatever test binary of this user, returns it.
func FreePort(t testing.TB) int {
	t.Helper()
	port, err := freePort()
	if err != nil {
		t.Fatal(err)
	}
	return port
}

func freePort() (int, error) {
	// Not the temporary folder: a test may have one of its own.
	cache, err := os.UserCacheDir()
	if err != nil {
		return 0, fmt.Errorf("reserve a port: %w", err)
	}
	dir := filepath.Join(cache, "slipway", "test-ports")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return 0, fmt.Errorf("reserve a port: %w", err)
	}
	for range 200 {
		port := firstPort + rand.IntN(lastPort-firstPort)
		reserved, err := reservePort(dir, port)
		if err != nil {
			return 0, err
		}
		if reserved {
			return port, nil
		}
	}
	return 0, fmt.Errorf("no free port found between %d and %d", firstPort, lastPort)
}

// reservePort reports false where the port belongs to another process, or somebody listens on it.
func reservePort(dir string, port int) (bool, error) {
	lock, err := os.OpenFile(filepath.Join(dir, strconv.Itoa(port)), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return false, fmt.Errorf("reserve a port: %w", err)
	}
	// The lock is one of the open file: also a second call of this process is refused.
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		_ = lock.Close()
		if errors.Is(err, syscall.EWOULDBLOCK) {
			return false, nil
		}
		return false, fmt.Errorf("reserve a port: %w", err)
	}
	l, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
	if err != nil {
		_ = lock.Close()
		return false, nil
	}
	_ = l.Close()
	portLocks.Lock()
	defer portLocks.Unlock()
	portLocks.files = append(portLocks.files, lock)
	return true, nil
}
