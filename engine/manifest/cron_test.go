package manifest_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/engine/manifest"
)

func TestSchedules(t *testing.T) {
	t.Parallel()
	tests := map[string]bool{
		"* * * * *": true, "*/5 0-6/2 1,15 jan-MAR mon": true, "0 0 ? * 6": true, "@daily": true, "@every 90m": true, "59 23 31 12 0": true,
		"": false, "* * * *": false, "* * * * * *": false, "60 * * * *": false, "* * 0 * *": false, "* * * 13 *": false, "* * * * 7": false,
		"5-1 * * * *": false, "*/0 * * * *": false, "a * * * *": false, "1, * * * *": false, "@never": false, "@every -1h": false,
		"@every soon": false, "TZ=UTC * * * * *": false, "CRON_TZ=UTC 0 0 * * *": false,
	}
	for schedule, valid := range tests {
		w := module(t, "containers: {c: {image: i}}")
		w.Profile = manifest.ProfileCronJob
		w.Spec["schedules"] = map[string]any{"s": map[string]any{"schedule": schedule}}
		_, err := manifest.Render(w)
		if valid {
			require.NoError(t, err, schedule)
			continue
		}
		require.ErrorContains(t, err, "spec.schedules.s.schedule: ", schedule)
	}
}
