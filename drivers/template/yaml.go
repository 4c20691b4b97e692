package template

import (
	"errors"
	"fmt"
	"io"
	"math"
	"regexp"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/slipway-dev/slipway/drivers"
)

// parseYAML reads one rendered document into a plain tree with float64
// numbers. Nothing, or only comments, gives nil. Dates stay the text they were
// written as: image tags and versions look like dates, and JSON has none.
func parseYAML(name, rendered string) (any, error) {
	if strings.TrimSpace(rendered) == "" {
		return nil, nil
	}
	dec := yaml.NewDecoder(strings.NewReader(rendered))
	var doc yaml.Node
	err := dec.Decode(&doc)
	if errors.Is(err, io.EOF) {
		return nil, nil
	}
	if err != nil {
		return nil, yamlError(name, err)
	}
	if err := dec.Decode(&yaml.Node{}); !errors.Is(err, io.EOF) {
		return nil, badResult("%s must give one YAML document, it gave several", name)
	}
	keepDates(&doc)
	var v any
	if err := doc.Decode(&v); err != nil {
		return nil, yamlError(name, err)
	}
	return fromYAML(name, v)
}

func keepDates(n *yaml.Node) {
	if n.Kind == yaml.ScalarNode && n.ShortTag() == "!!timestamp" {
		n.Tag = "!!str"
	}
	for _, child := range n.Content {
		keepDates(child)
	}
}

var yamlLine = regexp.MustCompile(`line (\d+)`)

// yamlError says where the rendered text is not YAML, without quoting it: it
// may hold secrets that were put together inside the template.
func yamlError(name string, err error) *drivers.Error {
	reason := "it is not valid YAML"
	for _, known := range []string{
		"did not find expected key", "could not find expected ':'", "mapping values are not allowed in this context",
		"did not find expected node content", "found character that cannot start any token", "already defined at line",
		"block sequence entries are not allowed in this context", "found unexpected end of stream", "unknown anchor",
		"found a tab character", "did not find expected '-' indicator", "excessive aliasing", "exceeded max depth",
	} {
		if strings.Contains(err.Error(), known) {
			reason = strings.Replace(known, "already defined at line", "a mapping key is written twice", 1)
			break
		}
	}
	where := ""
	if m := yamlLine.FindStringSubmatch(err.Error()); m != nil {
		where = " (line " + m[1] + " of the rendered text)"
	}
	return &drivers.Error{Code: drivers.CodeInvalidResult, Permanent: true, Err: err,
		Message: fmt.Sprintf("%s did not render to YAML: %s%s; values with special characters need quotes, for example {{ . | toRawJson }}", name, reason, where)}
}

// fromYAML turns what the YAML library made into a plain JSON tree.
func fromYAML(name string, v any) (any, error) {
	switch t := v.(type) {
	case map[string]any:
		return fromYAMLMap(name, t, func(k string) string { return k })
	case map[any]any:
		return fromYAMLMap(name, t, func(k any) string { return fmt.Sprint(k) })
	case []any:
		out := make([]any, len(t))
		for i := range t {
			e, err := fromYAML(name, t[i])
			if err != nil {
				return nil, err
			}
			out[i] = e
		}
		return out, nil
	case int:
		return float64(t), nil
	case int64:
		return float64(t), nil
	case uint64:
		return float64(t), nil
	case float64:
		if math.IsNaN(t) || math.IsInf(t, 0) {
			return nil, badResult("%s gave a number that JSON cannot hold (not a number, or infinite)", name)
		}
		return t, nil
	case string, bool, nil:
		return t, nil
	}
	return nil, badResult("%s gave a value of a kind that JSON cannot hold", name)
}

func fromYAMLMap[K comparable](name string, m map[K]any, key func(K) string) (any, error) {
	out := make(map[string]any, len(m))
	for k, v := range m {
		e, err := fromYAML(name, v)
		if err != nil {
			return nil, err
		}
		out[key(k)] = e
	}
	return out, nil
}
