// Package objectdiff compares two versions of a Kubernetes object, field by
// field, in words that can be shown to people: what a server writes by itself
// is left out, and what is secret is only said to have changed. It is pure.
package objectdiff

import (
	"encoding/json"
	"fmt"
	"reflect"
	"sort"
	"strconv"
	"strings"
)

// Change is one field that differs.
type Change struct {
	// Path is a JSON pointer; an element of a list that has a name is found by it:
	// /spec/template/spec/containers/[name=main]/image.
	Path string `json:"path"`
	// Before and After are JSON, cut at 200 bytes; "" = not there, or secret.
	Before string `json:"before,omitempty"`
	After  string `json:"after,omitempty"`
	// Secret says that the values are not shown.
	Secret bool `json:"secret,omitempty"`
	// By is the field manager that holds the field in the cluster, where that is
	// known and not Slipway itself.
	By string `json:"by,omitempty"`
}

// Options say what is not compared and not shown.
type Options struct {
	// Hide tells whether a value must not be shown.
	Hide func(path string, value any) bool
	// Owner names who holds the field of the old object; may be nil. It gets the
	// steps of the path.
	Owner func(steps []Step) string
}

// Step is one step down an object: a field, or an element of a list.
type Step struct {
	Field string // of an object; "" for an element
	Index int
	Value any // the element, in the old object where it is there, else in the new one
}

// maxShown bounds a value that is shown.
const maxShown = 200

// noise are fields that servers write by themselves.
var noise = map[string]bool{
	"/metadata/managedFields": true, "/metadata/resourceVersion": true, "/metadata/generation": true, "/metadata/uid": true,
	"/metadata/creationTimestamp": true, "/metadata/selfLink": true, "/metadata/deletionTimestamp": true, "/status": true,
	"/metadata/deletionGracePeriodSeconds": true,
}

// Compare lists the fields that differ, sorted by path. Where a whole tree is
// new or gone it is one change.
func Compare(before, after map[string]any, o Options) []Change {
	d := &differ{options: o, secret: after["kind"] == "Secret" || before["kind"] == "Secret"}
	d.walk("", nil, before, after, true, true)
	sort.SliceStable(d.found, func(i, j int) bool { return d.found[i].Path < d.found[j].Path })
	return d.found
}

type differ struct {
	options Options
	secret  bool
	found   []Change
}

func (d *differ) walk(path string, steps []Step, before, after any, had, has bool) {
	if noise[path] || had == has && reflect.DeepEqual(before, after) || number(before) == number(after) && number(before) != "" {
		return
	}
	if empty(before) && empty(after) {
		return // {} and nothing mean the same to a server
	}
	old, oldMap := before.(map[string]any)
	fresh, newMap := after.(map[string]any)
	if oldMap && newMap {
		for _, name := range names(old, fresh) {
			b, hadIt := old[name]
			a, hasIt := fresh[name]
			d.walk(path+"/"+escape(name), append(steps[:len(steps):len(steps)], Step{Field: name}), b, a, hadIt, hasIt)
		}
		return
	}
	oldList, oldIs := before.([]any)
	newList, newIs := after.([]any)
	if oldIs && newIs && (len(oldList) == len(newList) || named(oldList) && named(newList)) {
		d.lists(path, steps, oldList, newList)
		return
	}
	d.note(path, steps, before, after, had, has)
}

// lists compares elements by their names where they have some, else by place.
func (d *differ) lists(path string, steps []Step, before, after []any) {
	if !named(before) || !named(after) {
		for i := range before {
			step := Step{Index: i, Value: before[i]}
			d.walk(path+"/"+strconv.Itoa(i), append(steps[:len(steps):len(steps)], step), before[i], after[i], true, true)
		}
		return
	}
	old, fresh := byName(before), byName(after)
	for _, name := range names(old, fresh) {
		b, had := old[name]
		a, has := fresh[name]
		step := Step{Value: b}
		if !had {
			step.Value = a
		}
		d.walk(path+"/[name="+escape(name)+"]", append(steps[:len(steps):len(steps)], step), b, a, had, has)
	}
}

func (d *differ) note(path string, steps []Step, before, after any, had, has bool) {
	c := Change{Path: path}
	hide := func(v any) bool { return d.options.Hide != nil && d.options.Hide(path, v) }
	switch {
	case d.secret && (under(path, "/data") || under(path, "/stringData")), had && hide(before), has && hide(after):
		c.Secret = true
	default:
		if had {
			c.Before = show(before)
		}
		if has {
			c.After = show(after)
		}
	}
	if d.options.Owner != nil {
		c.By = d.options.Owner(steps)
	}
	d.found = append(d.found, c)
}

func under(path, parent string) bool { return path == parent || strings.HasPrefix(path, parent+"/") }

// Under reports whether a path is one of the parent, or the parent itself.
func Under(path, parent string) bool { return under(path, strings.TrimSuffix(parent, "/")) }

func escape(name string) string { return strings.NewReplacer("~", "~0", "/", "~1").Replace(name) }

func show(v any) string {
	raw, err := json.Marshal(v)
	if err != nil {
		return fmt.Sprint(v)
	}
	text := string(raw)
	if len(text) > maxShown {
		text = strings.ToValidUTF8(text[:maxShown], "") + "..."
	}
	return text
}

// number spells numbers alike, whatever type they were decoded to.
func number(v any) string {
	switch n := v.(type) {
	case int:
		return strconv.FormatInt(int64(n), 10)
	case int64:
		return strconv.FormatInt(n, 10)
	case float64:
		return strconv.FormatFloat(n, 'f', -1, 64)
	}
	return ""
}

func empty(v any) bool {
	switch t := v.(type) {
	case nil:
		return true
	case map[string]any:
		return len(t) == 0
	case []any:
		return len(t) == 0
	}
	return false
}

// named reports whether every element of a list has a name of its own.
func named(list []any) bool {
	seen := map[string]bool{}
	for _, e := range list {
		m, _ := e.(map[string]any)
		name, ok := m["name"].(string)
		if !ok || seen[name] {
			return false
		}
		seen[name] = true
	}
	return true
}

func byName(list []any) map[string]any {
	out := make(map[string]any, len(list))
	for _, e := range list {
		m, _ := e.(map[string]any)
		name, _ := m["name"].(string)
		out[name] = e
	}
	return out
}

func names(a, b map[string]any) []string {
	var out []string
	for name := range a {
		out = append(out, name)
	}
	for name := range b {
		if _, both := a[name]; !both {
			out = append(out, name)
		}
	}
	sort.Strings(out)
	return out
}
