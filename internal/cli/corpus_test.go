package cli_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"gopkg.in/yaml.v3"

	"github.com/slipway-dev/slipway/engine/placeholder"
	"github.com/slipway-dev/slipway/engine/resource"
	"github.com/slipway-dev/slipway/internal/api"
)

// corpusResource is the resource that a definition of the corpus is made to provision.
const corpusResource = "modules.wl.externals.x"

// corpusDefinition is one document as a tree.
type corpusDefinition struct {
	file, id string
	entity   map[string]any
}

func readCorpusDefinitions(t *testing.T) []corpusDefinition {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(corpus(t, "definitions"), "*.yaml"))
	require.NoError(t, err)
	var out []corpusDefinition
	for _, file := range files {
		raw, err := os.ReadFile(file)
		require.NoError(t, err)
		decoder := yaml.NewDecoder(bytes.NewReader(raw))
		for {
			var doc struct {
				Metadata struct{ ID string }
				Entity   map[string]any
			}
			err := decoder.Decode(&doc)
			if errors.Is(err, io.EOF) {
				break
			}
			require.NoError(t, err, file)
			out = append(out, corpusDefinition{filepath.Base(file), doc.Metadata.ID, doc.Entity})
		}
	}
	return out
}

// text is a text field of the entity.
func (d corpusDefinition) text(name string) string {
	s, _ := d.entity[name].(string)
	return s
}

// class is the class that the definition asks for.
func (d corpusDefinition) class() string {
	criteria, _ := d.entity["criteria"].([]any)
	for _, c := range criteria {
		one, _ := c.(map[string]any)
		if class, ok := one["class"].(string); ok {
			return class
		}
	}
	return "default"
}

// stubs are definitions for what a definition refers to: echo, with the outputs that it asks for.
func (d corpusDefinition) stubs(t *testing.T) (out []map[string]any) {
	t.Helper()
	outputs := map[resource.Ref]map[string]any{}
	note := func(ref placeholder.Reference) {
		if ref.Path[0] != "resources" {
			return
		}
		path, err := resource.ParsePath(ref)
		require.NoError(t, err)
		for n, step := range path.Steps {
			at := resource.Ref{Type: step.Type, Class: step.Class}
			if outputs[at] == nil {
				outputs[at] = map[string]any{}
			}
			if n == len(path.Steps)-1 && path.Attribute == resource.AttributeOutputs && len(path.Rest) > 0 {
				outputs[at][path.Rest[0]] = "stub"
			}
		}
	}
	require.NoError(t, placeholder.Walk(d.entity["driver_inputs"], func(_ string, ref placeholder.Reference) error { note(ref); return nil }))
	provision, _ := d.entity["provision"].(map[string]any)
	for key := range provision {
		ref, err := resource.ParseRef(key)
		require.NoError(t, err)
		outputs[resource.Ref{Type: ref.Type, Class: ref.Class}] = map[string]any{}
	}
	for _, ref := range slices.SortedFunc(maps.Keys(outputs), func(a, b resource.Ref) int { return strings.Compare(a.String(), b.String()) }) {
		if slices.Contains([]string{"workload", "k8s-namespace", "k8s-cluster"}, ref.Type) && len(outputs[ref]) < 2 {
			continue // the starter's give what is asked for
		}
		criteria := []any{map[string]any{"class": "default"}, map[string]any{"class": d.class()}}
		if ref.Class != "" {
			criteria = []any{map[string]any{"class": ref.Class}}
		}
		out = append(out, map[string]any{"type": ref.Type, "driver_type": "humanitec/echo", "criteria": criteria,
			"driver_inputs": map[string]any{"values": outputs[ref]}})
	}
	return out
}

// Every definition of the corpus is provisioned by the real orchestrator, with stubs for what it refers to. Those whose
// driver reaches outside, whose secrets are in stores that this server does not read, or whose templates cannot be parsed,
// fail with one clear error.
func TestCorpusDefinitionsAreProvisioned(t *testing.T) {
	t.Parallel()
	all := readCorpusDefinitions(t)
	w := newWorld(t)
	var types bytes.Buffer
	for _, name := range []string{"probe", "dapr-state-store"} {
		fmt.Fprintf(&types, "---\napiVersion: entity.humanitec.io/v1b1\nkind: ResourceType\nmetadata: {id: acme/%s}\nentity: {name: %s, category: test, use: direct}\n", name, name)
	}
	w.file("types.yaml", types.String())
	w.run("apply", "-f", "types.yaml").ok(t)
	counts := map[string]int{}
	for n, d := range all {
		why := w.provisionCorpus(t, fmt.Sprintf("corpus-%d", n), d)
		driver := d.text("driver_type")
		switch {
		case why == "":
			counts["provisioned"]++
		case slices.Contains([]string{"humanitec/terraform", "humanitec/container", "humanitec/opentofu-container-runner"}, driver):
			counts["heavy"]++
			require.Contains(t, why, fmt.Sprintf("driver %q is known but does not run on this server", driver), d.file)
		case strings.Contains(why, "there is no secret store"):
			counts["secrets elsewhere"]++
		case strings.Contains(why, "templates.outputs line 4: comment ends before closing delimiter"):
			counts["refused"]++
		default:
			t.Errorf("%s: %s", d.file, why)
		}
	}
	require.Equal(t, map[string]int{"provisioned": 57, "heavy": 10, "secrets elsewhere": 3, "refused": 2}, counts)
}

// accountFor is the manifest of a resource account that a driver takes, "" for none.
func accountFor(id, driver string) string {
	of, known := map[string]string{
		"humanitec/k8s-cluster-aks": "{name: stub, type: azure, credentials: {appId: a, password: p, tenant: t}}",
		"humanitec/k8s-cluster-eks": "{name: stub, type: aws, credentials: {aws_access_key_id: a, aws_secret_access_key: s}}",
		"humanitec/k8s-cluster-gke": "{name: stub, type: gcp, credentials: {type: service_account, project_id: p, private_key: k, client_email: e}}",
	}[driver]
	if !known {
		return ""
	}
	return fmt.Sprintf("---\napiVersion: entity.humanitec.io/v1b1\nkind: ResourceAccount\nmetadata: {id: %s}\nentity: %s\n", id, of)
}

// provisionCorpus deploys an application that needs the resource, and returns why that failed.
func (w *world) provisionCorpus(t *testing.T, app string, d corpusDefinition) string {
	t.Helper()
	if d.entity["type"] == "dapr-state-store" {
		d.entity["type"] = "acme/dapr-state-store"
	}
	var manifests bytes.Buffer
	add := func(id string, entity map[string]any, criterion map[string]any) {
		var criteria []any
		classes, _ := entity["criteria"].([]any)
		if len(classes) == 0 || criterion["res_id"] != nil {
			classes = []any{map[string]any{"class": d.class()}}
		}
		for _, c := range classes {
			one, _ := c.(map[string]any)
			all := map[string]any{"app_id": app, "class": one["class"]}
			maps.Copy(all, criterion)
			if !slices.ContainsFunc(criteria, func(have any) bool { return fmt.Sprint(have) == fmt.Sprint(all) }) {
				criteria = append(criteria, all)
			}
		}
		entity = maps.Clone(entity)
		entity["criteria"] = criteria
		text, err := json.Marshal(map[string]any{"apiVersion": "entity.humanitec.io/v1b1", "kind": "Definition",
			"metadata": map[string]any{"id": app + "-" + id}, "entity": entity})
		require.NoError(t, err)
		manifests.WriteString("---\n" + string(text) + "\n")
	}
	id := corpusResource
	if implicit := map[string]string{"workload": "modules.wl", "k8s-namespace": "k8s-namespace", "base-env": "base-env"}[d.text("type")]; implicit != "" {
		id = implicit
	}
	add("def", d.entity, map[string]any{"res_id": id})
	for n, stub := range d.stubs(t) {
		add(fmt.Sprintf("stub-%d", n), stub, nil)
	}
	target := resource.Ref{Type: d.text("type"), Class: d.class(), ID: id}
	add("probe", map[string]any{"type": "acme/probe", "driver_type": "humanitec/echo", "criteria": []any{map[string]any{"class": "default"}},
		"driver_inputs": map[string]any{"values": map[string]any{"id": "${resources['" + target.String() + "'].guresid}"}}}, nil)
	if account := d.text("driver_account"); account != "" && !strings.Contains(account, "${") {
		manifests.WriteString(accountFor(account, d.text("driver_type")))
	}
	w.file(app+"/defs.yaml", manifests.String())
	score := "apiVersion: score.dev/v1b1\nmetadata: {name: wl}\ncontainers: {main: {image: 'x:1'}}\n"
	if id == corpusResource {
		score += "resources: {probe: {type: probe}}\n"
	}
	w.file(app+"/score.yaml", score)
	w.run("apply", "-f", app+"/defs.yaml").ok(t)
	got := w.run("score", "deploy", "-f", app+"/score.yaml", "--app", app, "--env", "development", "--wait")
	if got.code != 0 {
		require.Equal(t, 3, got.code, "%s: %s%s", d.file, got.out, got.err)
		return got.out + got.err
	}
	var resources []api.ActiveResource
	w.run("api", "get", "/orgs/"+testOrg+"/apps/"+app+"/envs/development/resources").into(t, &resources)
	require.True(t, slices.ContainsFunc(resources, func(r api.ActiveResource) bool {
		return r.ResID == id && r.DefID == app+"-def"
	}), "%s: the definition made no resource: %v", d.file, resources)
	return ""
}
