package api

import "encoding/json"

// Set is a Deployment Set: the complete description of an Application's
// workloads, without anything of an environment.
type Set struct {
	ID        string                    `json:"id" doc:"Content hash of the set"`
	Version   int                       `json:"version" doc:"Always 0"`
	Modules   map[string]map[string]any `json:"modules" doc:"Workloads by id: profile, spec, externals, deploy"`
	Shared    map[string]any            `json:"shared" doc:"Shared resources by id"`
	Workloads map[string]map[string]any `json:"workloads,omitempty" doc:"Verbatim Score workloads by id"`
}

// ResourceInput is one resource that a Deployment Set asks for.
type ResourceInput struct {
	ID       string         `json:"id" doc:"Resource id"`
	Type     string         `json:"type" doc:"Resource Type"`
	Class    string         `json:"class,omitempty" doc:"Resource Class"`
	Resource map[string]any `json:"resource,omitempty" doc:"Parameters of the resource"`
}

// SetOrDiff is the answer to reading a set: the set, or with ?diff= the delta
// that turns the other set into it.
type SetOrDiff struct {
	Set  *Set
	Diff *PlainDelta
}

// MarshalJSON writes the one that is there.
func (s SetOrDiff) MarshalJSON() ([]byte, error) {
	if s.Diff != nil {
		return json.Marshal(s.Diff)
	}
	return json.Marshal(s.Set)
}
