package resource

import (
	"fmt"
	"strings"
)

// Criteria is one matching criterion of a definition. An empty field matches anything, except Class: an empty class
// matches only DefaultClass.
type Criteria struct {
	ID      string `json:"id,omitempty"`
	AppID   string `json:"app_id,omitempty"`
	EnvID   string `json:"env_id,omitempty"`
	EnvType string `json:"env_type,omitempty"`
	ResID   string `json:"res_id,omitempty"`
	Class   string `json:"class,omitempty"`
}

// String lists the fields that are set, least specific first, such as "env_type: production, class: large"; "any"
// when none is.
func (c Criteria) String() string {
	var parts []string
	for _, field := range c.fields(Context{}, Key{}) {
		if field.want != "" && (field.name != "class" || field.want != DefaultClass) {
			parts = append(parts, field.name+": "+field.want)
		}
	}
	if len(parts) == 0 {
		return "any"
	}
	return strings.Join(parts, ", ")
}

// Score is the specificity of the criterion: the most specific field decides, then the next (res_id above env_id above
// app_id above env_type). The class does not count, as it must match exactly.
func (c Criteria) Score() int {
	score := 0
	for _, field := range c.fields(Context{}, Key{}) {
		if field.want != "" {
			score += field.weight
		}
	}
	return score
}

type field struct {
	name, want, have string
	weight           int
}

// fields pairs every field of the criterion with its value for the resource, least specific first.
func (c Criteria) fields(ctx Context, key Key) [5]field {
	class := c.Class
	if class == "" {
		class = DefaultClass
	}
	return [5]field{
		{"env_type", c.EnvType, ctx.EnvType, 1},
		{"app_id", c.AppID, ctx.AppID, 2},
		{"env_id", c.EnvID, ctx.EnvID, 4},
		{"res_id", c.ResID, key.ID, 8},
		{"class", class, key.Normalized().Class, 0},
	}
}

// misses counts the fields that are set and differ.
func (c Criteria) misses(ctx Context, key Key) int {
	misses := 0
	for _, field := range c.fields(ctx, key) {
		if field.want != "" && field.want != field.have {
			misses++
		}
	}
	return misses
}

// reason explains the outcome of matching in a few words.
func (c Criteria) reason(ctx Context, key Key) string {
	var hits, misses []string
	for _, field := range c.fields(ctx, key) {
		switch {
		case field.want == "":
		case field.want != field.have:
			misses = append(misses, fmt.Sprintf("%s is %s, not %s", field.name, field.want, field.have))
		default:
			hits = append(hits, field.name+" "+field.want)
		}
	}
	if len(misses) > 0 {
		return strings.Join(misses, "; ")
	}
	return "matches " + strings.Join(hits, ", ")
}
