package e2e

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
)

// dumpPostgres copies every table out, as pg_dump does.
func dumpPostgres(t *testing.T, dsn string) []byte {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), dsn)
	require.NoError(t, err)
	defer func() { _ = conn.Close(t.Context()) }()
	rows, err := conn.Query(t.Context(), `SELECT format('%I.%I', schemaname, tablename) FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')`)
	require.NoError(t, err)
	tables, err := pgx.CollectRows(rows, pgx.RowTo[string])
	require.NoError(t, err)
	require.Greater(t, len(tables), 20)
	var dump bytes.Buffer
	for _, table := range tables {
		_, err := conn.PgConn().CopyTo(t.Context(), &dump, "COPY "+table+" TO STDOUT")
		require.NoError(t, err, table)
	}
	return dump.Bytes()
}

// webUI is the Temporal Web UI of an instance, as the page in a browser uses it.
type webUI struct {
	*instance
	origin, codec string
}

// temporalUI asks the Web UI for its settings, as its page does.
func (i *instance) temporalUI() webUI {
	i.t.Helper()
	port, _ := i.setting("SLIPWAY_TEMPORAL_UI_PORT")
	ui := webUI{instance: i, origin: "http://127.0.0.1:" + port}
	var settings struct {
		Codec struct {
			Endpoint        string
			PassAccessToken bool
		}
	}
	require.NoError(i.t, json.Unmarshal(ui.get("/api/v1/settings"), &settings))
	require.NotEmpty(i.t, settings.Codec.Endpoint, "the Web UI was told where payloads are decoded")
	require.False(i.t, settings.Codec.PassAccessToken)
	ui.codec = settings.Codec.Endpoint
	return ui
}

// histories gives the histories of all workflows as the page loads them, and
// their payloads as it has them decoded.
func (ui webUI) histories() (raw, opened string) {
	ui.t.Helper()
	var list struct {
		Executions []struct {
			Execution struct{ WorkflowID, RunID string }
		}
	}
	require.NoError(ui.t, json.Unmarshal(ui.get("/api/v1/namespaces/default/workflows"), &list))
	require.GreaterOrEqual(ui.t, len(list.Executions), 5)
	var all, decoded bytes.Buffer
	for _, w := range list.Executions {
		history := ui.get(fmt.Sprintf("/api/v1/namespaces/default/workflows/%s/history?execution.runId=%s", url.PathEscape(w.Execution.WorkflowID), w.Execution.RunID))
		all.Write(history)
		var tree any
		require.NoError(ui.t, json.Unmarshal(history, &tree))
		decoded.WriteString(ui.decoded(payloadsIn(tree)))
	}
	return all.String(), decoded.String()
}

func (ui webUI) get(path string) []byte {
	ui.t.Helper()
	resp, err := http.Get(ui.origin + path)
	require.NoError(ui.t, err)
	defer func() { _ = resp.Body.Close() }()
	raw, err := io.ReadAll(resp.Body)
	require.NoError(ui.t, err)
	require.Equal(ui.t, http.StatusOK, resp.StatusCode, "%s: %s", path, raw)
	return raw
}

// decoded asks as the page does: first whether it may, then with the payloads.
func (ui webUI) decoded(payloads []any) string {
	ui.t.Helper()
	body, err := json.Marshal(map[string]any{"payloads": payloads})
	require.NoError(ui.t, err)
	address := ui.codec + "/decode?preserveStorageRefs=true"
	ask, err := http.NewRequest(http.MethodOptions, address, nil)
	require.NoError(ui.t, err)
	ask.Header.Set("Access-Control-Request-Method", http.MethodPost)
	ask.Header.Set("Access-Control-Request-Headers", "content-type,x-namespace")
	send, err := http.NewRequest(http.MethodPost, address, bytes.NewReader(body))
	require.NoError(ui.t, err)
	send.Header.Set("Content-Type", "application/json")
	send.Header.Set("X-Namespace", "default")
	var answer []byte
	for _, request := range []*http.Request{ask, send} {
		request.Header.Set("Origin", ui.origin)
		resp, err := http.DefaultClient.Do(request)
		require.NoError(ui.t, err)
		answer, err = io.ReadAll(resp.Body)
		require.NoError(ui.t, err)
		_ = resp.Body.Close()
		require.Less(ui.t, resp.StatusCode, 300, "%s: %s", request.Method, answer)
		require.Equal(ui.t, ui.origin, resp.Header.Get("Access-Control-Allow-Origin"), "a browser lets the page read it")
	}
	var document struct{ Payloads []struct{ Data []byte } }
	require.NoError(ui.t, json.Unmarshal(answer, &document))
	require.Len(ui.t, document.Payloads, len(payloads))
	var out strings.Builder
	for _, p := range document.Payloads {
		out.Write(p.Data)
		out.WriteByte('\n')
	}
	return out.String()
}

// payloadsIn finds what the page would have decoded: objects with metadata.encoding.
func payloadsIn(tree any) []any {
	var out []any
	switch v := tree.(type) {
	case []any:
		for _, item := range v {
			out = append(out, payloadsIn(item)...)
		}
	case map[string]any:
		if metadata, ok := v["metadata"].(map[string]any); ok && metadata["encoding"] != nil {
			return []any{v}
		}
		for _, item := range v {
			out = append(out, payloadsIn(item)...)
		}
	}
	return out
}
