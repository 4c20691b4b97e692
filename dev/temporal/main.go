// Command temporal runs a complete Temporal dev server with its Web UI in one process, on one SQLite file.
//
// It is for laptops and CI, where no Temporal is at hand: `slipway dev` and the test-suite build and supervise it. It never
// runs in production: every call is allowed, there is no TLS, and one process holds all services.
//
// When everything answers it prints one line on standard output,
//
//	ready frontend=127.0.0.1:7233 ui=http://127.0.0.1:8233 pid=4711
//
// (ui=none with --headless) and nothing else ever; logs go to standard error. SIGINT and SIGTERM stop it in order; state
// survives that as well as SIGKILL. Exit codes: 0 after a stop that was asked for, 1 on failure, 2 on wrong usage.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strconv"
	"syscall"
)

func main() {
	opts, err := parseOptions(os.Args[1:], os.Stderr)
	if errors.Is(err, flag.ErrHelp) {
		return
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "temporal: "+err.Error())
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	// After the first signal the default action is back, so that a second one ends a stop that hangs.
	context.AfterFunc(ctx, stop)
	if err := run(ctx, opts, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "temporal: "+err.Error())
		os.Exit(1)
	}
}

// run starts the server, prints the ready line to out, and returns when ctx ends and everything has stopped.
func run(ctx context.Context, opts *options, out io.Writer) error {
	unlock, err := lockDatabase(opts.db)
	if err != nil {
		return err
	}
	defer unlock()
	if err := opts.fixPorts(); err != nil {
		return err
	}
	srv, err := startServer(opts)
	if err != nil {
		return err
	}
	defer srv.stop()
	if err := srv.waitReady(ctx); err != nil {
		return err
	}
	if err := srv.ensureSearchAttributes(ctx); err != nil {
		return err
	}
	if opts.pidFile != "" {
		if err := os.WriteFile(opts.pidFile, []byte(strconv.Itoa(os.Getpid())+"\n"), 0o644); err != nil {
			return fmt.Errorf("write the pid file: %w", err)
		}
		defer func() { _ = os.Remove(opts.pidFile) }()
	}
	ui := "none"
	if !opts.headless {
		ui = "http://" + opts.uiAddress()
	}
	if _, err := fmt.Fprintf(out, "ready frontend=%s ui=%s pid=%d\n", opts.frontendAddress(), ui, os.Getpid()); err != nil {
		return fmt.Errorf("write the ready line: %w", err)
	}
	<-ctx.Done()
	return nil
}
