package cli_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/drivers/conformance"
)

func TestDriverTest(t *testing.T) {
	t.Parallel()
	good := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var in struct {
			Type   string
			Driver struct{ Values map[string]any }
		}
		w.Header().Set("Content-Type", "application/json")
		switch raw, _ := io.ReadAll(r.Body); {
		case r.Method == http.MethodDelete:
			w.WriteHeader(http.StatusNoContent)
		case json.Unmarshal(raw, &in) != nil || in.Driver.Values["size"] == nil:
			w.WriteHeader(http.StatusBadRequest)
			_, _ = io.WriteString(w, `{"error":"RES-101","message":"no size"}`)
		default:
			_ = json.NewEncoder(w).Encode(map[string]any{"type": in.Type, "resource": map[string]any{"values": in.Driver.Values}})
		}
	}))
	t.Cleanup(good.Close)
	w := newWorld(t)
	w.file("good.yaml", "values: {size: 3}\n")
	w.file("other.json", `{"values": {"size": 4}, "secrets": {"key": "x"}}`)
	w.file("bad.yaml", "values: {}\n")
	w.file("odd.yaml", "driver: {}\n")
	all := []string{"driver", "test", good.URL, "--type", "redis", "--inputs", "good.yaml", "--update", "other.json", "--bad", "bad.yaml"}
	w.run(all...).ok(t, "CHECK", "create-again", "0 failed, 0 with a warning, 0 not tested")

	var report conformance.Report
	require.NoError(t, json.Unmarshal([]byte(w.run(append(all, "-o", "json")...).ok(t).out), &report))
	require.Equal(t, len(report.Checks), report.Count(conformance.Pass))

	w.run("driver", "test", good.URL, "--inputs", "good.yaml").ok(t, "2 not tested", "--update")
	w.run("driver", "test", good.URL).fails(t, 1, "of 18 checks failed")
	w.run("driver", "test", "nonsense").fails(t, 2, "http://127.0.0.1:9090")
	w.run("driver", "test", good.URL, "--inputs", "odd.yaml").fails(t, 1, "odd.yaml", "values")
	w.run("driver", "test", good.URL, "--inputs", "missing.yaml").fails(t, 1, "missing.yaml")
	w.run("driver", "test", good.URL, "--ca-file", "good.yaml").fails(t, 1, "PEM")
	w.run("driver").fails(t, 2, "test")
}
