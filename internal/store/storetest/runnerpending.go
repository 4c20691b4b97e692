package storetest

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/internal/runner/record"
)

// A run that no runner has taken can be ended; one that was taken cannot.
func testRunFailsPending(t *testing.T, s RunnerStore) {
	r := newRun(t, s, "r1", epoch)
	r.ErrorCode, r.Error = "RES-102", "no image"
	foreign := *r
	foreign.OrgID = "other"
	failed, err := s.FailPending(ctx, &foreign, epoch)
	require.NoError(t, err)
	require.False(t, failed, "another organization's run is not there")
	failed, err = s.FailPending(ctx, r, epoch.Add(time.Second))
	require.NoError(t, err)
	require.True(t, failed)
	require.False(t, take(t, s, r, epoch), "it is not taken any more")
	got, err := s.GetRun(ctx, "acme", "r1")
	require.NoError(t, err)
	require.Equal(t, []any{record.Failed, "RES-102", "no image"}, []any{got.Status, got.ErrorCode, got.Error})

	taken := newRun(t, s, "r2", epoch)
	require.True(t, take(t, s, taken, epoch))
	failed, err = s.FailPending(ctx, taken, epoch)
	require.NoError(t, err)
	require.False(t, failed)
}
