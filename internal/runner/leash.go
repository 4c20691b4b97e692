package runner

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"sync"
	"syscall"
)

// leash interrupts the command that runs, once, when this process dies, however
// it dies: Terraform then stops in its own way, which keeps its state, instead of
// going on with nobody watching. The kernel's signal for a dead parent will not
// do: a parent with several threads sends it several times, and Terraform takes
// the second interrupt for an order to drop everything.
//
// It is a process of its own for the whole run, told through a pipe which command
// runs; the kernel closes the pipe with this process. Not safe for concurrent use.
type leash struct {
	made sync.Once
	cmd  *exec.Cmd
	in   io.WriteCloser
	err  error
}

// leashScript keeps the last number that it was told; 0 is none.
const leashScript = `pid=0; while read -r next; do pid=$next; done; [ "$pid" = 0 ] || kill -INT "$pid"`

// start makes the process. Calling it ahead saves the first command the wait.
func (l *leash) start() error {
	l.made.Do(func() {
		cmd := exec.Command("/bin/sh", "-c", leashScript)
		cmd.Dir, cmd.Env = "/", environment(os.Environ(), nil)
		cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
		in, err := cmd.StdinPipe()
		if err != nil {
			l.err = fmt.Errorf("make the leash: %w", err)
			return
		}
		if err := cmd.Start(); err != nil {
			l.err = fmt.Errorf("start the leash: %w", err)
			return
		}
		l.cmd, l.in = cmd, in
	})
	return l.err
}

// hold puts a process on the leash, in place of the one before.
func (l *leash) hold(pid int) error {
	if err := l.start(); err != nil {
		return err
	}
	if _, err := io.WriteString(l.in, strconv.Itoa(pid)+"\n"); err != nil {
		return fmt.Errorf("tell the leash: %w", err)
	}
	return nil
}

// let takes the process that has ended off the leash, before its number can be
// another's.
func (l *leash) let() {
	if l.in != nil {
		_, _ = io.WriteString(l.in, "0\n") // a leash that is gone holds nobody
	}
}

// close ends the leash.
func (l *leash) close() {
	l.made.Do(func() {})
	if l.cmd == nil {
		return
	}
	_ = l.in.Close()
	_ = l.cmd.Wait()
}
