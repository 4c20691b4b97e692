package charts

import "syscall"

// limitProcess bounds memory and processor time of this process. Memory is
// counted as data that is really mapped writable (RLIMIT_DATA): Go reserves
// much more address space than it uses.
func limitProcess(memory uint64) error {
	const rlimitData = syscall.RLIMIT_DATA
	if err := syscall.Setrlimit(rlimitData, &syscall.Rlimit{Cur: memory, Max: memory}); err != nil {
		return err
	}
	if err := syscall.Setrlimit(syscall.RLIMIT_CPU, &syscall.Rlimit{Cur: 30, Max: 30}); err != nil {
		return err
	}
	return syscall.Setrlimit(syscall.RLIMIT_NOFILE, &syscall.Rlimit{Cur: 64, Max: 64})
}
