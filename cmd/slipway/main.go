// Command slipway is the whole product: the server side (dev, server, worker,
// migrate) and the client verbs.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/slipway-dev/slipway/internal/cli"
)

// version is set by the build.
var version = "dev"

func main() {
	if err := keepMemoryPrivate(); err != nil { // whoever forbids even that has reasons; the command is worth more
		fmt.Fprintln(os.Stderr, "slipway:", err)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	root := cli.New(cli.Options{Version: version, In: os.Stdin, Out: os.Stdout, Err: os.Stderr})
	root.AddCommand(devCommand(), serverCommand(), workerCommand(), migrateCommand(), keysCommand(), runnerCommand(), sidecarCommand(), chartCommand())
	code := cli.Run(ctx, root, os.Args[1:])
	stop()
	os.Exit(code)
}
