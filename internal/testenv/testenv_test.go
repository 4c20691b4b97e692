package testenv_test

import (
	"bufio"
	"context"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/client"

	"github.com/slipway-dev/slipway/internal/testenv"
)

func TestMain(m *testing.M) { testenv.Main(m) }

func TestTemporalServesANamespaceOfOurOwn(t *testing.T) {
	t.Parallel()
	address := testenv.Temporal(t)
	require.Equal(t, address, testenv.Temporal(t), "one server per test binary")
	c, err := client.NewNamespaceClient(client.Options{HostPort: address})
	require.NoError(t, err)
	defer c.Close()
	found, err := c.Describe(t.Context(), testenv.Namespace(t))
	require.NoError(t, err)
	require.True(t, strings.HasPrefix(found.GetNamespaceInfo().GetName(), "test-"))
}

func TestPostgresGivesEachCallAnEmptyDatabase(t *testing.T) {
	t.Parallel()
	first, second := testenv.Postgres(t), testenv.Postgres(t)
	require.NotEqual(t, first, second)
	query(t, first, "CREATE TABLE only_in_first (id int)")
	require.Equal(t, int64(1), query(t, first, "SELECT count(*) FROM pg_tables WHERE tablename = 'only_in_first'"))
	require.Equal(t, int64(0), query(t, second, "SELECT count(*) FROM pg_tables WHERE tablename = 'only_in_first'"))
}

func TestPostgresDropsTheDatabaseAfterTheTest(t *testing.T) {
	t.Parallel()
	other := testenv.Postgres(t)
	var name string
	t.Run("user", func(t *testing.T) {
		dsn, err := url.Parse(testenv.Postgres(t))
		require.NoError(t, err)
		name = strings.TrimPrefix(dsn.Path, "/")
		require.Equal(t, int64(1), query(t, other, "SELECT count(*) FROM pg_database WHERE datname = '"+name+"'"))
	})
	require.Equal(t, int64(0), query(t, other, "SELECT count(*) FROM pg_database WHERE datname = '"+name+"'"))
}

// crashVariable makes TestCrash a victim in a process of its own.
const crashVariable = "SLIPWAY_TESTENV_CRASH"

func TestCrash(t *testing.T) {
	if os.Getenv(crashVariable) == "" {
		t.Skip("runs only inside TestServersEndWhenTheTestBinaryIsKilled")
	}
	_, _ = os.Stdout.WriteString("dsn " + testenv.Postgres(t) + "\n")
	require.NoError(t, syscall.Kill(os.Getpid(), syscall.SIGKILL))
}

func TestServersEndWhenTheTestBinaryIsKilled(t *testing.T) {
	t.Parallel()
	testenv.Postgres(t) // fails or skips here, with the reason, where there is no PostgreSQL
	victim := exec.Command(os.Args[0], "-test.run=^TestCrash$", "-test.v")
	victim.Env = append(os.Environ(), crashVariable+"=1", testenv.PostgresDSNVariable+"=", "TMPDIR="+openTempDir(t))
	out, err := victim.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, victim.Start())
	dsn := ""
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if rest, ok := strings.CutPrefix(lines.Text(), "dsn "); ok {
			dsn = rest
		}
	}
	require.Error(t, victim.Wait())
	require.NotEmpty(t, dsn)
	require.Eventually(t, func() bool {
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		conn, err := pgx.Connect(ctx, dsn)
		if err != nil {
			return strings.Contains(err.Error(), "connection refused")
		}
		_ = conn.Close(ctx)
		return false
	}, time.Minute, 100*time.Millisecond, "the killed test binary left its PostgreSQL running")
	require.Eventually(t, func() bool {
		left, err := os.ReadDir(tempDirOf(victim))
		return err == nil && len(left) == 0
	}, time.Minute, 100*time.Millisecond, "the killed test binary left its folder behind")
}

// openTempDir is a temporary folder that another user may enter: PostgreSQL does not run as root.
func openTempDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "slipway-crash-") //nolint:usetesting // the folders above t.TempDir() are closed to others
	require.NoError(t, err)
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	require.NoError(t, os.Chmod(dir, 0o755))
	return dir
}

func tempDirOf(cmd *exec.Cmd) string {
	dir := ""
	for _, entry := range cmd.Env {
		if value, ok := strings.CutPrefix(entry, "TMPDIR="); ok {
			dir = value
		}
	}
	return dir
}

// query runs a statement and returns the number it yields, if it yields one.
func query(t *testing.T, dsn, statement string) int64 {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), dsn)
	require.NoError(t, err)
	defer func() { _ = conn.Close(context.Background()) }()
	rows, err := conn.Query(t.Context(), statement)
	require.NoError(t, err)
	defer rows.Close()
	var n int64
	for rows.Next() {
		require.NoError(t, rows.Scan(&n))
	}
	require.NoError(t, rows.Err())
	return n
}
