package chaos

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

// part is a process of the installation with what every installation has: somebody who starts it again when it has ended.
type part struct {
	name    string
	command func() *exec.Cmd
	logPath string

	mu      sync.Mutex
	cmd     *exec.Cmd
	stopped bool
	starts  int
	pause   time.Duration // before the next start
	over    chan struct{} // closed when nobody starts it any more
}

// run starts the process, and starts it again until stop.
func (p *part) run() error {
	p.over = make(chan struct{})
	if err := p.start(); err != nil {
		return err
	}
	go func() {
		defer close(p.over)
		for {
			_ = p.cmd.Wait() // how it ended is in its log
			p.mu.Lock()
			pause, stopped := p.pause, p.stopped
			p.pause = 200 * time.Millisecond
			p.mu.Unlock()
			if stopped {
				return
			}
			time.Sleep(pause)
			p.mu.Lock()
			stopped = p.stopped
			p.mu.Unlock()
			if stopped || p.start() != nil {
				return
			}
		}
	}()
	return nil
}

func (p *part) start() error {
	log, err := os.OpenFile(p.logPath, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer func() { _ = log.Close() }()
	cmd := p.command()
	cmd.Stdout, cmd.Stderr = log, log
	p.mu.Lock()
	defer p.mu.Unlock()
	fmt.Fprintf(log, "--- start %d of %s\n", p.starts+1, p.name)
	if err := cmd.Start(); err != nil {
		return err
	}
	p.cmd = cmd
	p.starts++
	return nil
}

// kill ends the process by SIGKILL; it is started again after the pause.
func (p *part) kill(pause time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.pause = pause
	_ = p.cmd.Process.Kill()
}

func (p *part) stop() {
	p.mu.Lock()
	p.stopped = true
	_ = p.cmd.Process.Signal(syscall.SIGTERM)
	p.mu.Unlock()
	select {
	case <-p.over:
	case <-time.After(20 * time.Second):
		_ = p.cmd.Process.Kill()
		<-p.over
	}
}

// tail is the end of a log.
func (p *part) tail(size int) string {
	raw, _ := os.ReadFile(p.logPath)
	return string(raw[max(0, len(raw)-size):])
}

// leashScript ends every process that runs the program when its standard input is closed, as it is when the tests have died.
const leashScript = `cat >/dev/null
for p in /proc/[0-9]*; do [ "$(readlink "$p/exe")" = "$1" ] && kill -KILL "${p#/proc/}"; done; true`

// leash lets no process of the program outlive the tests; the returned function ends what there is now.
func leash(bin string) (func(), error) {
	cmd := exec.Command("/bin/sh", "-c", leashScript, "leash", bin)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	return func() {
		_ = in.Close()
		_ = cmd.Wait()
	}, nil
}

// runner is a `slipway runner` with a run to work on.
type runner struct {
	pid     int
	session []int // all processes of its session but itself: the leash, Terraform, providers
}

// runners lists those of the program that have somebody beside them: one that stands by is alone.
func runners(bin string) []runner {
	sessions := map[int][]int{}
	var leaders []int
	stats, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, path := range stats {
		raw, err := os.ReadFile(path)
		if err != nil {
			continue
		}
		text := string(raw)
		fields := strings.Fields(text[strings.LastIndexByte(text, ')')+1:]) // state ppid pgrp session
		if len(fields) < 4 || fields[0] == "Z" {
			continue
		}
		dir := filepath.Dir(path)
		pid, _ := strconv.Atoi(filepath.Base(dir))
		session, _ := strconv.Atoi(fields[3])
		sessions[session] = append(sessions[session], pid)
		exe, _ := os.Readlink(filepath.Join(dir, "exe"))
		args, _ := os.ReadFile(filepath.Join(dir, "cmdline"))
		if exe == bin && session == pid && strings.Contains(string(args), "\x00runner\x00") {
			leaders = append(leaders, pid)
		}
	}
	var out []runner
	for _, pid := range leaders {
		r := runner{pid: pid}
		for _, other := range sessions[pid] {
			if other != pid {
				r.session = append(r.session, other)
			}
		}
		if len(r.session) > 0 {
			out = append(out, r)
		}
	}
	return out
}
