package drivers

// Request is one call of a driver for one node of a resource graph.
type Request struct {
	// GUResID names the resource for its whole life, as ^[a-z0-9][a-z0-9-]+[a-z0-9]$.
	GUResID string
	// Type, Class and ID are the node's key, for example "postgres", "default",
	// "modules.api.externals.db".
	Type, Class, ID string
	// Resource holds the inputs of the resource (the params of the Score
	// file, or the module for a workload). It never contains secrets.
	Resource map[string]any
	// Values and Secrets are the definition's driver inputs with placeholders
	// resolved. Credentials of a driver account are at Secrets["account"].
	Values, Secrets map[string]any
	// Cookie is what the last Provision of this resource returned, empty on the
	// first call and after a Destroy.
	Cookie string

	// PlanID is the Plan.ID of a plan that Provision shall apply exactly as it was
	// shown, without planning again. When that cannot be (the plan is not known, its
	// inputs differ, or the resource has changed since) Provision changes nothing and
	// returns a permanent error. "" plans anew. Drivers that keep no plans, and
	// Destroy, ignore it.
	PlanID string

	// ScanID names the look that a DriftDetector takes, or a Planner for no
	// deployment: a call that is repeated with the same one may follow what the first
	// has begun. Other calls ignore it.
	ScanID string

	OrgID, AppID, EnvID, EnvType, DeploymentID string

	// Log takes one line of progress for people, without secret values. It may be nil.
	Log func(line string) `json:"-"`

	// Keep stores a cookie before the call ends, for drivers that learn halfway
	// what they have begun: should the process die, the next call gets it. It may
	// be nil; an error ends the call as it is.
	Keep func(cookie string) error `json:"-"`
}

// Say logs a line when somebody listens.
func (r Request) Say(line string) {
	if r.Log == nil {
		return
	}
	r.Log(line)
}

// Clone returns a request whose trees share nothing with the original, for
// drivers that hand inputs to code which may write to them.
func (r Request) Clone() Request {
	r.Resource = CloneMap(r.Resource)
	r.Values = CloneMap(r.Values)
	r.Secrets = CloneMap(r.Secrets)
	return r
}

// Clone deep-copies a plain tree; values of other types are returned as they are.
func Clone(v any) any {
	switch t := v.(type) {
	case map[string]any:
		return CloneMap(t)
	case []any:
		if t == nil {
			return []any(nil)
		}
		out := make([]any, len(t))
		for i := range t {
			out[i] = Clone(t[i])
		}
		return out
	}
	return v
}

// CloneMap deep-copies a plain object; nil stays nil.
func CloneMap(m map[string]any) map[string]any {
	if m == nil {
		return nil
	}
	out := make(map[string]any, len(m))
	for k, v := range m {
		out[k] = Clone(v)
	}
	return out
}
