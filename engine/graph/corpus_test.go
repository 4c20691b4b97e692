package graph_test

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	"gopkg.in/yaml.v3"

	"github.com/slipway-dev/slipway/engine/graph"
	"github.com/slipway-dev/slipway/engine/resource"
)

// wantedID is the one resource that a definition of the corpus is made to match: with wider criteria some of them,
// which refer to other resources of their own type, would match those as well.
const wantedID = "modules.w.externals.x"

// corpusFolder finds the collection of public resource definitions, which is not part of the repository.
func corpusFolder(t *testing.T) string {
	folders := []string{"../../../shared/corpus"}
	if named := os.Getenv("SLIPWAY_CORPUS"); named != "" {
		folders = []string{named}
	}
	for _, folder := range folders {
		if _, err := os.Stat(filepath.Join(folder, "definitions")); err == nil {
			return filepath.Join(folder, "definitions")
		}
	}
	t.Skip("no corpus of public definitions here; set SLIPWAY_CORPUS to its folder")
	return ""
}

type corpusFile struct {
	Kind     string
	Metadata struct{ ID string }
	Entity   struct {
		Type          string
		DriverType    string `yaml:"driver_type"`
		DriverAccount string `yaml:"driver_account"`
		DriverInputs  struct {
			Values, Secrets map[string]any
			SecretRefs      map[string]any `yaml:"secret_refs"`
		} `yaml:"driver_inputs"`
		Provision map[string]struct {
			IsDependent     bool `yaml:"is_dependent"`
			MatchDependents bool `yaml:"match_dependents"`
			Params          map[string]any
		}
	}
}

func (f corpusFile) definition() resource.Definition {
	d := resource.Definition{
		ID: f.Metadata.ID, Type: f.Entity.Type, DriverType: f.Entity.DriverType, DriverAccount: f.Entity.DriverAccount,
		Values: f.Entity.DriverInputs.Values, SecretRefs: f.Entity.DriverInputs.SecretRefs,
		Criteria: []resource.Criteria{{ResID: wantedID}}, Provision: map[string]resource.Provision{},
	}
	if d.SecretRefs == nil {
		d.SecretRefs = f.Entity.DriverInputs.Secrets
	}
	for name, p := range f.Entity.Provision {
		d.Provision[name] = resource.Provision{IsDependent: p.IsDependent, MatchDependents: p.MatchDependents, Params: p.Params}
	}
	return d
}

// TestPublicDefinitions builds a graph for every public definition; whatever it refers to is supplied.
func TestPublicDefinitions(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(filepath.Join(corpusFolder(t), "*.yaml"))
	require.NoError(t, err)
	count := 0
	for _, file := range files {
		definitions := readCorpusFile(t, file)
		require.NotEmpty(t, definitions, "%s: no definition is read", file)
		count += len(definitions)
		for _, d := range definitions {
			t.Run(filepath.Base(file)+" "+d.ID, func(t *testing.T) {
				t.Parallel()
				buildAround(t, d)
			})
		}
	}
	// Every document of the index; more files would be new to this test.
	require.Equal(t, 72, count)
}

func readCorpusFile(t *testing.T, file string) []resource.Definition {
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	var out []resource.Definition
	for {
		var f corpusFile
		err := decoder.Decode(&f)
		if errors.Is(err, io.EOF) {
			return out
		}
		require.NoError(t, err, filepath.Base(file))
		if f.Kind == "Definition" && f.Entity.Type != "" {
			out = append(out, f.definition())
		}
	}
}

// buildAround adds an echo definition for each resource that is missing, until the graph is complete.
func buildAround(t *testing.T, d resource.Definition) {
	in := graph.Input{
		Context: qa, Implicit: nothing, Definitions: []resource.Definition{d},
		Extra: []graph.Request{{Key: resource.Key{Type: d.Type, ID: wantedID}}},
	}
	for range 10 {
		g, err := graph.Build(in)
		if err == nil {
			requireOrdered(t, g)
			n, ok := g.Node(in.Extra[0].Key)
			require.True(t, ok)
			require.Equal(t, d.ID, n.Definition.ID)
			return
		}
		for _, p := range graph.AsBuildError(err).Problems {
			require.Equal(t, graph.ProblemNoDefinition, p.Kind, p.Message)
			in.Definitions = append(in.Definitions, define("for "+p.Node.String(), p.Node.Type, p.Node.Class, nil))
		}
	}
	t.Fatal("the graph never becomes complete")
}
