package cli

import (
	"slices"

	"github.com/slipway-dev/slipway/internal/client"
)

// manifestKind is a kind of thing that manifests describe: where it is in the API, and how a change is written.
type manifestKind struct {
	kind    string   // as manifests spell it
	aliases []string // other spellings
	name    string   // as messages spell it
	need    []string // settings it needs
	idField string   // name of the id in the body
	named   bool     // it has a display name, which is the id when absent
	// fixed fields cannot change after creation.
	fixed []string
	// fields can change and are compared; the others of an entity are sent but not looked at.
	fields []string
	// method writes a change: with PUT an absent field is unset, with PATCH it stays.
	method string
	// list is where new ones are posted, item where one is. in is the manifest's metadata and entity in one.
	list func(s client.Scope, in map[string]any) string
	item func(s client.Scope, id string, in map[string]any) string
	// read is where one is as it was written, if not at item.
	read func(s client.Scope, id string) string
	// replaced says that a change replaces everything, also with PATCH: an absent field is unset.
	replaced bool
	// inList says that there is no operation to read one.
	inList bool
	// criteria says that it has Matching Criteria, which have operations of their own.
	criteria bool
}

// manifestKinds lists them in the order in which they need one another.
var manifestKinds = slices.Concat(assetManifestKinds, coreManifestKinds)

var coreManifestKinds = []*manifestKind{
	{
		kind: "EnvironmentType", name: "environment type", need: needOrg, idField: "id", method: "PATCH", fields: []string{"description"},
		list: func(s client.Scope, _ map[string]any) string { return s.OrgPath("env-types") },
		item: func(s client.Scope, id string, _ map[string]any) string { return s.OrgPath("env-types", id) },
	},
	{
		kind: "ResourceType", name: "resource type", need: needOrg, idField: "type", method: "PUT", inList: true,
		fields: []string{"name", "category", "use", "inputs_schema", "outputs_schema"},
		list:   func(s client.Scope, _ map[string]any) string { return s.OrgPath("resources", "types") },
		item:   func(s client.Scope, id string, _ map[string]any) string { return s.OrgPath("resources", "types", id) },
	},
	{
		kind: "ResourceClass", name: "resource class", need: needOrg, idField: "id", method: "PATCH", fields: []string{"description"},
		list: func(s client.Scope, in map[string]any) string {
			return s.OrgPath("resources", "types", textOf(in, "resource_type"), "classes")
		},
		item: func(s client.Scope, id string, in map[string]any) string {
			return s.OrgPath("resources", "types", textOf(in, "resource_type"), "classes", id)
		},
	},
	{
		kind: "ResourceDriver", aliases: []string{"Driver"}, name: "driver", need: needOrg, idField: "id", method: "PUT",
		fields: []string{"type", "account_types", "inputs_schema", "target", "template"},
		list:   func(s client.Scope, _ map[string]any) string { return s.OrgPath("resources", "drivers") },
		item:   func(s client.Scope, id string, _ map[string]any) string { return s.OrgPath("resources", "drivers", id) },
	},
	{
		kind: "Definition", aliases: []string{"ResourceDefinition"}, name: "definition", need: needOrg, idField: "id", named: true,
		method: "PUT", fixed: []string{"type"}, criteria: true,
		fields: []string{"name", "driver_type", "driver_account", "driver_inputs", "provision", "in_place_driver_change"},
		list:   func(s client.Scope, _ map[string]any) string { return s.OrgPath("resources", "defs") },
		item:   func(s client.Scope, id string, _ map[string]any) string { return s.OrgPath("resources", "defs", id) },
	},
	{
		kind: "Application", name: "application", need: needOrg, idField: "id", named: true, method: "PATCH", fields: []string{"name"},
		list: func(s client.Scope, _ map[string]any) string { return s.OrgPath("apps") },
		item: func(s client.Scope, id string, _ map[string]any) string { return s.OrgPath("apps", id) },
	},
	{
		kind: "Environment", name: "environment", need: needApp, idField: "id", named: true, method: "PATCH", fixed: []string{"type"}, fields: []string{"name"},
		list: func(s client.Scope, _ map[string]any) string { return s.AppPath("envs") },
		item: func(s client.Scope, id string, _ map[string]any) string { return s.AppPath("envs", id) },
	},
	{
		kind: "Value", aliases: []string{"SharedValue"}, name: "value", need: needApp, idField: "key", method: "PATCH", inList: true,
		fixed: []string{"is_secret"}, fields: []string{"value", "description", "secret_ref"},
		list: func(s client.Scope, _ map[string]any) string { return s.LevelPath("values") },
		item: func(s client.Scope, id string, _ map[string]any) string { return s.LevelPath("values", id) },
	},
	{
		kind: "Pipeline", name: "pipeline", need: needApp, idField: "id", named: true, method: "PATCH", replaced: true,
		fields: []string{"name", "on", "jobs", "metadata", "timeout-minutes", "concurrency", "permissions", "env"},
		list:   func(s client.Scope, _ map[string]any) string { return s.AppPath("pipelines") },
		item:   func(s client.Scope, id string, _ map[string]any) string { return s.AppPath("pipelines", id) },
		read:   func(s client.Scope, id string) string { return s.AppPath("pipelines", id, "schema") },
	},
	{
		kind: "Webhook", name: "webhook", need: needApp, idField: "id", method: "PATCH",
		fields: []string{"url", "triggers", "headers", "payload", "disabled"},
		list:   func(s client.Scope, _ map[string]any) string { return s.AppPath("webhooks") },
		item:   func(s client.Scope, id string, _ map[string]any) string { return s.AppPath("webhooks", id) },
	},
}

func findManifestKind(name string) *manifestKind {
	for _, k := range manifestKinds {
		if k.kind == name || slices.Contains(k.aliases, name) {
			return k
		}
	}
	return nil
}

// textOf is a text field of a tree; "" when it is absent or none.
func textOf(in map[string]any, name string) string {
	out, _ := in[name].(string)
	return out
}
