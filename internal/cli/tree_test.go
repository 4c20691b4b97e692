package cli

import (
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/slipway-dev/slipway/internal/api"
)

func testTree() *tree {
	now := time.Date(2026, 1, 1, 12, 0, 10, 0, time.UTC)
	return newTree(api.Deployment{ID: "17609cfafa5d5cb8", Status: "in progress"}, false, func() time.Time { return now })
}

var testNodes = []api.Node{
	{Ordinal: 0, Key: "k8s-cluster.default#k8s-cluster", Status: "succeeded", StartedAt: at(0), FinishedAt: at(1)},
	{Ordinal: 1, Key: "postgres.default#modules.a.externals.db", Status: "running", StartedAt: at(4), DependsOn: []int{0}, Attempt: 2},
	{Ordinal: 2, Key: "workload.default#modules.a", Status: "pending", DependsOn: []int{0, 1}},
	{Ordinal: 3, Key: "s3.default#shared.x", Status: "failed", DependsOn: []int{0}, Error: &api.DeploymentError{Summary: "no\nbucket"}},
}

func at(second int) *api.Time {
	return &api.Time{Time: time.Date(2026, 1, 1, 12, 0, second, 0, time.UTC)}
}

func TestTree(t *testing.T) {
	t.Parallel()
	tr := testTree()
	tr.nodes = testNodes
	tr.event(api.DeploymentEvent{Type: api.EventDeploymentPhase, Status: "provision", Message: "4 resources"})
	require.Equal(t, strings.TrimLeft(`
deployment 17609cfafa5d5cb8 in progress | provision | 1/4 | 4 resources
└─ ✓ k8s-cluster.default#k8s-cluster succeeded 1.0s
   ├─ ⠋ postgres.default#modules.a.externals.db running 6.0s (attempt 2)
   │  └─ · workload.default#modules.a pending
   └─ ✗ s3.default#shared.x failed: no bucket
ctrl-C stops watching; the deployment goes on
`, "\n"), strings.Join(tr.lines(100, 20), "\n")+"\n")

	tr.end(api.Deployment{}) // the follower found no end
	require.Contains(t, tr.lines(100, 20)[0], "17609cfafa5d5cb8 in progress")
	tr.end(api.Deployment{ID: "17609cfafa5d5cb8", Status: "failed", Outcome: "timed_out"})
	require.Contains(t, tr.lines(100, 20)[0], "17609cfafa5d5cb8 timed_out")
	require.NotContains(t, strings.Join(tr.lines(100, 20), "\n"), "ctrl-C")
	tr.colours = true
	require.Contains(t, tr.lines(100, 20)[0], "\x1b[31mtimed_out\x1b[0m")
}

func TestScreenReplacesWhatItShowed(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	s := newScreen(&out)
	s.draw([]string{"a", "b", "c"})
	s.draw([]string{"a", "b", "c"}) // nothing new, nothing written
	s.draw([]string{"d"})
	s.close()
	require.Equal(t, "\x1b[?25la\x1b[K\nb\x1b[K\nc\x1b[K\n\x1b[J"+"\x1b[?25l\r\x1b[3Ad\x1b[K\n\x1b[J"+"\x1b[?25h", out.String())
	width, height := s.size()
	require.Equal(t, []int{80, 24}, []int{width, height})
}

// The picture fits every terminal, whatever it is told.
func TestTreeFits(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		width, height := rapid.IntRange(1, 200).Draw(t, "width"), rapid.IntRange(1, 60).Draw(t, "height")
		count := rapid.IntRange(0, 80).Draw(t, "nodes")
		nodes := make([]api.Node, 0, count)
		for i := range count {
			nodes = append(nodes, api.Node{Ordinal: i, Key: rapid.String().Draw(t, "key"),
				Status:    rapid.SampledFrom([]string{"pending", "running", "succeeded", "failed", "skipped", "new"}).Draw(t, "status"),
				DependsOn: rapid.SliceOf(rapid.IntRange(-1, 90)).Draw(t, "on")})
		}
		tr := testTree()
		tr.colours = rapid.Bool().Draw(t, "colours")
		tr.nodes = nodes
		lines := tr.lines(width, height)
		for _, line := range lines {
			if ansi.StringWidth(line) > max(1, width-1) {
				t.Fatalf("%q is wider than %d", line, width)
			}
		}
		if len(lines) > max(4, height) {
			t.Fatalf("%d lines in a terminal of %d", len(lines), height)
		}
		if height > count+4 && len(lines) != count+2 {
			t.Fatalf("%d of %d nodes are shown", len(lines)-2, count)
		}
	})
}
