package runner

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"
)

// Job names the run that a runner is to take.
type Job struct {
	OrgID string `json:"org_id"`
	RunID string `json:"run_id"`
}

// Launcher starts a runner for a run and does not wait for it. Starting two for
// the same run is harmless: the lease lets one in. The channel is closed when the
// runner has written its outcome or is gone; nil where that cannot be told.
type Launcher interface {
	Launch(ctx context.Context, j Job) (<-chan struct{}, error)
}

// Local starts runners as processes of this machine, each in a session of its
// own so that it outlives its parent.
type Local struct {
	// Command is the program with its arguments. Default: this program with "runner".
	Command []string
	// Settings are written to the runner's descriptor 3, with the run it is to take.
	Settings Settings
}

var _ Launcher = Local{}

const (
	// settingsFD is the descriptor from which a runner reads what it is to do.
	settingsFD = 3
	// endedFD is the descriptor that a runner closes when its outcome is written.
	endedFD = 4
	// handOverWithin bounds how long a new process may take to read.
	handOverWithin = 10 * time.Second
)

// Launch starts the process. Its output goes to runners.log in the folder.
func (l Local) Launch(_ context.Context, j Job) (<-chan struct{}, error) {
	p, err := l.start()
	if err != nil {
		return nil, err
	}
	return p.ended, p.handOver(l.Settings, j)
}

// waiting is a runner process that does not know yet what it is to do. It ends
// when nobody is left to tell it.
type waiting struct {
	in    *os.File
	ended chan struct{}
}

func (l Local) start() (*waiting, error) {
	command := l.Command
	if len(command) == 0 {
		self, err := os.Executable()
		if err != nil {
			return nil, fmt.Errorf("find this program: %w", err)
		}
		command = []string{self, "runner"}
	}
	if err := os.MkdirAll(l.Settings.Folder, 0o700); err != nil {
		return nil, fmt.Errorf("make the runners' folder: %w", err)
	}
	log, err := os.OpenFile(filepath.Join(l.Settings.Folder, "runners.log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open the runners' log: %w", err)
	}
	defer func() { _ = log.Close() }()
	in, out, err := os.Pipe()
	if err != nil {
		return nil, fmt.Errorf("make a pipe for the runner's settings: %w", err)
	}
	defer func() { _ = in.Close() }()
	endedIn, endedOut, err := os.Pipe()
	if err != nil {
		_ = out.Close()
		return nil, fmt.Errorf("make a pipe for the runner's end: %w", err)
	}
	defer func() { _ = endedOut.Close() }()
	cmd := exec.Command(command[0], command[1:]...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = l.Settings.Folder, log, log
	cmd.Env = environment(os.Environ(), l.Settings.PassEnvironment)
	cmd.ExtraFiles = []*os.File{in, endedOut} // become descriptors 3 and 4
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if err := cmd.Start(); err != nil {
		_, _ = out.Close(), endedIn.Close()
		return nil, fmt.Errorf("start a runner: %w", err)
	}
	go func() { _ = cmd.Wait() }() // how it ended is in the database
	p := &waiting{in: out, ended: make(chan struct{})}
	go func() {
		defer close(p.ended)
		_, _ = io.Copy(io.Discard, endedIn) // nothing comes but the end
		_ = endedIn.Close()
	}()
	return p, nil
}

// handOver tells the process what to do.
func (p *waiting) handOver(s Settings, j Job) error {
	defer func() { _ = p.in.Close() }()
	raw, err := handover{Settings: s, Job: j}.encode()
	if err != nil {
		return err
	}
	_ = p.in.SetWriteDeadline(time.Now().Add(handOverWithin))
	if _, err := p.in.Write(raw); err != nil {
		return fmt.Errorf("hand the runner its settings: %w", err)
	}
	return nil
}

// alive reports whether the process still waits.
func (p *waiting) alive() bool {
	select {
	case <-p.ended:
		return false
	default:
		return true
	}
}

// Standby is a Local that keeps one process started ahead, so that a run does
// not wait for it. The process does nothing until it is told, holds no database
// connection, and ends with the one that started it. Safe for concurrent use.
type Standby struct {
	Local Local
	// Fallback is asked for each run for an engine beside those of the settings
	// (Settings.Fallback); nil = there is none.
	Fallback func() string

	mu     sync.Mutex
	idle   *waiting
	closed bool
}

var _ Launcher = (*Standby)(nil)

// Launch gives the run to the process that stands by, and starts the next one.
func (s *Standby) Launch(ctx context.Context, j Job) (<-chan struct{}, error) {
	s.mu.Lock()
	p := s.idle
	s.idle = nil
	s.mu.Unlock()
	defer func() { go s.Prepare() }()
	local := s.Local
	if s.Fallback != nil {
		local.Settings.Fallback = s.Fallback()
	}
	if p != nil && p.alive() && p.handOver(local.Settings, j) == nil {
		return p.ended, nil
	}
	return local.Launch(ctx, j)
}

// Prepare starts a process that stands by, unless one does.
func (s *Standby) Prepare() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed || s.idle != nil && s.idle.alive() {
		return
	}
	if p, err := s.Local.start(); err == nil { // else the next run meets the error
		s.idle = p
	}
}

// Close ends the process that stands by, and keeps none from now on. Runs go on.
func (s *Standby) Close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	if s.idle != nil {
		_ = s.idle.in.Close()
		s.idle = nil
	}
}

// standardEnvironment is what programs need to find their way; nothing in it is Slipway's.
var standardEnvironment = []string{
	"PATH", "LANG", "LC_ALL", "TZ", "SSL_CERT_FILE", "SSL_CERT_DIR",
	"HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy",
}

// environment keeps the variables on the list, and those that are passed by name.
// Slipway's own never pass.
func environment(all, pass []string) []string {
	kept := []string{}
	for _, entry := range all {
		name, _, _ := strings.Cut(entry, "=")
		if strings.HasPrefix(name, "SLIPWAY_") {
			continue
		}
		if slices.Contains(standardEnvironment, name) || slices.Contains(pass, name) {
			kept = append(kept, entry)
		}
	}
	return kept
}
