package drivers

import "encoding/json"

// Kind says where a driver runs, which decides how it is scheduled.
type Kind int

const (
	// InProcess drivers only compute: milliseconds, no network, no process.
	// Many of them run inside one activity.
	InProcess Kind = iota
	// Heavy drivers reach outside and may take minutes. Each node gets an
	// activity of its own with heartbeats.
	Heavy
)

// String returns "in-process" or "heavy".
func (k Kind) String() string {
	if k == Heavy {
		return "heavy"
	}
	return "in-process"
}

// MarshalText writes the same spelling as String.
func (k Kind) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// AnyType is the ResourceType of drivers that can produce every resource type.
const AnyType = "*"

// Descriptor tells the outside world what a driver is, takes and needs.
type Descriptor struct {
	// ID is the reference used in driver_type, such as "humanitec/echo".
	ID string
	// Aliases are other spellings of the same driver.
	Aliases []string
	// ResourceType is the type it produces, or AnyType.
	ResourceType string
	Kind         Kind
	Description  string
	// InputsSchema is a JSON schema of {values, secrets}; nil accepts anything.
	InputsSchema map[string]any
	// AccountTypes are the account types whose credentials it takes. Credentials
	// of a driver_account are handed only to drivers that list at least one.
	AccountTypes []string
	// Defaults are driver input values that the caller merges under those of
	// the definition before placeholders are resolved, so that a driver can ask for
	// outputs of other resources without every definition repeating the references.
	Defaults map[string]any
	// Instead says what does the same here, for drivers that are known by name and run nowhere but at their vendor.
	Instead string
}

// clone keeps callers from writing into what the registry holds.
func (d Descriptor) clone() Descriptor {
	d.Aliases = append([]string(nil), d.Aliases...)
	d.AccountTypes = append([]string(nil), d.AccountTypes...)
	d.InputsSchema = CloneMap(d.InputsSchema)
	d.Defaults = CloneMap(d.Defaults)
	return d
}

// ParseSchema parses a JSON schema written in the source of a driver. A text
// that is not a JSON object yields a schema that accepts nothing, so that a
// mistake shows in the first test instead of ending the process.
func ParseSchema(text string) map[string]any {
	var out map[string]any
	if err := json.Unmarshal([]byte(text), &out); err != nil {
		return map[string]any{"not": map[string]any{}, "description": err.Error()}
	}
	return out
}
