package main

import (
	"errors"
	"fmt"
	"net"
	"syscall"
)

// fixPorts chooses the ports that were not named and refuses one that is taken, before anything is started.
func (o *options) fixPorts() error {
	l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", o.port))
	if errors.Is(err, syscall.EADDRINUSE) {
		return fmt.Errorf("port %d is in use by another process: choose another one with --port", o.port)
	}
	if err != nil {
		return fmt.Errorf("listen on port %d (--port): %w", o.port, err)
	}
	defer func() { _ = l.Close() }()
	if o.port == 0 {
		o.port = l.Addr().(*net.TCPAddr).Port
		if err := reserve(l); err != nil {
			return err
		}
	}
	for _, port := range []*int{&o.etcdPort, &o.etcdPeerPort, &o.nodePort} {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return fmt.Errorf("find a free port for etcd and the nodes: %w", err)
		}
		defer func() { _ = l.Close() }()
		*port = l.Addr().(*net.TCPAddr).Port
		if err := reserve(l); err != nil {
			return err
		}
	}
	return nil
}

// reserve keeps the kernel from handing out the port of l to somebody else between our close and the moment the part binds it:
// after one connection that our side closes first, the port is in TIME_WAIT, and is bound only by whoever names it.
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
