package server

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/internal/api"
	"github.com/slipway-dev/slipway/orchestrator"
)

// FuzzDecode: every body either decodes as encoding/json would, or is refused
// as the client's fault with a message.
func FuzzDecode(f *testing.F) {
	for _, seed := range []string{`{"id":"a","env":{"id":"b"}}`, `{"id":1}`, `{`, `null`, "\"\\u0000\"", `{"a":[[[]]]} `, `{} {}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		var got, want api.CreateApplicationRequest
		err := decodeJSON(raw, &got)
		if err == nil {
			require.NoError(t, json.Unmarshal(raw, &want))
			require.Equal(t, want, got)
			return
		}
		require.Equal(t, orchestrator.CodeInvalid, orchestrator.CodeOf(err))
		require.NotEmpty(t, err.Error())
	})
}
