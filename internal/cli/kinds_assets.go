package cli

import (
	"encoding/json"
	"strings"

	"github.com/slipway-dev/slipway/internal/api"
	"github.com/slipway-dev/slipway/internal/client"
)

// assetKinds are what platform engineers bring along beside types, drivers and definitions.
func assetKinds() []kind {
	return []kind{
		{
			name: "secret-stores", aliases: []string{"secret-store", "secretstores", "secretstore", "stores", "store"}, short: "Secret Stores", need: needOrg, args: []string{"[STORE]"},
			fetch: func(q query) (json.RawMessage, error) { return q.listOrItem(q.OrgPath("secretstores")) },
			table: columns([]string{"ID", "KIND", "PRIMARY", "WHERE", "UPDATED"}, secretStoreRow),
		},
		{
			name: "accounts", aliases: []string{"account", "resource-accounts", "resource-account"}, short: "Resource Accounts", need: needOrg, args: []string{"[ACCOUNT]"},
			fetch: func(q query) (json.RawMessage, error) { return q.listOrItem(q.OrgPath("resources", "accounts")) },
			table: columns([]string{"ID", "TYPE", "NAME", "USED", "CREATED"}, func(v api.ResourceAccount) []string {
				return []string{v.ID, v.Type, v.Name, yes(v.IsUsed), ago(v.CreatedAt)}
			}),
		},
		{
			name: "account-types", aliases: []string{"account-type", "resource-account-types"}, short: "Types of Resource Accounts, with the credentials they ask for", need: needOrg, args: []string{"[TYPE]"},
			fetch: func(q query) (json.RawMessage, error) {
				raw, err := q.get(q.OrgPath("resources", "account-types")) // there is no operation for one
				if err != nil || len(q.ids) == 0 {
					return raw, err
				}
				return pick(raw, "account type "+q.ids[0], func(v api.ResourceAccountType) bool { return v.Type == q.ids[0] })
			},
			table: columns([]string{"TYPE", "NAME", "CREDENTIALS"}, func(v api.ResourceAccountType) []string {
				properties, _ := v.InputsSchema["properties"].(map[string]any)
				return []string{v.Type, v.Name, keys(properties)}
			}),
		},
		{
			name: "registries", aliases: []string{"registry"}, short: "Registries of container images", need: needOrg, args: []string{"[REGISTRY]"},
			fetch: func(q query) (json.RawMessage, error) { return q.listOrItem(q.OrgPath("registries")) },
			table: columns([]string{"ID", "REGISTRY", "TYPE", "FOR CI", "CREATED"}, func(v api.Registry) []string {
				return []string{v.ID, v.Registry, v.Type, yes(v.EnableCI), ago(v.CreatedAt)}
			}),
		},
		{
			name: "registry-creds", short: "Credentials of a registry, for CI", need: needOrg, args: []string{"REGISTRY"},
			fetch: func(q query) (json.RawMessage, error) { return q.get(q.OrgPath("registries", q.ids[0], "creds")) },
			table: columns([]string{"REGISTRY", "USER", "PASSWORD"}, func(v api.RegistryCreds) []string {
				return []string{v.Registry, v.Username, v.Password}
			}),
		},
	}
}

// keyKinds are agents and keys.
func keyKinds() []kind {
	return []kind{
		{
			name: "agents", aliases: []string{"agent"}, short: "Agents", need: needOrg, args: []string{"[AGENT]"},
			fetch: func(q query) (json.RawMessage, error) {
				raw, err := q.get(q.OrgPath("agents")) // there is no operation for one
				if err != nil || len(q.ids) == 0 {
					return raw, err
				}
				return pick(raw, "agent "+q.ids[0], func(v api.Agent) bool { return v.ID == q.ids[0] })
			},
			table: columns([]string{"ID", "CREATED", "DESCRIPTION"}, func(v api.Agent) []string { return []string{v.ID, ago(v.CreatedAt), v.Description} }),
		},
		{
			name: "agent-keys", aliases: []string{"agent-key"}, short: "Public keys of an agent", need: needOrg, args: []string{"AGENT"},
			fetch: func(q query) (json.RawMessage, error) { return q.get(q.OrgPath("agents", q.ids[0], "keys")) },
			table: columns([]string{"FINGERPRINT", "CREATED", "EXPIRES"}, func(v api.AgentKey) []string {
				return []string{v.Fingerprint, ago(v.CreatedAt), ago(v.ExpiredAt)}
			}),
		},
		{
			name: "public-keys", aliases: []string{"public-key"}, short: "Public keys of the Organization", need: needOrg, args: []string{"[KEY]"},
			fetch: func(q query) (json.RawMessage, error) { return q.listOrItem(q.OrgPath("keys")) },
			table: columns([]string{"ID", "FINGERPRINT", "CREATED", "EXPIRES"}, func(v api.PublicKey) []string {
				return []string{v.ID, v.Fingerprint, ago(v.CreatedAt), ago(v.ExpiredAt)}
			}),
		},
	}
}

// workloadKinds are profiles beside their list, charts and templates.
func workloadKinds() []kind {
	return []kind{
		{
			name: "workload-profile-versions", aliases: []string{"workload-profile-version", "profile-versions"}, short: "Versions of a Workload Profile, newest first", need: needOrg, args: []string{"PROFILE"},
			fetch: func(q query) (json.RawMessage, error) {
				return q.get(q.OrgPath("workload-profiles", q.ids[0], "versions"))
			},
			table: columns([]string{"VERSION", "CHART", "CREATED", "DESCRIPTION"}, func(v api.WorkloadProfileVersion) []string {
				return []string{v.Version, v.WorkloadProfileChart.ID + " " + v.WorkloadProfileChart.Version, ago(v.CreatedAt), v.Description}
			}),
		},
		{
			name: "charts", aliases: []string{"chart", "workload-profile-charts", "workload-profile-chart-versions"}, short: "Helm charts of Workload Profiles, newest first", need: needOrg, args: []string{"[CHART]"},
			fetch: func(q query) (json.RawMessage, error) {
				if len(q.ids) > 0 {
					q.flags.Set("id", q.ids[0])
				}
				return q.get(q.OrgPath("workload-profile-chart-versions"))
			},
			table: columns([]string{"ID", "VERSION", "CREATED"}, func(v api.WorkloadProfileChartVersion) []string { return []string{v.ID, v.Version, ago(v.CreatedAt)} }),
		},
		{
			name: "workload-templates", aliases: []string{"workload-template", "templates", "template"}, short: "Workload Templates: what `score init` begins from", need: needOrg, args: []string{"[TEMPLATE]"},
			fetch: func(q query) (json.RawMessage, error) { return q.listOrItem(q.OrgPath("workload-templates")) },
			table: columns([]string{"ID", "PARAMETERS", "RESOURCES", "DESCRIPTION"}, func(v api.WorkloadTemplate) []string {
				var types []string
				for _, r := range v.Resources {
					types = append(types, r.Type)
				}
				properties, _ := v.Parameters["properties"].(map[string]any)
				return []string{v.OrgID + "/" + v.ID, keys(properties), strings.Join(types, ", "), v.Description}
			}),
		},
	}
}

func secretStoreRow(v api.SecretStore) []string {
	kind, where := "built in", ""
	switch {
	case v.Vault != nil:
		kind, where = "vault", v.Vault.URL
	case v.AWSSM != nil:
		kind, where = "awssm", v.AWSSM.Region
	case v.AzureKV != nil:
		kind, where = "azurekv", v.AzureKV.URL
	case v.GCPSM != nil:
		kind, where = "gcpsm", v.GCPSM.ProjectID
	}
	return []string{v.ID, kind, yes(v.Primary), where, ago(v.UpdatedAt)}
}

// yes spells true in tables, where false is nothing.
func yes(b bool) string {
	if b {
		return "yes"
	}
	return ""
}

func assetDeletables() []deletable {
	return []deletable{
		{name: "secret-store", aliases: []string{"secretstore", "store"}, short: "Forget a Secret Store that nothing refers to; what is in it stays", need: needOrg, args: []string{"STORE"},
			path: func(s client.Scope, ids []string) string { return s.OrgPath("secretstores", ids[0]) }},
		{name: "account", aliases: []string{"resource-account"}, short: "Delete a Resource Account that nothing uses", need: needOrg, args: []string{"ACCOUNT"},
			path: func(s client.Scope, ids []string) string { return s.OrgPath("resources", "accounts", ids[0]) }},
		{name: "registry", short: "Delete a registry with its credentials", need: needOrg, args: []string{"REGISTRY"},
			path: func(s client.Scope, ids []string) string { return s.OrgPath("registries", ids[0]) }},
		{name: "agent", short: "Delete an agent with its keys", need: needOrg, args: []string{"AGENT"},
			path: func(s client.Scope, ids []string) string { return s.OrgPath("agents", ids[0]) }},
		{name: "agent-key", short: "Take a public key from an agent", need: needOrg, args: []string{"AGENT", "FINGERPRINT"},
			path: func(s client.Scope, ids []string) string { return s.OrgPath("agents", ids[0], "keys", ids[1]) }},
		{name: "public-key", short: "Delete a public key of the Organization", need: needOrg, args: []string{"KEY"},
			path: func(s client.Scope, ids []string) string { return s.OrgPath("keys", ids[0]) }},
		{name: "workload-profile", aliases: []string{"profile"}, short: "Delete a Workload Profile with all its versions", need: needOrg, args: []string{"PROFILE"},
			warning: "all its versions: workloads that name it cannot be deployed any more",
			path:    func(s client.Scope, ids []string) string { return s.OrgPath("workload-profiles", ids[0]) }},
		{name: "workload-template", aliases: []string{"template"}, short: "Delete a Workload Template; what was made from it stays", need: needOrg, args: []string{"TEMPLATE"},
			path: func(s client.Scope, ids []string) string { return s.OrgPath("workload-templates", ids[0]) }},
	}
}

// assetManifestKinds come before what refers to them.
var assetManifestKinds = []*manifestKind{
	{
		kind: "SecretStore", name: "secret store", need: needOrg, idField: "id", method: "PATCH",
		fields: []string{"primary", "vault", "awssm", "azurekv", "gcpsm"},
		list:   func(s client.Scope, _ map[string]any) string { return s.OrgPath("secretstores") },
		item:   func(s client.Scope, id string, _ map[string]any) string { return s.OrgPath("secretstores", id) },
	},
	{
		kind: "ResourceAccount", aliases: []string{"Account"}, name: "resource account", need: needOrg, idField: "id", named: true, method: "PATCH",
		fixed: []string{"type"}, fields: []string{"name", "credentials"},
		list: func(s client.Scope, _ map[string]any) string { return s.OrgPath("resources", "accounts") },
		item: func(s client.Scope, id string, _ map[string]any) string {
			return s.OrgPath("resources", "accounts", id)
		},
	},
	{
		kind: "Registry", name: "registry", need: needOrg, idField: "id", method: "PATCH",
		fields: []string{"registry", "type", "enable_ci", "secrets", "creds"},
		list:   func(s client.Scope, _ map[string]any) string { return s.OrgPath("registries") },
		item:   func(s client.Scope, id string, _ map[string]any) string { return s.OrgPath("registries", id) },
	},
	{
		kind: "WorkloadProfile", name: "workload profile", need: needOrg, idField: "id", method: "PUT",
		fields: []string{"description", "deprecation_message", "spec_definition", "workload_profile_chart"},
		list:   func(s client.Scope, _ map[string]any) string { return s.OrgPath("workload-profiles") },
		item:   func(s client.Scope, id string, _ map[string]any) string { return s.OrgPath("workload-profiles", id) },
	},
	{
		kind: "WorkloadTemplate", name: "workload template", need: needOrg, idField: "id", named: true, method: "PUT",
		fields: []string{"name", "description", "parameters", "score"},
		list:   func(s client.Scope, _ map[string]any) string { return s.OrgPath("workload-templates") },
		item:   func(s client.Scope, id string, _ map[string]any) string { return s.OrgPath("workload-templates", id) },
	},
}

// sameAssetField compares fields with a part that is never answered; known is false for others.
func sameAssetField(field string, want, have any) (same, known bool) {
	switch field {
	case "credentials", "creds":
		return empty(want), true
	case "vault", "awssm", "azurekv", "gcpsm":
		w, _ := want.(map[string]any)
		h, _ := have.(map[string]any)
		if !empty(w["auth"]) {
			return false, true
		}
		for name, value := range w {
			if name != "auth" && !sameOrEmpty(value, h[name]) {
				return false, true
			}
		}
		return true, true
	}
	return false, false
}
