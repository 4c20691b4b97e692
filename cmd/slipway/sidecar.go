package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/slipway-dev/slipway/drivers/container"
	"github.com/slipway-dev/slipway/internal/containerjob"
	"github.com/slipway-dev/slipway/internal/delivery/kubernetes"
	"github.com/slipway-dev/slipway/internal/sidecar"
	"github.com/slipway-dev/slipway/orchestrator"
)

// sidecarCommand is what runs beside a container of the container drivers.
func sidecarCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "sidecar", Short: "Serve a container of the container drivers (started in Jobs)", Hidden: true, GroupID: "server", Args: cobra.NoArgs}
	var from, shared, state, stateFile string
	fetch := &cobra.Command{Use: "fetch", Short: "Prepare the files of a container", Args: cobra.NoArgs, RunE: func(cmd *cobra.Command, _ []string) error {
		if err := sidecar.Fetch(cmd.Context(), from, shared); err != nil || state == "" {
			return err
		}
		return sidecar.PlaceState(state, shared, stateFile)
	}}
	fetch.Flags().StringVar(&from, "from", "", "folder with the order")
	fetch.Flags().StringVar(&shared, "shared", "", "folder that the containers share")
	fetch.Flags().StringVar(&state, "state", "", "folder with the state of Terraform code")
	fetch.Flags().StringVar(&stateFile, "state-path", "", "file of that state below the shared folder")
	var o sidecar.DeliverOptions
	deliver := &cobra.Command{Use: "deliver", Short: "Carry the results of a container back when it has ended", Args: cobra.NoArgs, RunE: func(cmd *cobra.Command, _ []string) error {
		return sidecar.Deliver(cmd.Context(), o)
	}}
	deliver.Flags().StringVar(&o.Shared, "shared", "", "folder that the containers share")
	deliver.Flags().StringVar(&o.Access, "access", "", "folder with token and ca.crt")
	deliver.Flags().StringVar(&o.Namespace, "namespace", "", "namespace of the Secret")
	deliver.Flags().StringVar(&o.Secret, "secret", "", "name of the Secret")
	deliver.Flags().StringVar(&o.StatePath, "state-path", "", "file below the shared folder whose changes are carried back at once")
	deliver.Flags().StringVar(&o.StateSecret, "state-secret", "", "name of the Secret for that file")
	ready := &cobra.Command{Use: "ready", Short: "Ask whether deliver listens for the end", Args: cobra.NoArgs, RunE: func(*cobra.Command, []string) error {
		return sidecar.Ready(shared)
	}}
	ready.Flags().StringVar(&shared, "shared", "", "folder that the containers share")
	cmd.AddCommand(fetch, deliver, ready)
	return cmd
}

// ownNamespace is where a pod finds the namespace that it runs in.
const ownNamespace = "/var/run/secrets/kubernetes.io/serviceaccount/namespace"

// registerContainers adds the drivers that run containers as Jobs.
func (p *parts) registerContainers() error {
	cluster := kubernetes.New(kubernetes.Options{Kubeconfig: p.cfg.Kubeconfig, TokenSources: p.clouds()})
	hosts := ""
	if p.cfg.TerraformHosts != "" {
		raw, err := os.ReadFile(p.cfg.TerraformHosts)
		if err != nil {
			return fmt.Errorf("--terraform-known-hosts: %w", err)
		}
		hosts = string(raw)
	}
	clusters := containerjob.Clusters{
		RESTConfig: cluster.RESTConfig, Reserved: []string{p.cfg.RunnerNamespace}, Allowed: p.cfg.ContainerNamespaces,
		Account: func(ctx context.Context, org, id string, types []string) (map[string]any, error) {
			return orchestrator.OpenAccount(ctx, p.store, p.keeper, orchestrator.AccountQuery{OrgID: org, ID: id, Types: types, Input: "cluster.account"})
		},
	}
	if own, err := os.ReadFile(ownNamespace); err == nil {
		clusters.Reserved = append(clusters.Reserved, strings.TrimSpace(string(own)))
	}
	runs := containerjob.New(containerjob.Options{
		Connect: clusters.Connect, MAC: p.keeper.MAC, Image: p.cfg.RunnerImage, KnownHosts: hosts, TTL: p.cfg.RunnerTTL, StartTimeout: p.cfg.RunnerStart,
		States: p.store, Keeper: p.keeper, Observe: p.metrics.ContainerJob,
	})
	tf, tofu := container.NewTerraform(runs, p.cfg.TerraformImage), container.NewOpenTofu(runs, p.cfg.OpenTofuImage)
	driver := container.New(runs)
	return errors.Join(p.drivers.Register(driver.Descriptor(), driver), p.drivers.Register(tf.Descriptor(), tf), p.drivers.Register(tofu.Descriptor(), tofu))
}
