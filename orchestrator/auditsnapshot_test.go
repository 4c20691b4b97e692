package orchestrator

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestSnapshot keeps the law of what the audit log shows of a state; everything
// in it is unexported.
func TestSnapshot(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 1, 2, 3, 4, 5, 6, time.FixedZone("x", 3600))
	for name, c := range map[string]struct {
		state any
		want  string
	}{
		"nothing":               {nil, `null`},
		"a nil pointer":         {(*Application)(nil), `null`},
		"a record":              {&Application{OrgID: "o", ID: "a", CreatedAt: at, Version: 7}, `{"created_at":"2026-01-02T02:04:05.000000006Z","id":"a","org_id":"o"}`},
		"a value":               {Value{Key: "K", Value: "v"}, `{"key":"K","value":"v"}`},
		"a secret value":        {Value{Key: "K", Value: "hush", IsSecret: true}, `{"is_secret":true,"key":"K","value":"(secret)"}`},
		"a token":               {Token{ID: "t", Hash: "hush"}, `{"hash":"(secret)","id":"t"}`},
		"embedded":              {ApplicationView{Application: Application{ID: "a"}}, `{"id":"a"}`},
		"names of secrets":      {map[string]any{"a": map[string]any{"Pass_Word": 1, "client-secret": "hush", "secret_refs": "kept"}}, `{"a":{"Pass_Word":"(secret)","client-secret":"(secret)","secret_refs":"kept"}}`},
		"ciphertexts":           {map[string]any{"x": []byte("hush")}, `{"x":"(secret)"}`},
		"a text":                {"plain", `{"value":"plain"}`},
		"what is much too long": {map[string]any{"x": strings.Repeat("x", maxSnapshot)}, `{"note":"32776 bytes, too large for the audit log"}`},
	} {
		raw, err := json.Marshal(snapshot(c.state))
		require.NoError(t, err, name)
		require.JSONEq(t, c.want, string(raw), name)
	}
	for given, want := range map[string]string{"OrgID": "org_id", "ID": "id", "DriverInputs": "driver_inputs", "GUResID": "gu_res_id", "APIVersion": "api_version"} {
		require.Equal(t, want, snakeCase(given))
	}
}
