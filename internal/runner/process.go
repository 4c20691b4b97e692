package runner

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// runnerMark names the file of a run's folder that its runner holds locked for
// as long as it lives; its content is the process id.
const runnerMark = "runner.pid"

// markRunner makes this process known as the runner of the run with this folder,
// until the file is closed. The file is nil with an error.
func markRunner(dir string) (*os.File, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("make the folder of the run: %w", err)
	}
	f, err := os.OpenFile(filepath.Join(dir, runnerMark), os.O_CREATE|os.O_RDWR|os.O_TRUNC, 0o600)
	if err != nil {
		return nil, fmt.Errorf("mark the runner: %w", err)
	}
	if err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err == nil {
		_, err = fmt.Fprintln(f, os.Getpid())
	}
	if err != nil {
		_ = f.Close()
		return nil, fmt.Errorf("mark the runner: %w", err)
	}
	return f, nil
}

// endRunner kills the runner of a run that has lost its lease, should it still
// be there: one that was stopped for a while (SIGSTOP, a frozen container) would
// hold the leash of a Terraform that nobody watches any more. A process id counts
// only while its owner holds the lock.
func endRunner(dir string) {
	f, err := os.Open(filepath.Join(dir, runnerMark))
	if err != nil {
		return
	}
	defer func() { _ = f.Close() }()
	if syscall.Flock(int(f.Fd()), syscall.LOCK_SH|syscall.LOCK_NB) == nil {
		return // nobody lives who holds it
	}
	raw, err := os.ReadFile(f.Name())
	if err != nil {
		return
	}
	if pid, err := strconv.Atoi(strings.TrimSpace(string(raw))); err == nil && pid > 1 && pid != os.Getpid() {
		_ = syscall.Kill(pid, syscall.SIGKILL) // gone meanwhile is as good
	}
}
