package api_test

import (
	"encoding/json"
	"regexp"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/slipway-dev/slipway/internal/api"
)

// wirePattern is the one that generated clients check timestamps against.
var wirePattern = regexp.MustCompile(`^"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{3})?Z"$`)

func TestTimeOnTheWire(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		zone := time.FixedZone("somewhere", rapid.IntRange(-12*3600, 14*3600).Draw(t, "offset"))
		at := time.Unix(rapid.Int64Range(0, 4e9).Draw(t, "seconds"), rapid.Int64Range(0, 999_999_999).Draw(t, "nanos")).In(zone)
		raw, err := json.Marshal(api.NewTime(at))
		require.NoError(t, err)
		require.Regexp(t, wirePattern, string(raw))
		var back api.Time
		require.NoError(t, json.Unmarshal(raw, &back))
		require.True(t, back.Equal(at.Truncate(time.Millisecond)), "%s != %s", back, at)
	})
}

func TestTimeReadsWhatClientsSend(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		in   string
		want string // "" = refused
	}{
		"no fraction":  {`"2026-01-31T08:00:00Z"`, "2026-01-31T08:00:00.000Z"},
		"nanoseconds":  {`"2023-05-19T17:54:22.392745144Z"`, "2023-05-19T17:54:22.392Z"},
		"other zone":   {`"2026-01-31T08:00:00+02:00"`, "2026-01-31T06:00:00.000Z"},
		"null":         {`null`, "0001-01-01T00:00:00.000Z"},
		"date only":    {`"2026-01-31"`, ""},
		"number":       {`17`, ""},
		"empty string": {`""`, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var got api.Time
			err := json.Unmarshal([]byte(tc.in), &got)
			if tc.want == "" {
				require.ErrorContains(t, err, "timestamp")
				return
			}
			require.NoError(t, err)
			require.Equal(t, tc.want, got.String())
		})
	}
}
