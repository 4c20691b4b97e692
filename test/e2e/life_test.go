package e2e

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/internal/runner/recordtest"
)

// recordCode makes one record in the service for tests.
const recordCode = `
terraform {
  required_providers {
    slipwaytest = { source = "slipway.test/dev/slipwaytest" }
  }
}
provider "slipwaytest" {
  endpoint = var.endpoint
}
variable "endpoint" {}
variable "name" {}
variable "value" {}
resource "slipwaytest_record" "one" {
  name  = var.name
  value = var.value
}
output "bucket" { value = slipwaytest_record.one.id }
output "region" { value = "eu" }
`

// records is an application whose bucket is a record, made by Terraform.
type records struct {
	*instance
	service *recordtest.Service
}

func (r *records) inputs(name, value string) map[string]any {
	return map[string]any{"values": map[string]any{"script": recordCode,
		"variables": map[string]any{"endpoint": r.service.URL, "name": name, "value": value}}}
}

// define makes a definition whose records have its name.
func (r *records) define(name string, criteria ...any) {
	r.t.Helper()
	r.must(http.StatusOK, http.MethodPost, org+"/resources/defs", map[string]any{
		"id": name, "name": name, "type": "s3", "driver_type": "humanitec/terraform",
		"criteria": append([]any{}, criteria...), "driver_inputs": r.inputs(name, "v1"),
	})
}

func (r *records) match(name string, criteria ...any) {
	r.t.Helper()
	status, out := r.call(http.MethodPut, org+"/resources/defs/"+name+"/criteria", append([]any{}, criteria...))
	require.Equal(r.t, http.StatusOK, status, "%v", out)
}

// counted requires how often records of the name were made, changed and removed.
func (r *records) counted(name string, created, updated, removed int) {
	r.t.Helper()
	want := fmt.Sprint([]int{created, updated, removed})
	r.eventually(name+" was made, changed and removed "+want+" times", func() (bool, string) {
		c, u, d := r.service.Counts(name)
		got := fmt.Sprint([]int{c, u, d})
		return got == want, got
	})
}

// bucket is the active resource of that class.
func (r *records) bucket(class string) map[string]any {
	r.t.Helper()
	for _, res := range r.list(envPath("life", "development") + "/resources") {
		if res["type"] == "s3" && res["class"] == class {
			return res
		}
	}
	r.t.Fatalf("no s3 bucket of class %s", class)
	return nil
}

func (r *records) leaving() []map[string]any {
	r.t.Helper()
	return r.list(envPath("life", "development") + "/resources?scheduled_deletion=true")
}

// set deploys a workload that needs a bucket of that class; "" = none.
func (r *records) set(class string) string {
	r.t.Helper()
	module := plainModule("busybox:1")
	if class != "" {
		module["externals"] = map[string]any{"store": map[string]any{"type": "s3", "class": class}}
	}
	delta := map[string]any{"modules": map[string]any{"remove": []string{"api"}, "add": map[string]any{"api": module}}}
	return r.deploy("life", map[string]any{"delta_id": r.delta("life", delta)})
}

// TestLifeOfAResource re-matches, drops, brings back and takes down a resource
// that Terraform makes, with kills in between, and counts at the far end.
func TestLifeOfAResource(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("runs Terraform many times")
	}
	terraform, mirror := recordtest.Terraform(t), recordtest.Mirror(t)
	r := &records{newInstance(t, "SLIPWAY_TERRAFORM="+terraform, "SLIPWAY_TERRAFORM_MIRROR="+mirror), recordtest.Start(t)}
	r.start()
	r.app("life")
	app := map[string]any{"app_id": "life"}
	large := map[string]any{"app_id": "life", "class": "large"}
	r.define("blue", app, large)
	r.define("green")

	first := r.set("default")
	r.succeeded("life", first)
	r.counted("blue", 1, 0, 0)
	blue := r.bucket("default")["gu_res_id"]
	r.must(http.StatusOK, http.MethodPut, org+"/resources/defs/blue", map[string]any{"name": "blue", "driver_inputs": r.inputs("blue", "v2")})
	r.succeeded("life", r.deploy("life", map[string]any{}))
	r.counted("blue", 1, 1, 0)

	// Another definition, and its bucket cannot be had.
	r.match("blue", large)
	r.match("green", app)
	r.service.Behave("green", recordtest.Behaviour{Fail: true})
	require.Equal(t, "failed", r.finished("life", r.deploy("life", map[string]any{}))["status"])
	require.Equal(t, blue, r.bucket("default")["gu_res_id"], "the old one is still what is in use")
	require.Empty(t, r.leaving())

	// Now it can, and the old one resists.
	r.service.Behave("green", recordtest.Behaviour{})
	r.service.Behave("blue", recordtest.Behaviour{Stuck: true})
	r.succeeded("life", r.deploy("life", map[string]any{}))
	r.kill()
	r.start()
	green := r.bucket("default")["gu_res_id"]
	require.NotEqual(t, blue, green)
	r.eventually("it says what it is stuck on", func() (bool, string) {
		leaving := r.leaving()
		text := fmt.Sprint(leaving)
		return len(leaving) == 1 && leaving[0]["gu_res_id"] == blue && leaving[0]["status_message"] != nil, text
	})
	require.Contains(t, r.mustCLI("get", "resources", "--org", "demo", "--app", "life", "--env", "development"), "replaced")
	r.service.Behave("blue", recordtest.Behaviour{})
	r.counted("blue", 1, 1, 1)
	r.counted("green", 1, 0, 0)

	// Another class is another resource; the one that nobody asks for stays.
	r.succeeded("life", r.set("large"))
	require.Equal(t, green, r.bucket("default")["gu_res_id"])
	r.counted("blue", 2, 1, 1)
	r.succeeded("life", r.set(""))
	r.succeeded("life", r.deploy("life", map[string]any{"set_id": r.must(http.StatusOK, http.MethodGet, envPath("life", "development")+"/deploys/"+first, nil)["set_id"]}))
	require.Equal(t, green, r.bucket("default")["gu_res_id"], "rolled back to its data")
	r.counted("green", 1, 0, 0)

	out := r.mustCLI("delete", "resource", "s3.large", "modules.api.externals.store", "-y", "--org", "demo", "--app", "life", "--env", "development")
	require.Contains(t, out, "is being deleted")
	r.counted("blue", 2, 1, 2)
	status, _ := r.call(http.MethodDelete, org+"/apps/life", nil)
	require.Equal(t, http.StatusAccepted, status)
	r.vanishes(org + "/apps/life")
	r.counted("blue", 2, 1, 2)
	r.counted("green", 1, 0, 1)
	require.Zero(t, r.service.Len())
}
