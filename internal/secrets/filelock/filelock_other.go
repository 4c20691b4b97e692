//go:build !unix

package filelock

import (
	"os"
	"sync"
)

// Where there is no flock, only this process is serialized; the callers' own checks (compare-and-swap of a Git branch,
// re-reading a keyset) still hold across processes.
var (
	mu   sync.Mutex
	held = map[string]*os.File{}
)

func tryLock(f *os.File) (bool, error) {
	mu.Lock()
	defer mu.Unlock()
	if held[f.Name()] != nil {
		return false, nil
	}
	held[f.Name()] = f
	return true, nil
}

func unlock(f *os.File) {
	mu.Lock()
	defer mu.Unlock()
	if held[f.Name()] == f {
		delete(held, f.Name())
	}
}
