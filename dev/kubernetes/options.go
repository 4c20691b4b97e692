package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"path/filepath"
)

// options are the command line.
type options struct {
	home  string
	port  int
	nodes int

	// Ports of etcd and of the simulated nodes, chosen anew at every start.
	etcdPort, etcdPeerPort, nodePort int
}

func parseOptions(args []string, usage io.Writer) (*options, error) {
	o := &options{}
	flags := flag.NewFlagSet("kubernetes-dev", flag.ContinueOnError)
	flags.SetOutput(usage)
	flags.StringVar(&o.home, "home", "", "folder for state, keys, logs and the kubeconfig; it is created")
	flags.IntVar(&o.port, "port", 6443, "port of the API server on 127.0.0.1; 0 chooses a free one")
	flags.IntVar(&o.nodes, "nodes", 2, "number of simulated nodes")
	if err := flags.Parse(args); err != nil {
		return nil, err
	}
	switch {
	case flags.NArg() > 0:
		return nil, fmt.Errorf("unexpected argument %q", flags.Arg(0))
	case o.home == "":
		return nil, errors.New("--home is empty: name a folder for the state")
	case o.port < 0 || o.port > 65535:
		return nil, fmt.Errorf("--port %d is not a port", o.port)
	case o.nodes < 0 || o.nodes > 1000:
		return nil, fmt.Errorf("--nodes %d: use 0 to 1000", o.nodes)
	}
	home, err := filepath.Abs(o.home)
	if err != nil {
		return nil, fmt.Errorf("--home %s: %w", o.home, err)
	}
	o.home = home
	return o, nil
}

func (o *options) server() string     { return fmt.Sprintf("https://127.0.0.1:%d", o.port) }
func (o *options) kubeconfig() string { return filepath.Join(o.home, "kubeconfig") }
func (o *options) path(name ...string) string {
	return filepath.Join(append([]string{o.home}, name...)...)
}
func (o *options) key(name string) string     { return o.path("pki", name+".key") }
func (o *options) cert(name string) string    { return o.path("pki", name+".crt") }
func (o *options) logFile(part string) string { return o.path("logs", part+".log") }
