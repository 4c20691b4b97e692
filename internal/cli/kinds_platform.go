package cli

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"github.com/slipway-dev/slipway/internal/api"
)

func valueKinds() []kind {
	return []kind{
		{
			name: "values", aliases: []string{"value", "shared-values", "shared-value"}, short: "Shared Values of the Application, or of the Environment when there is one",
			need: needApp, args: []string{"[KEY]"},
			fetch: func(q query) (json.RawMessage, error) {
				raw, err := q.get(q.LevelPath("values"))
				if err != nil || len(q.ids) == 0 {
					return raw, err
				}
				return pick(raw, "value "+q.ids[0], func(v api.Value) bool { return v.Key == q.ids[0] })
			},
			table: columns([]string{"KEY", "VALUE", "SOURCE", "UPDATED", "DESCRIPTION"}, valueRow),
		},
		{
			name: "value-versions", aliases: []string{"value-version", "value-set-versions", "value-set-version"},
			short: "History of the Shared Values, newest first", need: needApp, args: []string{"[VERSION]"},
			fetch: func(q query) (json.RawMessage, error) { return q.listOrItem(q.LevelPath("value-set-versions")) },
			table: columns([]string{"ID", "CREATED", "WHAT", "CHANGED", "COMMENT"}, valueVersionRow),
		},
	}
}

func valueRow(v api.Value) []string {
	text := v.Value
	if v.IsSecret {
		text = "(secret)"
	}
	return []string{v.Key, text, v.Source, ago(v.UpdatedAt), v.Description}
}

func valueVersionRow(v api.ValueSetVersion) []string {
	var changed []string
	for _, op := range v.Change {
		key, _, _ := strings.Cut(strings.TrimPrefix(op.Path, "/"), "/")
		if !slices.Contains(changed, key) {
			changed = append(changed, key)
		}
	}
	return []string{v.ID, ago(v.CreatedAt), v.ResultOf, strings.Join(changed, ", "), v.Comment}
}

func platformKinds() []kind {
	return []kind{
		{
			name: "definitions", aliases: []string{"definition", "defs", "def", "res-defs", "res-def", "resource-definitions", "resource-definition"},
			short: "Resource Definitions", need: needOrg, args: []string{"[DEFINITION]"},
			fetch: func(q query) (json.RawMessage, error) { return q.listOrItem(q.OrgPath("resources", "defs")) },
			table: columns([]string{"ID", "TYPE", "DRIVER", "CRITERIA", "NAME"}, func(d api.ResourceDefinition) []string {
				var criteria []string
				for _, c := range d.Criteria {
					criteria = append(criteria, criterion(c))
				}
				return []string{d.ID, d.Type, d.DriverType, strings.Join(criteria, "; "), d.Name}
			}),
		},
		{
			name: "definition-versions", aliases: []string{"definition-version", "def-versions", "def-version", "resource-definition-versions"},
			short: "Versions of a Resource Definition, newest first", need: needOrg, args: []string{"DEFINITION", "[VERSION]"},
			fetch: func(q query) (json.RawMessage, error) {
				return q.get(q.OrgPath(append([]string{"resources", "defs", q.ids[0], "versions"}, q.ids[1:]...)...))
			},
			table: columns([]string{"ID", "ACTION", "STATE", "DRIVER", "CREATED", "BY"}, func(v api.ResourceDefinitionVersion) []string {
				return []string{v.ID, v.Action, versionState(v), v.DriverType, ago(v.CreatedAt), v.CreatedBy}
			}),
		},
		{
			name: "drivers", aliases: []string{"driver", "resource-drivers", "resource-driver"}, short: "Resource Drivers", need: needOrg, args: []string{"[DRIVER]"},
			fetch: func(q query) (json.RawMessage, error) { return q.listOrItem(q.OrgPath("resources", "drivers")) },
			table: columns([]string{"ID", "TYPE", "TARGET"}, func(d api.Driver) []string {
				return []string{d.OrgID + "/" + d.ID, d.Type, d.Target}
			}),
		},
		{
			name: "types", aliases: []string{"type", "res-types", "res-type", "resource-types", "resource-type"}, short: "Resource Types", need: needOrg, args: []string{"[TYPE]"},
			fetch: func(q query) (json.RawMessage, error) {
				raw, err := q.get(q.OrgPath("resources", "types")) // there is no operation for one
				if err != nil || len(q.ids) == 0 {
					return raw, err
				}
				return pick(raw, "Resource Type "+q.ids[0], func(t api.ResourceType) bool { return t.Type == q.ids[0] })
			},
			table: columns([]string{"TYPE", "NAME", "CATEGORY", "USE"}, func(t api.ResourceType) []string {
				return []string{t.Type, t.Name, t.Category, t.Use}
			}),
		},
		{
			name: "classes", aliases: []string{"class", "resource-classes", "resource-class"}, short: "Resource Classes, of all types or of one", need: needOrg, args: []string{"[TYPE]", "[CLASS]"},
			fetch: fetchClasses,
			table: columns([]string{"TYPE", "CLASS", "DESCRIPTION"}, func(c api.ResourceClass) []string {
				return []string{c.ResourceType, c.ID, c.Description}
			}),
		},
		{
			name: "workload-profiles", aliases: []string{"workload-profile", "profiles", "profile"}, short: "Workload Profiles", need: needOrg, args: []string{"[PROFILE]"},
			fetch: func(q query) (json.RawMessage, error) { return q.listOrItem(q.OrgPath("workload-profiles")) },
			table: columns([]string{"ID", "VERSION", "DESCRIPTION"}, func(p api.WorkloadProfile) []string {
				return []string{p.OrgID + "/" + p.ID, p.Version, p.Description}
			}),
		},
	}
}

func fetchClasses(q query) (json.RawMessage, error) {
	if len(q.ids) == 2 {
		return q.get(q.OrgPath("resources", "types", q.ids[0], "classes", q.ids[1]))
	}
	raw, err := q.get(q.OrgPath("resources", "classes"))
	if err != nil || len(q.ids) == 0 {
		return raw, err
	}
	all, err := listOf[json.RawMessage](raw)
	if err != nil {
		return nil, err
	}
	ofType := slices.DeleteFunc(all, func(item json.RawMessage) bool {
		var class api.ResourceClass
		return json.Unmarshal(item, &class) != nil || class.ResourceType != q.ids[0]
	})
	return json.Marshal(ofType)
}

func versionState(v api.ResourceDefinitionVersion) string {
	switch {
	case v.Active:
		return "active"
	case v.Archived:
		return "archived"
	case v.Proposed:
		return "proposed"
	}
	return "former"
}

func resourceKinds() []kind {
	return []kind{
		{
			name: "resources", aliases: []string{"resource", "active-resources", "active-resource", "res"}, short: "Active resources of an Environment", need: needEnv, args: []string{"[RESOURCE]"},
			fetch: func(q query) (json.RawMessage, error) {
				raw, err := allResources(q)
				if err != nil || len(q.ids) == 0 {
					return raw, err
				}
				return pick(raw, "active resource "+q.ids[0], func(r api.ActiveResource) bool { return isResource(r, q.ids[0]) })
			},
			table: columns([]string{"TYPE", "CLASS", "ID", "STATUS", "DEFINITION", "DRIVER", "UPDATED"}, func(r api.ActiveResource) []string {
				return []string{r.Type, r.Class, r.ResID, resourceStatus(r), r.DefID, r.DriverType, ago(r.UpdatedAt)}
			}),
		},
		{
			name: "graph", aliases: []string{"graphs", "resource-graph"}, short: "Resource graph of a deployment", need: needEnv, args: []string{"[DEPLOYMENT]"},
			fetch: func(q query) (json.RawMessage, error) {
				id, err := q.graphID(q.idOr("."))
				if err != nil {
					return nil, err
				}
				return q.get(q.EnvPath("resources", "graphs", id))
			},
			table: graphTable,
		},
	}
}

// allResources reads the active resources, and after them those that others
// have replaced and that are still there.
func allResources(q query) (json.RawMessage, error) {
	raw, err := q.get(q.EnvPath("resources"))
	if err != nil {
		return nil, err
	}
	active, err := listOf[json.RawMessage](raw)
	if err != nil {
		return nil, err
	}
	if raw, err = q.get(q.EnvPath("resources") + "?scheduled_deletion=true"); err != nil {
		return nil, err
	}
	leaving, err := listOf[json.RawMessage](raw)
	if err != nil {
		return nil, err
	}
	for _, item := range leaving {
		var r api.ActiveResource
		if json.Unmarshal(item, &r) == nil && r.Retired {
			active = append(active, item)
		}
	}
	return json.Marshal(active)
}

// resourceStatus says in a table where a resource is in its life.
func resourceStatus(r api.ActiveResource) string {
	status := r.Status
	if r.Retired {
		status = "replaced, " + status
	} else if r.ScheduledDeletion {
		status += " (to be deleted)"
	}
	if r.StatusMessage != "" {
		status += ": " + ansi.Truncate(r.StatusMessage, 60, "…")
	}
	return status
}

// isResource reports whether an active resource is the one that text names: by its resource id, its globally unique id,
// or as type.class#id, in which the class may be left out.
// One that was replaced answers to its globally unique id only.
func isResource(r api.ActiveResource, text string) bool {
	if r.Retired {
		return r.GUResID == text
	}
	return slices.Contains([]string{r.ResID, r.GUResID, r.Type + "#" + r.ResID, r.Type + "." + r.Class + "#" + r.ResID}, text)
}

func criterion(c api.MatchingCriteria) string {
	fields := map[string]string{"app": c.AppID, "env": c.EnvID, "env_type": c.EnvType, "res": c.ResID}
	if c.Class != "default" {
		fields["class"] = c.Class
	}
	maps.DeleteFunc(fields, func(_, v string) bool { return v == "" })
	if len(fields) == 0 {
		return "any"
	}
	return pairs(fields)
}

// pairs spells a map as k=v k=v, in order.
func pairs(m map[string]string) string {
	var out []string
	for _, k := range slices.Sorted(maps.Keys(m)) {
		out = append(out, k+"="+m[k])
	}
	return strings.Join(out, " ")
}

// keys spells the keys of a map, in order.
func keys[V any](m map[string]V) string {
	return strings.Join(slices.Sorted(maps.Keys(m)), ", ")
}

func plural(n int, one string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + one + "s"
}
