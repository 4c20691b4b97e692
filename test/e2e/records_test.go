package e2e

import (
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/internal/runner/recordtest"
)

// recordScript makes one record at the backend that the tests count.
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

// recordAddress is the Terraform address of the record.
const recordAddress = "slipwaytest_record.one"

// needsRecords skips where Terraform is not, and returns the backend and the settings of an instance that can reach it.
func needsRecords(t *testing.T) (records *recordtest.Service, settings []string) {
	t.Helper()
	if testing.Short() {
		t.Skip("takes longer than the fast tier allows")
	}
	binary := recordtest.Terraform(t)
	return recordtest.Start(t), []string{"SLIPWAY_TERRAFORM=" + binary, "SLIPWAY_TERRAFORM_MIRROR=" + recordtest.Mirror(t)}
}

// defineRecord lets Terraform make the redis resources of an application.
func (i *instance) defineRecord(app string, records *recordtest.Service) {
	i.t.Helper()
	i.must(http.StatusOK, http.MethodPost, org+"/resources/defs", recordDefinition(app, records, "small"))
}

// recordDefinition is the definition behind it; the size is what can be changed in place.
func recordDefinition(app string, records *recordtest.Service, size string) map[string]any {
	return map[string]any{
		"id": "record-" + app, "name": "record-" + app, "type": "redis", "driver_type": "humanitec/terraform",
		"criteria": []any{map[string]any{"app_id": app}},
		"driver_inputs": map[string]any{"values": map[string]any{"script": recordScript, "variables": map[string]any{
			"endpoint": records.URL, "name": "${context.app.id}", "size": size,
		}}},
	}
}

// recordModule is a module that needs one record.
func recordModule() map[string]any {
	module := plainModule("nginx:1")
	module["externals"] = map[string]any{"cache": map[string]any{"type": "redis"}}
	container := module["spec"].(map[string]any)["containers"].(map[string]any)["main"].(map[string]any)
	container["variables"] = map[string]any{"CACHE": "${externals.cache.host}"}
	return module
}

// killTerraform kills the runners that work for this instance, and the Terraform and the providers that they have started. The
// runners are stopped first, so that they cannot see the others die.
func (i *instance) killTerraform() {
	i.t.Helper()
	out, err := exec.Command("ps", "-ww", "-eo", "sid=,pid=,args=").Output()
	require.NoError(i.t, err)
	var sessions []string
	members := map[string][]string{}
	for _, line := range strings.Split(string(out), "\n") {
		fields := strings.Fields(line)
		if len(fields) < 3 {
			continue
		}
		members[fields[0]] = append(members[fields[0]], fields[1])
		// A runner leads a session of its own, in the home of its instance; others may be at work beside this one.
		if len(fields) > 3 && fields[0] == fields[1] && fields[2] == i.bin && fields[3] == "runner" && i.worksHere(fields[1]) {
			sessions = append(sessions, fields[0])
		}
	}
	// One that stands by has nobody beside it.
	sessions = slices.DeleteFunc(sessions, func(session string) bool { return len(members[session]) == 1 })
	require.Len(i.t, sessions, 1, "one runner is at work")
	require.NoError(i.t, exec.Command("kill", "-STOP", sessions[0]).Run())
	now, err := exec.Command("ps", "-o", "pid=", "-s", sessions[0]).Output()
	require.NoError(i.t, err)
	_ = exec.Command("kill", append([]string{"-KILL"}, strings.Fields(string(now))...)...).Run() // some may have ended by themselves
}

// worksHere tells whether a process has its working folder in the home of this instance.
func (i *instance) worksHere(pid string) bool {
	folder, err := os.Readlink(filepath.Join("/proc", pid, "cwd"))
	return err == nil && strings.HasPrefix(folder, i.home+string(filepath.Separator))
}

// logText is everything in the log of a deployment.
func (i *instance) logText(app, id string) string {
	i.t.Helper()
	return fmt.Sprint(i.list(envPath(app, "development") + "/deploys/" + id + "/logs?limit=1000"))
}
