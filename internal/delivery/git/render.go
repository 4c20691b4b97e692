package git

import (
	"bytes"
	"encoding/json"
	"fmt"

	"sigs.k8s.io/yaml"
)

// checkObject makes sure that the tree is what the object says it is: a Secret must not slip through under the name of
// another kind.
func checkObject(o Object) error {
	if o.Kind == "" || o.Name == "" || o.APIVersion == "" {
		return refused("an object has no apiVersion, kind or name (%q %q %q)", o.APIVersion, o.Kind, o.Name)
	}
	meta, _ := o.Tree["metadata"].(map[string]any)
	namespace := meta["namespace"]
	if namespace == nil {
		namespace = ""
	}
	if o.Tree["apiVersion"] != o.APIVersion || o.Tree["kind"] != o.Kind || meta["name"] != o.Name || namespace != o.Namespace {
		return refused("%s: apiVersion, kind, metadata.name or metadata.namespace of its content say something else", o.ref())
	}
	if _, encrypted := o.Tree["sops"]; encrypted && o.isSecret() {
		return refused("%s: has a top-level key \"sops\", which marks an encrypted file", o.ref())
	}
	items, _ := o.Tree["items"].([]any)
	for _, item := range items {
		if inner, ok := item.(map[string]any); ok && inner["kind"] == "Secret" {
			return refused("%s: contains a Secret as a list item; give every object on its own", o.ref())
		}
	}
	return nil
}

// renderYAML writes a tree with sorted keys, so that equal trees give equal bytes.
func renderYAML(o Object, tree map[string]any) ([]byte, error) {
	raw, err := yaml.Marshal(tree)
	if err != nil {
		// The library goes by JSON, and its reader refuses control characters that JSON allows as they are.
		return renderEscaped(o, tree)
	}
	return raw, nil
}

// isControl reports characters that JSON allows and no YAML parser accepts as they are.
func isControl(r rune) bool {
	return r >= 0x7f && r <= 0x9f || r == 0x2028 || r == 0x2029 || r == 0xfeff
}

// renderEscaped writes a tree as JSON, which is YAML too and has an escape for every character.
func renderEscaped(o Object, tree map[string]any) ([]byte, error) {
	raw, err := json.MarshalIndent(tree, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("%s: cannot be written as YAML", o.ref())
	}
	var out bytes.Buffer
	for _, r := range string(raw) {
		if isControl(r) {
			fmt.Fprintf(&out, "\\u%04x", r)
			continue
		}
		out.WriteRune(r)
	}
	out.WriteByte('\n')
	return out.Bytes(), nil
}
