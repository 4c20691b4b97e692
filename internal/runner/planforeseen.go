package runner

import (
	"context"
	"path/filepath"
	"slices"

	"github.com/slipway-dev/slipway/drivers"
)

// maxForeseen bounds how many objects of a plan are named.
const maxForeseen = 1000

// foreseen reads from the plan that was just made what it does to each object.
// Values are never told, only the names of attributes.
func (w *work) foreseen(ctx context.Context) ([]drivers.Change, error) {
	shown, err := w.show(ctx, filepath.Join(w.run.WorkDir, planName))
	if err != nil {
		return nil, err
	}
	out := []drivers.Change{}
	for _, c := range shown.Changes {
		action := actionOf(c.Change.Actions)
		if action == "" || c.Mode == "data" {
			continue
		}
		if len(out) == maxForeseen {
			return nil, &drivers.Error{Code: drivers.CodeLimit, Permanent: true, Message: "the plan changes more than 1000 objects, which is more than can be shown"}
		}
		out = append(out, w.foreseenOf(c, action))
	}
	return out, nil
}

func (w *work) foreseenOf(c shownChange, action string) drivers.Change {
	change := drivers.Change{Address: w.events.redact(c.Address), Kind: c.Type, Action: action, Detail: w.detailOf(c.Address)}
	if c.Deposed != "" {
		change.Address += " (deposed)"
	}
	if action != "update" && action != "replace" {
		return change
	}
	d := &attributes{hide: w.events.redact}
	d.walk("", c.Change.Before, withUnknown(c.Change.After, c.Change.AfterUnknown), c.Change.BeforeSensitive, c.Change.AfterSensitive)
	change.Attributes = d.sorted()
	return change
}

// detailOf is what the engine said about an address while it planned.
func (w *work) detailOf(address string) string {
	i := slices.IndexFunc(w.planned, func(p plannedChange) bool { return p.Address == address })
	if i < 0 {
		return ""
	}
	return w.events.redact(w.planned[i].Text)
}

// actionOf turns the actions of Terraform into one word, "" for those that change nothing.
func actionOf(actions []string) string {
	switch {
	case len(actions) == 2 && slices.Contains(actions, "create") && slices.Contains(actions, "delete"):
		return "replace"
	case len(actions) != 1 || actions[0] == "no-op" || actions[0] == "read":
		return ""
	}
	return actions[0]
}

// willBe stands for a value that is known only after the apply; it equals no other.
type willBe struct{}

// withUnknown marks in a planned value what is not known yet: the plan leaves that out.
func withUnknown(after, unknown any) any {
	if unknown == true {
		return willBe{}
	}
	switch marks := unknown.(type) {
	case map[string]any:
		known, _ := after.(map[string]any)
		if known == nil {
			return after
		}
		out := make(map[string]any, len(known))
		for name, v := range known {
			out[name] = v
		}
		for name, mark := range marks {
			if below := withUnknown(known[name], mark); below != nil {
				out[name] = below
			}
		}
		return out
	case []any:
		known, _ := after.([]any)
		if len(known) != len(marks) {
			return after
		}
		out := make([]any, len(known))
		for i := range known {
			out[i] = withUnknown(known[i], marks[i])
		}
		return out
	}
	return after
}
