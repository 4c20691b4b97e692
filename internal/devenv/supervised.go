package devenv

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"time"
)

const (
	stopGrace   = 15 * time.Second
	pollAdopted = 250 * time.Millisecond

	// rotateSize is the size from which a log is set aside when a new process starts.
	rotateSize = 10 << 20
)

// supervised is a process of ours: a child, or one adopted from an earlier run.
type supervised struct {
	pid     int
	started string // see processStart
	logFile string
	logFrom int64         // where the output of this process begins
	exited  chan struct{} // closed when the process has ended
	asked   atomic.Bool   // stop was called
}

// startSupervised starts a program in a process group of its own, so that Ctrl-C in the terminal does not reach it: the
// caller stops it in its own order. Its output goes straight to the file, not through us: it must survive us.
func startSupervised(path string, args []string, logFile string) (*supervised, error) {
	log, from, err := openLog(logFile)
	if err != nil {
		return nil, err
	}
	defer func() { _ = log.Close() }()
	cmd := exec.Command(path, args...)
	cmd.Stdout, cmd.Stderr = log, log
	cmd.Env = environment(os.Environ())
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	started, _ := processStart(cmd.Process.Pid)
	s := &supervised{pid: cmd.Process.Pid, started: started, logFile: logFile, logFrom: from, exited: make(chan struct{})}
	go func() {
		_ = cmd.Wait() // how it ended shows in its log
		close(s.exited)
	}()
	return s, nil
}

// environment leaves out TEMPORAL_*: variables for clients of Temporal that the CLI would apply to its server as well.
func environment(all []string) []string {
	kept := make([]string, 0, len(all))
	for _, entry := range all {
		if !strings.HasPrefix(entry, "TEMPORAL_") {
			kept = append(kept, entry)
		}
	}
	return kept
}

// adoptSupervised watches a process that is not our child. There is no waiting for such a one: its end is found by looking.
func adoptSupervised(pid int, started, logFile string) *supervised {
	s := &supervised{pid: pid, started: started, logFile: logFile, exited: make(chan struct{})}
	if info, err := os.Stat(logFile); err == nil {
		s.logFrom = max(0, info.Size()-4096)
	}
	go func() {
		for {
			if now, ok := processStart(pid); !ok || now != started {
				close(s.exited)
				return
			}
			time.Sleep(pollAdopted)
		}
	}()
	return s
}

func (s *supervised) alive() bool {
	select {
	case <-s.exited:
		return false
	default:
		return true
	}
}

func (s *supervised) stopping() bool { return s.asked.Load() }

// stop ends the process and all that it started, and returns when it has ended.
func (s *supervised) stop(ctx context.Context) error {
	s.asked.Store(true)
	if !s.alive() {
		return nil
	}
	if err := s.signal(syscall.SIGTERM); err != nil {
		return err
	}
	select {
	case <-s.exited:
		return nil
	case <-ctx.Done():
	case <-time.After(stopGrace):
	}
	if err := s.signal(syscall.SIGKILL); err != nil {
		return err
	}
	select {
	case <-s.exited:
		return nil
	case <-time.After(stopGrace):
		return fmt.Errorf("process %d survives SIGKILL", s.pid)
	}
}

// signal reaches the process group. The process leads it (Setpgid), and its identity was checked when it was adopted.
func (s *supervised) signal(sig syscall.Signal) error {
	if err := syscall.Kill(-s.pid, sig); err != nil && !errors.Is(err, syscall.ESRCH) {
		return fmt.Errorf("send %s to process %d: %w", sig, s.pid, err)
	}
	return nil
}

// lastLog returns the last lines that the process has printed.
func (s *supervised) lastLog() string {
	const lines, size = 12, 4096
	f, err := os.Open(s.logFile)
	if err != nil {
		return "(no log: " + err.Error() + ")"
	}
	defer func() { _ = f.Close() }()
	end, err := f.Seek(0, io.SeekEnd)
	if err != nil {
		return "(no log: " + err.Error() + ")"
	}
	content := make([]byte, end-max(s.logFrom, end-size))
	n, _ := f.ReadAt(content, end-int64(len(content)))
	all := strings.Split(strings.TrimSpace(string(content[:n])), "\n")
	return strings.Join(all[max(0, len(all)-lines):], "\n")
}

// openLog opens a log for appending, setting a big one aside first, and tells where new output begins.
func openLog(path string) (*os.File, int64, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return nil, 0, fmt.Errorf("make the log folder: %w", err)
	}
	if info, err := os.Stat(path); err == nil && info.Size() > rotateSize {
		if err := os.Rename(path, path+".1"); err != nil {
			return nil, 0, fmt.Errorf("set the old log aside: %w", err)
		}
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o644)
	if err != nil {
		return nil, 0, fmt.Errorf("open the log: %w", err)
	}
	info, err := f.Stat()
	if err != nil {
		_ = f.Close()
		return nil, 0, fmt.Errorf("open the log: %w", err)
	}
	return f, info.Size(), nil
}
