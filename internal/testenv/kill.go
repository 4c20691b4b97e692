package testenv

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// kill ends the process and everything that it has started by SIGKILL, waits until they are gone, and leaves the folder.
func (p *process) kill() {
	if p.leash != nil {
		_ = p.leash.Process.Kill()
		_ = p.leash.Wait()
	}
	family := append(descendants(p.cmd.Process.Pid), p.cmd.Process.Pid)
	for _, pid := range family {
		_ = syscall.Kill(pid, syscall.SIGKILL)
	}
	<-p.exited
	for _, pid := range family {
		for end := time.Now().Add(10 * time.Second); syscall.Kill(pid, 0) == nil && time.Now().Before(end); {
			time.Sleep(5 * time.Millisecond)
		}
	}
}

// descendants lists the processes below one.
func descendants(pid int) []int {
	children := map[int][]int{}
	stats, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, path := range stats {
		raw, err := os.ReadFile(path)
		if err != nil {
			continue
		}
		// pid (name) state parent ...; a name may hold anything, and ends with the last bracket.
		text := string(raw)
		fields := strings.Fields(text[strings.LastIndexByte(text, ')')+1:])
		child, _ := strconv.Atoi(filepath.Base(filepath.Dir(path)))
		if len(fields) > 1 {
			parent, _ := strconv.Atoi(fields[1])
			children[parent] = append(children[parent], child)
		}
	}
	var out []int
	for queue := children[pid]; len(queue) > 0; queue = queue[1:] {
		out = append(out, queue[0])
		queue = append(queue, children[queue[0]]...)
	}
	return out
}

// Kill ends the server and all its processes by SIGKILL, as the kernel does that is out of memory. Start recovers.
func (p *RestartablePostgres) Kill() {
	if p.process == nil {
		return
	}
	p.process.kill()
	p.process = nil
	_ = os.Remove(filepath.Join(p.dir, "data", "postmaster.pid")) // its number may be another process's by the next start
}
