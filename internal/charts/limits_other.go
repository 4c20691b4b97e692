//go:build !linux

package charts

import "runtime/debug"

// limitProcess asks the garbage collector to keep memory below a limit; the
// time limit of the parent does the rest.
func limitProcess(memory uint64) error {
	debug.SetMemoryLimit(int64(memory))
	return nil
}
