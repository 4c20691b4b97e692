package testenv

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// process is a server that belongs to this test binary, with the temporary folder it works in.
type process struct {
	cmd     *exec.Cmd
	dir     string
	logPath string
	leash   *exec.Cmd
	exited  chan struct{} // closed when the server has ended
}

// leashScript ends the server and removes its folder when its standard input is closed, which the kernel does when the
// test binary dies: a panic, a timeout or SIGKILL leaves nothing behind. Arguments: process id, folder.
const leashScript = `cat >/dev/null
kill -INT "$1" 2>/dev/null
i=0
while kill -0 "$1" 2>/dev/null && [ "$i" -lt 50 ]; do sleep 0.1; i=$((i+1)); done
kill -KILL "$1" 2>/dev/null
rm -rf -- "$2"`

// startProcess starts cmd with its output in dir/log, in a process group of its own so that Ctrl-C in a terminal reaches the
// tests alone. dir is removed at the end.
func startProcess(cmd *exec.Cmd, dir string) (*process, error) {
	p := &process{cmd: cmd, dir: dir, logPath: filepath.Join(dir, "log"), exited: make(chan struct{})}
	log, err := os.Create(p.logPath)
	if err != nil {
		return nil, fmt.Errorf("make the log of %s: %w", filepath.Base(cmd.Path), err)
	}
	defer func() { _ = log.Close() }()
	cmd.Stdout, cmd.Stderr = log, log
	if cmd.SysProcAttr == nil {
		cmd.SysProcAttr = &syscall.SysProcAttr{}
	}
	cmd.SysProcAttr.Setpgid = true
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("start %s: %w", cmd.Path, err)
	}
	go func() {
		_ = cmd.Wait()
		close(p.exited)
	}()
	if err := p.startLeash(); err != nil {
		p.stop()
		return nil, err
	}
	return p, nil
}

func (p *process) startLeash() error {
	p.leash = exec.Command("/bin/sh", "-c", leashScript, "leash", strconv.Itoa(p.cmd.Process.Pid), p.dir)
	p.leash.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	stdin, err := p.leash.StdinPipe() // held open, never written to
	if err != nil {
		return fmt.Errorf("make the leash: %w", err)
	}
	if err := p.leash.Start(); err != nil {
		_ = stdin.Close()
		p.leash = nil
		return fmt.Errorf("start the leash: %w", err)
	}
	return nil
}

// stop ends the server (SIGINT, which both servers take for a quick orderly end; SIGKILL after 10 s) and removes its folder.
func (p *process) stop() {
	p.end(syscall.SIGINT)
	_ = os.RemoveAll(p.dir)
}

// end has the signal end the server, SIGKILL after 10 s, and leaves its folder.
func (p *process) end(signal syscall.Signal) {
	if p.leash != nil {
		// First, so that it cannot signal a process id that has been given to somebody else.
		_ = p.leash.Process.Kill()
		_ = p.leash.Wait()
	}
	_ = p.cmd.Process.Signal(signal)
	select {
	case <-p.exited:
	case <-time.After(10 * time.Second):
		_ = p.cmd.Process.Kill()
		<-p.exited
	}
}

// waitFor calls check until it returns nil, the server ends, or the time is over.
func (p *process) waitFor(timeout time.Duration, check func() error) error {
	deadline := time.After(timeout)
	for {
		err := check()
		if err == nil {
			return nil
		}
		select {
		case <-p.exited:
			return fmt.Errorf("%s ended early: %s", filepath.Base(p.cmd.Path), p.lastLog())
		case <-deadline:
			return fmt.Errorf("%s is not ready after %s: %w: %s", filepath.Base(p.cmd.Path), timeout, err, p.lastLog())
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// lastLog returns the end of what the server has printed.
func (p *process) lastLog() string {
	const size = 2000
	f, err := os.Open(p.logPath)
	if err != nil {
		return "no log: " + err.Error()
	}
	defer func() { _ = f.Close() }()
	if info, err := f.Stat(); err == nil && info.Size() > size {
		_, _ = f.Seek(-size, io.SeekEnd)
	}
	content, _ := io.ReadAll(f)
	return strings.TrimSpace(string(content))
}
