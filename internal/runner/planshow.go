package runner

import (
	"context"
	"encoding/json"
	"reflect"
	"slices"
	"strings"
)

// shownPlan is what is read of `terraform show -json PLAN`.
type shownPlan struct {
	Changes []shownChange `json:"resource_changes"`
	Drift   []shownChange `json:"resource_drift"` // what a refresh has found
}

type shownChange struct {
	Address string `json:"address"`
	Mode    string `json:"mode"`
	Type    string `json:"type"`
	Deposed string `json:"deposed"`
	Change  struct {
		Actions         []string `json:"actions"`
		Before          any      `json:"before"`
		BeforeSensitive any      `json:"before_sensitive"`
		After           any      `json:"after"`
		AfterUnknown    any      `json:"after_unknown"`
		AfterSensitive  any      `json:"after_sensitive"`
	} `json:"change"`
}

// show reads a plan file.
func (w *work) show(ctx context.Context, path string) (shownPlan, error) {
	var shown shownPlan
	var text strings.Builder
	code, err := w.terraform(ctx, "show.json", func(line string) { text.WriteString(line) }, "show", "-json", "-no-color", path)
	if err != nil {
		return shown, err
	}
	if code != 0 || json.Unmarshal([]byte(text.String()), &shown) != nil {
		return shown, failed("%s show failed: the plan cannot be read", w.engine.name)
	}
	return shown, nil
}

// beyond is the first address at which p would do something that approved does
// not hold; "" when there is none.
func (p shownPlan) beyond(approved shownPlan) string {
	for _, c := range p.Changes {
		if c.Mode == "data" || slices.Equal(c.Change.Actions, []string{"no-op"}) {
			continue
		}
		i := slices.IndexFunc(approved.Changes, func(a shownChange) bool { return a.Address == c.Address && a.Deposed == c.Deposed })
		if i < 0 {
			return c.Address
		}
		a := approved.Changes[i].Change
		for _, action := range c.Change.Actions {
			if !slices.Contains(a.Actions, action) {
				return c.Address
			}
		}
		if !within(c.Change.After, a.After, a.AfterUnknown) {
			return c.Address
		}
	}
	return ""
}

// within reports whether a planned value is the approved one, wherever that was
// known.
func within(value, approved, unknown any) bool {
	if unknown == true {
		return true
	}
	switch a := approved.(type) {
	case map[string]any:
		v, ok := value.(map[string]any)
		if !ok {
			return false
		}
		marks, _ := unknown.(map[string]any)
		for _, m := range []map[string]any{a, v} {
			for k := range m {
				if !within(v[k], a[k], marks[k]) {
					return false
				}
			}
		}
		return true
	case []any:
		v, ok := value.([]any)
		marks, _ := unknown.([]any)
		if !ok || len(v) != len(a) {
			return false
		}
		for i := range a {
			var mark any
			if i < len(marks) {
				mark = marks[i]
			}
			if !within(v[i], a[i], mark) {
				return false
			}
		}
		return true
	}
	return reflect.DeepEqual(value, approved)
}
