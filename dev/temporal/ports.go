package main

import (
	"errors"
	"fmt"
	"net"
	"strconv"
	"syscall"
)

// fixPorts replaces port 0 by a free port and refuses ports that are taken, before anything is started: the Web UI would
// end the process without a reason that a reader understands.
func (o *options) fixPorts() error {
	var held []net.Listener
	defer func() {
		for _, l := range held {
			_ = l.Close()
		}
	}()
	hold := func(flagName string, port *int) error {
		l, err := net.Listen("tcp", net.JoinHostPort(o.ip, strconv.Itoa(*port)))
		if errors.Is(err, syscall.EADDRINUSE) {
			return fmt.Errorf("port %d is in use by another process: choose another one with %s", *port, flagName)
		}
		if err != nil {
			return fmt.Errorf("listen on port %d (%s): %w", *port, flagName, err)
		}
		held = append(held, l)
		if *port != 0 {
			return nil
		}
		*port = l.Addr().(*net.TCPAddr).Port
		return reserve(l)
	}
	if err := hold("--port", &o.port); err != nil {
		return err
	}
	if o.headless {
		return nil
	}
	return hold("--ui-port", &o.uiPort)
}

// freePorts returns n different free ports of the loopback interface. All are held until the last is known, so that they differ.
func freePorts(n int) ([]int, error) {
	ports := make([]int, 0, n)
	for range n {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return nil, fmt.Errorf("find a free port for an internal service: %w", err)
		}
		defer func() { _ = l.Close() }()
		if err := reserve(l); err != nil {
			return nil, err
		}
		ports = append(ports, l.Addr().(*net.TCPAddr).Port)
	}
	return ports, nil
}

// reserve keeps the kernel from handing out the port of l to somebody else between our close and the moment the service binds
// it: after one connection that our side closes first, the port is in TIME_WAIT, and is bound only by whoever names it.
func reserve(l net.Listener) error {
	out, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		return fmt.Errorf("reserve a free port: %w", err)
	}
	defer func() { _ = out.Close() }()
	in, err := l.Accept()
	if err != nil {
		return fmt.Errorf("reserve a free port: %w", err)
	}
	return in.Close()
}
