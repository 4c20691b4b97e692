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
// first on PATH, else the fallback, that is the wanted engine and meets the
// wanted version.
func findEngine(ctx context.Context, s Settings, spec terraform.Spec) (engine, error) {
	candidates := engines(s)
	if len(candidates) == 0 {
		return engine{}, &drivers.Error{Code: drivers.CodeNotAvailable, Permanent: true,
			Message: "neither terraform nor tofu is on PATH of this machine; install one, or name it in the settings"}
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
	return engine{}, drivers.Invalid("the definition asks for %s; here are: %s",
		strings.TrimSpace(orAny(spec.Engine)+" "+spec.Version), strings.Join(seen, ", "))
}

// engines lists what there is, in the order of preference.
func engines(s Settings) []engine {
	var out []engine
	if s.Terraform != "" {
		out = append(out, named(s.Terraform))
	}
	for _, p := range programs {
		if path, err := exec.LookPath(p.path); err == nil {
			out = append(out, engine{p.name, path})
		}
	}
	if s.Fallback != "" {
		out = append(out, named(s.Fallback))
	}
	return out
}

// named tells OpenTofu by the file's name; anything else is taken for Terraform.
func named(path string) engine {
	if strings.Contains(strings.ToLower(filepath.Base(path)), "tofu") {
		return engine{"opentofu", path}
	}
	return engine{"terraform", path}
}

// CheckEngine says, by the error that the run would end with, that this
// machine has no binary for the spec.
func CheckEngine(ctx context.Context, s Settings, spec terraform.Spec) error {
	if err := os.MkdirAll(s.Folder, 0o700); err != nil {
		return fmt.Errorf("make the runners' folder: %w", err)
	}
	_, err := findEngine(ctx, s, spec)
	return err
}

// Suits reports whether an engine of this name and version is what the spec asks for.
func Suits(spec terraform.Spec, name, release string) bool {
	if spec.Engine != "" && spec.Engine != name {
		return false
	}
	if spec.Version == "" {
		return true
	}
	constraint, err := version.NewConstraint(spec.Version)
	if err != nil {
		return false
	}
	found, err := version.NewVersion(release)
	return err == nil && constraint.Check(found)
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
