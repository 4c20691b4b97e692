package deployset

import "encoding/json"

// The operations that a patch may hold. RFC 6902 knows more; Deployment Deltas do not.
const (
	OpAdd     = "add"
	OpRemove  = "remove"
	OpReplace = "replace"
)

// Op is one patch operation. Path is a JSON pointer (RFC 6901) relative to the patched module, or to the shared map.
//
// Value is the new value of add and replace. For remove it is nil, or {"scope": "delta"}: such a remove takes back
// earlier operations of the same delta instead of removing anything from the set. From is kept because clients send it;
// no supported operation uses it.
type Op struct {
	Op    string
	Path  string
	Value any
	From  string
}

type jsonOp struct {
	Op    string `json:"op"`
	Path  string `json:"path"`
	Value any    `json:"value"`
	From  string `json:"from,omitempty"`
}

type jsonOpWithoutValue struct {
	Op   string `json:"op"`
	Path string `json:"path"`
	From string `json:"from,omitempty"`
}

// MarshalJSON keeps a null value of add and replace, where null is a value like any other.
func (o Op) MarshalJSON() ([]byte, error) {
	if o.Op == OpRemove && o.Value == nil {
		return json.Marshal(jsonOpWithoutValue{Op: o.Op, Path: o.Path, From: o.From})
	}
	return json.Marshal(jsonOp(o))
}

// UnmarshalJSON reads {op, path, value, from}. A missing value reads as null: generated clients drop null values when
// they send back what they got.
func (o *Op) UnmarshalJSON(raw []byte) error {
	var in jsonOp
	if err := json.Unmarshal(raw, &in); err != nil {
		return err
	}
	*o = Op(in)
	return nil
}

// Changes says how one map of a set (modules or workloads) changes. They take effect in the order Remove, Add, Update.
//
// Add maps an id to the whole new entry; a nil entry means something in Merge only, where it takes back a removal.
// Remove lists ids. Update maps an id to operations on that entry.
type Changes struct {
	Add    map[string]map[string]any `json:"add"`
	Remove []string                  `json:"remove"`
	Update map[string][]Op           `json:"update"`
}

// IsEmpty reports whether nothing would change.
func (c Changes) IsEmpty() bool {
	return len(c.Add) == 0 && len(c.Remove) == 0 && len(c.Update) == 0
}

// MarshalJSON always shows add, remove and update.
func (c Changes) MarshalJSON() ([]byte, error) {
	type plain Changes
	out := plain(c)
	if out.Add == nil {
		out.Add = map[string]map[string]any{}
	}
	if out.Remove == nil {
		out.Remove = []string{}
	}
	if out.Update == nil {
		out.Update = map[string][]Op{}
	}
	return json.Marshal(out)
}

// Delta is a change to a Deployment Set, without the id and metadata that a stored delta has around it. Shared holds
// operations on the set's shared map; their paths start with /{resource id}.
type Delta struct {
	Modules   Changes  `json:"modules"`
	Shared    []Op     `json:"shared"`
	Workloads *Changes `json:"workloads,omitempty"`
}

// IsEmpty reports whether applying the delta gives back the same set.
func (d Delta) IsEmpty() bool {
	return d.Modules.IsEmpty() && len(d.Shared) == 0 && (d.Workloads == nil || d.Workloads.IsEmpty())
}

// MarshalJSON always shows modules and shared.
func (d Delta) MarshalJSON() ([]byte, error) {
	type plain Delta
	out := plain(d)
	if out.Shared == nil {
		out.Shared = []Op{}
	}
	return json.Marshal(out)
}
