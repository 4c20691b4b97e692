//go:build !linux

package runner

import "time"

// bootID is unknown: evidence of a dead runner counts only where it is positive.
func bootID() string { return "" }

// reapStrays gives what a dead runner left behind time to end; processes cannot
// be told by their working directory here.
func reapStrays(_ string, patience time.Duration) error {
	time.Sleep(patience)
	return nil
}
