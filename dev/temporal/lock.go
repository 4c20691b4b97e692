package main

import (
	"fmt"
	"os"
	"syscall"
)

// lockDatabase makes this process the only server of a database file: two of them would each believe to own every
// workflow in it. The lock is on FILE.lock and is released by the kernel however the process ends.
func lockDatabase(db string) (unlock func(), err error) {
	f, err := os.OpenFile(db+".lock", os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		return nil, fmt.Errorf("open the lock of the database: %w", err)
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		_ = f.Close()
		return nil, fmt.Errorf("database %s is in use by another server: stop it, or name another file with --db", db)
	}
	return func() { _ = f.Close() }, nil
}
