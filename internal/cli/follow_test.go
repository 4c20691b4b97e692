package cli_test

import (
	"bytes"
	"context"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/internal/cli"
)

// following is a command that goes on while the test does.
type following struct {
	mu   sync.Mutex
	out  bytes.Buffer
	stop context.CancelFunc
	code chan int
}

func (f *following) Write(p []byte) (int, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.out.Write(p)
}

// told reports whether it has said this.
func (f *following) told(part string) func() bool {
	return func() bool {
		f.mu.Lock()
		defer f.mu.Unlock()
		return strings.Contains(f.out.String(), part)
	}
}

func (w *world) follow(args ...string) *following {
	w.t.Helper()
	ctx, stop := context.WithCancel(w.t.Context())
	f := &following{stop: stop, code: make(chan int, 1)}
	root := cli.New(cli.Options{Version: "1.2.3", In: strings.NewReader(""), Out: f, Err: f, Dir: w.dir, Getenv: func(name string) string { return w.env[name] }})
	go func() { f.code <- cli.Run(ctx, root, args) }()
	return f
}

func TestApplicationsAndAttentionAreFollowed(t *testing.T) {
	t.Parallel()
	w := newRunningShop(t)
	status, attention := w.follow("env", "status", "--follow"), w.follow("attention", "-f")
	w.eventually(status.told("environment development"))
	w.eventually(status.told("hello=nginx:1"))
	w.eventually(attention.told("attention nothing needs it"))
	w.eventually(attention.told("applications 1"))

	w.run("env", "create", "second").ok(t)
	w.eventually(status.told("environment second not deployed yet"))
	w.file("bad.yaml", strings.ReplaceAll(hello, "type: postgres", "type: no-such-type"))
	require.Equal(t, 3, w.run("score", "deploy", "-f", "bad.yaml", "--env", "second", "--image", "nginx:2", "--wait").code)
	w.eventually(attention.told("failed shop/second"))
	w.run("score", "deploy", "-f", "score.yaml", "--env", "second", "--image", "nginx:2", "--wait").ok(t)
	w.eventually(attention.told("no longer"))
	w.eventually(status.told("hello=nginx:2"))
	w.run("env", "create", "bare").ok(t)
	w.eventually(status.told("environment bare not deployed yet"))
	w.run("env", "delete", "bare").ok(t)
	w.eventually(status.told("environment bare is gone"))
	attention.stop()
	require.Zero(t, <-attention.code)

	w.run("delete", "app", "shop").ok(t)
	w.eventually(status.told("application shop deleting"))
	status.stop()
	require.Zero(t, <-status.code)

	w.run("attention", "--follow", "-o", "json").fails(t, 2, "--output")
	w.run("env", "status", "--follow", "-o", "json").fails(t, 2, "--output")
	w.run("env", "status", "--follow", "--app", "none").fails(t, 1, "none")
}
