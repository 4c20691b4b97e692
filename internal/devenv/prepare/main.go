// Command prepare builds, ahead of time, what the tests and `slipway dev` would otherwise build when they first need it:
// the Temporal dev server, into the user's cache. It prints the path of the program on standard output.
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
	path, err := devenv.BuildTemporal(ctx, devenv.BuildOptions{
		SourceDir: ".",
		Log:       func(line string) { fmt.Fprintln(os.Stderr, line) },
	})
	if err != nil {
		return err
	}
	_, err = fmt.Println(path)
	return err
}
