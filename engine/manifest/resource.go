package manifest

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"

	utilyaml "k8s.io/apimachinery/pkg/util/yaml"
	"sigs.k8s.io/yaml"

	"github.com/slipway-dev/slipway/engine/placeholder"
)

// Manifest is what a driver returned for a resource, with location namespace or cluster. (Those with location containers
// and volumes are an Injection.)
type Manifest struct {
	// Location is namespace (objects of the environment's namespace) or cluster.
	Location string
	// Name is the manifest's name inside its resource.
	Name string
	// Data is one object, an array of objects, a Kubernetes List, or YAML text of one or more documents.
	Data any
	// Secret says that secrets went into Data and cannot be told from the rest: every value is then treated as a secret,
	// except what identifies the object.
	Secret bool
	// From names the resource, for example "s3.default#modules.api.externals.bucket".
	From string
}

// FromResource gives the objects of a resource's manifest. Objects with location namespace get the namespace unless they
// name one or are of a kind that Kubernetes keeps outside namespaces. The data of Secrets is always sealed. The error is
// an *Error with all problems; nothing is returned beside it.
func FromResource(m Manifest, namespace string) ([]Object, error) {
	subject := fmt.Sprintf("manifest %q of %s", m.Name, m.From)
	ps := &problems{}
	if m.Location != locationNamespace && m.Location != locationCluster {
		ps.add("location", "expected namespace or cluster, got %q", m.Location)
		return nil, ps.err(subject)
	}
	if sealed, ok := m.Data.(placeholder.Secret); ok {
		m.Data, m.Secret = placeholder.Reveal(sealed), true
	}
	var out []Object
	for i, document := range documents(m.Data, ps) {
		at := path("").index(i)
		tree, ok := plain(document, at, 0, ps).(map[string]any)
		if !ok {
			ps.add(at, "expected a Kubernetes object, got %s", kindOf(document))
			continue
		}
		for _, item := range expandList(tree, at, ps) {
			object := placeObject(item.tree, m.Location, namespace, item.at, ps)
			sealObject(object, m.Secret)
			out = append(out, Object{Tree: object, From: m.From})
		}
	}
	if err := ps.err(subject); err != nil {
		return nil, err
	}
	return out, nil
}

// documents splits what a driver returned. Messages about YAML give the line and not the text, which may hold secrets.
func documents(data any, ps *problems) []any {
	switch data := data.(type) {
	case nil:
		return nil
	case []any:
		return data
	case string:
		return yamlDocuments(data, ps)
	}
	return []any{data}
}

var yamlLine = regexp.MustCompile(`line (\d+)`)

func yamlDocuments(text string, ps *problems) []any {
	var out []any
	reader := utilyaml.NewYAMLReader(bufio.NewReader(strings.NewReader(text)))
	for {
		raw, err := reader.Read()
		if errors.Is(err, io.EOF) {
			return out
		}
		var document any
		if err == nil {
			err = yaml.UnmarshalStrict(raw, &document)
		}
		if err != nil {
			where := ""
			if line := yamlLine.FindString(err.Error()); line != "" {
				where = " (" + line + " of the document)"
			}
			ps.add(path("").index(len(out)), "not valid YAML%s", where)
			return out
		}
		if document != nil {
			out = append(out, document)
		}
	}
}

type listItem struct {
	tree map[string]any
	at   path
}

// expandList gives the items of a Kubernetes List, or the object itself.
func expandList(tree map[string]any, at path, ps *problems) []listItem {
	items, isList := tree["items"].([]any)
	if !isList || textAt(tree, "kind") != "List" {
		return []listItem{{tree: tree, at: at}}
	}
	var out []listItem
	for i, item := range items {
		place := at.key("items").index(i)
		object, ok := item.(map[string]any)
		if !ok {
			ps.add(place, "expected a Kubernetes object, got %s", kindOf(item))
			continue
		}
		out = append(out, listItem{tree: object, at: place})
	}
	return out
}
