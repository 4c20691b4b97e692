package bench

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/drivers"
	"github.com/slipway-dev/slipway/drivers/terraform"
	"github.com/slipway-dev/slipway/internal/runner"
	"github.com/slipway-dev/slipway/internal/runner/recordtest"
	"github.com/slipway-dev/slipway/internal/secrets"
	"github.com/slipway-dev/slipway/internal/store"
	"github.com/slipway-dev/slipway/orchestrator"
)

// code is Terraform that changes with its input and needs no provider.
const code = `
variable "round" { type = string }
resource "terraform_data" "record" { input = var.round }
output "round" { value = terraform_data.record.output }
`

// BenchmarkTerraform compares a Terraform node, run and followed through the
// runner, with the same init, plan and apply by hand (docs/benchmarks.md).
func BenchmarkTerraform(b *testing.B) {
	program := recordtest.Terraform(b)
	driver := runnerDriver(b, program)
	state := []byte{}
	var hand, ours time.Duration
	rounds := 0
	for b.Loop() {
		rounds++
		round := fmt.Sprintf("round-%d", rounds)
		hand += measure(func() { state = byHand(b, program, round, state) })
		ours += measure(func() {
			out, err := driver.Provision(b.Context(), drivers.Request{
				GUResID: "0123456789abcdef0123456789abcdef01234567", Type: "s3", Class: "default", ID: "shared.bench",
				Values: map[string]any{"script": code, "variables": map[string]any{"round": round}},
				OrgID:  "bench", AppID: "app", EnvID: "dev", EnvType: "development", DeploymentID: fmt.Sprintf("%016x", rounds),
			})
			require.NoError(b, err)
			require.Equal(b, round, out.Values["round"])
		})
	}
	b.ReportMetric(float64(ours)/float64(hand), "x-by-hand")
	b.ReportMetric(float64(ours.Milliseconds())/float64(rounds), "ms/node")
	b.ReportMetric(float64(hand.Milliseconds())/float64(rounds), "ms/by-hand")
}

// runnerDriver is the driver with runners as processes of the real binary.
func runnerDriver(b *testing.B, program string) drivers.Driver {
	b.Helper()
	home := b.TempDir()
	binary := filepath.Join(home, "slipway")
	out, err := exec.Command("go", "build", "-o", binary, "../../cmd/slipway").CombinedOutput()
	require.NoError(b, err, "%s", out)
	dsn, keys := filepath.Join(home, "slipway.db"), filepath.Join(home, "keyset.json")
	require.NoError(b, store.Migrate(b.Context(), dsn, nil))
	db, err := store.Open(b.Context(), store.Options{DSN: dsn})
	require.NoError(b, err)
	b.Cleanup(func() { _ = db.Close() })
	require.NoError(b, db.CreateOrganization(b.Context(), &orchestrator.Organization{ID: "bench", Name: "bench", CreatedAt: time.Now()}))
	keeper, err := secrets.Create(keys)
	require.NoError(b, err)
	settings := runner.Settings{DatabaseURL: dsn, KeysetFile: keys, Folder: filepath.Join(home, "terraform"), Terraform: program}
	return terraform.New(runner.NewService(runner.ServiceOptions{
		Store: db, Keeper: keeper, Launcher: standby(b, runner.Local{Command: []string{binary, "runner"}, Settings: settings}),
	}))
}

// standby launches as a worker does.
func standby(b *testing.B, local runner.Local) runner.Launcher {
	b.Helper()
	s := &runner.Standby{Local: local}
	b.Cleanup(s.Close)
	return s
}

// byHand does in a fresh folder what a person would type, and returns the state.
func byHand(b *testing.B, program, round string, state []byte) []byte {
	b.Helper()
	dir := b.TempDir()
	require.NoError(b, os.WriteFile(filepath.Join(dir, "main.tf"), []byte(code), 0o600))
	if len(state) > 0 {
		require.NoError(b, os.WriteFile(filepath.Join(dir, "terraform.tfstate"), state, 0o600))
	}
	for _, args := range [][]string{
		{"init", "-input=false"}, {"plan", "-input=false", "-out=plan", "-var=round=" + round}, {"apply", "-input=false", "plan"},
	} {
		cmd := exec.Command(program, args...)
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), "TF_CLI_CONFIG_FILE="+os.DevNull, "CHECKPOINT_DISABLE=1")
		out, err := cmd.CombinedOutput()
		require.NoError(b, err, "%s", out)
	}
	raw, err := os.ReadFile(filepath.Join(dir, "terraform.tfstate"))
	require.NoError(b, err)
	return raw
}
