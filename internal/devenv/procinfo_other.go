//go:build unix && !linux

package devenv

import (
	"os/exec"
	"strconv"
	"strings"
)

// processStart identifies a running process by the time it was started. It reports false when there is no such process, or
// only its unreaped remains.
func processStart(pid int) (string, bool) {
	out, err := exec.Command("ps", "-o", "stat=,lstart=", "-p", strconv.Itoa(pid)).Output()
	state, started, ok := strings.Cut(strings.TrimSpace(string(out)), " ")
	if err != nil || !ok || strings.HasPrefix(state, "Z") {
		return "", false
	}
	return strings.TrimSpace(started), true
}

// processArgs is the command line of a process, split at spaces, nil when it cannot be read.
func processArgs(pid int) []string {
	out, err := exec.Command("ps", "-ww", "-o", "args=", "-p", strconv.Itoa(pid)).Output()
	if err != nil {
		return nil
	}
	return strings.Fields(string(out))
}

// listenerOf cannot tell who listens on a port here.
func listenerOf(int) (pid int, name string) { return 0, "" }
