package testenv

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// PostgresDSNVariable names an environment variable with the DSN (postgres://...) of a PostgreSQL server that all test
// binaries share; its user must be allowed to create databases.
const PostgresDSNVariable = "SLIPWAY_TEST_POSTGRES_DSN"

const postgresReady = 60 * time.Second

// errNoPostgres says what to install.
var errNoPostgres = errors.New("PostgreSQL is not installed (looked for initdb on PATH and in /usr/lib/postgresql/*/bin): " +
	"apt-get install postgresql, or set " + PostgresDSNVariable)

var postgresServer = sync.OnceValues(startPostgres)

// Postgres returns the DSN (postgres://user@host:port/database?...) of a new, empty database, dropped when the test ends.
// Its server keeps nothing on disk safely (fsync is off). Without PostgreSQL the test fails, or is skipped with -short.
func Postgres(t testing.TB) string {
	t.Helper()
	admin, err := postgresServer()
	if errors.Is(err, errNoPostgres) && testing.Short() {
		t.Skip(err.Error())
	}
	if err != nil {
		t.Fatalf("no PostgreSQL for the tests: %v", err)
	}
	name := "slipway_test_" + strings.ReplaceAll(uuid.NewString(), "-", "")
	if err := execute(admin, "CREATE DATABASE "+name); err != nil {
		t.Fatalf("create database %s: %v", name, err)
	}
	t.Cleanup(func() {
		if err := execute(admin, "DROP DATABASE IF EXISTS "+name+" WITH (FORCE)"); err != nil {
			t.Logf("drop database %s: %v", name, err)
		}
	})
	dsn, err := url.Parse(admin)
	if err != nil {
		t.Fatalf("%s: %v", PostgresDSNVariable, err)
	}
	dsn.Path = "/" + name
	return dsn.String()
}

func execute(dsn, statement string) error {
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	conn, err := pgx.Connect(ctx, dsn)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(ctx) }()
	_, err = conn.Exec(ctx, statement)
	return err
}

// startPostgres returns the DSN of the maintenance database of the shared server, or of a new private one.
func startPostgres() (string, error) {
	if dsn := os.Getenv(PostgresDSNVariable); dsn != "" {
		return dsn, execute(dsn, "SELECT 1")
	}
	bin, err := postgresBin()
	if err != nil {
		return "", err
	}
	account, err := postgresAccount()
	if err != nil {
		return "", err
	}
	dir, err := os.MkdirTemp("", "slipway-postgres-")
	if err != nil {
		return "", err
	}
	dsn, err := startCluster(bin, dir, account)
	if err != nil {
		return "", errors.Join(err, os.RemoveAll(dir))
	}
	return dsn, nil
}

// hostRules let the tests in without a password, and roles that they make with theirs only.
const hostRules = "host all slipway 127.0.0.1/32 trust\nhost all all 127.0.0.1/32 scram-sha-256\n"

func startCluster(bin, dir string, account *syscall.Credential) (string, error) {
	if err := initCluster(bin, dir, account); err != nil {
		return "", err
	}
	port, err := freePort()
	if err != nil {
		return "", err
	}
	p, err := startProcess(postgresCommand(bin, dir, port, account, "-c", "synchronous_commit=off"), dir)
	if err != nil {
		return "", err
	}
	dsn := maintenanceDSN(port)
	if err := p.waitFor(postgresReady, func() error { return execute(dsn, "SELECT 1") }); err != nil {
		p.stop()
		return "", err
	}
	atExit(p.stop)
	return dsn, nil
}

// initCluster makes the cluster dir/data and lets the tests in.
func initCluster(bin, dir string, account *syscall.Credential) error {
	if account != nil {
		if err := os.Chown(dir, int(account.Uid), int(account.Gid)); err != nil {
			return fmt.Errorf("hand the cluster's folder over: %w", err)
		}
	}
	data := filepath.Join(dir, "data")
	initdb := exec.Command(filepath.Join(bin, "initdb"), "--pgdata", data, "--username", "slipway",
		"--auth", "trust", "--encoding", "UTF8", "--locale", "C", "--no-sync", "--no-instructions")
	initdb.Dir = dir
	initdb.SysProcAttr = &syscall.SysProcAttr{Credential: account}
	if out, err := initdb.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w: %s", err, out)
	}
	if err := os.WriteFile(filepath.Join(data, "pg_hba.conf"), []byte(hostRules), 0o600); err != nil {
		return fmt.Errorf("say who may connect: %w", err)
	}
	return nil
}

// postgresCommand serves dir/data on the port. What it keeps survives its own death, not the machine's.
func postgresCommand(bin, dir string, port int, account *syscall.Credential, more ...string) *exec.Cmd {
	args := []string{"-D", filepath.Join(dir, "data"), "-p", strconv.Itoa(port),
		"-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=", "-c", "max_connections=200",
		"-c", "fsync=off", "-c", "full_page_writes=off"}
	cmd := exec.Command(filepath.Join(bin, "postgres"), append(args, more...)...)
	cmd.Dir = dir
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: account}
	return cmd
}

func maintenanceDSN(port int) string {
	return fmt.Sprintf("postgres://slipway@127.0.0.1:%d/postgres?sslmode=disable", port)
}

// postgresBin is the folder of initdb and postgres: the one on PATH, else the newest of Debian's.
func postgresBin() (string, error) {
	if path, err := exec.LookPath("initdb"); err == nil {
		if path, err = filepath.EvalSymlinks(path); err == nil && isFile(filepath.Join(filepath.Dir(path), "postgres")) {
			return filepath.Dir(path), nil
		}
	}
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if err != nil || len(found) == 0 {
		return "", errNoPostgres
	}
	slices.SortFunc(found, func(a, b string) int { return majorVersion(a) - majorVersion(b) })
	return filepath.Dir(found[len(found)-1]), nil
}

// majorVersion reads 15 out of /usr/lib/postgresql/15/bin/initdb, and 0 out of anything else.
func majorVersion(initdb string) int {
	version, _ := strconv.Atoi(filepath.Base(filepath.Dir(filepath.Dir(initdb))))
	return version
}

func isFile(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}

// postgresAccount is the user to run PostgreSQL as: nil for ourselves, another one for root, whom PostgreSQL refuses.
func postgresAccount() (*syscall.Credential, error) {
	if os.Geteuid() != 0 {
		return nil, nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		account, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, uidErr := strconv.ParseUint(account.Uid, 10, 32)
		gid, gidErr := strconv.ParseUint(account.Gid, 10, 32)
		if uidErr == nil && gidErr == nil {
			return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, nil
		}
	}
	return nil, errors.New("PostgreSQL does not run as root, and there is no user postgres or nobody to run it as")
}
