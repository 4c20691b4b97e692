package container

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/slipway-dev/slipway/drivers"
	"github.com/slipway-dev/slipway/drivers/terraform"
)

var (
	_ drivers.Foreteller = (*Driver)(nil)
	_ drivers.Foreteller = (*TerraformDriver)(nil)
)

// Foretell says which Job would run.
func (*Driver) Foretell(r drivers.Request) ([]string, error) {
	s, err := parse(r)
	if err != nil {
		return nil, err
	}
	return s.foretell(), nil
}

// Foretell says which Job would run, and which engine in it.
func (d *TerraformDriver) Foretell(r drivers.Request) ([]string, error) {
	s, _, err := d.parse(r)
	if err != nil {
		return nil, err
	}
	return append(s.foretell(), fmt.Sprintf("%s init and apply; state: %s", s.Terraform.Engine, s.Terraform.State)), nil
}

func (s Spec) foretell() []string {
	cluster := "the server's own cluster"
	if s.Cluster.Values != nil {
		cluster = "a cluster of type " + s.Cluster.Type
	}
	out := []string{fmt.Sprintf("Job of image %s in namespace %s of %s, for %s at most", cmp.Or(s.Image, "of the server's settings"), s.Namespace, cluster, s.Timeout)}
	if len(s.Command) > 0 {
		out = append(out, "command: "+strings.Join(s.Command, " "))
	}
	if s.Source != nil {
		out = append(out, terraform.Checkout(s.Source.URL, s.Source.Rev, s.Source.Path))
	}
	out = append(out, terraform.Named("files", s.Files), terraform.Named("variables", s.Variables), terraform.Named("secret variables", s.SecretVariables))
	return slices.DeleteFunc(out, func(line string) bool { return line == "" })
}
