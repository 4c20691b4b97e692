package e2e

import (
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// split is an installation of one server and one worker, in processes of their own, on a migrated database. Its API is used
// through the instance, which starts nothing.
type split struct {
	*instance
	server, worker *process
}

// process is one of the installation's.
type process struct {
	t     *testing.T
	cmd   *exec.Cmd
	ended chan struct{} // closed when it is gone
}

const splitToken = "split-administrator-0123456789abcdef"

// newSplit migrates the database and starts nothing. Temporal's namespace is the installation's own, as its worker would take the
// work of others in a shared one.
func newSplit(t *testing.T, database, temporal string, settings ...string) *split {
	t.Helper()
	return newSplitWith(t, binary(t), database, temporal, settings...)
}

// newSplitWith is newSplit whose database a certain build migrates.
func newSplitWith(t *testing.T, bin, database, temporal string, settings ...string) *split {
	t.Helper()
	i := newInstance(t, append([]string{
		"DATABASE_URL=" + database, "TEMPORAL_ADDRESS=" + temporal, fmt.Sprintf("TEMPORAL_NAMESPACE=split-%d", time.Now().UnixNano()),
		"SLIPWAY_ADMIN_TOKEN=" + splitToken, "SLIPWAY_DRIVER_NETWORKS=127.0.0.0/8",
	}, settings...)...)
	i.output = &output{}
	require.NoError(t, os.WriteFile(filepath.Join(i.home, "token"), []byte(splitToken), 0o600))
	i.env = append(i.env, "SLIPWAY_TOKEN="+splitToken, "SLIPWAY_URL="+i.url, "SLIPWAY_ORG=demo")
	s := &split{instance: i}
	s.run(bin, "migrate")
	t.Cleanup(func() {
		s.worker.stop()
		s.server.stop()
		if t.Failed() {
			t.Logf("output of server and worker:\n%s", lastOf(i.output.String(), 30_000))
		}
	})
	return s
}

func lastOf(text string, size int) string { return text[max(0, len(text)-size):] }

// as is the same installation on behalf of a subtest.
func (s *split) as(t *testing.T) *split {
	own := *s
	own.instance = s.instance.as(t)
	return &own
}

// run runs a command of a binary to its end.
func (s *split) run(bin string, args ...string) {
	s.t.Helper()
	cmd := exec.Command(bin, args...)
	cmd.Env = s.env
	out, err := cmd.CombinedOutput()
	require.NoError(s.t, err, "%v: %s", args, out)
}

// startAll starts server and worker of a binary and waits until they serve.
func (s *split) startAll(bin string) {
	s.t.Helper()
	s.server, s.worker = s.spawn(bin, "server"), s.spawn(bin, "worker")
	s.ready()
}

func (s *split) spawn(bin, command string) *process {
	s.t.Helper()
	p := &process{t: s.t, cmd: exec.Command(bin, command), ended: make(chan struct{})}
	p.cmd.Env, p.cmd.Stdout, p.cmd.Stderr = s.env, s.output, s.output
	require.NoError(s.t, p.cmd.Start())
	go func() {
		_ = p.cmd.Wait()
		close(p.ended)
	}()
	return p
}

// ready waits until the API says that it is, with the processes that were started.
func (s *split) ready() {
	s.t.Helper()
	s.eventually("the API is ready", func() (bool, string) {
		for _, p := range []*process{s.server, s.worker} {
			select {
			case <-p.ended:
				s.t.Fatalf("%v ended: %s\n%s", p.cmd.Args, p.cmd.ProcessState, s.output)
			default:
			}
		}
		resp, err := http.Get(s.url + "/readyz")
		if err != nil {
			return false, err.Error()
		}
		_ = resp.Body.Close()
		return resp.StatusCode == http.StatusOK, resp.Status
	})
}

// kill ends the process at once.
func (p *process) kill() {
	_ = p.cmd.Process.Kill()
	<-p.ended
}

// stop ends it in order. It is no fault when it is gone already.
func (p *process) stop() {
	if p == nil {
		return
	}
	_ = p.cmd.Process.Signal(syscall.SIGTERM)
	select {
	case <-p.ended:
	case <-time.After(deadline):
		p.t.Errorf("%v does not end; it is killed", p.cmd.Args)
		p.kill()
	}
}
