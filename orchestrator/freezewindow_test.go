package orchestrator_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/orchestrator"
)

func TestFreezeWindows(t *testing.T) {
	t.Parallel()
	weekend := orchestrator.FreezeWindow{Cron: "0 16 * * 5", Duration: 64 * time.Hour, TimeZone: "Europe/Berlin"}
	night := orchestrator.FreezeWindow{Cron: "0 0 * * *", Duration: 10 * time.Hour, TimeZone: "Europe/Berlin"}
	for name, c := range map[string]struct {
		windows []orchestrator.FreezeWindow
		at      string
		end     string // "" = not frozen
	}{
		"none":                            {nil, "2026-01-02T18:00:00Z", ""},
		"a minute before":                 {[]orchestrator.FreezeWindow{weekend}, "2026-01-02T14:59:00Z", ""},
		"as it begins":                    {[]orchestrator.FreezeWindow{weekend}, "2026-01-02T15:00:00Z", "2026-01-05T07:00:00Z"},
		"in winter":                       {[]orchestrator.FreezeWindow{weekend}, "2026-01-04T18:00:00Z", "2026-01-05T07:00:00Z"},
		"in summer":                       {[]orchestrator.FreezeWindow{weekend}, "2026-07-04T18:00:00Z", "2026-07-06T06:00:00Z"},
		"as it ends":                      {[]orchestrator.FreezeWindow{weekend}, "2026-01-05T07:00:00Z", ""},
		"summer time begins meanwhile":    {[]orchestrator.FreezeWindow{weekend}, "2026-03-28T12:00:00Z", "2026-03-30T06:00:00Z"},
		"an hour before that end":         {[]orchestrator.FreezeWindow{weekend}, "2026-03-30T05:59:00Z", "2026-03-30T06:00:00Z"},
		"summer time ends meanwhile":      {[]orchestrator.FreezeWindow{weekend}, "2026-10-24T12:00:00Z", "2026-10-26T07:00:00Z"},
		"the last hour of the longer one": {[]orchestrator.FreezeWindow{weekend}, "2026-10-26T06:30:00Z", "2026-10-26T07:00:00Z"},
		"windows that meet":               {[]orchestrator.FreezeWindow{weekend, night}, "2026-01-03T12:00:00Z", "2026-01-05T09:00:00Z"},
		"the end of a year":               {[]orchestrator.FreezeWindow{{Cron: "0 0 20 12 *", Duration: 16 * 24 * time.Hour, TimeZone: "UTC"}}, "2027-01-02T00:00:00Z", "2027-01-05T00:00:00Z"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			at, err := time.Parse(time.RFC3339, c.at)
			require.NoError(t, err)
			end := orchestrator.FrozenBy(c.windows, at)
			if c.end == "" {
				require.Nil(t, end)
				return
			}
			require.NotNil(t, end)
			require.Equal(t, c.end, end.UTC().Format(time.RFC3339))
		})
	}
}

func TestTimeSpans(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]time.Duration{
		"90m": 90 * time.Minute, "3d": 72 * time.Hour, "2w": 14 * 24 * time.Hour, "1d12h": 36 * time.Hour, "0s": 0,
	} {
		got, err := orchestrator.ParseSpan("ttl", text)
		require.NoError(t, err, text)
		require.Equal(t, want, got, text)
	}
	for _, text := range []string{"", "x", "-1h", "1d-1h", "3", "99999w", "1h1d", "d"} {
		_, err := orchestrator.ParseSpan("ttl", text)
		require.Equal(t, orchestrator.CodeInvalid, orchestrator.CodeOf(err), text)
	}
}
