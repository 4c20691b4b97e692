package server_test

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"sigs.k8s.io/yaml"

	"github.com/slipway-dev/slipway/orchestrator/starter"
)

// corpus is the folder of public definitions; tests skip when it is not there.
func corpus(t *testing.T) []string {
	t.Helper()
	root := os.Getenv("SLIPWAY_CORPUS")
	if root == "" {
		root = filepath.Join("..", "..", "shared", "corpus")
	}
	files, err := filepath.Glob(filepath.Join(root, "definitions", "*.yaml"))
	require.NoError(t, err)
	if len(files) == 0 {
		t.Skip("the corpus of public definitions is not on this machine; set SLIPWAY_CORPUS to its path")
	}
	return files
}

// Every public definition is accepted, answered as it was given, and accepted
// again when it is written back.
func TestPublicDefinitionsAreAccepted(t *testing.T) {
	t.Parallel()
	for _, file := range corpus(t) {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".yaml"), func(t *testing.T) {
			t.Parallel()
			text, err := os.ReadFile(file)
			require.NoError(t, err)
			var manifest struct {
				Metadata struct {
					ID string `json:"id"`
				} `json:"metadata"`
				Entity map[string]any `json:"entity"`
			}
			require.NoError(t, yaml.Unmarshal(text, &manifest))
			request := manifest.Entity
			request["id"] = manifest.Metadata.ID
			body, err := json.Marshal(request)
			require.NoError(t, err)

			h := newPlatform(t)
			made := raw(t, h.do("POST", defs, string(body)).must(http.StatusOK, nil))
			given := request["driver_inputs"].(map[string]any)
			inputs := made["driver_inputs"].(map[string]any)
			require.Equal(t, given["values"], inputs["values"])
			for _, key := range []string{"driver_account", "driver_type", "type", "name"} {
				require.Equal(t, request[key], made[key])
			}
			if refs, ok := given["secret_refs"]; ok {
				require.Equal(t, refs, inputs["secret_refs"], "references are echoed")
			}
			criteria, _ := request["criteria"].([]any)
			got, _ := made["criteria"].([]any)
			require.Len(t, got, len(criteria))

			h.do("DELETE", defs+"/"+manifest.Metadata.ID+"?force=true", "").must(http.StatusNoContent, nil)
			again, err := json.Marshal(made)
			require.NoError(t, err)
			require.Equal(t, inputs["values"], raw(t, h.do("POST", defs, string(again)).must(http.StatusOK, nil))["driver_inputs"].(map[string]any)["values"])
			h.do("PUT", defs+"/"+manifest.Metadata.ID, string(again)).must(http.StatusOK, nil)
			h.do("PUT", defs+"/"+manifest.Metadata.ID+"/criteria", "[]").must(http.StatusOK, nil)
			for _, c := range criteria {
				one, err := json.Marshal(c)
				require.NoError(t, err)
				h.do("POST", defs+"/"+manifest.Metadata.ID+"/criteria", string(one)).must(http.StatusOK, nil)
			}
		})
	}
}

// The starter definitions are meant to be copied: they pass the same door.
func TestStarterDefinitionsAreAccepted(t *testing.T) {
	t.Parallel()
	h := newPlatform(t)
	for _, d := range starter.Definitions(starter.Options{}) {
		entity, err := json.Marshal(d.Entity)
		require.NoError(t, err)
		h.do("POST", defs, `{"id":"`+d.Metadata.ID+`",`+string(entity[1:])).must(http.StatusOK, nil)
	}
}
