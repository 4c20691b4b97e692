// Command prepare builds, ahead of time, what the tests and `slipway dev` would otherwise build when they first need it:
// the Temporal dev server and the Kubernetes control plane, into the user's cache. It prints their paths on standard output.
//
//	go run ./internal/devenv/prepare
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"

	"github.com/slipway-dev/slipway/internal/devenv"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run() error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	options := devenv.BuildOptions{SourceDir: ".", Log: func(line string) { fmt.Fprintln(os.Stderr, line) }}
	for _, build := range []func(context.Context, devenv.BuildOptions) (string, error){devenv.BuildTemporal, devenv.BuildKubernetes} {
		path, err := build(ctx, options)
		if err != nil {
			return err
		}
		fmt.Println(path)
	}
	return nil
}
