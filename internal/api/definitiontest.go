package api

// DefinitionTestRequest asks what a Resource Definition makes of given inputs.
type DefinitionTestRequest struct {
	DefID        string                   `json:"def_id,omitempty" doc:"Resource Definition to test, as it is stored"`
	VersionID    string                   `json:"version_id,omitempty" doc:"Version of it; the one in use when absent"`
	Definition   *CreateDefinitionRequest `json:"definition,omitempty" doc:"A draft to test instead; it is not stored"`
	Context      DefinitionTestContext    `json:"context,omitempty" doc:"Where the resource would be"`
	Placeholders map[string]any           `json:"placeholders,omitempty" doc:"Values by the text of a placeholder without ${ and }, such as context.org.id or resources.dns.outputs.host"`
	Resource     map[string]any           `json:"resource,omitempty" doc:"Inputs of the resource: what the workload asks for; for type workload {id, spec}"`
	Secrets      map[string]any           `json:"secrets,omitempty" doc:"Values of the definition's secrets, by their names and nesting; account holds the credentials of the driver account. They are not stored and not answered"`
	Cookie       any                      `json:"cookie,omitempty" doc:"What the driver is said to have returned last; absent for a first run"`
	Default      *string                  `json:"default,omitempty" doc:"Value of every placeholder that is not given; absent: each one is a problem"`
}

// DefinitionTestContext is where a resource would be. Nothing of it has to exist.
type DefinitionTestContext struct {
	AppID   string `json:"app_id,omitempty" doc:"context.app.id"`
	EnvID   string `json:"env_id,omitempty" doc:"context.env.id"`
	EnvType string `json:"env_type,omitempty" doc:"context.env.type"`
	Class   string `json:"class,omitempty" doc:"context.res.class"`
	ResID   string `json:"res_id,omitempty" doc:"context.res.id"`
}

// DefinitionTest is what came of it. Secrets are shown as (secret) wherever they are.
type DefinitionTest struct {
	Status    string                            `json:"status" enum:"computed,not_run,failed" doc:"computed: the driver has run; not_run: it reaches outside and was not called; failed: see problems"`
	Driver    string                            `json:"driver" doc:"Driver"`
	Problems  []DefinitionTestProblem           `json:"problems" doc:"What is wrong with the definition or the inputs"`
	Values    map[string]any                    `json:"values" doc:"Outputs"`
	Secrets   map[string]any                    `json:"secrets" doc:"Names of secret outputs"`
	Manifests map[string]DefinitionTestManifest `json:"manifests" doc:"Manifests, by the name the template gives them"`
	Init      any                               `json:"init,omitempty" doc:"What the init template gave"`
	Cookie    any                               `json:"cookie,omitempty" doc:"What the driver would be given the next time"`
	Random    []string                          `json:"random" doc:"Functions of the templates that give something else each time"`
	Unstable  []string                          `json:"unstable" doc:"Outputs and manifests that a second run with the cookie of the first gives otherwise, such as values/name: each deployment would change them"`
	Defaulted []string                          `json:"placeholders_defaulted" doc:"Placeholders that got the default"`
	NotRun    string                            `json:"not_run,omitempty" doc:"Why the driver was not called"`
	WouldRun  []string                          `json:"would_run" doc:"What the driver would run, in words"`
	Inputs    *DefinitionTestInputs             `json:"inputs,omitempty" doc:"What the driver would have been called with, when it was not called"`
	Notes     []string                          `json:"notes" doc:"Remarks: secrets without a value, lines that the driver logged"`
}

// DefinitionTestProblem is one thing that is wrong.
type DefinitionTestProblem struct {
	Message     string `json:"message" doc:"What is wrong"`
	Path        string `json:"path" doc:"JSON pointer into the definition, such as /driver_inputs/values/templates/init; empty when it is about nothing in particular"`
	Line        int    `json:"line" doc:"Line of the text at path, from 1; 0 when it is about all of it"`
	Placeholder string `json:"placeholder,omitempty" doc:"Placeholder that has no value"`
}

// DefinitionTestManifest is one object that the resource wants delivered.
type DefinitionTestManifest struct {
	Location string `json:"location" doc:"namespace, cluster, containers or volumes"`
	Data     any    `json:"data" doc:"The object"`
}

// DefinitionTestInputs is what a driver would have been called with.
type DefinitionTestInputs struct {
	Resource map[string]any `json:"resource" doc:"Inputs of the resource"`
	Values   map[string]any `json:"values" doc:"Driver inputs, resolved"`
	Secrets  map[string]any `json:"secrets" doc:"Names of secret driver inputs"`
}
