package e2e

import (
	"fmt"
	"net/http"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/internal/runner/recordtest"
)

// driftOfResources: what was changed and deleted behind Terraform's back is found beside the objects, may be ignored, and is
// brought right by deploying again.
func driftOfResources(o *operated, records *recordtest.Service) {
	const name = "drifting"
	o.app(name)
	o.defineRecord(name, records)
	o.flags = []string{"--app", name, "--env", "development"}
	o.succeeded(name, o.deploy(name, map[string]any{"delta_id": o.delta(name, addModule("api", recordModule()))}))
	require.Contains(o.t, o.scan(0), "clean", "nothing was changed")

	was := records.Named(name)[0]
	records.Set(name, "behind its back")
	text := o.scan(driftExit)
	require.Contains(o.t, text, "~ slipwaytest_record slipwaytest_record.")
	require.Contains(o.t, text, "~ /value")
	require.NotContains(o.t, text, "behind its back")
	require.Equal(o.t, "behind its back", records.Named(name)[0].Value, "a scan changes nothing")
	shown, _, code := o.cli(append([]string{"drift", "show"}, o.flags...)...)
	require.Equal(o.t, driftExit, code)
	require.Contains(o.t, shown, "1 of ")
	o.run("drift", "settings", "--ignore", "slipwaytest_record/:/value")
	require.Contains(o.t, o.scan(0), "clean", "ignored by the settings")

	o.run("drift", "settings", "--ignore", "", "--redeploy")
	records.Drop(was.ID)
	text = o.scan(driftExit)
	require.Contains(o.t, text, ": missing")
	require.Contains(o.t, text, "brings it right")
	o.eventually("it is made again", func() (bool, string) {
		all := records.Named(name)
		return len(all) == 1 && all[0].Value == was.Value, fmt.Sprint(all)
	})
	o.eventually("nothing is left", func() (bool, string) {
		out, _, code := o.cli(append([]string{"drift", "scan", "--timeout", "2m"}, o.flags...)...)
		return code == 0, out
	})
}

// killedWhileLooking: a scan goes on after the death of the process that follows it. The environment is delivered to Git, so
// resources are all that can be looked at.
func (i *instance) killedWhileLooking(records *recordtest.Service) {
	i.t.Helper()
	const app = "kill-look"
	i.app(app)
	i.defineRecord(app, records)
	i.succeeded(app, i.deploy(app, map[string]any{"delta_id": i.delta(app, addModule("api", recordModule()))}))
	records.Set(app, "behind its back")
	records.Hold()
	scan := i.must(http.StatusCreated, http.MethodPost, envPath(app, "development")+"/drift", nil)
	i.eventually("Terraform asks the provider", func() (bool, string) { return records.Held() > 0, "" })
	i.kill()
	i.start()
	records.Release()
	i.eventually("the scan ends", func() (bool, string) {
		scan = i.must(http.StatusOK, http.MethodGet, envPath(app, "development")+"/drift/scans/"+scan["id"].(string), nil)
		return scan["status"] != "running", fmt.Sprint(scan)
	})
	require.Equal(i.t, "drifted", scan["status"], "%v", scan)
	require.Equal(i.t, []any{1.0, 1.0}, []any{scan["checked"], scan["drifted"]})
	require.Contains(i.t, scan["message"], "only resources were looked at")
	result := scan["results"].([]any)[0].(map[string]any)
	require.Equal(i.t, []any{"humanitec/terraform", recordAddress, "changed"}, []any{result["source"], result["name"], result["state"]})
}
