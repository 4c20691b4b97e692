package resource

import (
	"fmt"
	"strings"
)

// Closest lists the first candidates of a resource that nothing matches, as messages have it.
func Closest(candidates []Candidate, most int) string {
	var near []string
	for _, c := range candidates[:min(len(candidates), most)] {
		near = append(near, c.Name())
	}
	return "closest: " + strings.Join(near, ", ")
}

// Name gives the definition of the candidate and its criterion: pg-prod (env_type: production).
func (c Candidate) Name() string {
	criteria := c.Criteria.String()
	if c.Criteria == (Criteria{}) && !c.Matches {
		criteria = c.Reason
	}
	return fmt.Sprintf("%s (%s)", c.DefinitionID, criteria)
}

// Verdict says in a few words why a candidate won or lost against the best one; best is nil when none matched.
func (c Candidate) Verdict(best *Candidate) string {
	if !c.Matches {
		return "does not match: " + c.Reason
	}
	if best == nil || (c.DefinitionID == best.DefinitionID && c.Criteria == best.Criteria) {
		return c.Reason
	}
	switch {
	case c.IsDefault && !best.IsDefault:
		return "matches, but what is supplied with Slipway ranks after every other definition"
	case c.Score < best.Score:
		return fmt.Sprintf("matches, but is less specific: %s names %s", best.Name(), decisive(best.Criteria, c.Criteria))
	case c.DefinitionID == best.DefinitionID:
		return "another criterion of the same definition matches as well"
	}
	return fmt.Sprintf("matches just as well; the smaller definition id wins, which is %s", best.DefinitionID)
}

// decisive is the most specific field that the stronger criterion has and the other one has not.
func decisive(stronger, other Criteria) string {
	a, b := stronger.fields(Context{}, Key{}), other.fields(Context{}, Key{})
	for i := len(a) - 1; i >= 0; i-- {
		if a[i].weight > 0 && a[i].want != "" && b[i].want == "" {
			return a[i].name
		}
	}
	return "more"
}
