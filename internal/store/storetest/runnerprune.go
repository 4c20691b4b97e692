package storetest

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/internal/runner/record"
)

// testPruneLike: runs of one action go, those of others stay.
func testPruneLike(t *testing.T, s RunnerStore) {
	var last *record.Run
	for i, action := range []string{"provision", "drift", "drift", "plan", "drift", "drift"} {
		at := epoch.Add(time.Duration(i) * time.Minute)
		last = &record.Run{
			OrgID: "acme", ID: action + string(rune('0'+i)), GUResID: "g", Node: "n", Action: action, Fingerprint: "f", Spec: []byte{0}, CreatedAt: at,
		}
		require.NoError(t, s.CreateRun(ctx, last))
		require.True(t, take(t, s, last, at))
		if i < 5 {
			last.Status, last.FinishedAt = record.Succeeded, at
			require.NoError(t, s.FinishRun(ctx, last))
		}
	}
	left := func() (out []string) {
		t.Helper()
		runs, err := s.ListRuns(ctx, "acme", "g", 0)
		require.NoError(t, err)
		for _, r := range runs {
			out = append(out, r.ID)
		}
		return out
	}
	require.NoError(t, s.PruneLike(ctx, last, 3))
	require.Len(t, left(), 6)
	require.NoError(t, s.PruneLike(ctx, last, 1))
	require.Equal(t, []string{"drift5", "drift4", "plan3", "provision0"}, left())
	require.NoError(t, s.PruneLike(ctx, last, 0))
	require.Equal(t, []string{"drift5", "plan3", "provision0"}, left())
}
