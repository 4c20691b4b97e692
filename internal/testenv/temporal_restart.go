package testenv

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/slipway-dev/slipway/internal/devenv"
)

// RestartableTemporal is a Temporal dev server of one test's own, which it may kill and start again: same data, same address.
type RestartableTemporal struct {
	t       testing.TB
	program string
	dir     string
	port    int
	process *process // nil while it is dead
}

// NewRestartableTemporal starts a server that ends with the test. Tests that kill nothing use Temporal. It skips with -short.
func NewRestartableTemporal(t testing.TB) *RestartableTemporal {
	t.Helper()
	if testing.Short() {
		t.Skip("needs a Temporal server of its own: not run with -short")
	}
	r := &RestartableTemporal{t: t}
	if err := r.prepare(); err != nil {
		t.Fatalf("no Temporal server for the test: %v", err)
	}
	t.Cleanup(func() {
		r.Kill()
		_ = os.RemoveAll(r.dir)
	})
	r.Start()
	return r
}

func (r *RestartableTemporal) prepare() (err error) {
	r.program, err = devenv.BuildTemporal(context.Background(), devenv.BuildOptions{
		SourceDir: repositoryRoot(),
		Log:       func(line string) { fmt.Fprintln(os.Stderr, "testenv: "+line) },
	})
	if err != nil {
		return err
	}
	if r.port, err = freePort(); err != nil {
		return err
	}
	r.dir, err = os.MkdirTemp("", "slipway-temporal-")
	return err
}

// Address is host:port. It never changes.
func (r *RestartableTemporal) Address() string { return fmt.Sprintf("127.0.0.1:%d", r.port) }

// Start starts the server and waits until it answers. One that runs is left alone.
func (r *RestartableTemporal) Start() {
	r.t.Helper()
	if r.process != nil {
		return
	}
	cmd := exec.Command(r.program, "--db", filepath.Join(r.dir, "temporal.db"), "--port", strconv.Itoa(r.port), "--headless")
	p, err := startProcess(cmd, r.dir)
	if err != nil {
		r.t.Fatalf("start Temporal: %v", err)
	}
	r.process = p
	err = p.waitFor(temporalReady, func() error {
		address, err := readyAddress(p.logPath)
		if err == nil && address != r.Address() {
			return errors.New("it listens on " + address)
		}
		return err
	})
	if err != nil {
		r.t.Fatalf("start Temporal: %v", err)
	}
}

// Kill ends the server by SIGKILL.
func (r *RestartableTemporal) Kill() {
	if r.process == nil {
		return
	}
	r.process.kill()
	r.process = nil
}
