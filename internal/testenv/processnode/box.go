package processnode

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// box is one container: a process with a session of its own.
type box struct {
	pod     *pod
	spec    corev1.Container
	init    bool
	done    chan struct{}
	logPath string

	mu     sync.Mutex
	cmd    *exec.Cmd
	reason string // why the node killed it
	began  bool   // its startup probe has succeeded
	state  corev1.ContainerState
}

func newBox(p *pod, c corev1.Container, init bool) *box {
	return &box{
		pod: p, spec: c, init: init, done: make(chan struct{}), logPath: filepath.Join(p.dir, "log-"+c.Name),
		state: waitingFor("PodInitializing", ""),
	}
}

func waitingFor(reason, message string) corev1.ContainerState {
	return corev1.ContainerState{Waiting: &corev1.ContainerStateWaiting{Reason: reason, Message: message}}
}

func (b *box) set(s corev1.ContainerState) {
	b.mu.Lock()
	b.state = s
	b.mu.Unlock()
	b.pod.publish()
}

func (b *box) status() corev1.ContainerStatus {
	b.mu.Lock()
	defer b.mu.Unlock()
	started := b.began && b.state.Running != nil
	ready := started || b.init && b.state.Terminated != nil && b.state.Terminated.ExitCode == 0
	return corev1.ContainerStatus{Name: b.spec.Name, Image: b.spec.Image, State: b.state, Ready: ready, Started: &started}
}

// start starts the process, waiting for what is missing as a kubelet does. false: the pod ends before.
func (b *box) start() bool {
	for {
		cmd, why := b.command()
		if why == nil {
			why = b.launch(cmd)
		}
		if why == nil {
			b.set(corev1.ContainerState{Running: &corev1.ContainerStateRunning{StartedAt: metav1.Now()}})
			go b.reap()
			return b.probe()
		}
		b.set(*why)
		select {
		case <-b.pod.ending:
		case <-b.pod.node.ctx.Done():
		case <-time.After(500 * time.Millisecond):
			continue
		}
		b.mu.Lock()
		b.state = corev1.ContainerState{Terminated: &corev1.ContainerStateTerminated{ExitCode: 137, Reason: "ContainerStatusUnknown"}}
		b.mu.Unlock()
		close(b.done)
		return false
	}
}

// probe waits until the startup probe of the container succeeds, as a kubelet does before what comes next. false: the container
// has ended before, or the probe has failed too often.
func (b *box) probe() bool {
	passed := b.passes()
	b.mu.Lock()
	b.began = passed
	b.mu.Unlock()
	b.pod.publish()
	return passed
}

func (b *box) passes() bool {
	p := b.spec.StartupProbe
	if p == nil || p.Exec == nil {
		return true
	}
	asked := b.spec
	asked.Command, asked.Args = p.Exec.Command, nil
	other := &box{pod: b.pod, spec: asked}
	for range max(p.FailureThreshold, 1) * 10 {
		cmd, why := other.command()
		if why == nil && cmd.Run() == nil {
			return true
		}
		select {
		case <-b.done:
			return false
		case <-time.After(time.Duration(max(p.PeriodSeconds, 1)) * 100 * time.Millisecond):
		}
	}
	b.terminate()
	return false
}

// command builds the process, or says in what state the container is instead.
func (b *box) command() (*exec.Cmd, *corev1.ContainerState) {
	entry, known := b.pod.node.options.Images[b.spec.Image]
	if !known {
		return nil, new(waitingFor("ImagePullBackOff", fmt.Sprintf("Back-off pulling image %q: not found", b.spec.Image)))
	}
	words := slices.Clone(b.spec.Command)
	if len(words) == 0 {
		words = slices.Clone(entry)
	}
	words = append(words, b.spec.Args...)
	if len(words) == 0 {
		return nil, new(waitingFor("CreateContainerError", "no command specified"))
	}
	env, err := b.environment()
	if err != nil {
		return nil, new(waitingFor("CreateContainerConfigError", err.Error()))
	}
	for i := range words {
		words[i] = b.rewrite(words[i])
	}
	if program, ok := b.pod.node.options.Programs[words[0]]; ok {
		words = append(slices.Clone(program), words[1:]...)
	}
	cmd := exec.Command(words[0], words[1:]...)
	cmd.Dir = b.pod.dir
	if b.spec.WorkingDir != "" {
		cmd.Dir = b.rewrite(b.spec.WorkingDir)
		if _, err := os.Stat(cmd.Dir); err != nil {
			cmd.Dir = b.pod.dir
		}
	}
	cmd.Env = env
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	return cmd, nil
}

func (b *box) launch(cmd *exec.Cmd) *corev1.ContainerState {
	log, err := os.OpenFile(b.logPath, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return new(waitingFor("CreateContainerError", err.Error()))
	}
	in, out, err := os.Pipe()
	if err != nil {
		_ = log.Close()
		return new(waitingFor("CreateContainerError", err.Error()))
	}
	cmd.Stdout, cmd.Stderr = out, out
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.pod.isEnding() {
		err = fmt.Errorf("the pod ends")
	} else {
		err = cmd.Start()
	}
	_ = out.Close()
	if err != nil {
		_, _ = in.Close(), log.Close()
		return new(waitingFor("RunContainerError", err.Error()))
	}
	b.cmd = cmd
	go record(in, log)
	return nil
}

// record writes what a process prints in the form of a container runtime.
func record(in io.ReadCloser, log io.WriteCloser) {
	defer func() { _, _ = in.Close(), log.Close() }()
	lines := bufio.NewReader(in)
	for {
		line, err := lines.ReadString('\n')
		if line = strings.TrimSuffix(line, "\n"); line != "" || err == nil {
			_, _ = fmt.Fprintf(log, "%s %s\n", time.Now().UTC().Format(time.RFC3339Nano), line)
		}
		if err != nil {
			return
		}
	}
}

// reap waits for the end of the process; nothing of its session outlives it, as nothing outlives the first process of a container.
func (b *box) reap() {
	ended := make(chan error, 1)
	go func() { ended <- b.cmd.Wait() }()
	var err error
	ending := b.pod.ending
	down := b.pod.node.ctx.Done()
	helper := b.spec.RestartPolicy != nil
	for waiting := true; waiting; {
		select {
		case err = <-ended:
			waiting = false
		case <-ending:
			ending = nil
			if !helper { // helpers end after the others
				b.terminate()
			}
		case <-down:
			down = nil
			b.signalKill("")
		}
	}
	killSession(b.cmd.Process.Pid)
	b.finish(err)
	close(b.done)
	b.pod.publish()
}

func (b *box) finish(err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	t := &corev1.ContainerStateTerminated{Reason: "Completed", FinishedAt: metav1.Now()}
	if b.state.Running != nil {
		t.StartedAt = b.state.Running.StartedAt
	}
	if err != nil {
		t.Reason, t.ExitCode = "Error", 1
		if status, ok := b.cmd.ProcessState.Sys().(syscall.WaitStatus); ok && status.Signaled() {
			t.ExitCode = 128 + int32(status.Signal())
		} else if code := b.cmd.ProcessState.ExitCode(); code > 0 {
			t.ExitCode = int32(code)
		}
		if b.reason != "" {
			t.Reason = b.reason
		}
	}
	b.state = corev1.ContainerState{Terminated: t}
}

func (b *box) wait() { <-b.done }

func (b *box) exit() int32 {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.state.Terminated == nil {
		return -1
	}
	return b.state.Terminated.ExitCode
}

func (b *box) pid() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.cmd == nil || b.state.Terminated != nil {
		return 0
	}
	return b.cmd.Process.Pid
}

// terminate tells the first process of the container to stop.
func (b *box) terminate() {
	if pid := b.pid(); pid != 0 {
		_ = syscall.Kill(pid, syscall.SIGTERM)
	}
}

func (b *box) signalKill(reason string) {
	pid := b.pid()
	if pid == 0 {
		return
	}
	b.mu.Lock()
	b.reason = reason
	b.mu.Unlock()
	_ = syscall.Kill(pid, syscall.SIGKILL)
}

// killSession kills what is left of a session (proc(5): the fourth field after the name).
func killSession(session int) {
	stats, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, path := range stats {
		raw, err := os.ReadFile(path)
		if err != nil {
			continue
		}
		fields := strings.Fields(string(raw[bytes.LastIndexByte(raw, ')')+1:]))
		pid, _ := strconv.Atoi(filepath.Base(filepath.Dir(path)))
		if len(fields) > 3 && fields[3] == strconv.Itoa(session) {
			_ = syscall.Kill(pid, syscall.SIGKILL)
		}
	}
}
