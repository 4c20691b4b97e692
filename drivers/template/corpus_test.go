package template_test

import (
	"bufio"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"sigs.k8s.io/yaml"

	"github.com/slipway-dev/slipway/drivers"
	"github.com/slipway-dev/slipway/drivers/echo"
	"github.com/slipway-dev/slipway/drivers/template"
	"github.com/slipway-dev/slipway/engine/placeholder"
)

// corpusDir finds the folder with template cases, or skips the test.
func corpusDir(t *testing.T) string {
	t.Helper()
	root := os.Getenv("SLIPWAY_CORPUS")
	if root == "" {
		root = filepath.Join("..", "..", "..", "shared", "corpus")
	}
	dir := filepath.Join(root, "template-tests")
	if _, err := os.Stat(dir); err != nil {
		t.Skipf("no template cases at %s; set SLIPWAY_CORPUS to the folder that holds template-tests", dir)
	}
	return dir
}

type corpusCase struct {
	name, definition, inputs, expected string
	deterministic, rendered            bool
}

func corpusCases(t *testing.T, dir string) []corpusCase {
	t.Helper()
	f, err := os.Open(filepath.Join(dir, "index.tsv"))
	require.NoError(t, err)
	defer f.Close()
	var out []corpusCase
	for scan := bufio.NewScanner(f); scan.Scan(); {
		col := strings.Split(scan.Text(), "\t")
		if len(col) < 8 || col[0] == "case" {
			continue
		}
		out = append(out, corpusCase{name: col[0], definition: col[1], inputs: col[2], expected: col[3],
			deterministic: col[6] == "yes", rendered: col[7] == "yes"})
	}
	require.NotEmpty(t, out)
	return out
}

func readYAML(t *testing.T, path string) map[string]any {
	t.Helper()
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	var out map[string]any
	require.NoError(t, yaml.Unmarshal(text, &out))
	return out
}

func object(v any) map[string]any {
	m, _ := v.(map[string]any)
	return m
}

// request builds the driver call of one case, with placeholders replaced the
// way a deployment does it. The cases use "test" for a placeholder without a given value.
func request(t *testing.T, def, inputs map[string]any) (string, drivers.Request) {
	t.Helper()
	given := object(inputs["placeholders"])
	resolve := func(ref placeholder.Reference) (any, error) {
		if v, ok := given[ref.Raw]; ok {
			return v, nil
		}
		return "test", nil
	}
	entity := object(def["entity"])
	driverInputs := object(entity["driver_inputs"])
	values, err := placeholder.Resolve(driverInputs["values"], resolve)
	require.NoError(t, err)
	secrets, err := placeholder.Resolve(driverInputs["secrets"], resolve)
	require.NoError(t, err)
	r := drivers.Request{
		GUResID: "test-guresid", Type: entity["type"].(string), Class: "default", ID: "modules.test.externals.test",
		Resource: object(inputs["resource"]), Values: object(values), Secrets: object(secrets),
	}
	for k, v := range object(inputs["secretRefs"]) {
		if r.Secrets == nil {
			r.Secrets = map[string]any{}
		}
		r.Secrets[k] = v
	}
	if cookie := inputs["cookie"]; cookie != nil {
		text, err := json.Marshal(cookie)
		require.NoError(t, err)
		r.Cookie = string(text)
	}
	return entity["driver_type"].(string), r
}

func TestCorpus(t *testing.T) {
	t.Parallel()
	dir := corpusDir(t)
	compared := 0
	for _, c := range corpusCases(t, dir) {
		def := readYAML(t, filepath.Join(dir, c.definition))
		inputs := readYAML(t, filepath.Join(dir, c.inputs))
		driverType, r := request(t, def, inputs)
		registry := drivers.NewRegistry()
		require.NoError(t, registry.Register((&template.Driver{}).Descriptor(), &template.Driver{}))
		require.NoError(t, registry.Register(echo.Echo{}.Descriptor(), echo.Echo{}))
		d, _, err := registry.Resolve(driverType)
		require.NoError(t, err, c.name)
		result, err := d.Provision(context.Background(), r)
		if !c.rendered {
			require.Error(t, err, c.name)
			require.True(t, drivers.IsPermanent(err))
			continue
		}
		require.NoError(t, err, c.name)
		if !c.deterministic {
			again := r
			again.Cookie = result.Cookie
			second, err := d.Provision(context.Background(), again)
			require.NoError(t, err, c.name)
			require.Equal(t, result, second, "%s: the cookie must make the second run repeat the first", c.name)
			continue
		}
		compared++
		requireSame(t, c.name, readYAML(t, filepath.Join(dir, c.expected)), result)
	}
	require.Greater(t, compared, 20)
}

// requireSame compares as JSON documents; the expected manifests have names, the result has their order.
func requireSame(t *testing.T, name string, want map[string]any, got drivers.Result) {
	t.Helper()
	manifests := object(want["manifests"])
	names := make([]string, 0, len(manifests))
	for n := range manifests {
		names = append(names, n)
	}
	sort.Strings(names)
	list := []any{}
	for _, n := range names {
		list = append(list, manifests[n])
	}
	asJSON := func(v any) string {
		text, err := json.Marshal(v)
		require.NoError(t, err)
		return string(text)
	}
	if got.Manifests == nil {
		got.Manifests = []drivers.Manifest{}
	}
	require.JSONEq(t, asJSON(list), asJSON(got.Manifests), name)
	require.JSONEq(t, asJSON(want["values"]), asJSON(got.Values), name)
	require.JSONEq(t, asJSON(want["secrets"]), asJSON(got.Secrets), name)
	if cookie, ok := want["cookie"]; ok {
		require.JSONEq(t, asJSON(cookie), got.Cookie, name)
	}
}
