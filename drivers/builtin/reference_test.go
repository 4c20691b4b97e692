package builtin_test

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/drivers/container"
	"github.com/slipway-dev/slipway/drivers/terraform"
)

// The reference has a section for every driver that names all of its inputs,
// every output of the rows, and what runs elsewhere.
func TestReference(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile("../../docs/reference/drivers.md")
	require.NoError(t, err)
	sections := map[string]string{}
	for _, section := range strings.Split(string(raw), "\n## ")[1:] {
		title, text, _ := strings.Cut(section, "\n")
		sections[strings.Trim(title, "`")] = text
	}
	all := registry(t)
	tf := terraform.New(nil)
	require.NoError(t, all.Register(tf.Descriptor(), tf))
	containers := container.New(nil)
	require.NoError(t, all.Register(containers.Descriptor(), containers))
	for _, d := range []*container.TerraformDriver{container.NewTerraform(nil, ""), container.NewOpenTofu(nil, "")} {
		require.NoError(t, all.Register(d.Descriptor(), d))
	}
	for _, d := range all.List() {
		text, ok := sections[d.ID]
		require.True(t, ok, "no section for driver %s", d.ID)
		parts, _ := d.InputsSchema["properties"].(map[string]any)
		for _, part := range []string{"values", "secrets"} {
			schema, _ := parts[part].(map[string]any)
			properties, _ := schema["properties"].(map[string]any)
			for name := range properties {
				require.Contains(t, text, "`"+name+"`", "driver %s takes %s.%s", d.ID, part, name)
			}
		}
		for _, alias := range d.Aliases {
			require.Contains(t, text, "`"+alias+"`")
		}
		delete(sections, d.ID)
	}
	for _, row := range rows {
		if handsOn(row.driver) {
			continue
		}
		for name := range tree(t, row.wantValues) {
			require.Contains(t, string(raw), "`"+name+"`", "driver %s gives %s", row.driver, name)
		}
	}
	for _, d := range all.Catalogue() {
		if d.Instead != "" {
			require.Contains(t, sections["Not here"], "`"+d.ID+"`")
		}
	}
	delete(sections, "Not here")
	require.Empty(t, sections, "sections of drivers that are not there")
}

// handsOn tells drivers whose outputs are what the definition says.
func handsOn(driver string) bool {
	for _, prefix := range []string{"humanitec/k8s-cluster", "humanitec/logging-", "humanitec/echo", "humanitec/static", "humanitec/template"} {
		if strings.HasPrefix(driver, prefix) {
			return true
		}
	}
	return false
}
