package runner

import (
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/slipway-dev/slipway/drivers"
)

// attributes collects the names of what differs between two versions of an
// object. It never keeps a value.
type attributes struct {
	hide  func(string) string // keys of maps may hold what must not be shown
	found []drivers.Attribute
}

// walk compares one value. Marks are Terraform's: true, or a tree with true
// wherever a value is sensitive. Below a sensitive value nothing is named.
func (a *attributes) walk(path string, before, after, markBefore, markAfter any) {
	if reflect.DeepEqual(before, after) {
		return
	}
	if markBefore == true || markAfter == true {
		a.found = append(a.found, drivers.Attribute{Path: a.hide(path), Sensitive: true})
		return
	}
	was, object := before.(map[string]any)
	is, still := after.(map[string]any)
	if object && still {
		all := maps.Clone(was)
		maps.Copy(all, is)
		for name := range all {
			a.walk(path+"/"+escapePointer(name), was[name], is[name], markOf(markBefore, name), markOf(markAfter, name))
		}
		return
	}
	list, isList := before.([]any)
	now, stillList := after.([]any)
	if isList && stillList && len(list) == len(now) && allObjects(list) && allObjects(now) {
		for i := range list {
			a.walk(path+"/"+strconv.Itoa(i), list[i], now[i], markAt(markBefore, i), markAt(markAfter, i))
		}
		return
	}
	a.found = append(a.found, drivers.Attribute{Path: a.hide(path), Sensitive: marked(markBefore) || marked(markAfter)})
}

// sorted gives the names in order, at most drivers.MaxDriftAttributes.
func (a *attributes) sorted() []drivers.Attribute {
	slices.SortFunc(a.found, func(x, y drivers.Attribute) int { return strings.Compare(x.Path, y.Path) })
	return a.found[:min(len(a.found), drivers.MaxDriftAttributes)]
}

func allObjects(list []any) bool {
	return !slices.ContainsFunc(list, func(v any) bool { _, ok := v.(map[string]any); return !ok })
}

func markOf(mark any, name string) any {
	tree, _ := mark.(map[string]any)
	return tree[name]
}

func markAt(mark any, i int) any {
	if list, _ := mark.([]any); i < len(list) {
		return list[i]
	}
	return nil
}

// marked reports whether anything in a tree of marks is sensitive.
func marked(mark any) bool {
	switch m := mark.(type) {
	case bool:
		return m
	case map[string]any:
		for _, child := range m {
			if marked(child) {
				return true
			}
		}
	case []any:
		return slices.ContainsFunc(m, marked)
	}
	return false
}

// escapePointer writes a name as a part of a JSON pointer (RFC 6901).
func escapePointer(name string) string {
	return strings.NewReplacer("~", "~0", "/", "~1").Replace(name)
}
