package score

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"unicode/utf8"

	"gopkg.in/yaml.v3"

	"github.com/slipway-dev/slipway/engine/deployset"
)

// Limits of ParseYAML. What aliases stand for counts every time it is used.
const (
	maxBytes = 4 << 20
	maxNodes = 100_000
)

// ParseYAML reads one Score document, in YAML or JSON, into a plain JSON tree. It refuses more than one document,
// duplicate keys, values that JSON does not have, and input that is too large, too deep, or grows too much through
// aliases. Errors name the line.
func ParseYAML(raw []byte) (map[string]any, error) {
	if len(raw) > maxBytes {
		return nil, fmt.Errorf("score file: %d bytes are more than the %d that are allowed", len(raw), maxBytes)
	}
	if !utf8.Valid(raw) {
		return nil, errors.New("score file: the text is not valid UTF-8")
	}
	decoder := yaml.NewDecoder(bytes.NewReader(raw))
	var document yaml.Node
	if err := decoder.Decode(&document); err != nil {
		if errors.Is(err, io.EOF) {
			return nil, errors.New("score file: it is empty")
		}
		return nil, fmt.Errorf("score file: %w", err)
	}
	if err := expectEnd(decoder); err != nil {
		return nil, err
	}
	reader := yamlReader{}
	tree, err := reader.value(&document, 0)
	if err != nil {
		return nil, fmt.Errorf("score file: %w", err)
	}
	object, ok := tree.(map[string]any)
	if !ok {
		return nil, errors.New("score file: it must be an object that starts with apiVersion")
	}
	return object, nil
}

func expectEnd(decoder *yaml.Decoder) error {
	for {
		var next yaml.Node
		err := decoder.Decode(&next)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("score file: %w", err)
		}
		if len(next.Content) == 1 && next.Content[0].ShortTag() == "!!null" {
			continue // An empty document after a last "---".
		}
		return fmt.Errorf("score file: line %d: a second document starts here; put each workload into a file of its own", next.Line)
	}
}

// yamlReader turns YAML nodes into a JSON tree and keeps count of what it has made.
type yamlReader struct {
	nodes, bytes int
}

func (r *yamlReader) value(node *yaml.Node, depth int) (any, error) {
	r.nodes++
	r.bytes += len(node.Value)
	if r.nodes > maxNodes || r.bytes > maxBytes {
		return nil, fmt.Errorf("line %d: the document is too large once its aliases are expanded", node.Line)
	}
	if depth > deployset.MaxDepth {
		return nil, fmt.Errorf("line %d: nested deeper than %d levels", node.Line, deployset.MaxDepth)
	}
	switch node.Kind {
	case yaml.DocumentNode:
		if len(node.Content) == 1 {
			return r.value(node.Content[0], depth)
		}
	case yaml.AliasNode:
		return r.value(node.Alias, depth+1)
	case yaml.MappingNode:
		return r.object(node, depth)
	case yaml.SequenceNode:
		return r.list(node, depth)
	case yaml.ScalarNode:
		return scalar(node)
	}
	return nil, fmt.Errorf("line %d: cannot be read", node.Line)
}

func (r *yamlReader) list(node *yaml.Node, depth int) (any, error) {
	out := make([]any, 0, len(node.Content))
	for _, item := range node.Content {
		value, err := r.value(item, depth+1)
		if err != nil {
			return nil, err
		}
		out = append(out, value)
	}
	return out, nil
}

func (r *yamlReader) object(node *yaml.Node, depth int) (any, error) {
	out := make(map[string]any, len(node.Content)/2)
	var merged []*yaml.Node
	for i := 0; i+1 < len(node.Content); i += 2 {
		key, value := node.Content[i], node.Content[i+1]
		if key.Kind == yaml.AliasNode {
			key = key.Alias
		}
		if key.Kind != yaml.ScalarNode {
			return nil, fmt.Errorf("line %d: a key must be text", node.Content[i].Line)
		}
		if key.ShortTag() == "!!merge" {
			merged = append(merged, value)
			continue
		}
		if _, taken := out[key.Value]; taken {
			return nil, fmt.Errorf("line %d: the key %q is there twice", key.Line, key.Value)
		}
		r.bytes += len(key.Value)
		converted, err := r.value(value, depth+1)
		if err != nil {
			return nil, err
		}
		out[key.Value] = converted
	}
	for _, from := range merged {
		if err := r.mergeInto(out, from, depth+1); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// mergeInto carries out a YAML merge key ("<<"): an object, or a list of them, fills in keys that are not there yet.
func (r *yamlReader) mergeInto(out map[string]any, from *yaml.Node, depth int) error {
	value, err := r.value(from, depth)
	if err != nil {
		return err
	}
	sources, ok := value.([]any)
	if !ok {
		sources = []any{value}
	}
	for _, source := range sources {
		object, ok := source.(map[string]any)
		if !ok {
			return fmt.Errorf("line %d: << takes an object or a list of objects", from.Line)
		}
		for key, value := range object {
			if _, taken := out[key]; !taken {
				out[key] = value
			}
		}
	}
	return nil
}

func scalar(node *yaml.Node) (any, error) {
	switch node.ShortTag() {
	case "!!str", "!!timestamp":
		return node.Value, nil
	case "!!null":
		return nil, nil
	case "!!bool":
		var out bool
		err := node.Decode(&out)
		return out, atLine(node, err)
	case "!!int", "!!float":
		var out float64
		if err := node.Decode(&out); err != nil {
			return nil, atLine(node, err)
		}
		if math.IsNaN(out) || math.IsInf(out, 0) {
			return nil, fmt.Errorf("line %d: %s is not a number that JSON has", node.Line, node.Value)
		}
		return out, nil
	}
	return nil, fmt.Errorf("line %d: the YAML tag %s is not supported", node.Line, node.Tag)
}

func atLine(node *yaml.Node, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("line %d: %w", node.Line, err)
}
