package runner

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// bootID tells one boot of a machine from the next.
func bootID() string {
	raw, _ := os.ReadFile("/proc/sys/kernel/random/boot_id")
	return strings.TrimSpace(string(raw))
}

// reapStrays waits until no process works below dir, which is a dead runner's (see endRunner):
// its Terraform was interrupted (see leash) and may still be waiting for a
// provider. What is left after patience is killed. It returns an error when
// something survives even that.
func reapStrays(dir string, patience time.Duration) error {
	const every = 20 * time.Millisecond
	end := time.Now().Add(patience)
	last := end.Add(10 * time.Second)
	for {
		pids := straysBelow(dir)
		if len(pids) == 0 {
			return nil
		}
		if time.Now().After(last) {
			return fmt.Errorf("processes %v of a dead runner cannot be stopped", pids)
		}
		if time.Now().After(end) {
			for _, pid := range pids {
				_ = syscall.Kill(pid, syscall.SIGKILL) // gone meanwhile is as good
			}
		}
		time.Sleep(every)
	}
}

// straysBelow lists the processes whose working directory is dir or below it.
func straysBelow(dir string) []int {
	links, _ := filepath.Glob("/proc/[0-9]*/cwd")
	var out []int
	for _, link := range links {
		cwd, err := os.Readlink(link)
		if err != nil {
			continue
		}
		cwd = strings.TrimSuffix(cwd, " (deleted)")
		if cwd != dir && !strings.HasPrefix(cwd, dir+string(filepath.Separator)) {
			continue
		}
		if pid, err := strconv.Atoi(filepath.Base(filepath.Dir(link))); err == nil && pid != os.Getpid() {
			out = append(out, pid)
		}
	}
	return out
}
