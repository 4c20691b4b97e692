package api

// Value is a Shared Value.
type Value struct {
	Key           string  `json:"key" doc:"Key"`
	Value         string  `json:"value" doc:"The value; empty for secrets"`
	Description   string  `json:"description" doc:"What it is for"`
	IsSecret      bool    `json:"is_secret" doc:"Whether it is a secret"`
	Source        string  `json:"source" enum:"app,env" doc:"Level it was set on"`
	SecretStoreID *string `json:"secret_store_id" doc:"For secrets: the secret store"`
	SecretKey     *string `json:"secret_key" doc:"For secrets: the reference within the store"`
	SecretVersion *string `json:"secret_version" doc:"For secrets: the version, a growing decimal number"`
	CreatedAt     Time    `json:"created_at" doc:"When it was created"`
	UpdatedAt     Time    `json:"updated_at" doc:"When it last changed"`
}

// SecretReference is a secret, or where it is kept: either value, or store and
// ref with an optional version.
type SecretReference struct {
	Store   string  `json:"store,omitempty" doc:"Id of the secret store"`
	Ref     string  `json:"ref,omitempty" doc:"Reference within the store"`
	Version string  `json:"version,omitempty" doc:"Version; the latest when absent"`
	Value   *string `json:"value,omitempty" doc:"The secret itself"`
}

// CreateValueRequest asks for a new Shared Value.
type CreateValueRequest struct {
	Key         string           `json:"key" doc:"Key: letters, digits, dots, dashes, underscores"`
	Description *string          `json:"description" doc:"What it is for"`
	Value       *string          `json:"value,omitempty" doc:"The value"`
	IsSecret    bool             `json:"is_secret,omitempty" doc:"Keep the value as a secret"`
	SecretRef   *SecretReference `json:"secret_ref,omitempty" doc:"A secret, or where it is kept"`
}

// UpdateValueRequest replaces value and description of a Shared Value.
type UpdateValueRequest struct {
	Key         string           `json:"key,omitempty" doc:"Ignored"`
	Description *string          `json:"description" doc:"What it is for"`
	Value       *string          `json:"value,omitempty" doc:"The value"`
	IsSecret    bool             `json:"is_secret,omitempty" doc:"Ignored: whether a value is a secret cannot change"`
	SecretRef   *SecretReference `json:"secret_ref,omitempty" doc:"A secret, or where it is kept"`
}

// PatchValueRequest changes what it names; at least one field is needed.
type PatchValueRequest struct {
	Description *string          `json:"description,omitempty" doc:"What it is for"`
	Value       *string          `json:"value,omitempty" doc:"The value"`
	SecretRef   *SecretReference `json:"secret_ref,omitempty" doc:"A secret, or where it is kept"`
}

// ValueSetVersion is the state of all values of a level after one change.
type ValueSetVersion struct {
	ID                      string           `json:"id" doc:"UUID"`
	CreatedAt               Time             `json:"created_at" doc:"When the change was made"`
	UpdatedAt               Time             `json:"updated_at" doc:"When the version itself last changed, by a purge"`
	CreatedBy               string           `json:"created_by" doc:"Id of the user who made the change"`
	Comment                 string           `json:"comment" doc:"Comment"`
	Change                  []JSONPatch      `json:"change" doc:"What changed, as JSON Patch operations"`
	ResultOf                string           `json:"result_of" doc:"Kind of change, for example app_value_create"`
	SourceValueSetVersionID *string          `json:"source_value_set_version_id" doc:"Version that was restored"`
	Values                  map[string]Value `json:"values" doc:"All values by key"`
}

// JSONPatch is one JSON Patch operation.
type JSONPatch struct {
	Op    string `json:"op" doc:"add, remove or replace"`
	Path  string `json:"path" doc:"JSON Pointer"`
	Value any    `json:"value,omitempty" doc:"New value"`
}

// ValueSetActionRequest may explain a restore or a purge.
type ValueSetActionRequest struct {
	Comment string `json:"comment,omitempty" doc:"Comment"`
}
