package score_test

import (
	"encoding/csv"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/engine/deployset"
	"github.com/slipway-dev/slipway/engine/placeholder"
	"github.com/slipway-dev/slipway/engine/score"
)

// refused lists corpus files that meet the schema and are refused all the same, with what the error must name.
var refused = map[string]string{}

// corpusDir finds the folder of real Score files, which is not part of the repository.
func corpusDir(t *testing.T) string {
	t.Helper()
	if dir := os.Getenv("SLIPWAY_CORPUS"); dir != "" {
		return filepath.Join(dir, "score")
	}
	dir, err := os.Getwd()
	require.NoError(t, err)
	for {
		candidate := filepath.Join(dir, "shared", "corpus", "score")
		if _, err := os.Stat(candidate); err == nil {
			return candidate
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			t.Skip("no corpus of Score files: set SLIPWAY_CORPUS to a folder that holds score/index.tsv")
		}
		dir = parent
	}
}

type corpusFile struct {
	name  string
	valid bool
	// image is what the file's author would pass: only files that say "." leave the image open.
	image string
	raw   []byte
}

func corpus(t *testing.T) []corpusFile {
	t.Helper()
	dir := corpusDir(t)
	index, err := os.Open(filepath.Join(dir, "index.tsv"))
	require.NoError(t, err)
	defer func() { _ = index.Close() }()
	reader := csv.NewReader(index)
	reader.Comma, reader.LazyQuotes, reader.FieldsPerRecord = '\t', true, -1
	rows, err := reader.ReadAll()
	require.NoError(t, err)
	column := map[string]int{}
	for i, name := range rows[0] {
		column[name] = i
	}
	var out []corpusFile
	for _, row := range rows[1:] {
		name := row[column["file"]]
		raw, err := os.ReadFile(filepath.Join(dir, name))
		require.NoError(t, err)
		file := corpusFile{name: name, valid: row[column["valid"]] == "yes", raw: raw}
		if strings.Contains(row[column["features"]], "image-dot") {
			file.image = "registry.example.com/app:1"
		}
		out = append(out, file)
	}
	require.NotEmpty(t, out)
	return out
}

func TestCorpus(t *testing.T) {
	t.Parallel()
	converted, rejected := 0, 0
	for _, file := range corpus(t) {
		out, err := convertFile(file)
		if want, ok := refused[file.name]; ok {
			require.ErrorContains(t, err, want, file.name)
			rejected++
			continue
		}
		if !file.valid {
			require.Error(t, err, "%s is invalid and was converted", file.name)
			t.Logf("%s: %v", file.name, err)
			rejected++
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", file.name, err)
			continue
		}
		converted++
		checkOutput(t, file.name, out)
	}
	t.Logf("%d files converted, %d refused", converted, rejected)
}

func convertFile(file corpusFile) (*score.Output, error) {
	spec, err := score.ParseYAML(file.raw)
	if err != nil {
		return nil, err
	}
	spec, err = score.InlineFiles(spec, func(path string) ([]byte, error) { return []byte("content of " + path), nil })
	if err != nil {
		return nil, err
	}
	return score.Convert(score.Input{Spec: spec, Image: file.image})
}

// checkOutput holds for every result: it goes into a set, and its placeholders are well-formed and lead somewhere.
func checkOutput(t require.TestingT, name string, out *score.Output) {
	set, err := deployset.Apply(deployset.Set{}, toDelta(out))
	require.NoError(t, err, name)
	require.Len(t, set.ID(), 43, name)
	_, err = set.ResourceInputs()
	require.NoError(t, err, name)

	require.Len(t, out.Modules, 1, name)
	module := out.Modules[out.Name]
	externals := module["externals"].(map[string]any)
	for _, tree := range []any{module, out.Shared} {
		err := placeholder.Walk(tree, func(location string, ref placeholder.Reference) error {
			if ref.Path[0] == "externals" && externals[ref.Path[1]] == nil {
				return errors.New(location + ": unknown " + ref.Raw)
			}
			return nil
		})
		require.NoError(t, err, name)
	}
}

func toDelta(out *score.Output) deployset.Delta {
	delta := deployset.Delta{Modules: deployset.Changes{Add: out.Modules}}
	for id, resource := range out.Shared {
		path := "/" + pointerEscaper.Replace(id)
		delta.Shared = append(delta.Shared, deployset.Op{Op: deployset.OpAdd, Path: path, Value: resource})
	}
	return delta
}
