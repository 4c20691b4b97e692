package cli

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
)

// changedFields lists the fields in which what was written differs from what the API has. Absent and empty are the same
// to the API, so they are here. A PATCH changes nothing that is absent.
func changedFields(k *manifestKind, want, have map[string]any) []string {
	var out []string
	for _, field := range k.fields {
		value, written := want[field]
		if !written && k.method == "PATCH" && !k.replaced {
			continue
		}
		if field == "driver_type" && value == nil {
			continue // stays when absent
		}
		if !sameField(field, value, have[field]) {
			out = append(out, field)
		}
	}
	return out
}

// sameField compares one field. Secrets never come back, so that one that was written always counts as different.
func sameField(field string, want, have any) bool {
	want, have = asJSON(want), asJSON(have)
	if same, known := sameAssetField(field, want, have); known {
		return same
	}
	switch field {
	case "driver_inputs":
		w, _ := want.(map[string]any)
		if !empty(w["secrets"]) {
			return false
		}
		h, _ := have.(map[string]any)
		return sameOrEmpty(w["values"], h["values"]) && sameOrEmpty(w["secret_refs"], h["secret_refs"])
	case "provision":
		return sameOrEmpty(withFlags(want), withFlags(have))
	case "secret_ref":
		return want == nil
	case "account_types":
		return sameOrEmpty(sortedList(want), sortedList(have))
	}
	return sameOrEmpty(want, have)
}

// asJSON makes trees from different sources comparable: all numbers become float64.
func asJSON(v any) any {
	raw, err := json.Marshal(v)
	if err != nil {
		return v
	}
	var out any
	if json.Unmarshal(raw, &out) != nil {
		return v
	}
	return out
}

func sameOrEmpty(a, b any) bool { return (empty(a) && empty(b)) || reflect.DeepEqual(a, b) }

func empty(v any) bool {
	switch v := v.(type) {
	case nil:
		return true
	case string:
		return v == ""
	case bool:
		return !v
	case map[string]any:
		return len(v) == 0
	case []any:
		return len(v) == 0
	}
	return false
}

// withFlags fills in the flags of co-provisioned resources that the API shows always.
func withFlags(v any) any {
	entries, _ := v.(map[string]any)
	out := map[string]any{}
	for key, entry := range entries {
		flags, _ := entry.(map[string]any)
		full := map[string]any{"is_dependent": flags["is_dependent"] == true, "match_dependents": flags["match_dependents"] == true}
		if !empty(flags["params"]) {
			full["params"] = flags["params"]
		}
		out[key] = full
	}
	return out
}

func sortedList(v any) any {
	list, ok := v.([]any)
	if !ok {
		return v
	}
	list = slices.Clone(list)
	slices.SortFunc(list, func(a, b any) int { return compareText(fmt.Sprint(a), fmt.Sprint(b)) })
	return list
}

func compareText(a, b string) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// criteriaFields are what a Matching Criterion may say.
var criteriaFields = []string{"app_id", "env_id", "env_type", "res_id", "class"}

// sameCriteria compares two lists of Matching Criteria, whose order and ids do not matter and whose class is default when
// absent.
func sameCriteria(want, have any) bool {
	return reflect.DeepEqual(criteriaKeys(want), criteriaKeys(have))
}

func criteriaKeys(v any) []string {
	list, _ := asJSON(v).([]any)
	out := []string{}
	for _, item := range list {
		rule, _ := item.(map[string]any)
		key := ""
		for _, field := range criteriaFields {
			value := textOf(rule, field)
			if field == "class" && value == "" {
				value = "default"
			}
			key += fmt.Sprintf("%s=%q ", field, value)
		}
		out = append(out, key)
	}
	slices.Sort(out)
	return slices.Compact(out)
}
