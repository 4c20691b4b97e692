package e2e

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"

	"github.com/slipway-dev/slipway/internal/runner/recordtest"
	"github.com/slipway-dev/slipway/internal/testenv"
)

const fortyNamespace = "forty-development"

// forty is an environment of ten workloads and forty resources, made by Terraform, by an external driver, and by templates on a
// control plane.
type forty struct {
	*instance
	records *recordtest.Service
	hello   *helloDriver
	ledger  *externalLedger
	client  kubernetes.Interface
	last    backends // at the end of the last step
}

// TestFortyResources takes an environment through its life. Before each change the product is asked what it would do; afterwards
// exactly that was seen by the backends, and nothing else.
func TestFortyResources(t *testing.T) {
	t.Parallel()
	service, settings := needsRecords(t)
	f := &forty{
		instance: newInstance(t, append(settings, "SLIPWAY_CLUSTER=dev", fmt.Sprintf("SLIPWAY_CLUSTER_PORT=%d", testenv.FreePort(t)))...),
		records:  service, hello: startHello(t),
	}
	f.ledger = startLedger(t, f.hello.url)
	f.start()
	f.client = f.cluster()
	f.app("forty")
	f.defineAll()
	f.last = f.backends()

	first := f.deployFirst()
	f.deployUnchanged()
	f.changeInputs()
	f.rematch()
	f.rematchThatFails()
	f.changeSet(first)
	f.killInTheMiddle()
	f.tearDown()
}

// step does something and requires that backends see that, and only that, from the end of the last step on.
func (f *forty) step(what string, want []string, do func()) {
	f.t.Helper()
	started := time.Now()
	slices.Sort(want)
	do()
	f.eventually(what, func() (bool, string) {
		seen := f.backends().since(f.last)
		return slices.Equal(want, seen), "seen:\n" + strings.Join(seen, "\n") + "\nforetold:\n" + strings.Join(want, "\n")
	})
	f.last = f.backends()
	f.t.Logf("%s: %d calls that change something, %s", what, len(want), time.Since(started).Round(time.Millisecond))
}

func (f *forty) backends() backends {
	f.t.Helper()
	external, _ := f.ledger.seen()
	return backends{terraform: f.records.Tally(), external: external, objects: configMaps(f.t, f.client, fortyNamespace)}
}

// define makes or replaces a definition; size is what can be changed in place.
func (f *forty) define(id string, more map[string]any) map[string]any {
	size, driver := more["size"], more["driver_type"]
	made := id + " ${context.res.class}#${context.res.id}"
	out := map[string]any{"id": id, "name": id, "type": "s3", "driver_type": driver}
	switch driver {
	case "humanitec/terraform":
		out["type"] = "redis"
		out["driver_inputs"] = map[string]any{"values": map[string]any{"script": recordScript,
			"variables": map[string]any{"endpoint": f.records.URL, "name": made, "size": size}}}
	case "humanitec/template":
		out["type"] = "demo/conf"
		out["driver_inputs"] = map[string]any{"values": map[string]any{"made": made, "size": size, "templates": map[string]any{
			"manifests": configTemplate, "outputs": "made: {{ .driver.values.made | toRawJson }}\n"}}}
	default:
		seconds := 0
		if n, ok := more["seconds"].(int); ok {
			seconds = n
		}
		out["driver_inputs"] = map[string]any{"values": map[string]any{"greeting": fmt.Sprintf("%v|%s", size, made), "seconds": seconds}}
	}
	for key, value := range more {
		if key != "size" && key != "seconds" {
			out[key] = value
		}
	}
	return out
}

const configTemplate = `
config.yaml:
  location: namespace
  data:
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: conf-{{ trunc 16 .id }}
    data:
      made: {{ .driver.values.made | toRawJson }}
      size: {{ .driver.values.size | toRawJson }}
`

func matches(criteria ...map[string]any) []any {
	out := []any{}
	for _, c := range criteria {
		c["app_id"] = "forty"
		out = append(out, c)
	}
	return out
}

func (f *forty) defineAll() {
	f.must(http.StatusOK, http.MethodPost, org+"/resources/types", map[string]any{
		"type": "demo/conf", "name": "Configuration", "category": "test", "use": "direct", "inputs_schema": map[string]any{}, "outputs_schema": map[string]any{}})
	f.driver("hello", f.ledger.url)
	f.must(http.StatusOK, http.MethodPost, org+"/resources/drivers", map[string]any{
		"id": "polite", "type": "s3", "account_types": []any{}, "inputs_schema": map[string]any{}, "target": "driver://demo/hello",
		"template": "values:\n  greeting: Dear {{ .driver.values.greeting }}\n  seconds: {{ .driver.values.seconds }}\n",
	})
	for _, definition := range []map[string]any{
		f.define("conf", map[string]any{"driver_type": "humanitec/template", "size": "small",
			"criteria": matches(map[string]any{}, map[string]any{"class": "polite"})}),
		f.define("plain", map[string]any{"driver_type": "demo/hello", "size": "small", "criteria": matches(map[string]any{})}),
		f.define("polite", map[string]any{"driver_type": "demo/polite", "size": "small", "criteria": matches(map[string]any{"class": "polite"}),
			"provision": map[string]any{"demo/conf": map[string]any{"is_dependent": false, "match_dependents": true}}}),
		f.define("blue", map[string]any{"driver_type": "humanitec/terraform", "size": "small", "criteria": matches(map[string]any{})}),
	} {
		f.must(http.StatusOK, http.MethodPost, org+"/resources/defs", definition)
	}
}

// environment is the delta that brings everything: nine workloads, and a tenth from a Score file.
func (f *forty) environment() string {
	modules := map[string]any{}
	for n := 1; n <= 9; n++ {
		id := fmt.Sprintf("w%02d", n)
		module := plainModule("nginx:1")
		class := "default"
		if n >= 7 {
			class = "polite"
		}
		externals := map[string]any{"conf": map[string]any{"type": "demo/conf"}, "store": map[string]any{"type": "s3", "class": class}}
		if n <= 4 {
			externals["cache"] = map[string]any{"type": "redis"}
			externals["route"] = map[string]any{"type": "route",
				"params": map[string]any{"host": "${shared.dns.host}", "path": "/" + id, "port": 80}}
			module["spec"].(map[string]any)["service"] = map[string]any{"ports": map[string]any{
				"http": map[string]any{"service_port": 80, "container_port": 80}}}
		}
		module["externals"] = externals
		container := module["spec"].(map[string]any)["containers"].(map[string]any)["main"].(map[string]any)
		container["variables"] = map[string]any{"CONF": "${externals.conf.made}", "COMMON": "${shared.common1.made}", "STORE": "${externals.store.token}"}
		modules[id] = module
	}
	shared := []any{}
	for id, of := range map[string]string{"common1": "demo/conf", "common2": "demo/conf", "common3": "demo/conf", "files1": "s3", "files2": "s3",
		"queue": "redis", "dns": "dns"} {
		shared = append(shared, map[string]any{"op": "add", "path": "/" + id, "value": map[string]any{"type": of}})
	}
	file := filepath.Join(f.t.TempDir(), "w10.yaml")
	require.NoError(f.t, os.WriteFile(file, []byte("apiVersion: score.dev/v1b1\nmetadata: {name: w10}\n"+
		"containers: {main: {image: nginx:1, variables: {CONF: '${resources.conf.made}'}}}\n"+
		"resources: {conf: {type: conf}, store: {type: s3, class: polite}}\n"), 0o600))
	tenth := f.scoreDelta("forty", file)
	content := f.must(http.StatusOK, http.MethodGet, org+"/apps/forty/deltas/"+tenth, nil)["modules"].(map[string]any)
	for id, module := range content["add"].(map[string]any) {
		modules[id] = module
	}
	return f.delta("forty", map[string]any{"modules": map[string]any{"add": modules}, "shared": shared})
}

// explain asks what a deployment would make, and gives all resources and the calls that backends would see.
func (f *forty) explain(request map[string]any) (resources []map[string]any, calls []string) {
	f.t.Helper()
	answer := f.must(http.StatusOK, http.MethodPost, envPath("forty", "development")+"/resources/graphs/explain", request)
	require.Empty(f.t, answer["problems"])
	list := answer["resources"].([]any)
	for _, v := range list {
		r := v.(map[string]any)
		resources = append(resources, r)
		r["to_def"] = r["def_id"]
		if r["action"] == "update" {
			r["action"] = "" // the driver is called as it was last time
		}
	}
	return resources, foretold(list)
}

// impact asks what a change of a definition would do to the environment.
func (f *forty) impact(request map[string]any) []string {
	f.t.Helper()
	answer := f.must(http.StatusOK, http.MethodPost, org+"/resources/defs/impact", request)
	calls := []string{}
	for _, env := range answer["environments"].([]any) {
		e := env.(map[string]any)
		require.Equal(f.t, "forty", e["app_id"])
		require.Equal(f.t, false, e["fails"], "%v", e["problems"])
		calls = append(calls, foretold(e["resources"].([]any))...)
	}
	f.t.Logf("impact of %v: %v", answer["def_id"], answer["summary"])
	return calls
}

// apply asks for the impact of a definition, creates or replaces it, and returns what was foretold.
func (f *forty) apply(definition map[string]any) []string {
	f.t.Helper()
	id := definition["id"].(string)
	calls := f.impact(map[string]any{"definition": definition})
	status, _ := f.call(http.MethodGet, org+"/resources/defs/"+id, nil)
	if status == http.StatusNotFound {
		f.must(http.StatusOK, http.MethodPost, org+"/resources/defs", definition)
	} else {
		f.must(http.StatusOK, http.MethodPut, org+"/resources/defs/"+id, definition)
	}
	return calls
}

// match does the same for the criteria of a definition.
func (f *forty) match(id string, criteria []any) []string {
	f.t.Helper()
	calls := f.impact(map[string]any{"def_id": id, "criteria": criteria})
	status, out := f.call(http.MethodPut, org+"/resources/defs/"+id+"/criteria?force=true", criteria)
	require.Equal(f.t, http.StatusOK, status, "%v", out)
	return calls
}

func (f *forty) redeploy() map[string]any {
	f.t.Helper()
	return f.succeeded("forty", f.deploy("forty", map[string]any{}))
}

// guresids are those of the active resources by "type class#id".
func (f *forty) guresids() map[string]string {
	f.t.Helper()
	out := map[string]string{}
	for _, r := range f.list(envPath("forty", "development") + "/resources") {
		out[fmt.Sprintf("%v %v#%v", r["type"], r["class"], r["res_id"])] = r["gu_res_id"].(string)
	}
	return out
}

func (f *forty) deployFirst() map[string]any {
	delta := f.environment()
	resources, calls := f.explain(map[string]any{"delta_id": delta})
	byType := map[string]int{}
	for _, r := range resources {
		require.Empty(f.t, r["guresid"])
		require.Equal(f.t, "create", r["action"])
		byType[r["type"].(string)]++
	}
	require.Equal(f.t, map[string]int{"demo/conf": 17, "s3": 12, "redis": 5, "dns": 1, "route": 4, "ingress": 1,
		"workload": 10, "base-env": 1, "k8s-cluster": 1, "k8s-namespace": 1}, byType, "forty resources, ten workloads, and what every environment has")
	require.Len(f.t, calls, 34)
	var d map[string]any
	f.step("the first deployment", calls, func() {
		d = f.succeeded("forty", f.deploy("forty", map[string]any{"delta_id": delta}))
	})
	require.Len(f.t, ready(f.t, f.client, fortyNamespace), 10)
	ingresses, err := f.client.NetworkingV1().Ingresses(fortyNamespace).List(context.Background(), metav1.ListOptions{})
	require.NoError(f.t, err)
	require.Len(f.t, ingresses.Items, 1)
	require.Len(f.t, ingresses.Items[0].Spec.Rules[0].HTTP.Paths, 4)
	return d
}

// deployUnchanged deploys the same again: drivers are asked with the same GUResIDs, and nothing changes.
func (f *forty) deployUnchanged() {
	before := f.guresids()
	_, asked := f.ledger.seen()
	_, calls := f.explain(map[string]any{})
	require.Empty(f.t, calls)
	var d map[string]any
	f.step("the same again", nil, func() { d = f.redeploy() })
	require.Equal(f.t, before, f.guresids())
	_, again := f.ledger.seen()
	require.Len(f.t, again, len(asked))
	for id, n := range asked {
		require.Equal(f.t, n+1, again[id], "asked for once more")
	}
	counts := delivered.FindStringSubmatch(f.logText("forty", d["id"].(string)))
	require.NotNil(f.t, counts)
	require.Equal(f.t, []string{"0", "0"}, counts[2:], "no object is written or removed")
}

// changeInputs changes three definitions at once: in place, exactly their resources.
func (f *forty) changeInputs() {
	before := f.guresids()
	var calls []string
	for _, id := range []string{"conf", "plain", "blue"} {
		driver := map[string]string{"conf": "humanitec/template", "plain": "demo/hello", "blue": "humanitec/terraform"}[id]
		calls = append(calls, f.apply(f.define(id, map[string]any{"driver_type": driver, "size": "medium"}))...)
	}
	require.Len(f.t, calls, 17+8+5)
	require.NotContains(f.t, strings.Join(calls, "\n"), "create")
	f.step("other inputs", calls, func() { f.redeploy() })
	require.Equal(f.t, before, f.guresids())
}

// rematch gives some resources to other definitions, one of them in place.
func (f *forty) rematch() {
	before := f.guresids()
	calls := f.apply(f.define("green", map[string]any{"driver_type": "humanitec/terraform", "size": "small",
		"criteria": matches(map[string]any{"res_id": "shared.queue"}, map[string]any{"res_id": "modules.w01.externals.cache"})}))
	calls = append(calls, f.apply(f.define("taken", map[string]any{"driver_type": "demo/polite", "size": "small", "in_place_driver_change": true,
		"criteria": matches(map[string]any{"res_id": "shared.files1"})}))...)
	calls = append(calls, f.apply(f.define("kind", map[string]any{"driver_type": "demo/polite", "size": "small",
		"criteria": matches(map[string]any{"res_id": "shared.files2"})}))...)
	calls = append(calls, f.apply(f.define("conf2", map[string]any{"driver_type": "humanitec/template", "size": "small",
		"criteria": matches(map[string]any{"res_id": "shared.common1"})}))...)
	slices.Sort(calls)
	require.Equal(f.t, []string{
		"create conf2 default#shared.common1", "create green default#modules.w01.externals.cache", "create green default#shared.queue",
		"create kind default#shared.files2", "remove blue default#modules.w01.externals.cache", "remove blue default#shared.queue",
		"remove conf default#shared.common1", "remove plain default#shared.files2", "update taken default#shared.files1",
	}, calls)
	f.step("other definitions", calls, func() { f.redeploy() })
	after := f.guresids()
	require.Equal(f.t, before["s3 default#shared.files1"], after["s3 default#shared.files1"])
	for _, key := range []string{"s3 default#shared.files2", "demo/conf default#shared.common1", "redis default#shared.queue"} {
		require.NotEqual(f.t, before[key], after[key], key)
	}
}

// rematchThatFails makes one of two successors and not the other, and goes back.
func (f *forty) rematchThatFails() {
	before := f.guresids()
	const w02, w03 = "default#modules.w02.externals.cache", "default#modules.w03.externals.cache"
	calls := f.apply(f.define("red", map[string]any{"driver_type": "humanitec/terraform", "size": "small",
		"criteria": matches(map[string]any{"res_id": "modules.w02.externals.cache"}, map[string]any{"res_id": "modules.w03.externals.cache"})}))
	require.ElementsMatch(f.t, []string{"create red " + w02, "create red " + w03, "remove blue " + w02, "remove blue " + w03}, calls)
	f.records.Behave("red "+w03, recordtest.Behaviour{Fail: true})
	f.step("a deployment that fails", []string{"create red " + w02}, func() {
		require.Equal(f.t, "failed", f.finished("forty", f.deploy("forty", map[string]any{}))["status"])
	})
	require.Equal(f.t, before["redis "+w03], f.guresids()["redis "+w03])
	require.NotEqual(f.t, before["redis "+w02], f.guresids()["redis "+w02])

	calls = f.match("red", []any{})
	require.Equal(f.t, []string{"remove red " + w02}, calls, "the old ones are taken back into use")
	resources, _ := f.explain(map[string]any{})
	for _, r := range resources {
		if r["id"] == "modules.w02.externals.cache" {
			require.Equal(f.t, "take_back", r["action"])
			continue
		}
		require.Empty(f.t, r["action"], "%v", r["id"])
	}
	f.step("back", calls, func() { f.redeploy() })
	require.Equal(f.t, before, f.guresids())
}

// changeSet asks for another class and drops two resources, and rolls back.
func (f *forty) changeSet(first map[string]any) {
	before := f.guresids()
	replace := func(path string, value any) any { return map[string]any{"op": "replace", "path": path, "value": value} }
	remove := func(path string) any { return map[string]any{"op": "remove", "path": path} }
	delta := f.delta("forty", map[string]any{"modules": map[string]any{"update": map[string]any{
		"w05": []any{replace("/externals/store", map[string]any{"type": "s3", "class": "polite"})},
		"w04": []any{remove("/externals/cache")},
		"w06": []any{remove("/externals/conf"), remove("/spec/containers/main/variables/CONF")},
	}}})
	_, calls := f.explain(map[string]any{"delta_id": delta})
	require.Equal(f.t, []string{"create conf polite#modules.w05.externals.store", "create polite polite#modules.w05.externals.store"}, calls)
	// What is only objects of the deployment goes with it, and comes back with it.
	const dropped = "conf default#modules.w06.externals.conf"
	f.step("another class, and two dropped", append(calls, "remove "+dropped), func() {
		f.succeeded("forty", f.deploy("forty", map[string]any{"delta_id": delta}))
	})
	after := f.guresids()
	for key, id := range before {
		require.Equal(f.t, id, after[key], "%s stays", key)
	}
	_, calls = f.explain(map[string]any{"set_id": first["set_id"]})
	require.Empty(f.t, calls, "everything exists")
	f.step("rolled back", []string{"create " + dropped, "remove conf polite#modules.w05.externals.store"}, func() {
		f.succeeded("forty", f.deploy("forty", map[string]any{"set_id": first["set_id"]}))
	})
	require.Equal(f.t, after, f.guresids())
}

// killInTheMiddle kills slipway while Terraform and the external driver are at work.
func (f *forty) killInTheMiddle() {
	const slow = "violet default#modules.w01.externals.cache"
	calls := f.apply(f.define("violet", map[string]any{"driver_type": "humanitec/terraform", "size": "small", "criteria": matches(
		map[string]any{"res_id": "modules.w01.externals.cache", "env_id": "development"}, map[string]any{"res_id": "modules.w02.externals.cache"})}))
	calls = append(calls, f.apply(f.define("plain", map[string]any{"driver_type": "demo/hello", "size": "large", "seconds": 2}))...)
	f.records.Behave(slow, recordtest.Behaviour{After: 3 * time.Second})
	updated := func() (n int) {
		tally, _ := f.ledger.seen()
		for name, counts := range tally {
			n += counts[1] - f.last.external[name][1]
		}
		return n
	}
	f.step("killed in the middle", calls, func() {
		id := f.deploy("forty", map[string]any{})
		f.eventually("both are at work", func() (bool, string) {
			return f.records.Asked(slow) > 0 && updated() > 0, fmt.Sprint(f.records.Asked(slow), updated())
		})
		require.Equal(f.t, "in progress", f.must(http.StatusOK, http.MethodGet, envPath("forty", "development")+"/deploys/"+id, nil)["status"])
		f.kill()
		f.start()
		f.client = f.cluster()
		f.succeeded("forty", id)
	})
}

// tearDown leaves nothing: what was made is removed, once each.
func (f *forty) tearDown() {
	status, _ := f.call(http.MethodDelete, org+"/apps/forty", nil)
	require.Equal(f.t, http.StatusAccepted, status)
	f.vanishes(org + "/apps/forty")
	require.Zero(f.t, f.records.Len())
	require.Empty(f.t, f.hello.records(f.t))
	end := f.backends()
	for what, tally := range map[string]map[string][3]int{"Terraform": end.terraform, "the external driver": end.external} {
		made, removed := 0, 0 // in all: what was taken over in place goes under another definition than it came
		for _, counts := range tally {
			made, removed = made+counts[0], removed+counts[2]
		}
		require.Positive(f.t, made)
		require.Equal(f.t, made, removed, "%s made as much as it removed", what)
	}
	_, err := f.client.CoreV1().Namespaces().Get(context.Background(), fortyNamespace, metav1.GetOptions{})
	require.True(f.t, apierrors.IsNotFound(err), "the namespace is gone: %v", err)
}
