package runner_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/drivers/terraform"
	"github.com/slipway-dev/slipway/internal/runner"
	"github.com/slipway-dev/slipway/internal/runner/recordtest"
)

// memory is the most that the runner may take, in kB; 60 MB are the program itself.
const memory = 200_000

// TestHugeLog has Terraform print 100 MB, with one line of 10 MB. The runner's memory stays bounded, and the log is kept up to its
// limit, marked as truncated.
func TestHugeLog(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	wrapped := filepath.Join(t.TempDir(), "terraform")
	script := fmt.Sprintf(`#!/bin/sh
if [ "$1" = plan ]; then
  head -c 10000000 /dev/zero | tr '\0' x; echo
  echo first of many
  head -c 90000000 /dev/zero | tr '\0' y | fold -w 1000; echo
  echo last of many
fi
exec %q "$@"
`, recordtest.Terraform(t))
	require.NoError(t, os.WriteFile(wrapped, []byte(script), 0o755))
	w.settings.Terraform = wrapped
	w.service = runner.NewService(runner.ServiceOptions{
		Store: w.store, Keeper: w.keeper, Launcher: runner.Local{Settings: w.settings}, Timing: w.settings.Timing,
	})
	w.driver = terraform.New(w.service)
	r := w.request("d1", oneRecord, map[string]any{"name": "a"})
	done := w.background(ctx, r)
	most := 0
	for ended := false; !ended; {
		select {
		case err := <-done:
			require.NoError(t, err)
			ended = true
		case <-time.After(20 * time.Millisecond):
			if lease, err := w.store.GetLease(ctx, r.OrgID, r.GUResID); err == nil {
				_, pid, _ := strings.Cut(lease.Owner, ":")
				most = max(most, peak(pid))
			}
		}
	}
	lines, err := w.store.ListLog(ctx, r.OrgID, "d1", "", 0, 0)
	require.NoError(t, err)
	kept, text := 0, map[string]bool{}
	for _, l := range lines {
		kept += len(l.Text)
		require.LessOrEqual(t, len(l.Text), 17<<10)
		text[l.Text] = true
	}
	t.Logf("the runner took %d kB at most; %d lines with %d bytes are kept", most, len(lines), kept)
	require.Less(t, kept, 9<<20+10_000)
	require.Greater(t, kept, 7<<20)
	require.Positive(t, most)
	require.Less(t, most, memory)
	require.True(t, text["first of many"])
	require.False(t, text["last of many"])
	require.True(t, text["Plan: 1 to add, 0 to change, 0 to destroy."], "what matters is kept")
	marks := 0
	for _, l := range lines {
		if strings.Contains(l.Text, "truncated") {
			marks++
		}
	}
	require.Equal(t, 2, marks, "where it was truncated, and how much is missing")
	require.Contains(t, lines[len(lines)-1].Text, "are not kept")
}

// peak is the most that a process has taken so far, in kB (proc(5), VmHWM).
func peak(pid string) int {
	raw, err := os.ReadFile(filepath.Join("/proc", pid, "status"))
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(raw), "VmHWM:")
	fields := strings.Fields(rest)
	if len(fields) == 0 {
		return 0
	}
	n, _ := strconv.Atoi(fields[0])
	return n
}
