package runner

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/Masterminds/semver/v3"

	"github.com/slipway-dev/slipway/drivers"
	"github.com/slipway-dev/slipway/drivers/terraform"
)

// engine is a binary that runs Terraform code.
type engine struct{ name, path string }

// programs are looked for in this order.
var programs = []engine{{"terraform", "terraform"}, {"opentofu", "tofu"}}

// findEngine finds the binary for a spec: the one from the settings, else the
// first on PATH that is the wanted engine and meets the wanted version.
func findEngine(ctx context.Context, s Settings, spec terraform.Spec) (engine, error) {
	var candidates []engine
	if s.Terraform != "" {
		name := "terraform"
		if strings.Contains(filepath.Base(s.Terraform), "tofu") {
			name = "opentofu"
		}
		candidates = append(candidates, engine{name, s.Terraform})
	}
	for _, p := range programs {
		if path, err := exec.LookPath(p.path); err == nil {
			candidates = append(candidates, engine{p.name, path})
		}
	}
	var seen []string
	for _, e := range candidates {
		if spec.Engine != "" && spec.Engine != e.name {
			seen = append(seen, e.name)
			continue
		}
		if spec.Version == "" {
			return e, nil
		}
		version, fits, err := fits(ctx, s, e, spec.Version)
		if err != nil {
			return engine{}, err
		}
		if fits {
			return e, nil
		}
		seen = append(seen, e.name+" "+version)
	}
	if len(candidates) == 0 {
		return engine{}, &drivers.Error{Code: drivers.CodeNotAvailable, Permanent: true,
			Message: "neither terraform nor tofu is on PATH of this machine; install one, or name it in the settings"}
	}
	return engine{}, drivers.Invalid("the definition asks for %s %s; here are: %s", orAny(spec.Engine), spec.Version, strings.Join(seen, ", "))
}

func orAny(s string) string {
	if s == "" {
		return "terraform or opentofu"
	}
	return s
}

// fits asks the binary for its version.
func fits(ctx context.Context, s Settings, e engine, wanted string) (string, bool, error) {
	constraint, err := semver.NewConstraint(strings.ReplaceAll(wanted, "~>", "~"))
	if err != nil {
		return "", false, drivers.Invalid("terraform_version %q is not a constraint such as \">= 1.5, < 2\"", wanted)
	}
	cmd := exec.CommandContext(ctx, e.path, "version", "-json")
	cmd.Env = append(environment(os.Environ(), nil), "CHECKPOINT_DISABLE=1", "TF_CLI_CONFIG_FILE="+os.DevNull, "HOME="+s.Folder)
	cmd.Dir = s.Folder
	raw, err := cmd.Output()
	if err != nil {
		return "", false, fmt.Errorf("ask %s for its version: %w", e.path, err)
	}
	var v struct {
		Version string `json:"terraform_version"`
	}
	if err := json.Unmarshal(raw, &v); err != nil {
		return "", false, fmt.Errorf("read the version of %s: %w", e.path, err)
	}
	version, err := semver.NewVersion(v.Version)
	if err != nil {
		return "", false, fmt.Errorf("read the version of %s: %w", e.path, err)
	}
	return v.Version, constraint.Check(version), nil
}
