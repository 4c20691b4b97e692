package testenv

import (
	"errors"
	"net/url"
	"os"
	"syscall"
	"testing"
)

// RestartablePostgres is a PostgreSQL server of one test's own, which it may stop and start again: same data, same port, same
// DSN. What was committed is there again, however the server ended.
type RestartablePostgres struct {
	t       testing.TB
	bin     string
	dir     string
	account *syscall.Credential
	port    int
	process *process // nil while it is stopped
}

// NewRestartablePostgres starts a server, with an empty database slipway, that ends with the test. It takes about two seconds, so
// tests that stop nothing use Postgres. It skips with -short.
func NewRestartablePostgres(t testing.TB) *RestartablePostgres {
	t.Helper()
	if testing.Short() {
		t.Skip("needs a PostgreSQL server of its own: not run with -short")
	}
	p := &RestartablePostgres{t: t}
	if err := p.prepare(); err != nil {
		t.Fatalf("no PostgreSQL for the test: %v", err)
	}
	t.Cleanup(func() {
		p.end(syscall.SIGINT)
		_ = os.RemoveAll(p.dir)
	})
	p.Start()
	if err := execute(maintenanceDSN(p.port), "CREATE DATABASE slipway"); err != nil {
		t.Fatalf("create the database slipway: %v", err)
	}
	return p
}

func (p *RestartablePostgres) prepare() error {
	var err error
	if p.bin, err = postgresBin(); err != nil {
		return err
	}
	if p.account, err = postgresAccount(); err != nil {
		return err
	}
	if p.port, err = freePort(); err != nil {
		return err
	}
	if p.dir, err = os.MkdirTemp("", "slipway-postgres-"); err != nil {
		return err
	}
	if err := initCluster(p.bin, p.dir, p.account); err != nil {
		return errors.Join(err, os.RemoveAll(p.dir))
	}
	return nil
}

// DSN is that of the database slipway (postgres://user@host:port/slipway?...). It never changes.
func (p *RestartablePostgres) DSN() string {
	dsn, err := url.Parse(maintenanceDSN(p.port))
	if err != nil {
		p.t.Fatal(err)
	}
	dsn.Path = "/slipway"
	return dsn.String()
}

// Address is host:port, for a Proxy in front of it.
func (p *RestartablePostgres) Address() string {
	dsn, err := url.Parse(p.DSN())
	if err != nil {
		p.t.Fatal(err)
	}
	return dsn.Host
}

// Start starts the server and waits until it answers. A server that runs is left alone.
func (p *RestartablePostgres) Start() {
	p.t.Helper()
	if p.process != nil {
		return
	}
	started, err := startProcess(postgresCommand(p.bin, p.dir, p.port, p.account, "-c", "synchronous_commit=on"), p.dir)
	if err != nil {
		p.t.Fatalf("start PostgreSQL: %v", err)
	}
	p.process = started
	if err := started.waitFor(postgresReady, func() error { return execute(maintenanceDSN(p.port), "SELECT 1") }); err != nil {
		p.t.Fatalf("start PostgreSQL: %v", err)
	}
}

// Stop ends the server in order, as an administrator does: connections are told, open transactions are rolled back. Afterwards
// connections are refused.
func (p *RestartablePostgres) Stop() { p.end(syscall.SIGINT) }

// Crash ends the server as a fault does: nothing is said to anybody, and the next start recovers.
func (p *RestartablePostgres) Crash() { p.end(syscall.SIGQUIT) }

func (p *RestartablePostgres) end(signal syscall.Signal) {
	if p.process == nil {
		return
	}
	p.process.end(signal)
	p.process = nil
}
