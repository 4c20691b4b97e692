package chaos

import (
	"fmt"
	"net/http"
	"strings"
	"time"
)

// environment is what deployments go to, with what it should consist of.
type environment struct {
	*installation
	app  string
	turn int

	workloads []string        // of the newest set
	dropped   []string        // "type/GUResID" of resources that the newest set does not need any more
	present   map[string]bool // at the backends, by name, as of the newest turn
	asked     map[string]int  // how often each was to be made, by name; once more when a person has removed it
}

func (e *environment) path() string { return org + "/apps/" + e.app + "/envs/development" }

// recordScript makes one record at the backend that counts.
const recordScript = `
terraform {
  required_providers {
    slipwaytest = { source = "slipway.test/dev/slipwaytest" }
  }
}
provider "slipwaytest" { endpoint = var.endpoint }
variable "endpoint" {}
variable "name" {}
variable "size" {}
resource "slipwaytest_record" "one" {
  name  = var.name
  value = var.size
}
output "host" { value = "$\{slipwaytest_record.one.id}.cache.example" }
output "port" { value = 6379 }
output "username" { value = "default" }
output "password" {
  value     = "record-password-$\{slipwaytest_record.one.name}"
  sensitive = true
}
`

const configTemplate = `
config.yaml:
  location: namespace
  data:
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: conf-{{ trunc 16 .id }}
    data:
      made: {{ .driver.values.name | toRawJson }}
      size: {{ .driver.values.size | toRawJson }}
`

// platform makes what all environments share: a type and a driver.
func (i *installation) platform() {
	i.again(http.MethodPost, org+"/resources/types", map[string]any{"type": "demo/conf", "name": "Configuration", "category": "test", "use": "direct",
		"inputs_schema": map[string]any{}, "outputs_schema": map[string]any{}}, http.StatusOK)
	i.again(http.MethodPost, org+"/resources/drivers", map[string]any{"id": "counted", "type": "s3", "account_types": []any{}, "inputs_schema": map[string]any{},
		"target": "http://" + i.links.byName["worker-driver"].Listen}, http.StatusOK)
}

// found makes an application with its environment and definitions.
func (i *installation) found(app string) *environment {
	e := &environment{installation: i, app: app, present: map[string]bool{}, asked: map[string]int{}}
	i.again(http.MethodPost, org+"/apps", map[string]any{"id": app, "name": app}, http.StatusCreated)
	for _, d := range []string{"blue", "green", "plain", "other", "conf"} {
		i.again(http.MethodPost, org+"/resources/defs", e.definition(d), http.StatusOK)
	}
	return e
}

// definition is one of five. Its size changes with every turn; blue and green, plain and other change places.
func (e *environment) definition(name string) map[string]any {
	id, size := e.app+"-"+name, fmt.Sprintf("size-%d", e.turn)
	values := map[string]any{"name": e.app + "|" + id + "|${context.res.class}#${context.res.id}", "size": size}
	out := map[string]any{"id": id, "name": id, "type": "s3", "driver_type": "demo/counted", "criteria": []any{}}
	everything, base := map[string]any{"app_id": e.app}, map[string]any{"app_id": e.app, "res_id": "modules.base.externals."}
	switch name {
	case "blue", "green":
		out["type"], out["driver_type"] = "redis", "humanitec/terraform"
		values = map[string]any{"script": recordScript, "failed_creates": "ask", "variables": map[string]any{
			"endpoint": "http://" + e.links.byName["terraform-backend"].Listen, "name": values["name"], "size": size}}
		base["res_id"] = "modules.base.externals.cache"
		if name == "blue" {
			out["criteria"] = []any{everything}
		} else if e.turn/2%2 == 1 {
			out["criteria"] = []any{base}
		}
	case "plain", "other":
		base["res_id"] = "modules.base.externals.store"
		if name == "plain" {
			out["criteria"] = []any{everything}
		} else if e.turn%2 == 1 {
			out["criteria"] = []any{base}
		}
	case "conf":
		out["type"], out["driver_type"] = "demo/conf", "humanitec/template"
		values["templates"] = map[string]any{"manifests": configTemplate, "outputs": "made: {{ .driver.values.name | toRawJson }}\n"}
		out["criteria"] = []any{everything}
	}
	out["driver_inputs"] = map[string]any{"values": values}
	return out
}

// workload is a module with one resource of each kind, or without that of Terraform.
func workload(cache bool) map[string]any {
	externals := map[string]any{"store": map[string]any{"type": "s3"}, "conf": map[string]any{"type": "demo/conf"}}
	variables := map[string]any{"STORE": "${externals.store.token}", "CONF": "${externals.conf.made}"}
	if cache {
		externals["cache"], variables["CACHE"] = map[string]any{"type": "redis"}, "${externals.cache.host}"
	}
	return map[string]any{"profile": "humanitec/default-module", "externals": externals,
		"spec": map[string]any{"containers": map[string]any{"main": map[string]any{"id": "main", "image": "nginx:1", "variables": variables}}}}
}

// caches reports whether the workload of this turn has something of Terraform's: in the other turns what stays is replaced.
func (e *environment) caches() bool { return e.turn%2 == 1 }

// expect notes what the backends will be asked to make for this turn.
func (e *environment) expect() {
	cache, store, comes := "blue", "plain", fmt.Sprintf("modules.t%d", e.turn)
	if e.turn/2%2 == 1 {
		cache = "green"
	}
	if e.turn%2 == 1 {
		store = "other"
	}
	now := map[string]bool{e.named(cache, "modules.base.externals.cache"): true, e.named(store, "modules.base.externals.store"): true,
		e.named("plain", comes+".externals.store"): true}
	if e.caches() {
		now[e.named("blue", comes+".externals.cache")] = true
	}
	for name := range now {
		if !e.present[name] {
			e.asked[name]++
		}
	}
	e.present = now
}

func (e *environment) named(definition, id string) string {
	return fmt.Sprintf("%s|%s-%s|default#%s", e.app, e.app, definition, id)
}

// nextTurn changes the definitions: sizes, and which of them make the resources of the workload that stays.
func (e *environment) nextTurn() {
	e.turn++
	for _, name := range []string{"blue", "green", "plain", "other", "conf"} {
		d := e.definition(name)
		e.again(http.MethodPut, org+"/resources/defs/"+e.app+"-"+name, d, http.StatusOK)
		e.again(http.MethodPut, org+"/resources/defs/"+e.app+"-"+name+"/criteria?force=true", d["criteria"], http.StatusOK)
	}
}

// orderDestruction has what was dropped last time destroyed, ahead of the next deployment.
func (e *environment) orderDestruction() {
	for _, r := range e.dropped {
		e.again(http.MethodDelete, e.path()+"/resources/"+r, nil, http.StatusAccepted, http.StatusNoContent, http.StatusNotFound)
	}
	e.dropped = nil
}

// deployTurn deploys the turn: a new workload comes, the one of the last turn goes.
func (e *environment) deployTurn() (id string) {
	name := fmt.Sprintf("t%d", e.turn)
	e.expect()
	add := map[string]any{name: workload(e.caches())}
	var remove []string
	for _, w := range e.workloads {
		if w != "base" {
			remove = append(remove, w)
		}
	}
	if len(e.workloads) == 0 {
		add["base"] = workload(true)
	}
	modules := map[string]any{"add": add}
	if len(remove) > 0 {
		modules["remove"] = remove
	}
	delta := e.again(http.MethodPost, org+"/apps/"+e.app+"/deltas", map[string]any{
		"metadata": map[string]any{"env_id": "development", "name": name}, "modules": modules}, http.StatusOK).(map[string]any)["id"]
	id = e.deploy(map[string]any{"delta_id": delta, "comment": name})
	e.workloads = []string{"base", name}
	return id
}

// deploy posts a deployment, as somebody does who does not know whether the last attempt got through: by looking for its comment.
func (e *environment) deploy(request map[string]any) (id string) {
	e.until("a deployment is accepted", func() (bool, string) {
		if list, _, err := e.deployments(); err != nil {
			return false, err.Error()
		} else if at := indexOf(list, "comment", request["comment"]); at >= 0 {
			id = list[at]["id"].(string)
			return true, ""
		}
		status, out, err := e.try(http.MethodPost, e.path()+"/deploys", request)
		if err == nil && status == http.StatusCreated {
			id = out.(map[string]any)["id"].(string)
			return true, ""
		}
		return false, fmt.Sprint(status, out, err)
	})
	return id
}

func indexOf(list []map[string]any, key string, value any) int {
	for n, item := range list {
		if item[key] == value {
			return n
		}
	}
	return -1
}

// deployments lists all, the newest first.
func (e *environment) deployments() (list []map[string]any, status int, err error) {
	status, out, err := e.try(http.MethodGet, e.path()+"/deploys", nil)
	if err == nil && status != http.StatusOK {
		err = fmt.Errorf("%d %v", status, out)
	}
	items, _ := out.([]any)
	for _, v := range items {
		list = append(list, v.(map[string]any))
	}
	return list, status, err
}

// ended waits for the end of a deployment and returns its status, "" when it waits for ever.
func (e *environment) ended(id string) (status string, took time.Duration) {
	began := time.Now()
	_, done := e.within(patience, func() (bool, string) {
		_, out, err := e.try(http.MethodGet, e.path()+"/deploys/"+id, nil)
		d, _ := out.(map[string]any)
		status, _ = d["status"].(string)
		return err == nil && (status == "succeeded" || status == "failed"), status
	})
	if !done {
		status = ""
	}
	return status, time.Since(began)
}

// resources lists the Active Resources whose backends count.
func (e *environment) resources() []map[string]any {
	var out []map[string]any
	for _, r := range e.list(e.path() + "/resources") {
		switch r["type"] {
		case "redis", "s3", "demo/conf":
			out = append(out, r)
		}
	}
	return out
}

// nameOf is what a resource is called at its backend.
func (e *environment) nameOf(r map[string]any) string {
	return fmt.Sprintf("%s|%v|%v#%v", e.app, r["def_id"], r["class"], r["res_id"])
}

// needed reports whether the newest set needs a resource.
func (e *environment) needed(r map[string]any) bool {
	for _, w := range e.workloads {
		if strings.HasPrefix(fmt.Sprint(r["res_id"], "."), "modules."+w+".") {
			return true
		}
	}
	return false
}
