package main

import (
	"fmt"
	"os"
	"strings"
)

// rotateSize is the size from which a log is set aside at the next start.
const rotateSize = 10 << 20

func openLog(path string) (*os.File, error) {
	if info, err := os.Stat(path); err == nil && info.Size() > rotateSize {
		if err := os.Rename(path, path+".1"); err != nil {
			return nil, fmt.Errorf("set the old log aside: %w", err)
		}
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open the log: %w", err)
	}
	return f, nil
}

// lastLines returns the end of a log.
func lastLines(path string) string {
	const lines, size = 8, 4000
	content, err := os.ReadFile(path)
	if err != nil {
		return "(no log: " + err.Error() + ")"
	}
	all := strings.Split(strings.TrimSpace(string(content[max(0, len(content)-size):])), "\n")
	return strings.Join(all[max(0, len(all)-lines):], "\n")
}
