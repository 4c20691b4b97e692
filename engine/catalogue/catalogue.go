// Package catalogue makes Score files from templates. A template is a Score
// file with parameters: what it asks for is checked against a JSON schema, and
// put into the file as values of YAML, never as text, so that a parameter
// cannot change the shape of the file. It reads nothing but its arguments.
package catalogue

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/slipway-dev/slipway/engine/placeholder"
	"github.com/slipway-dev/slipway/engine/schema"
	"github.com/slipway-dev/slipway/engine/score"
)

// Template is a workload to begin from.
type Template struct {
	ID          string `json:"id"`
	Name        string `json:"name"`
	Description string `json:"description"`
	// Parameters is a JSON schema of an object; its properties may have a
	// default. Further parameters are refused.
	Parameters map[string]any `json:"parameters"`
	// Score is a Score file with ${params.<name>}, and after --- perhaps an
	// extension file (apiVersion humanitec.org/v1b1).
	Score string `json:"score"`
}

// Resource is something that a workload of the template asks for.
type Resource struct {
	ID    string `json:"id"`
	Type  string `json:"type"`
	Class string `json:"class"`
}

// Workload is what a template became.
type Workload struct {
	Score      string // YAML
	Extensions string // YAML; "" without
}

const (
	maxText    = 256 << 10 // bytes of a template
	paramsRoot = "params"
)

// parameter is ${params.<name>}, unless a $ before it escapes it.
var parameter = regexp.MustCompile(`(\$?)\$\{params\.([A-Za-z0-9_-]+)\}`)

// Check judges a template: its schema, its documents and that each parameter it
// uses is declared. It returns the first problem.
func (t Template) Check() error {
	if len(t.Score) > maxText {
		return fmt.Errorf("score: %d bytes are too many; at most %d are possible", len(t.Score), maxText)
	}
	if _, err := t.schema(); err != nil {
		return err
	}
	documents, err := t.documents()
	if err != nil {
		return err
	}
	declared := t.properties()
	for _, document := range documents {
		var missing string
		walk(document, func(n *yaml.Node) {
			for _, found := range parameter.FindAllStringSubmatch(n.Value, -1) {
				if _, ok := declared[found[2]]; !ok && found[1] == "" && missing == "" {
					missing = fmt.Sprintf("line %d: parameter %q is not declared; declare it in parameters.properties", n.Line, found[2])
				}
			}
			if strings.Contains(parameter.ReplaceAllString(n.Value, ""), "${"+paramsRoot) && missing == "" {
				missing = fmt.Sprintf("line %d: a parameter is written ${params.<name>}", n.Line)
			}
		})
		if missing != "" {
			return fmt.Errorf("score: %s", missing)
		}
	}
	return nil
}

// properties are the declared parameters by name.
func (t Template) properties() map[string]any {
	out, _ := t.Parameters["properties"].(map[string]any)
	return out
}

// schema compiles the parameters, with nothing beside them.
func (t Template) schema() (*schema.Schema, error) {
	for name := range t.properties() {
		if !regexp.MustCompile(`^[A-Za-z0-9_-]+$`).MatchString(name) {
			return nil, fmt.Errorf("parameters.properties: %q is no name of a parameter; use letters, digits, dashes and underscores", name)
		}
	}
	if kind, given := t.Parameters["type"]; given && kind != "object" {
		return nil, errors.New("parameters.type: expected object")
	}
	closed := maps.Clone(t.Parameters)
	if closed == nil {
		closed = map[string]any{}
	}
	closed["type"], closed["additionalProperties"] = "object", false
	compiled, err := schema.Compile(closed)
	if err != nil {
		return nil, fmt.Errorf("parameters: %w", err)
	}
	return compiled, nil
}

// documents are the Score file and perhaps the extension file.
func (t Template) documents() ([]*yaml.Node, error) {
	decoder := yaml.NewDecoder(strings.NewReader(t.Score))
	var out []*yaml.Node
	for {
		var document yaml.Node
		err := decoder.Decode(&document)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("score: %w", err)
		}
		if hasAlias(&document) {
			return nil, errors.New("score: anchors and aliases are not possible in a template")
		}
		if len(document.Content) != 1 || document.Content[0].Kind != yaml.MappingNode {
			return nil, errors.New("score: every document has to be an object that starts with apiVersion")
		}
		out = append(out, &document)
	}
	if len(out) == 0 || len(out) > 2 {
		return nil, errors.New("score: expected a Score file, and after --- perhaps an extension file")
	}
	if version := versionOf(out[0]); !strings.HasPrefix(version, "score.dev/") {
		return nil, fmt.Errorf("score: apiVersion is %q; expected that of a Score file, score.dev/v1b1", version)
	}
	if len(out) == 2 && versionOf(out[1]) != score.ExtensionsVersion {
		return nil, fmt.Errorf("score: apiVersion of the second document is %q; expected that of an extension file, %s", versionOf(out[1]), score.ExtensionsVersion)
	}
	return out, nil
}

func hasAlias(n *yaml.Node) bool {
	return n.Kind == yaml.AliasNode || n.Anchor != "" || slices.ContainsFunc(n.Content, hasAlias)
}

func versionOf(document *yaml.Node) string {
	var head struct {
		APIVersion string `yaml:"apiVersion"`
	}
	_ = document.Decode(&head) // what is wrong with the rest is said by the conversion
	return head.APIVersion
}

// walk calls fn for every scalar, keys included.
func walk(n *yaml.Node, fn func(*yaml.Node)) {
	if n.Kind == yaml.ScalarNode {
		fn(n)
	}
	for _, child := range n.Content {
		walk(child, fn)
	}
}

// Resources lists what a workload of the template asks for, by id.
func (t Template) Resources() []Resource {
	documents, err := t.documents()
	if err != nil {
		return []Resource{}
	}
	var file struct {
		Resources map[string]struct {
			Type  string `yaml:"type"`
			Class string `yaml:"class"`
		} `yaml:"resources"`
	}
	_ = documents[0].Decode(&file) // what is wrong is said by the conversion
	out := []Resource{}
	for _, id := range slices.Sorted(maps.Keys(file.Resources)) {
		r := Resource{ID: id, Type: file.Resources[id].Type, Class: file.Resources[id].Class}
		if r.Class == "" {
			r.Class = "default"
		}
		out = append(out, r)
	}
	return out
}

// ParameterError lists what is wrong with the parameters.
type ParameterError struct{ Problems []string }

// Error joins them.
func (e *ParameterError) Error() string { return "parameters: " + strings.Join(e.Problems, "; ") }

// Instantiate makes the files of a workload. Parameters that are absent get
// their default; one that is needed and has none is a *ParameterError, as is one
// of another shape. The Score file converts, or that is an error.
func (t Template) Instantiate(given map[string]any) (Workload, error) {
	var out Workload
	if err := t.Check(); err != nil {
		return out, err
	}
	params := t.withDefaults(given)
	compiled, err := t.schema()
	if err != nil {
		return out, err
	}
	if found := compiled.Check(params, schema.Options{}); len(found) > 0 {
		fault := &ParameterError{}
		for _, p := range found {
			fault.Problems = append(fault.Problems, p.String())
		}
		return out, fault
	}
	documents, err := t.documents()
	if err != nil {
		return out, err
	}
	texts := make([]string, len(documents))
	for i, document := range documents {
		if texts[i], err = fill(document, params); err != nil {
			return out, err
		}
	}
	out.Score = texts[0]
	if len(texts) > 1 {
		out.Extensions = texts[1]
	}
	return out, out.check()
}

func (t Template) withDefaults(given map[string]any) map[string]any {
	params := map[string]any{}
	for name, property := range t.properties() {
		declared, _ := property.(map[string]any)
		if v, ok := declared["default"]; ok {
			params[name] = v
		}
	}
	maps.Copy(params, given)
	return params
}

// fill replaces the parameters of a document and writes it, comments included.
func fill(document *yaml.Node, params map[string]any) (string, error) {
	var failed error
	walk(document, func(n *yaml.Node) {
		if failed == nil {
			failed = replace(n, params)
		}
	})
	if failed != nil {
		return "", failed
	}
	var out bytes.Buffer
	encoder := yaml.NewEncoder(&out)
	encoder.SetIndent(2)
	if err := encoder.Encode(document); err != nil {
		return "", fmt.Errorf("score: it cannot be written: %w", err)
	}
	return out.String(), encoder.Close()
}

// replace puts parameters into one scalar: one that is nothing but a parameter,
// without quotes, becomes its value with its type; everything else stays a text.
func replace(n *yaml.Node, params map[string]any) error {
	whole := parameter.FindStringSubmatch(n.Value)
	if whole == nil {
		return nil
	}
	if whole[0] == n.Value && whole[1] == "" && n.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle|yaml.LiteralStyle|yaml.FoldedStyle) == 0 {
		var value yaml.Node
		v, given := params[whole[2]]
		if !given {
			v = ""
		}
		if err := value.Encode(plainNumbers(v)); err != nil {
			return fmt.Errorf("parameter %q cannot be written: %w", whole[2], err)
		}
		value.HeadComment, value.LineComment, value.FootComment = n.HeadComment, n.LineComment, n.FootComment
		*n = value
		return nil
	}
	var failed error
	text := parameter.ReplaceAllStringFunc(n.Value, func(found string) string {
		parts := parameter.FindStringSubmatch(found)
		if parts[1] != "" {
			return found[1:] // escaped
		}
		v, given := params[parts[2]]
		if !given {
			return ""
		}
		written, err := placeholder.Text(v)
		if err != nil {
			failed = fmt.Errorf("line %d: parameter %q cannot stand inside a text: %w", n.Line, parts[2], err)
		}
		return written
	})
	n.SetString(text)
	return failed
}

// plainNumbers writes whole numbers as such: JSON knows only one kind.
func plainNumbers(v any) any {
	switch v := v.(type) {
	case float64:
		if v == float64(int64(v)) {
			return int64(v)
		}
	case map[string]any:
		out := make(map[string]any, len(v))
		for key, child := range v {
			out[key] = plainNumbers(child)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, child := range v {
			out[i] = plainNumbers(child)
		}
		return out
	}
	return v
}

// check converts the workload, so that what a template makes can be deployed.
func (w Workload) check() error {
	spec, err := score.ParseYAML([]byte(w.Score))
	if err != nil {
		return err
	}
	in := score.Input{Spec: spec, Image: "example.com/image:tag"} // an image may come with the deployment
	if w.Extensions != "" {
		if in.Extensions, err = score.ParseYAML([]byte(w.Extensions)); err != nil {
			return err
		}
	}
	if _, err := score.Convert(in); err != nil {
		return fmt.Errorf("what the template makes is no valid Score file: %w", err)
	}
	return nil
}
