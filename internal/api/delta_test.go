package api_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/engine/deployset"
	"github.com/slipway-dev/slipway/internal/api"
)

func TestCreatedDeltaReadsBothForms(t *testing.T) {
	t.Parallel()
	var id api.CreatedDelta
	require.NoError(t, json.Unmarshal([]byte(`"abc"`), &id))
	require.Equal(t, api.CreatedDelta{ID: "abc"}, id)
	var whole api.CreatedDelta
	require.NoError(t, json.Unmarshal([]byte(`{"id":"abc","metadata":{"name":"n"}}`), &whole))
	require.Equal(t, "abc", whole.ID)
	require.Equal(t, "n", whole.Delta.Metadata.Name)
	require.Error(t, json.Unmarshal([]byte(`7`), &whole))
}

func TestDeltaRequestRoundTrip(t *testing.T) {
	t.Parallel()
	for name, metadata := range map[string]*api.DeltaMetadataRequest{"with metadata": {EnvID: "dev", Name: "n"}, "without": nil} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			in := api.DeltaRequest{Metadata: metadata, Content: deployset.Delta{
				Modules: deployset.Changes{
					Add: map[string]map[string]any{"api": {"profile": "p"}}, Remove: []string{"web"},
					Update: map[string][]deployset.Op{"db": {{Op: "add", Path: "/x", Value: nil}}},
				},
				Shared: []deployset.Op{{Op: "remove", Path: "/dns"}},
			}}
			raw, err := json.Marshal(in)
			require.NoError(t, err)
			var back api.DeltaRequest
			require.NoError(t, json.Unmarshal(raw, &back))
			require.Equal(t, in, back)
		})
	}
}

func FuzzDeltaRequest(f *testing.F) {
	f.Add([]byte(`{"metadata":{},"modules":{"add":{"a":{}},"remove":["b"],"update":{"c":[{"op":"add","path":"/x","value":1}]}},"shared":[]}`))
	f.Add([]byte(`{"metadata":null}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		var in api.DeltaRequest
		if json.Unmarshal(raw, &in) != nil {
			return
		}
		again, err := json.Marshal(in)
		require.NoError(t, err)
		var back api.DeltaRequest
		require.NoError(t, json.Unmarshal(again, &back), "what was accepted is accepted again")
	})
}
