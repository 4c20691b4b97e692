package devenv

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// processStart identifies a running process by the time it was started: ticks since boot, and which boot. It reports false
// when there is no such process, or only its unreaped remains.
func processStart(pid int) (string, bool) {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return "", false
	}
	// The second field is the program's name in parentheses and may contain anything; the state follows it (proc(5)).
	fields := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:]))
	const state, startTime = 0, 19
	if len(fields) <= startTime || fields[state] == "Z" || fields[state] == "X" {
		return "", false
	}
	boot, _ := os.ReadFile("/proc/sys/kernel/random/boot_id")
	return fields[startTime] + "@" + strings.TrimSpace(string(boot)), true
}

// processArgs is the command line of a process, nil when it cannot be read.
func processArgs(pid int) []string {
	content, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid))
	if err != nil {
		return nil
	}
	return strings.Split(strings.TrimRight(string(content), "\x00"), "\x00")
}

// listenerOf finds the process that listens on a TCP port; 0 when it cannot be seen, which is so for other users' processes.
func listenerOf(port int) (pid int, name string) {
	sockets := map[string]bool{}
	for _, table := range []string{"/proc/net/tcp", "/proc/net/tcp6"} {
		for _, inode := range listeningInodes(table, port) {
			sockets["socket:["+inode+"]"] = true
		}
	}
	if len(sockets) == 0 {
		return 0, ""
	}
	descriptors, _ := filepath.Glob("/proc/[0-9]*/fd/*")
	for _, descriptor := range descriptors {
		target, err := os.Readlink(descriptor)
		if err != nil || !sockets[target] {
			continue
		}
		folder := filepath.Dir(filepath.Dir(descriptor))
		pid, _ = strconv.Atoi(filepath.Base(folder))
		comm, _ := os.ReadFile(filepath.Join(folder, "comm"))
		return pid, strings.TrimSpace(string(comm))
	}
	return 0, ""
}

// listeningInodes reads a table of sockets and returns the inodes of those that listen on port.
func listeningInodes(table string, port int) []string {
	f, err := os.Open(table)
	if err != nil {
		return nil
	}
	defer func() { _ = f.Close() }()
	const localAddress, state, inode = 1, 3, 9
	const listening = "0A"
	suffix := fmt.Sprintf(":%04X", port)
	var inodes []string
	for lines := bufio.NewScanner(f); lines.Scan(); {
		fields := strings.Fields(lines.Text())
		if len(fields) > inode && fields[state] == listening && strings.HasSuffix(fields[localAddress], suffix) {
			inodes = append(inodes, fields[inode])
		}
	}
	return inodes
}
