package storetest

import (
	"context"
	"fmt"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/orchestrator"
)

func newEvent(d orchestrator.Deployment, message string) *orchestrator.Event {
	return &orchestrator.Event{
		OrgID: d.OrgID, AppID: d.AppID, EnvID: d.EnvID, DeploymentID: d.ID, At: epoch, Type: "log", Message: message,
	}
}

func testEvents(t *testing.T, s orchestrator.Store) {
	w := newBase(t, s, "acme")
	d, other := newDeployment(t, s, w.env), newDeployment(t, s, w.env)
	require.NoError(t, s.AppendEvents(ctx))
	one, two, three := newEvent(d, "1"), newEvent(other, "2"), newEvent(d, "3")
	require.NoError(t, s.AppendEvents(ctx, one, two, three))
	require.Positive(t, one.Seq)
	require.Greater(t, three.Seq, one.Seq)
	four := newEvent(d, "4")
	require.NoError(t, s.AppendEvents(ctx, four))

	message := func(e orchestrator.Event) string { return e.Message }
	got, err := s.ListEvents(ctx, "acme", d.ID, 0, 10)
	require.NoError(t, err)
	require.Equal(t, []string{"1", "3", "4"}, names(got, message))
	got, err = s.ListEvents(ctx, "acme", d.ID, one.Seq, 1)
	require.NoError(t, err)
	require.Equal(t, []string{"3"}, names(got, message))

	line := func(node, text string) *orchestrator.LogLine {
		return &orchestrator.LogLine{OrgID: "acme", DeploymentID: d.ID, Node: node, At: epoch, Level: "info", Text: text}
	}
	first := line("s3.default#x", "a")
	require.NoError(t, s.AppendLog(ctx, first, line("", "b"), line("s3.default#x", "c")))
	text := func(l orchestrator.LogLine) string { return l.Text }
	lines, err := s.ListLog(ctx, "acme", d.ID, "", 0, 10)
	require.NoError(t, err)
	require.Equal(t, []string{"a", "b", "c"}, names(lines, text))
	lines, err = s.ListLog(ctx, "acme", d.ID, "s3.default#x", first.Seq, 10)
	require.NoError(t, err)
	require.Equal(t, []string{"c"}, names(lines, text))
	for node, want := range map[string]int64{"": lines[0].Seq, "s3.default#x": lines[0].Seq, "s3.default#none": 0} {
		newest, err := s.NewestLogLine(ctx, "acme", d.ID, node)
		require.NoError(t, err)
		require.Equal(t, want, newest, node)
	}
}

// testEventOrder reads while several write, some in slow transactions: a
// reader that goes by "Seq > last seen" must see every event.
func testEventOrder(t *testing.T, s orchestrator.Store) {
	w := newBase(t, s, "acme")
	d := newDeployment(t, s, w.env)
	const writers, each = 6, 15
	var writing sync.WaitGroup
	failures := make(chan error, writers*each)
	for n := range writers {
		writing.Go(func() {
			for i := range each {
				failures <- s.InTx(ctx, func(ctx context.Context) error {
					if err := s.AppendEvents(ctx, newEvent(d, fmt.Sprintf("%d-%d-a", n, i)), newEvent(d, fmt.Sprintf("%d-%d-b", n, i))); err != nil {
						return err
					}
					runtime.Gosched() // let others draw numbers before the commit
					_, err := s.GetDeployment(ctx, w.env, d.ID)
					return err
				})
			}
		})
	}
	done := make(chan struct{})
	go func() { writing.Wait(); close(done) }()

	var last int64
	seen := map[string]bool{}
	for finished := false; ; {
		got, err := s.ListEvents(ctx, "acme", d.ID, last, 7)
		require.NoError(t, err)
		for _, e := range got {
			require.Greater(t, e.Seq, last)
			last = e.Seq
			seen[e.Message] = true
		}
		if finished && len(got) == 0 {
			break
		}
		select {
		case <-done:
			finished = true
		default:
		}
	}
	close(failures)
	for err := range failures {
		require.NoError(t, err)
	}
	require.Len(t, seen, writers*each*2)
}

func testWatch(t *testing.T, s orchestrator.Store) {
	w := newBase(t, s, "acme")
	d, other := newDeployment(t, s, w.env), newDeployment(t, s, w.env)
	watching, stop := context.WithCancel(ctx)
	signal, quiet := s.Watch(watching, d.ID), s.Watch(watching, other.ID)

	require.NoError(t, s.AppendEvents(ctx, newEvent(d, "x")))
	await(t, signal, "an event")
	require.NoError(t, s.AppendLog(ctx, &orchestrator.LogLine{OrgID: "acme", DeploymentID: d.ID, Text: "x"}))
	await(t, signal, "a log line")
	boom := fmt.Errorf("boom")
	err := s.InTx(ctx, func(ctx context.Context) error {
		if err := s.AppendEvents(ctx, newEvent(other, "never")); err != nil {
			return err
		}
		return boom
	})
	require.ErrorIs(t, err, boom)
	select {
	case <-quiet:
		t.Fatal("signalled what was rolled back, or what happened elsewhere")
	default:
	}
	stop()
	ended := s.Watch(watching, d.ID)
	require.NoError(t, s.AppendEvents(ctx, newEvent(d, "y")))
	select {
	case <-ended:
		t.Fatal("signalled a watcher whose context had ended")
	default:
	}
}

func await(t *testing.T, signal <-chan struct{}, what string) {
	t.Helper()
	select {
	case <-signal:
	case <-time.After(soon):
		t.Fatalf("%s was not signalled", what)
	}
}
