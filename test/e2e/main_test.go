package e2e

import (
	"encoding/json"
	"io"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/internal/testenv"
)

func TestMain(m *testing.M) { testenv.Main(m) }

// decodeList sends a request and decodes a list of objects.
func decodeList(t *testing.T, req *http.Request) []map[string]any {
	t.Helper()
	resp, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	defer func() { _ = resp.Body.Close() }()
	raw, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	require.Equal(t, http.StatusOK, resp.StatusCode, "%s: %s", req.URL.Path, raw)
	var out []map[string]any
	require.NoError(t, json.Unmarshal(raw, &out))
	return out
}
