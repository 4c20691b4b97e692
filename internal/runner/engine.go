package runner

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/hashicorp/go-version"
	"github.com/hashicorp/terraform-exec/tfexec"

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
		found, fits, err := fits(ctx, s, e, spec.Version)
		if err != nil {
			return engine{}, err
		}
		if fits {
			return e, nil
		}
		seen = append(seen, e.name+" "+found)
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

// fits asks the binary for its version. Constraints are Terraform's own.
func fits(ctx context.Context, s Settings, e engine, wanted string) (string, bool, error) {
	constraint, err := version.NewConstraint(wanted)
	if err != nil {
		return "", false, drivers.Invalid("terraform_version %q is not a constraint such as \">= 1.5, < 2\"", wanted)
	}
	tf, err := tfexec.NewTerraform(s.Folder, e.path)
	if err != nil {
		return "", false, fmt.Errorf("use %s: %w", e.path, err)
	}
	if err := tf.SetEnv(map[string]string{"PATH": os.Getenv("PATH"), "HOME": s.Folder, "TF_CLI_CONFIG_FILE": os.DevNull}); err != nil {
		return "", false, fmt.Errorf("use %s: %w", e.path, err)
	}
	found, _, err := tf.Version(ctx, true)
	if err != nil {
		return "", false, fmt.Errorf("ask %s for its version: %w", e.path, err)
	}
	return found.String(), constraint.Check(found), nil
}
