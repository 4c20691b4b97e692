package resource

import (
	"fmt"
	"slices"
	"strings"

	"github.com/slipway-dev/slipway/engine/placeholder"
)

// What a reference reads of a resource.
const (
	AttributeOutputs = "outputs" // outputs, or the one named by the rest of the path
	AttributeValues  = "values"  // the object of all outputs
	AttributeGUResID = "guresid" // its globally unique id
	AttributeAccount = "account" // the driver account that it uses
)

// Step is one part of a selector.
type Step struct {
	Ref
	Direction byte // 0 for the first; '<' for resources that depend on the step before, '>' for those it depends on
}

// Path is a parsed ${resources...} placeholder. One step names a single resource; more steps are a selector whose
// result is a list.
type Path struct {
	Steps     []Step
	Attribute string
	Rest      placeholder.Path // path inside the outputs; empty for guresid and account
}

// ParsePath reads a placeholder whose first token is resources: resources.<ref>[<|>ref...].<attribute>[.path]. The
// references may be quoted or bare; bare ones end at the first token that is the name of an attribute.
func ParsePath(ref placeholder.Reference) (Path, error) {
	tokens := ref.Path
	if len(tokens) < 2 || tokens[0] != "resources" {
		return Path{}, pathError(ref, "it must have the form resources.<type[.class][#id]>.<attribute>")
	}
	end := 2
	for end < len(tokens) && !isAttribute(tokens[end]) {
		end++
	}
	if end == len(tokens) {
		return Path{}, pathError(ref, "after the resource it must name outputs, values, guresid or account")
	}
	steps, err := parseSteps(strings.Join(tokens[1:end], "."))
	if err != nil {
		return Path{}, pathError(ref, err.Error())
	}
	path := Path{Steps: steps, Attribute: tokens[end], Rest: slices.Clone(tokens[end+1:])}
	if len(path.Rest) == 0 {
		path.Rest = nil
	}
	if path.Rest != nil && (path.Attribute == AttributeGUResID || path.Attribute == AttributeAccount) {
		return Path{}, pathError(ref, path.Attribute+" is a string, nothing may follow it")
	}
	return path, nil
}

// String gives the canonical text of the path, without ${ and }.
func (p Path) String() string {
	var b strings.Builder
	for _, step := range p.Steps {
		if step.Direction != 0 {
			b.WriteByte(step.Direction)
		}
		b.WriteString(step.Ref.String())
	}
	return append(placeholder.Path{"resources", b.String(), p.Attribute}, p.Rest...).String()
}

// IsSelector tells whether the path selects a list.
func (p Path) IsSelector() bool { return len(p.Steps) > 1 }

func parseSteps(s string) ([]Step, error) {
	var steps []Step
	var direction byte
	for {
		end := strings.IndexAny(s, "<>")
		text := s
		if end >= 0 {
			text = s[:end]
		}
		ref, err := ParseRef(text)
		if err != nil {
			return nil, err
		}
		steps = append(steps, Step{Ref: ref, Direction: direction})
		if end < 0 {
			return steps, nil
		}
		direction, s = s[end], s[end+1:]
	}
}

func isAttribute(token string) bool {
	switch token {
	case AttributeOutputs, AttributeValues, AttributeGUResID, AttributeAccount:
		return true
	}
	return false
}

func pathError(ref placeholder.Reference, reason string) error {
	return fmt.Errorf("placeholder ${%s}: %s", ref.Raw, reason)
}
