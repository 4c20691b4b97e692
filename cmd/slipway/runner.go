package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/slipway-dev/slipway/drivers/terraform"
	"github.com/slipway-dev/slipway/internal/devenv"
	"github.com/slipway-dev/slipway/internal/runner"
	"github.com/slipway-dev/slipway/internal/runner/ondemand"
	"github.com/slipway-dev/slipway/orchestrator"
)

// runnerCommand is started by workers, never by hand: its settings come through
// a pipe, so that Terraform, which it starts, cannot see them.
func runnerCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "runner", Short: "Run Terraform for one resource (started by workers)", Hidden: true, GroupID: "server", Args: cobra.NoArgs,
	}
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		return runner.Main(cmd.Context(), runner.Options{})
	}
	return cmd
}

// registerTerraform adds the Terraform driver, whose work runs in processes
// that outlive this one. provide gets an engine where there is none; nil when
// only what is installed is to be used.
func (p *parts) registerTerraform(provide func(say func(string)) (string, error)) (*runner.Service, error) {
	settings := runner.Settings{
		DatabaseURL: p.cfg.DatabaseURL, Folder: filepath.Join(p.cfg.Home, "terraform"),
		Terraform: p.cfg.Terraform, Mirror: p.cfg.TerraformMirror, LocalSources: p.cfg.TerraformLocal,
		Timing: runner.LeaseOf(p.cfg.RunnerLease),
	}
	if !strings.Contains(settings.DatabaseURL, "://") {
		file, err := filepath.Abs(strings.TrimPrefix(settings.DatabaseURL, "sqlite:"))
		if err != nil {
			return nil, fmt.Errorf("--database-url: %w", err)
		}
		settings.DatabaseURL = file // a runner works in a folder of its own
	}
	if p.cfg.TerraformHosts != "" {
		lines, err := os.ReadFile(p.cfg.TerraformHosts)
		if err != nil {
			return nil, fmt.Errorf("--terraform-known-hosts: %w", err)
		}
		settings.KnownHosts = string(lines)
	}
	settings.KeysetFile = p.cfg.Keyset
	if raw := os.Getenv("SLIPWAY_KEYSET_JSON"); raw != "" {
		settings.KeysetFile, settings.KeysetJSON = "", raw
	}
	standby := &runner.Standby{Local: runner.Local{Settings: settings}}
	p.standby = standby
	options := runner.ServiceOptions{Store: p.store, Keeper: p.keeper, Launcher: standby, Timing: settings.Timing}
	if p.cfg.RunnerLauncher == "kubernetes" {
		launcher, err := jobLauncher(p.cfg, settings)
		if err != nil {
			return nil, err
		}
		options.Launcher, provide = launcher, nil
	}
	if provide == nil {
		service := runner.NewService(options)
		driver := terraform.New(service)
		return service, p.drivers.Register(driver.Descriptor(), driver)
	}
	engine := ondemand.New(ondemand.Options{
		Settings: settings, Name: "opentofu", Release: devenv.OpenTofuVersion, Provide: provide,
	})
	standby.Fallback = engine.Path
	service := runner.NewService(options)
	driver := terraform.New(engine.Wrap(service))
	return service, p.drivers.Register(driver.Descriptor(), driver)
}

// questions shows the runner's stopped runs to the use cases.
type questions struct{ runs *runner.Service }

func (q questions) Open(ctx context.Context, org string) ([]orchestrator.Question, error) {
	asked, err := q.runs.AllQuestions(ctx, org)
	if err != nil {
		return nil, err
	}
	out := []orchestrator.Question{}
	for _, a := range asked {
		out = append(out, orchestrator.Question{
			RunID: a.RunID, GUResID: a.GUResID, DeploymentID: a.DeploymentID, Node: a.Node,
			Address: a.Address, Action: a.Action, Inputs: a.Inputs, Why: a.Why,
		})
	}
	return out, nil
}

func (q questions) Answer(ctx context.Context, org, runID, address, answer, id string) (bool, error) {
	return q.runs.Resolve(ctx, org, runID, address, answer, id)
}
