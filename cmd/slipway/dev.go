package main

import (
	"context"
	"fmt"
	"io"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"github.com/slipway-dev/slipway/internal/cli"
	"github.com/slipway-dev/slipway/internal/config"
	"github.com/slipway-dev/slipway/internal/devenv"
	"github.com/slipway-dev/slipway/internal/store"
)

// devOrg is the organization that `slipway dev` seeds.
const devOrg = "demo"

func devCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "dev", Short: "Run everything on this machine: API, worker, Temporal, SQLite", GroupID: "server", Args: cobra.NoArgs,
		Long: "Starts the API, a worker and a Temporal dev server with its Web UI in one go, all state below one folder.\n" +
			"Stop it at any time, even by force: what was under way goes on at the next start.",
	}
	settings := config.Bind(cmd.Flags())
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		c, err := settings()
		if err != nil {
			return err
		}
		return runDev(cmd.Context(), c, cmd.OutOrStdout())
	}
	return cmd
}

// adaptToDev sets what is different on a machine where one process does it all.
func adaptToDev(c *config.Config) {
	c.WorkerVersioning = false                                             // one worker, and the next build has to finish what it began
	allowLoopback(&c.DriverNetworks, &c.StoreNetworks, &c.WebhookNetworks) // drivers and stores in development run beside it
	if c.Cluster == "dev" && c.RolloutPatience == 0 {
		c.RolloutPatience = simulatedPatience
	}
}

// simulatedPatience is how long a pod on a simulated node may fail: it does so on request and does not get well by itself, and somebody
// who tries it out waits for the answer.
const simulatedPatience = 5 * time.Second

// allowLoopback adds this machine to networks that may be called.
func allowLoopback(networks ...*[]string) {
	for _, n := range networks {
		*n = append(*n, "127.0.0.0/8", "::1")
	}
}

// runDev takes the folder, prepares it, and runs until ctx ends.
func runDev(ctx context.Context, c config.Config, out io.Writer) error {
	unlock, err := devenv.Lock(c.Home)
	if err != nil {
		return err
	}
	defer unlock()
	adaptToDev(&c)
	l, err := listen(c.Addr)
	if err != nil {
		return err
	}
	defer func() { _ = l.Close() }()
	logFile, err := openLog(c.Home)
	if err != nil {
		return err
	}
	defer func() { _ = logFile.Close() }()
	log, err := newLogger(c, logFile)
	if err != nil {
		return err
	}
	if c, err = prepareHome(c); err != nil {
		return err
	}
	if err := store.Migrate(ctx, c.DatabaseURL, log); err != nil {
		return err
	}
	door, endpoint, err := devCodec(&c, l)
	if err != nil {
		return err
	}
	engine, err := devenv.StartTemporal(ctx, devenv.TemporalOptions{
		Address: c.TemporalAddress, Home: c.Home, Port: c.TemporalPort, UIPort: c.TemporalUIPort, Namespace: c.TemporalNamespace,
		UICodecEndpoint: endpoint, SourceDir: c.Source, AllowDownload: !c.Offline, Offline: c.Offline, Log: func(line string) { fmt.Fprintln(out, line) },
	})
	if err != nil {
		return err
	}
	defer stopTemporal(engine, out)
	c.TemporalAddress = engine.Address
	cluster, err := startCluster(ctx, &c, out)
	if err != nil {
		return err
	}
	defer cluster.stop(out)
	open, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	p, err := openParts(open, c, log, openTofu(ctx, c, out))
	if err != nil {
		return err
	}
	defer p.Close()
	p.door, p.engineUI = door, engine.UIURL
	service := p.service()
	token, err := devToken(c.Home)
	if err != nil {
		return err
	}
	if err := seed(ctx, service, c, devOrg, token); err != nil {
		return err
	}
	if err := cli.SaveContext(filepath.Join(c.Home, "cli.yaml"), "dev", "http://"+l.Addr().String(), devOrg, token); err != nil {
		return err
	}
	return runTogether(ctx, p, service, l, []<-chan error{named("Temporal", engine.Done()), named("the cluster", cluster.done())}, func() { welcome(out, c, engine, l.Addr().String(), token) })
}
