package cli

import (
	"encoding/json"

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
