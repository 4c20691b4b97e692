package orchestrator

import "time"

// Value is a Shared Value of an application or an override of one environment.
type Value struct {
	OrgID       string
	AppID       string
	EnvID       string // "" = application level
	Key         string
	Value       string // "" for secrets
	Description string
	IsSecret    bool
	SecretStore string // for secrets: the store's id
	SecretKey   string // for secrets: the reference within the store
	SecretVer   string // for secrets: "1", "2", ...
	CreatedAt   time.Time
	UpdatedAt   time.Time
}

// ValueSource says on which level a value was set.
func (v Value) ValueSource() string {
	if v.EnvID == "" {
		return "app"
	}
	return "env"
}

// ValueSetVersion is one immutable state of all values of a level.
type ValueSetVersion struct {
	OrgID     string
	AppID     string
	EnvID     string // "" = application level
	ID        string // UUID
	CreatedAt time.Time
	UpdatedAt time.Time
	CreatedBy string
	Comment   string
	Change    []ValueChange
	ResultOf  string // app_value_create, env_value_update, ...
	SourceID  string // the version that was restored; "" otherwise
	// Values is what the level sees: for an environment the application's
	// values overlaid with its overrides. Each carries its own source.
	Values  map[string]Value
	Version int64
}

// ValueChange is one JSON Patch operation of a ValueSetVersion.
type ValueChange struct {
	Op    string `json:"op"`
	Path  string `json:"path"`
	Value any    `json:"value,omitempty"`
}

// StoredSecret is one version of one secret in the built-in store, encrypted.
type StoredSecret struct {
	OrgID     string
	Ref       string // orgs--{org}--apps--{app}--secret_values--{key} and the like
	Version   int    // counts up from 1
	Sealed    []byte
	CreatedAt time.Time
}
