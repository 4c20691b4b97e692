// Package deployset holds Deployment Sets and Deployment Deltas: what an Application runs, and how one such state is
// turned into the next. It applies, merges and compares them, and names a set by the hash of its content.
//
// The package works on plain JSON trees (map[string]any, []any, string, float64, bool, nil). It never looks into the
// meaning of a workload's spec, never expands placeholders, and never reads or writes anything outside its arguments.
package deployset

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"strings"

	"github.com/gowebpki/jcs"
)

// ZeroID is the id of the empty set.
const ZeroID = "0000000000000000000000000000000000000000000"

// Set is the complete, environment-independent description of an Application's workloads.
//
// Modules maps a module id to its module {profile, spec, externals, deploy}; Shared maps a resource id to the resource
// {type, class, id, params} that all modules may use; Workloads maps a workload id to a verbatim Score workload
// (Generic Mode) and is usually empty.
type Set struct {
	Modules   map[string]map[string]any `json:"modules"`
	Shared    map[string]any            `json:"shared"`
	Workloads map[string]map[string]any `json:"workloads,omitempty"`
}

// ID names the set by its content: SHA-256 over the RFC 8785 canonical JSON of {modules, shared, workloads}, base64url
// without padding, 43 characters; ZeroID for the empty set. Key order, and whether one of the three maps is empty or
// missing, make no difference.
//
// Every set that ParseSet or Apply returned has an id. A set put together by hand that holds something JSON cannot
// express (NaN, a channel) has none: the result is the empty string.
func (s Set) ID() string {
	if s.IsEmpty() {
		return ZeroID
	}
	normal, err := s.clone()
	if err != nil {
		return ""
	}
	raw, err := json.Marshal(normal)
	if err != nil {
		return ""
	}
	canonical, err := jcs.Transform(raw)
	if err != nil {
		return ""
	}
	sum := sha256.Sum256(canonical)
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// IsEmpty reports whether the set declares nothing at all.
func (s Set) IsEmpty() bool {
	return len(s.Modules) == 0 && len(s.Shared) == 0 && len(s.Workloads) == 0
}

// IsZeroID reports whether id names the empty set: any non-empty string of only '0' does.
func IsZeroID(id string) bool {
	return id != "" && strings.Trim(id, "0") == ""
}

// MarshalJSON always shows modules and shared, as empty objects if need be, and workloads only when there are some.
func (s Set) MarshalJSON() ([]byte, error) {
	type plain Set
	out := plain(s)
	if out.Modules == nil {
		out.Modules = map[string]map[string]any{}
	}
	if out.Shared == nil {
		out.Shared = map[string]any{}
	}
	return json.Marshal(out)
}

// clone returns an independent copy in which every map exists and every number is a float64.
func (s Set) clone() (Set, error) {
	modules, err := cloneEntries("modules", s.Modules)
	if err != nil {
		return Set{}, err
	}
	shared, err := cloneMap(s.Shared)
	if err != nil {
		return Set{}, prefix("shared", err)
	}
	workloads, err := cloneEntries("workloads", s.Workloads)
	if err != nil {
		return Set{}, err
	}
	return Set{Modules: modules, Shared: shared, Workloads: workloads}, nil
}

func cloneEntries(where string, in map[string]map[string]any) (map[string]map[string]any, error) {
	out := make(map[string]map[string]any, len(in))
	for id, entry := range in {
		copied, err := cloneMap(entry)
		if err != nil {
			return nil, prefix(where+"/"+escapeToken(id), err)
		}
		out[id] = copied
	}
	return out, nil
}
