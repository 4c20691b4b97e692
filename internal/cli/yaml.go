package cli

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"gopkg.in/yaml.v3"
)

// yamlOf rewrites JSON as YAML and keeps the order of keys and the spelling of numbers.
func yamlOf(raw json.RawMessage) ([]byte, error) {
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.UseNumber()
	node, err := yamlNode(decoder)
	if err != nil {
		return nil, fmt.Errorf("the answer is not JSON: %w", err)
	}
	var out bytes.Buffer
	encoder := yaml.NewEncoder(&out)
	encoder.SetIndent(2)
	if err := errors.Join(encoder.Encode(node), encoder.Close()); err != nil {
		return nil, fmt.Errorf("write YAML: %w", err)
	}
	return out.Bytes(), nil
}

func yamlNode(decoder *json.Decoder) (*yaml.Node, error) {
	token, err := decoder.Token()
	if err != nil {
		return nil, err
	}
	switch t := token.(type) {
	case json.Delim:
		return yamlCollection(decoder, t)
	case json.Number:
		// No tag: a whole number is an int and anything else a float, by its spelling.
		return &yaml.Node{Kind: yaml.ScalarNode, Value: t.String()}, nil
	case nil:
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!null", Value: "null"}, nil
	}
	if text, ok := token.(string); ok && strings.ContainsAny(text, "\n\t\r") {
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: text, Style: blockStyle(text)}, nil
	}
	node := &yaml.Node{}
	return node, node.Encode(token) // quotes strings where they need it
}

// blockStyle is a block for text that reads well as one, and quotes for text whose blanks a block would change or hide.
func blockStyle(text string) yaml.Style {
	if strings.ContainsAny(text, "\t\r") || strings.HasPrefix(text, " ") || strings.HasPrefix(text, "\n") ||
		strings.Contains(text, " \n") || strings.HasSuffix(text, " ") {
		return yaml.DoubleQuotedStyle
	}
	return yaml.LiteralStyle
}

func yamlCollection(decoder *json.Decoder, open json.Delim) (*yaml.Node, error) {
	node := &yaml.Node{Kind: yaml.SequenceNode, Tag: "!!seq"}
	if open == '{' {
		node.Kind, node.Tag = yaml.MappingNode, "!!map"
	}
	for decoder.More() { // keys and values in turn, or elements
		item, err := yamlNode(decoder)
		if err != nil {
			return nil, err
		}
		node.Content = append(node.Content, item)
	}
	if len(node.Content) == 0 {
		node.Style = yaml.FlowStyle
	}
	_, err := decoder.Token() // the end of the collection
	return node, err
}

// plainYAML reads one document into a plain JSON tree. Keys become strings, and what YAML would take for a date stays the
// text that it is.
func plainYAML(raw []byte) (any, error) {
	decoder := yaml.NewDecoder(bytes.NewReader(raw))
	var node yaml.Node
	if err := decoder.Decode(&node); err != nil {
		if errors.Is(err, io.EOF) {
			return nil, nil
		}
		return nil, err
	}
	keepText(&node)
	var out any
	if err := node.Decode(&out); err != nil {
		return nil, err
	}
	return out, nil
}

// keepText walks the tree that was written; aliases lead to parts of it that are visited anyway.
func keepText(node *yaml.Node) {
	if node.Kind == yaml.ScalarNode && node.ShortTag() == "!!timestamp" {
		node.Tag = "!!str"
	}
	for i, child := range node.Content {
		if node.Kind == yaml.MappingNode && i%2 == 0 && child.Kind == yaml.ScalarNode && child.ShortTag() != "!!merge" {
			child.Tag = "!!str"
		}
		keepText(child)
	}
}
