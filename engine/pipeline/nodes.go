package pipeline

import (
	"math"
	"regexp"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"
)

var (
	idPattern   = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$`)
	namePattern = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_-]{0,62}$`)
)

type demand int

const required demand = 1

// object is a mapping whose keys are known.
type object struct {
	r      *reader
	node   *yaml.Node
	path   string
	keys   []string // in the order of the document
	names  map[string]*yaml.Node
	values map[string]*yaml.Node
}

func plain(n *yaml.Node) *yaml.Node {
	for n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	return n
}

func isNull(n *yaml.Node) bool {
	n = plain(n)
	return n.Kind == yaml.ScalarNode && n.ShortTag() == "!!null"
}

func describe(n *yaml.Node) string {
	n = plain(n)
	switch {
	case n.Kind == yaml.MappingNode:
		return "an object"
	case n.Kind == yaml.SequenceNode:
		return "an array"
	case isNull(n):
		return "null"
	}
	switch n.ShortTag() {
	case "!!bool":
		return "a boolean"
	case "!!int", "!!float":
		return "a number"
	}
	return "a text"
}

// object reads a mapping. Without known keys any key is allowed. It returns nil where there is no mapping.
func (r *reader) object(from *yaml.Node, path string, known ...string) *object {
	n := plain(from)
	if n.Kind != yaml.MappingNode {
		if path == "" {
			r.fail(from, path, "a pipeline is an object with name, on and jobs; this is %s", describe(from))
		} else {
			r.fail(from, path, "expected an object, this is %s", describe(from))
		}
		return nil
	}
	o := &object{r: r, node: from, path: path, names: map[string]*yaml.Node{}, values: map[string]*yaml.Node{}}
	o.add(n, false)
	if len(known) == 0 {
		return o
	}
	for _, key := range o.keys {
		if !slices.Contains(known, key) {
			o.failKey(key, "there is no such key here; there are %s", strings.Join(known, ", "))
		}
	}
	return o
}

// add takes over the entries of a mapping; merged ones (<<) do not replace what is there.
func (o *object) add(n *yaml.Node, merged bool) {
	var later []*yaml.Node
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := plain(n.Content[i]), n.Content[i+1]
		switch _, taken := o.values[key.Value]; {
		case key.Kind != yaml.ScalarNode:
			o.r.fail(n.Content[i], o.path, "a key must be text")
		case key.ShortTag() == "!!merge":
			later = append(later, value)
		case taken && merged:
		case taken:
			o.r.fail(n.Content[i], o.child(key.Value), "the key is there twice")
		default:
			o.keys = append(o.keys, key.Value)
			o.names[key.Value], o.values[key.Value] = n.Content[i], value
		}
	}
	for _, from := range later {
		sources := []*yaml.Node{from}
		if plain(from).Kind == yaml.SequenceNode {
			sources = plain(from).Content
		}
		for _, source := range sources {
			if plain(source).Kind != yaml.MappingNode {
				o.r.fail(source, o.path, "<< takes an object or a list of objects")
				continue
			}
			o.add(plain(source), true)
		}
	}
}

func (o *object) child(key string) string { return under(o.path, key) }

func (o *object) has(key string) bool { return o.values[key] != nil }

func (o *object) null(key string) bool { return o.has(key) && isNull(o.values[key]) }

// fail reports a problem with the value of a key, or with the object when it has no such key.
func (o *object) fail(key, format string, args ...any) {
	if n := o.values[key]; n != nil {
		o.r.fail(n, o.child(key), format, args...)
		return
	}
	o.r.fail(o.node, o.path, format, args...)
}

// failKey reports a problem with a key itself.
func (o *object) failKey(key, format string, args ...any) {
	o.r.fail(o.names[key], o.child(key), format, args...)
}

// missing tells whether a key is absent or null, and reports it where it is demanded.
func (o *object) missing(key string, demands []demand) bool {
	if o.has(key) && !isNull(o.values[key]) {
		return false
	}
	if len(demands) > 0 {
		o.r.fail(o.node, o.path, "%s is required and missing", key)
	}
	return true
}

func (o *object) open(key string, demands ...demand) *object {
	if o.missing(key, demands) {
		return nil
	}
	return o.r.object(o.values[key], o.child(key))
}

func (o *object) object(key string, known ...string) *object {
	if o.missing(key, nil) {
		return nil
	}
	return o.r.object(o.values[key], o.child(key), known...)
}

func (o *object) items(key string, demands ...demand) []*yaml.Node {
	if o.missing(key, demands) {
		return nil
	}
	n := plain(o.values[key])
	if n.Kind != yaml.SequenceNode {
		o.fail(key, "expected an array, this is %s", describe(n))
		return nil
	}
	return n.Content
}

func (o *object) text(key string, demands ...demand) string {
	if o.missing(key, demands) {
		return ""
	}
	out := o.r.scalar(o.values[key], o.child(key))
	if out == "" && len(demands) > 0 && plain(o.values[key]).Kind == yaml.ScalarNode {
		o.fail(key, "this must not be empty")
	}
	return out
}

// scalar reads a text; numbers and booleans are taken as they are written.
func (r *reader) scalar(from *yaml.Node, path string) string {
	n := plain(from)
	if n.Kind != yaml.ScalarNode || isNull(n) {
		r.fail(from, path, "expected a text, this is %s", describe(from))
		return ""
	}
	return n.Value
}

// list reads an array of texts, or one text.
func (o *object) list(key string) []string {
	if o.missing(key, nil) {
		return nil
	}
	if plain(o.values[key]).Kind == yaml.ScalarNode {
		return []string{o.text(key)}
	}
	var out []string
	for i, item := range o.items(key) {
		out = append(out, o.r.scalar(item, at(o.child(key), i)))
	}
	return out
}

func (o *object) texts(key string) map[string]string {
	inner := o.open(key)
	if inner == nil {
		return nil
	}
	out := make(map[string]string, len(inner.keys))
	for _, name := range inner.keys {
		out[name] = inner.r.scalar(inner.values[name], inner.child(name))
	}
	return out
}

func (o *object) boolean(key string) bool {
	if o.missing(key, nil) {
		return false
	}
	n := plain(o.values[key])
	var out bool
	if n.Kind != yaml.ScalarNode || n.ShortTag() != "!!bool" || n.Decode(&out) != nil {
		o.fail(key, "expected true or false, this is %s", describe(n))
	}
	return out
}

func (o *object) minutes(key string) int {
	if o.missing(key, nil) {
		return 0
	}
	v, ok := o.r.value(o.values[key], o.child(key)).(float64)
	if !ok || v != math.Trunc(v) || v < 1 || v > MaxTimeoutMinutes {
		o.fail(key, "expected a whole number of minutes, 1 to %d", MaxTimeoutMinutes)
		return 0
	}
	return int(v)
}

// condition reads an if: a text, or true or false.
func (o *object) condition(key string) string {
	text := strings.TrimSpace(o.text(key))
	if o.has(key) && text == "" && !o.null(key) && plain(o.values[key]).Kind == yaml.ScalarNode {
		o.fail(key, "a condition must not be empty; leave it out instead")
	}
	return text
}

// tree reads an object as a JSON tree.
func (o *object) tree(key string) map[string]any {
	if o.missing(key, nil) {
		return nil
	}
	if plain(o.values[key]).Kind != yaml.MappingNode {
		o.fail(key, "expected an object, this is %s", describe(o.values[key]))
		return nil
	}
	tree, _ := o.r.value(o.values[key], o.child(key)).(map[string]any)
	return tree
}

// value turns a node into a JSON tree.
func (r *reader) value(from *yaml.Node, path string) any {
	n := plain(from)
	switch n.Kind {
	case yaml.MappingNode:
		o := r.object(from, path)
		out := make(map[string]any, len(o.keys))
		for _, key := range o.keys {
			out[key] = r.value(o.values[key], under(path, key))
		}
		return out
	case yaml.SequenceNode:
		out := make([]any, len(n.Content))
		for i, item := range n.Content {
			out[i] = r.value(item, at(path, i))
		}
		return out
	}
	switch n.ShortTag() {
	case "!!null":
		return nil
	case "!!bool":
		var out bool
		if n.Decode(&out) == nil {
			return out
		}
	case "!!int", "!!float":
		var out float64
		if n.Decode(&out) == nil && !math.IsNaN(out) && !math.IsInf(out, 0) {
			return out
		}
		r.fail(from, path, "%s is not a number that JSON has", n.Value)
		return nil
	case "!!str", "!!timestamp":
		return n.Value
	}
	r.fail(from, path, "the YAML tag %s is not supported", n.Tag)
	return nil
}
