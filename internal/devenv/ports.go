package devenv

import (
	"errors"
	"fmt"
	"net"
	"strconv"
	"syscall"
)

// PortInUseError tells that an address is taken, and by whom if that can be found out.
type PortInUseError struct {
	Address string // host:port as it was checked
	Port    int
	PID     int    // 0 when unknown
	Process string // name of the program, empty when unknown
}

// Error names the port and, if known, the process: `port 7233 is in use by "temporal" (pid 4711)`.
func (e *PortInUseError) Error() string {
	if e.PID == 0 {
		return fmt.Sprintf("port %d is in use by another process", e.Port)
	}
	return fmt.Sprintf("port %d is in use by %q (pid %d)", e.Port, e.Process, e.PID)
}

// CheckPort returns nil when addr (host:port) can be listened on, a *PortInUseError when it is taken, and another error
// when it is no address of this machine.
func CheckPort(addr string) error {
	l, err := net.Listen("tcp", addr)
	if err == nil {
		return l.Close()
	}
	if !errors.Is(err, syscall.EADDRINUSE) {
		return fmt.Errorf("listen on %s: %w", addr, err)
	}
	_, text, _ := net.SplitHostPort(addr)
	port, _ := strconv.Atoi(text)
	pid, name := listenerOf(port)
	return &PortInUseError{Address: addr, Port: port, PID: pid, Process: name}
}
