package catalogue

import (
	"embed"
	"maps"
	"slices"
	"strings"

	"sigs.k8s.io/yaml"
)

//go:embed builtin/*.yaml
var files embed.FS

// Builtin are the templates that every organization has, by id. Each call gives
// copies of its own.
func Builtin() []Template {
	entries, err := files.ReadDir("builtin")
	if err != nil {
		panic("the built-in templates are missing: " + err.Error()) // impossible: they are embedded
	}
	out := make([]Template, 0, len(entries))
	for _, entry := range entries {
		raw, err := files.ReadFile("builtin/" + entry.Name())
		if err != nil {
			panic("a built-in template is missing: " + err.Error()) // impossible: it is embedded
		}
		var t Template
		if err := yaml.UnmarshalStrict(raw, &t); err != nil {
			panic("the built-in template " + entry.Name() + " is broken: " + err.Error()) // a test reads them all
		}
		out = append(out, t)
	}
	return out
}

// names lists the parameters.
func (t Template) names() string {
	return strings.Join(slices.Sorted(maps.Keys(t.properties())), ", ")
}
