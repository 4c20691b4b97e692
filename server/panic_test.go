package server_test

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/labstack/echo/v4"
	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/orchestrator"
	"github.com/slipway-dev/slipway/server"
)

func TestAPanicSaysNothing(t *testing.T) {
	t.Parallel()
	logs := &syncBuffer{}
	// A service without a store panics on its first use.
	broken := server.New(server.Options{
		Service: orchestrator.New(orchestrator.Options{}), Log: slog.New(slog.NewJSONHandler(logs, nil)),
	})
	for path, want := range map[string]string{
		"/orgs":                 `{"error":"HTTP-500","message":"Unexpected error"}`,
		"/orgs/acme/registries": `{"error":"Unexpected error"}`, // as all failures there
	} {
		request := httptest.NewRequest(http.MethodGet, path, nil)
		request.Header.Set("Authorization", "Bearer sw_x")
		request.Header.Set(echo.HeaderXRequestID, "from-the-client")
		recorder := httptest.NewRecorder()
		broken.Handler().ServeHTTP(recorder, request)
		body, err := io.ReadAll(recorder.Body)
		require.NoError(t, err)
		require.Equal(t, http.StatusInternalServerError, recorder.Code)
		require.JSONEq(t, want, string(body), path)
		require.Equal(t, "from-the-client", recorder.Header().Get(echo.HeaderXRequestID))
	}
	require.Contains(t, logs.String(), "from-the-client")
	require.Contains(t, logs.String(), "nil pointer")
}
