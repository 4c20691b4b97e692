//go:build unix

package graph_test

import (
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// processorTime is what this process has computed so far.
func processorTime(t *testing.T) time.Duration {
	t.Helper()
	var used syscall.Rusage
	require.NoError(t, syscall.Getrusage(syscall.RUSAGE_SELF, &used))
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

// TestCostGrowsLinearly compares the cost per node of a small and a large graph: the processor time of this process, in which
// nothing else runs meanwhile, so that it does not matter what else the machine does. The slack is generous; quadratic work
// would be off by a factor of a hundred.
func TestCostGrowsLinearly(t *testing.T) {
	cost := func(n, rounds int) float64 {
		in := large(n)
		nodes, start := 0, processorTime(t)
		for range rounds {
			nodes += len(build(t, in).Nodes)
		}
		return float64(processorTime(t)-start) / float64(nodes)
	}
	small, big := cost(100, 100), cost(10_000, 3)
	t.Logf("per node: %.0f ns at 100 nodes, %.0f ns at 10000", small, big)
	require.Less(t, big, 20*small)

	allocations := func(n int) float64 {
		in := large(n)
		return testing.AllocsPerRun(1, func() { build(t, in) }) / float64(n)
	}
	require.Less(t, allocations(10_000), 2*allocations(100), "allocations per node")
}
