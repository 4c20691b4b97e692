// Command prepare builds, ahead of time, what the tests and `slipway dev` would otherwise build when they first need it:
// the Temporal dev server, the Kubernetes control plane and, where neither terraform nor tofu is on PATH, OpenTofu, into the user's
// cache. It prints their paths on standard output.
//
//	go run ./internal/devenv/prepare
package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
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
	builds := []func(context.Context, devenv.BuildOptions) (string, error){devenv.BuildTemporal, devenv.BuildKubernetes}
	if !installed("terraform") && !installed("tofu") {
		builds = append(builds, devenv.BuildOpenTofu)
	}
	for _, build := range builds {
		path, err := build(ctx, options)
		if err != nil {
			return err
		}
		fmt.Println(path)
	}
	return nil
}

func installed(program string) bool {
	_, err := exec.LookPath(program)
	return err == nil
}
