package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/slipway-dev/slipway/internal/config"
	"github.com/slipway-dev/slipway/internal/delivery/git"
	"github.com/slipway-dev/slipway/internal/devenv"
	"github.com/slipway-dev/slipway/internal/secrets"
	"github.com/slipway-dev/slipway/orchestrator"
)

// prepareHome makes what an installation keeps beside the database: the keys,
// and, unless a repository of one's own is configured, the repository it
// delivers to with a key that opens the Secrets in it.
func prepareHome(c config.Config) (config.Config, error) {
	if err := ensureKeyset(c); err != nil {
		return c, err
	}
	if c.GitURL != filepath.Join(c.Home, "deployments.git") {
		return c, nil
	}
	if err := os.MkdirAll(c.Home, 0o755); err != nil {
		return c, fmt.Errorf("make the home folder: %w", err)
	}
	if len(c.AgeRecipients) == 0 {
		recipient, err := secrets.EnsureAgeIdentity(filepath.Join(c.Home, "age.key"))
		if err != nil {
			return c, err
		}
		c.AgeRecipients = []string{recipient}
	}
	return c, git.InitBare(c.GitURL, c.GitBranch)
}

// openLog opens the log file of `slipway dev`; the terminal shows only what a
// person needs.
func openLog(home string) (*os.File, error) {
	dir := filepath.Join(home, "logs")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("make the log folder: %w", err)
	}
	f, err := os.OpenFile(filepath.Join(dir, "slipway.log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open the log file: %w", err)
	}
	return f, nil
}

// devToken reads the administrator's token, making one at the first start.
func devToken(home string) (string, error) {
	path := filepath.Join(home, "token")
	raw, err := os.ReadFile(path)
	if err == nil && strings.TrimSpace(string(raw)) != "" {
		return strings.TrimSpace(string(raw)), nil
	}
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return "", fmt.Errorf("read the token: %w", err)
	}
	token, err := newToken()
	if err != nil {
		return "", err
	}
	if err := os.WriteFile(path, []byte(token+"\n"), 0o600); err != nil {
		return "", fmt.Errorf("write the token: %w", err)
	}
	return token, nil
}

// runTogether runs API and worker until ctx ends or one of them fails.
func runTogether(ctx context.Context, p *parts, service *orchestrator.Service, l net.Listener, ends []<-chan error, ready func()) error {
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return serveAPI(ctx, p, service, l) })
	group.Go(func() error { return runWorker(ctx, p) })
	for _, end := range ends {
		group.Go(func() error {
			select {
			case err := <-end:
				return err
			case <-ctx.Done():
				return nil
			}
		})
	}
	ready()
	return group.Wait()
}

// named says of what an unexpected end was. A nil channel never ends.
func named(what string, done <-chan error) <-chan error {
	if done == nil {
		return nil
	}
	out := make(chan error, 1)
	go func() {
		if err, unexpected := <-done; unexpected {
			out <- fmt.Errorf("%s ended: %w", what, err)
		}
	}()
	return out
}

// devCluster is the control plane that `slipway dev` runs, or none.
type devCluster struct{ plane *devenv.Kubernetes }

// startCluster starts the control plane when the settings ask for one, and has
// definitions without cluster_data mean it.
func startCluster(ctx context.Context, c *config.Config, out io.Writer) (devCluster, error) {
	if c.Cluster == "" {
		return devCluster{}, nil
	}
	if c.Cluster != clusterDev {
		return devCluster{}, fmt.Errorf("--cluster: expected %s, got %q; name a cluster of your own with --kubeconfig", clusterDev, c.Cluster)
	}
	plane, err := devenv.StartKubernetes(ctx, devenv.KubernetesOptions{
		Home: c.Home, Port: c.ClusterPort, SourceDir: c.Source, Offline: c.Offline,
		Log: func(line string) { fmt.Fprintln(out, line) },
	})
	if err != nil {
		return devCluster{}, err
	}
	c.Kubeconfig = plane.Kubeconfig
	return devCluster{plane}, nil
}

func (d devCluster) done() <-chan error {
	if d.plane == nil {
		return nil
	}
	return d.plane.Done()
}

func (d devCluster) stop(out io.Writer) {
	if d.plane == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), stopTimeout)
	defer cancel()
	if err := d.plane.Stop(ctx); err != nil {
		fmt.Fprintln(out, "stopping the cluster:", err)
	}
}

// openTofu builds OpenTofu for a resource that needs an engine which is not on
// this machine. The build ends with ctx and says on the terminal how far it is.
func openTofu(ctx context.Context, c config.Config, out io.Writer) func(say func(string)) (string, error) {
	return func(say func(string)) (string, error) {
		return devenv.ProvideOpenTofu(ctx, devenv.OpenTofuOptions{
			Home: c.Home, SourceDir: c.Source, Offline: c.Offline,
			Log: func(line string) {
				fmt.Fprintln(out, line)
				say(line)
			},
		})
	}
}

// clusterDev is the value of --cluster for the control plane of dev/kubernetes.
const clusterDev = "dev"

// stopTemporal stops the Temporal that this process started.
func stopTemporal(engine *devenv.Temporal, out io.Writer) {
	ctx, cancel := context.WithTimeout(context.Background(), stopTimeout)
	defer cancel()
	if err := engine.Stop(ctx); err != nil {
		fmt.Fprintln(out, "stopping Temporal:", err)
	}
}

// welcome says where things are and what to type next.
func welcome(out io.Writer, c config.Config, engine *devenv.Temporal, addr, token string) {
	home := c.Home
	if wd, err := os.Getwd(); err == nil {
		if rel, err := filepath.Rel(wd, home); err == nil && !strings.HasPrefix(rel, "..") {
			home = rel
		}
	}
	ui := engine.UIURL
	if ui == "" {
		ui = "the one of your Temporal server"
	}
	deliveries := strings.Replace(c.GitURL, c.Home, home, 1)
	if c.Kubeconfig != "" {
		deliveries = "the cluster of " + strings.Replace(c.Kubeconfig, c.Home, home, 1)
	}
	fmt.Fprintf(out, `
Slipway is running.

  Web UI         %[6]s
  API            http://%[1]s   (reference: http://%[1]s/docs)
  Temporal UI    %[2]s
  Organization   %[3]s
  Admin token    %[4]s/token
  Deliveries     %[5]s
  State, logs    %[4]s

Next, in another terminal:

  bin/slipway score deploy -f examples/hello/score.yaml --app hello --env development --wait

Ctrl-C stops it.
`, addr, ui, devOrg, home, deliveries, webUIAddress(out, addr, token))
}
