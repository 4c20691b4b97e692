package e2e

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"gopkg.in/yaml.v3"

	"github.com/slipway-dev/slipway/engine/score"
)

// findCorpus finds the folder of collected public input: SLIPWAY_CORPUS, or
// shared/corpus beside the repository or further up; "" when there is none.
func findCorpus(t *testing.T) string {
	t.Helper()
	if dir := os.Getenv("SLIPWAY_CORPUS"); dir != "" {
		return dir
	}
	dir, err := filepath.Abs("../..")
	require.NoError(t, err)
	for filepath.Dir(dir) != dir {
		dir = filepath.Dir(dir)
		found := filepath.Join(dir, "shared", "corpus")
		if _, err := os.Stat(filepath.Join(found, "score", "index.tsv")); err == nil {
			return found
		}
	}
	return ""
}

// corpusDir is findCorpus for a test that has nothing to do without it.
func corpusDir(t *testing.T) string {
	t.Helper()
	dir := findCorpus(t)
	if dir == "" {
		t.Skip("no corpus of public files: set SLIPWAY_CORPUS to the folder that holds score/index.tsv and definitions/index.tsv")
	}
	return dir
}

// corpusIndex reads an index.tsv as one map of columns per row.
func corpusIndex(t *testing.T, path string) []map[string]string {
	t.Helper()
	f, err := os.Open(path)
	require.NoError(t, err)
	defer func() { _ = f.Close() }()
	var head []string
	var rows []map[string]string
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		fields := strings.Split(lines.Text(), "\t")
		if head == nil {
			head = fields
			continue
		}
		row := map[string]string{}
		for n, name := range head {
			if n < len(fields) {
				row[name] = fields[n]
			}
		}
		rows = append(rows, row)
	}
	require.NoError(t, lines.Err())
	require.NotEmpty(t, rows)
	return rows
}

// corpusScore is one Score file on its way through an application of its own.
type corpusScore struct {
	file       string
	app        string
	deployment string
	refused    string // why the file did not get as far as a deployment
}

// ownFaults are files of the corpus that ask for something no orchestrator
// could give, with a part of the error that says so.
var ownFaults = map[string]string{
	"DataliftHQ__demo-simple-app__score.yaml": "${value.app.tag}",
	// The url of a service is what one other implementation adds.
	"score-spec__docs__gen__external-content__resource-provisioners__community__service__score-frontend.yaml": "${modules.backend.service.url}",
}

// missingDefinition is how an error names a need that nothing meets.
var missingDefinition = regexp.MustCompile(`no definition of type "?[\w./-]+"?|unknown resource type "?[\w./-]+"?`)

// corpusScores deploys every valid Score file with nothing but the starter definitions.
func corpusScores(i *instance) {
	dir := filepath.Join(corpusDir(i.t), "score")
	var all []*corpusScore
	for _, row := range corpusIndex(i.t, filepath.Join(dir, "index.tsv")) {
		if row["valid"] != "yes" {
			continue
		}
		c := &corpusScore{file: row["file"], app: fmt.Sprintf("corpus-%d", len(all))}
		all = append(all, c)
		c.refused = i.startCorpusScore(c, filepath.Join(dir, c.file))
	}
	require.NotEmpty(i.t, all)
	succeeded, faulty := 0, 0
	for _, c := range all {
		why := i.corpusFailure(c)
		if why == "" {
			succeeded++
			continue
		}
		i.t.Logf("%s: %s", c.file, why)
		if fault, own := ownFaults[c.file]; own {
			require.Contains(i.t, why, fault, c.file)
			faulty++
			continue
		}
		if !missingDefinition.MatchString(why) {
			i.t.Errorf("%s fails, and no missing definition is the reason: %s", c.file, why)
		}
	}
	i.t.Logf("%d of %d public Score files deploy (%.1f %%); %d cannot, by their own fault", succeeded, len(all),
		100*float64(succeeded)/float64(len(all)), faulty)
	require.GreaterOrEqual(i.t, 10*succeeded, 9*len(all))
}

// startCorpusScore converts a file, prepares an application with what the file
// takes for granted (Shared Values) and asks for a deployment.
func (i *instance) startCorpusScore(c *corpusScore, path string) (refused string) {
	i.t.Helper()
	raw, err := os.ReadFile(path)
	require.NoError(i.t, err)
	spec, err := score.ParseYAML(raw)
	if err != nil {
		return err.Error()
	}
	inlineFiles(spec)
	status, out := i.call(http.MethodPost, org+"/artefact-versions/convert-score", map[string]any{"spec": spec, "image": "busybox:1"})
	if status != http.StatusOK {
		return fmt.Sprintf("convert-score: %d %v", status, out)
	}
	set := out.(map[string]any)
	i.app(c.app)
	modules := set["modules"].(map[string]any)
	text, err := json.Marshal(set)
	require.NoError(i.t, err)
	for _, key := range referenced(text, `\$\{values\.([A-Za-z0-9_-]+)`) {
		i.must(http.StatusCreated, http.MethodPost, org+"/apps/"+c.app+"/values", map[string]any{"key": key, "value": "v", "description": ""})
	}
	shared := []any{}
	for id, resource := range set["shared"].(map[string]any) {
		shared = append(shared, map[string]any{"op": "add", "path": "/" + id, "value": resource})
	}
	delta := i.delta(c.app, map[string]any{"modules": map[string]any{"add": modules}, "shared": shared})
	c.deployment = i.deploy(c.app, map[string]any{"delta_id": delta})
	return ""
}

// inlineFiles gives files that a client would read beside the Score file a
// content. They are an object by target, or a list.
func inlineFiles(spec map[string]any) {
	inline := func(file any) {
		if f, ok := file.(map[string]any); ok && f["source"] != nil {
			delete(f, "source")
			f["content"] = "content"
		}
	}
	containers, _ := spec["containers"].(map[string]any)
	for _, container := range containers {
		files := container.(map[string]any)["files"]
		if list, ok := files.([]any); ok {
			for _, file := range list {
				inline(file)
			}
		}
		if byTarget, ok := files.(map[string]any); ok {
			for _, file := range byTarget {
				inline(file)
			}
		}
	}
}

// referenced lists the names that a pattern finds, each once.
func referenced(text []byte, pattern string) []string {
	var names []string
	for _, match := range regexp.MustCompile(pattern).FindAllSubmatch(text, -1) {
		if name := string(match[1]); !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

// corpusFailure waits and tells why a file does not deploy; "" when it does.
func (i *instance) corpusFailure(c *corpusScore) string {
	i.t.Helper()
	if c.refused != "" {
		return c.refused
	}
	if i.finished(c.app, c.deployment)["status"] == "succeeded" {
		return ""
	}
	var messages []string
	for _, e := range i.deploymentErrors(c.app, c.deployment) {
		messages = append(messages, e["message"].(string))
	}
	return strings.Join(messages, " | ")
}

// corpusDefinitions has every public definition accepted as it was published.
func corpusDefinitions(i *instance) {
	dir := filepath.Join(corpusDir(i.t), "definitions")
	accepted := 0
	for _, row := range corpusIndex(i.t, filepath.Join(dir, "index.tsv")) {
		for _, manifest := range definitionsIn(i.t, filepath.Join(dir, row["file"])) {
			if manifest.Metadata.ID != row["id"] {
				continue
			}
			i.t.Run(row["file"], func(t *testing.T) { i.as(t).acceptDefinition(manifest) })
			accepted++
		}
	}
	require.Greater(i.t, accepted, 60)
}

// definitionManifest is a definition as it is published in files.
type definitionManifest struct {
	Kind     string
	Metadata struct{ ID string }
	Entity   map[string]any
}

func definitionsIn(t *testing.T, path string) []definitionManifest {
	t.Helper()
	f, err := os.Open(path)
	require.NoError(t, err)
	defer func() { _ = f.Close() }()
	var all []definitionManifest
	for decoder := yaml.NewDecoder(f); ; {
		var m definitionManifest
		if err := decoder.Decode(&m); err != nil {
			return all
		}
		if m.Kind == "Definition" {
			all = append(all, m)
		}
	}
}

// acceptDefinition posts a definition with its criteria, reads it back, and removes it.
func (i *instance) acceptDefinition(m definitionManifest) {
	i.t.Helper()
	body := map[string]any{"id": m.Metadata.ID}
	for k, v := range m.Entity {
		body[k] = v
	}
	path := org + "/resources/defs/" + m.Metadata.ID
	i.must(http.StatusOK, http.MethodPost, org+"/resources/defs", body)
	i.t.Cleanup(func() { i.must(http.StatusNoContent, http.MethodDelete, path, nil) })
	stored := i.must(http.StatusOK, http.MethodGet, path, nil)
	require.Equal(i.t, m.Entity["driver_type"], stored["driver_type"])
	criteria, _ := m.Entity["criteria"].([]any)
	got, _ := stored["criteria"].([]any)
	require.Len(i.t, got, len(criteria))
	if inputs, ok := m.Entity["driver_inputs"].(map[string]any); ok && inputs["values"] != nil {
		require.EqualValues(i.t, plainJSON(i.t, inputs["values"]), stored["driver_inputs"].(map[string]any)["values"])
	}
}

// plainJSON is a value as JSON gives it back.
func plainJSON(t *testing.T, v any) any {
	t.Helper()
	raw, err := json.Marshal(v)
	require.NoError(t, err)
	var out any
	require.NoError(t, json.Unmarshal(raw, &out))
	return out
}
