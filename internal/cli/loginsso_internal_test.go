package cli

import (
	"context"
	"net"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestWaitForCode(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	type outcome struct {
		code string
		err  error
	}
	done := make(chan outcome, 1)
	go func() {
		code, err := waitForCode(t.Context(), listener, "mine")
		done <- outcome{code, err}
	}()
	visit := func(query string) int {
		got, err := http.Get("http://" + listener.Addr().String() + "/?" + query)
		require.NoError(t, err)
		require.NoError(t, got.Body.Close())
		return got.StatusCode
	}
	require.Equal(t, http.StatusBadRequest, visit("code=x&state=other"), "of somebody else")
	require.Equal(t, http.StatusBadRequest, visit("state=mine"))
	require.Equal(t, http.StatusOK, visit("code=x&state=mine"))
	require.Equal(t, outcome{"x", nil}, <-done)

	ended, cancel := context.WithCancel(t.Context())
	cancel()
	listener, err = net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	_, err = waitForCode(ended, listener, "mine")
	require.ErrorIs(t, err, context.Canceled)
}
