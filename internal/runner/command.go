package runner

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// readEvery is how often the output of a running command is looked at.
const readEvery = 30 * time.Millisecond

// terraform runs one command. Its output goes into files, so that neither the
// command nor its last words depend on this process. Each line is given to
// line. The exit code of a command that ended by itself is no error.
//
// A request to stop sends SIGINT once: Terraform then waits for its providers.
// The loss of the lease kills the process group.
func (w *work) terraform(ctx context.Context, output string, line func(string), args ...string) (int, error) {
	env, err := w.environment()
	if err != nil {
		return -1, err
	}
	path := filepath.Join(w.run.WorkDir, output)
	out, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return -1, fmt.Errorf("keep the output of terraform: %w", err)
	}
	defer func() { _ = out.Close() }()
	in, err := os.Open(path)
	if err != nil {
		return -1, fmt.Errorf("read the output of terraform: %w", err)
	}
	defer func() { _ = in.Close() }()
	if _, err := in.Seek(0, io.SeekEnd); err != nil {
		return -1, fmt.Errorf("read the output of terraform: %w", err)
	}
	cmd := exec.Command(w.engine.path, args...)
	cmd.Dir, cmd.Env, cmd.Stdout, cmd.Stderr = w.dir, env, out, out
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // so that its providers can be killed with it
	if w.lease.lapsed() {
		return -1, fmt.Errorf("%s is not started: %w", w.engine.name, errLeaseLost)
	}
	if err := cmd.Start(); err != nil {
		return -1, fmt.Errorf("start %s: %w", w.engine.path, err)
	}
	if err := w.leash.hold(cmd.Process.Pid); err != nil {
		w.log.Warn("terraform would outlive this runner unattended", "error", err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	defer w.leash.let()
	return w.attend(ctx, cmd, &lineReader{r: bufio.NewReader(in), most: longestOf(output), each: line}, ended)
}

// attend reads the output and passes signals on until the command ends.
func (w *work) attend(ctx context.Context, cmd *exec.Cmd, lines *lineReader, ended <-chan error) (int, error) {
	tick := time.NewTicker(readEvery)
	defer tick.Stop()
	stop := w.lease.cancel
	for {
		select {
		case <-tick.C:
			lines.read()
		case <-stop:
			stop = nil
			w.events.say("warn", "asked to stop: waiting for Terraform and its providers")
			_ = cmd.Process.Signal(syscall.SIGINT) // one that has ended needs none
		case <-ctx.Done():
			_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
			<-ended //nolint:errcheck // it was killed, which says nothing
			return -1, fmt.Errorf("terraform was killed: %w", context.Cause(ctx))
		case err := <-ended:
			lines.read()
			lines.flush()
			var exit *exec.ExitError
			if err != nil && !errors.As(err, &exit) {
				return -1, fmt.Errorf("wait for terraform: %w", err)
			}
			return cmd.ProcessState.ExitCode(), nil
		}
	}
}

const (
	// longestSaid bounds a line of what a command says, in bytes: more is cut off.
	longestSaid = 1 << 20
	// longestDocument bounds a line of a document, such as a plan, which is useless when it is cut.
	longestDocument = 256 << 20
)

// longestOf goes by the name of the file that keeps the output: a document is .json.
func longestOf(output string) int {
	if filepath.Ext(output) == ".json" {
		return longestDocument
	}
	return longestSaid
}

// lineReader reads complete lines of a file that grows, and of longer ones than most bytes the beginning.
type lineReader struct {
	r    *bufio.Reader
	most int
	part strings.Builder
	cut  bool
	each func(string)
}

func (l *lineReader) read() {
	for {
		text, err := l.r.ReadSlice('\n')
		left := l.most - l.part.Len()
		l.cut = l.cut || len(text) > left+1
		l.part.Write(text[:min(len(text), max(left, 0))])
		if errors.Is(err, bufio.ErrBufferFull) {
			continue
		}
		if err != nil {
			return // the rest of the line comes later
		}
		l.flush()
	}
}

// flush gives out what has been read, also without an end of line.
func (l *lineReader) flush() {
	text := strings.TrimRight(l.part.String(), "\r\n")
	l.part.Reset()
	if l.cut {
		text += fmt.Sprintf(" (cut: the line is longer than %d bytes)", l.most)
	}
	l.cut = false
	if text != "" {
		l.each(text)
	}
}
