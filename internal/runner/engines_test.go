package runner_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/drivers/terraform"
	"github.com/slipway-dev/slipway/internal/runner"
	"github.com/slipway-dev/slipway/internal/runner/recordtest"
)

// with lets the runners of this world use one binary.
func (w *world) with(path string) *world {
	w.settings.Terraform, w.settings.Fallback = path, ""
	w.service = runner.NewService(runner.ServiceOptions{
		Store: w.store, Keeper: w.keeper, Launcher: runner.Local{Settings: w.settings}, Timing: w.settings.Timing,
	})
	w.driver = terraform.New(w.service)
	return w
}

// TestEveryEngine leads one resource through its life with each engine on this
// machine: what Slipway reads of Terraform must be the same from OpenTofu.
func TestEveryEngine(t *testing.T) {
	t.Parallel()
	for name, path := range recordtest.Engines(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t).with(path)
			made := w.request("d1", oneRecord, map[string]any{"name": "a"})
			made.Values["engine"] = name
			out, err := w.provision(made)
			require.NoError(t, err)
			require.Equal(t, map[string]any{"id": w.records.Named("a")[0].ID}, out.Values)
			require.Equal(t, map[string]any{"password": "s"}, out.Secrets, "a sensitive output is a secret")
			require.Contains(t, w.log(made), "Creation complete")

			same := w.request("d2", oneRecord, map[string]any{"name": "a"})
			same.Values["engine"] = name
			_, err = w.provision(same)
			require.NoError(t, err)
			require.Equal(t, "plan", w.newest(same).Phase, "a plan without changes ends there")

			w.records.Behave("b", recordtest.Behaviour{Fail: true})
			broken := w.request("d3", oneRecord, map[string]any{"name": "b"})
			_, err = w.provision(broken)
			require.ErrorContains(t, err, "no room for b", "the provider's words reach the deployment")

			w.records.Behave("b", recordtest.Behaviour{})
			_, err = w.provision(w.request("d4", oneRecord, map[string]any{"name": "b"}))
			require.NoError(t, err)
			require.NoError(t, w.driver.Destroy(ctx, w.request("d4", oneRecord, map[string]any{"name": "b"})))
			require.Zero(t, w.records.Len())
		})
	}
}

// drawn is a password of a public provider, whose full name each engine gives in its own way.
const drawn = `
terraform {
  required_providers {
    random = { source = "hashicorp/random" }
  }
}
variable "round" {}
resource "random_password" "one" { length = 16 }
resource "terraform_data" "round" { input = var.round }
output "round" { value = terraform_data.round.output }
output "password" {
  value     = random_password.one.result
  sensitive = true
}
`

// TestEngineChange goes on with another engine than the one that made the
// resource, as on a machine where one was removed or installed.
func TestEngineChange(t *testing.T) {
	t.Parallel()
	engines := recordtest.Engines(t)
	if len(engines) < 2 {
		t.Skip("only one engine is on this machine")
	}
	for first, second := range map[string]string{"terraform": "opentofu", "opentofu": "terraform"} {
		t.Run("from "+first, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t).with(engines[first])
			made, err := w.provision(w.request("d1", drawn, map[string]any{"round": "1"}))
			require.NoError(t, err)
			w.with(engines[second])
			r := w.request("d2", drawn, map[string]any{"round": "2"})
			r.Values["engine"] = second
			changed, err := w.provision(r)
			require.NoError(t, err)
			require.Equal(t, made.Secrets, changed.Secrets, "it is the same password")
			require.Equal(t, "2", changed.Values["round"])
			require.NoError(t, w.driver.Destroy(ctx, r))
		})
	}
}

// TestWhichEngine asks for engines that are there and for some that are not.
func TestWhichEngine(t *testing.T) {
	bin := t.TempDir()
	program := func(name, version string) string {
		path := filepath.Join(bin, name)
		require.NoError(t, os.WriteFile(path, []byte("#!/bin/sh\necho '{\"terraform_version\":\""+version+"\"}'\n"), 0o755))
		return path
	}
	fallback := program("opentofu-1.12.6-abc", "1.12.6")
	program("terraform", "1.11.4")
	cases := map[string]struct {
		path, fallback string
		spec           terraform.Spec
		wantErr        string
	}{
		"the one on PATH":                {path: bin, spec: terraform.Spec{Version: "~> 1.11"}},
		"the fallback by name":           {path: bin, fallback: fallback, spec: terraform.Spec{Engine: "opentofu"}},
		"the fallback by version":        {path: bin, fallback: fallback, spec: terraform.Spec{Version: ">= 1.12"}},
		"the fallback for want of other": {path: t.TempDir(), fallback: fallback},
		"none":                           {path: t.TempDir(), wantErr: "neither terraform nor tofu is on PATH"},
		"another engine":                 {path: bin, spec: terraform.Spec{Engine: "opentofu"}, wantErr: "asks for opentofu; here are: terraform"},
		"another version": {path: bin, fallback: fallback, spec: terraform.Spec{Version: "> 2"},
			wantErr: "asks for terraform or opentofu > 2; here are: terraform 1.11.4, opentofu 1.12.6"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Setenv("PATH", c.path)
			err := runner.CheckEngine(ctx, runner.Settings{Folder: filepath.Join(t.TempDir(), "tf"), Fallback: c.fallback}, c.spec)
			if c.wantErr == "" {
				require.NoError(t, err)
				return
			}
			require.ErrorContains(t, err, c.wantErr)
		})
	}
}
