package testenv_test

import (
	"context"
	"net"
	"os"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/internal/testenv"
)

func TestRestartablePostgresKeepsItsData(t *testing.T) {
	t.Parallel()
	server := testenv.NewRestartablePostgres(t)
	dsn := server.DSN()
	query(t, dsn, "CREATE TABLE kept (id int)")
	ends := map[string]func(){"Stop": server.Stop, "Crash": server.Crash}
	want := int64(0)
	for name, end := range ends {
		query(t, dsn, "INSERT INTO kept VALUES (1)")
		want++
		end()
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		_, err := pgx.Connect(ctx, dsn)
		cancel()
		require.ErrorContains(t, err, "connection refused", "after %s", name)
		server.Start()
		require.Equal(t, dsn, server.DSN())
		require.Equal(t, want, query(t, dsn, "SELECT count(*) FROM kept"), "after %s", name)
	}
}

func TestProxyRefusesHangsAndPasses(t *testing.T) {
	t.Parallel()
	echo, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { _ = echo.Close() })
	go func() {
		for {
			conn, err := echo.Accept()
			if err != nil {
				return
			}
			go func() {
				buffer := make([]byte, 1)
				for {
					if _, err := conn.Read(buffer); err != nil {
						return
					}
					_, _ = conn.Write(buffer)
				}
			}()
		}
	}()
	proxy := testenv.NewProxy(t, echo.Addr().String())
	dial := func() net.Conn {
		conn, err := net.Dial("tcp", proxy.Address())
		require.NoError(t, err)
		t.Cleanup(func() { _ = conn.Close() })
		return conn
	}
	say := func(conn net.Conn, wait time.Duration) error {
		_, _ = conn.Write([]byte("x"))
		require.NoError(t, conn.SetReadDeadline(time.Now().Add(wait)))
		_, err := conn.Read(make([]byte, 1))
		return err
	}
	first := dial()
	require.NoError(t, say(first, 10*time.Second))
	proxy.Hang()
	require.ErrorIs(t, say(first, 50*time.Millisecond), os.ErrDeadlineExceeded)
	proxy.Open()
	require.NoError(t, say(first, 10*time.Second), "what was held back arrives")
	_, err = first.Read(make([]byte, 1))
	require.NoError(t, err, "and what was said after it")
	proxy.Refuse()
	require.Error(t, say(first, 10*time.Second))
	_, err = net.Dial("tcp", proxy.Address())
	require.ErrorContains(t, err, "connection refused")
	proxy.Open()
	require.NoError(t, say(dial(), 10*time.Second))
}
