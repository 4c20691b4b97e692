package e2e

import (
	"fmt"

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
