// Command kubernetes runs a complete Kubernetes control plane with simulated nodes from one program: etcd, the API server, the
// controller manager, the scheduler, and kwok, which plays the nodes. Volumes are simulated as well.
//
// It is for laptops and CI, where no cluster is at hand: `slipway dev --cluster dev` and the test-suite build and supervise it.
// What it answers is what Kubernetes answers: validation, field ownership, quotas, rollouts, events. It never pulls an image and
// never runs a container: pods only go through the states that a kubelet would report, and their logs say that they are simulated.
// It never runs in production.
//
//	kubernetes-dev --home DIR --port N [--nodes 2]
//
// When everything answers it prints one line on standard output,
//
//	ready server=https://127.0.0.1:6443 kubeconfig=DIR/kubeconfig pid=4711
//
// and nothing else ever; the logs of the parts are in DIR/logs. SIGINT and SIGTERM stop it in order; state survives that as well
// as SIGKILL, after which the parts end by themselves (see leash.go). Exit codes: 0 after a stop that was asked for, 1 on failure,
// 2 on wrong usage.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	if len(os.Args) > 2 && os.Args[1] == partCommand {
		runPart(os.Args[2], os.Args[3:])
		return
	}
	opts, err := parseOptions(os.Args[1:], os.Stderr)
	if errors.Is(err, flag.ErrHelp) {
		return
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "kubernetes: "+err.Error())
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	// After the first signal the default action is back, so that a second one ends a stop that hangs.
	context.AfterFunc(ctx, stop)
	if err := run(ctx, opts, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "kubernetes: "+err.Error())
		os.Exit(1)
	}
}

// run starts the parts, prints the ready line to out, and returns when ctx ends or a part has failed, and everything has stopped.
func run(ctx context.Context, opts *options, out io.Writer) error {
	if err := os.MkdirAll(opts.home, 0o700); err != nil {
		return fmt.Errorf("make the home folder: %w", err)
	}
	lock, err := lockHome(ctx, opts.home)
	if err != nil {
		return err
	}
	defer func() { _ = lock.Close() }()
	if err := opts.fixPorts(); err != nil {
		return err
	}
	plane, err := newPlane(opts, lock)
	if err != nil {
		return err
	}
	defer plane.stop()
	if err := plane.start(ctx); err != nil {
		if ctx.Err() != nil {
			return nil // asked to stop before it was ready
		}
		return err
	}
	if _, err := fmt.Fprintf(out, "ready server=%s kubeconfig=%s pid=%d\n", opts.server(), opts.kubeconfig(), os.Getpid()); err != nil {
		return fmt.Errorf("write the ready line: %w", err)
	}
	select {
	case <-ctx.Done():
		return nil
	case failed := <-plane.failed:
		return failed
	}
}
