package sops

import (
	"errors"
	"fmt"
	"regexp"
	"slices"

	"gopkg.in/yaml.v3"
)

const metadataKey = "sops"

// maxDepth bounds recursion over documents that others wrote.
const maxDepth = 200

type ageKey struct {
	Recipient string `yaml:"recipient"`
	Enc       string `yaml:"enc"`
}

type metadata struct {
	Age              []ageKey `yaml:"age"`
	LastModified     string   `yaml:"lastmodified"`
	MAC              string   `yaml:"mac"`
	EncryptedRegex   string   `yaml:"encrypted_regex"`
	MACOnlyEncrypted bool     `yaml:"mac_only_encrypted,omitempty"`
	Version          string   `yaml:"version"`
}

func parseDocument(raw []byte) (*yaml.Node, error) {
	var doc yaml.Node
	if err := yaml.Unmarshal(raw, &doc); err != nil {
		// The parser quotes what it read, which may be a secret.
		return nil, errors.New("the file is not valid YAML")
	}
	if doc.Kind != yaml.DocumentNode || len(doc.Content) != 1 || doc.Content[0].Kind != yaml.MappingNode {
		return nil, errors.New("the file must hold one YAML mapping")
	}
	if err := check(doc.Content[0], 0); err != nil {
		return nil, err
	}
	return doc.Content[0], nil
}

// check refuses what the format has no order or no place for.
func check(node *yaml.Node, depth int) error {
	if depth > maxDepth {
		return fmt.Errorf("line %d: nested more than %d levels deep", node.Line, maxDepth)
	}
	if node.Kind == yaml.AliasNode || node.Anchor != "" {
		return fmt.Errorf("line %d: YAML anchors and aliases are not supported", node.Line)
	}
	if node.Kind == yaml.MappingNode {
		seen := make(map[string]bool, len(node.Content)/2)
		for i := 0; i < len(node.Content); i += 2 {
			key := node.Content[i]
			if key.Kind != yaml.ScalarNode || key.ShortTag() != "!!str" {
				return fmt.Errorf("line %d: only strings can be keys", key.Line)
			}
			if seen[key.Value] {
				return fmt.Errorf("line %d: the key is there twice", key.Line)
			}
			seen[key.Value] = true
		}
	}
	for _, c := range node.Content {
		if err := check(c, depth+1); err != nil {
			return err
		}
	}
	return nil
}

// walk visits every scalar but null in document order. path holds the keys above it; a list adds nothing to it.
func walk(node *yaml.Node, path []string, visit func(path []string, node *yaml.Node) error) error {
	switch node.Kind {
	case yaml.ScalarNode:
		if node.ShortTag() == "!!null" {
			return nil
		}
		return visit(path, node)
	case yaml.SequenceNode:
		for _, item := range node.Content {
			if err := walk(item, path, visit); err != nil {
				return err
			}
		}
	case yaml.MappingNode:
		for i := 0; i+1 < len(node.Content); i += 2 {
			below := slices.Concat(path, []string{node.Content[i].Value})
			if err := walk(node.Content[i+1], below, visit); err != nil {
				return err
			}
		}
	}
	return nil
}

func child(mapping *yaml.Node, key string) *yaml.Node {
	for i := 0; i+1 < len(mapping.Content); i += 2 {
		if mapping.Content[i].Value == key {
			return mapping.Content[i+1]
		}
	}
	return nil
}

func dropChild(mapping *yaml.Node, key string) {
	for i := 0; i+1 < len(mapping.Content); i += 2 {
		if mapping.Content[i].Value == key {
			mapping.Content = append(mapping.Content[:i:i], mapping.Content[i+2:]...)
			return
		}
	}
}

func stripComments(node *yaml.Node) {
	node.HeadComment, node.LineComment, node.FootComment = "", "", ""
	for _, c := range node.Content {
		stripComments(c)
	}
}

func setString(node *yaml.Node, text string) {
	*node = yaml.Node{}
	node.SetString(text)
}

func matchesAny(expression *regexp.Regexp, path []string) bool {
	for _, key := range path {
		if expression.MatchString(key) {
			return true
		}
	}
	return false
}
