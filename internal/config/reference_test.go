package config_test

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/internal/config"
)

const referencePage = "../../docs/reference/settings.md"

// computed are settings whose default depends on others, so that the page shows
// the outcome in parentheses.
var computed = map[string]string{
	"--database-url":                  "(`<home>/slipway.db`)",
	"--temporal-address":              "(none)",
	"--keyset":                        "(`<home>/keyset.json`)",
	"--age-recipients":                "(none)",
	"--metrics-addr":                  "(none)",
	"--driver-networks":               "(none)",
	"--driver-ca-file":                "(none)",
	"--secret-store-networks":         "(none)",
	"--secret-store-ca-file":          "(none)",
	"--secret-store-kubernetes-token": "(none)",
	"--cluster":                       "(none)",
	"--kubeconfig":                    "(none)",
	"--cloud-identity-file":           "(none)",
	"--cloud-identities":              "(none)",
	"--terraform":                     "(none)",
	"--webhook-networks":              "(none)",
	"--webhook-ca-file":               "(none)",
	"--terraform-mirror":              "(none)",
	"--terraform-known-hosts":         "(none)",
	"--git-url":                       "(`<home>/deployments.git`)",
	"--worker-build-id":               "(the binary's version)",
	"--runner-image":                  "(none)",
	"--container-namespaces":          "(none)",
	"--runner-service-account":        "(none)",
	"--runner-kubeconfig":             "(none)",
	"--runner-pod-template":           "(none)",
	"--public-url":                    "(none)",
	"--trusted-proxies":               "(none)",
	"--oidc-issuer":                   "(none)",
	"--oidc-client-id":                "(none)",
	"--oidc-client-secret-file":       "(none)",
	"--oidc-groups-claim":             "(none)",
	"--codec-server-origin":           "(none)",
	"--rollout-patience":              "(none)",
}

func TestReferencePageHasEverySetting(t *testing.T) {
	t.Parallel()
	rows := readRows(t)
	for _, setting := range config.Reference() {
		row, ok := rows[setting.Flag]
		if !ok {
			t.Errorf("%s lacks a row for %s", referencePage, setting.Flag)
			continue
		}
		var variables []string
		for _, name := range strings.Split(setting.Env, ", ") {
			variables = append(variables, "`"+name+"`")
		}
		require.Equal(t, strings.Join(variables, ", "), row[1], "variables of %s", setting.Flag)
		fallback := "`" + setting.Default + "`"
		if setting.Default == "" {
			fallback = computed[setting.Flag]
		}
		require.NotEmpty(t, fallback, "say in this test what %s is when nothing is set", setting.Flag)
		require.Equal(t, fallback, row[2], "default of %s", setting.Flag)
		require.NotEmpty(t, row[3], "%s needs an explanation", setting.Flag)
	}
}

func TestReferencePageHasNothingElse(t *testing.T) {
	t.Parallel()
	known := map[string]bool{}
	for _, setting := range config.Reference() {
		known[setting.Flag] = true
	}
	for flag := range readRows(t) {
		require.True(t, known[flag], "%s describes %s, which does not exist", referencePage, flag)
	}
}

// readRows gives the cells of each row of the page's table, by flag.
func readRows(t *testing.T) map[string][]string {
	t.Helper()
	raw, err := os.ReadFile(referencePage)
	require.NoError(t, err)
	rows := map[string][]string{}
	for line := range strings.Lines(string(raw)) {
		cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), "|")
		if len(cells) < 4 || !strings.HasPrefix(strings.TrimSpace(cells[0]), "`--") {
			continue
		}
		for i := range cells {
			cells[i] = strings.TrimSpace(cells[i])
		}
		flag := strings.Trim(cells[0], "`")
		require.NotContains(t, rows, flag, "%s has two rows for %s", referencePage, flag)
		rows[flag] = cells
	}
	require.NotEmpty(t, rows, "%s has no table of settings", referencePage)
	return rows
}
