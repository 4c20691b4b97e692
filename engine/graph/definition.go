package graph

import (
	"errors"
	"fmt"
	"strings"

	"github.com/slipway-dev/slipway/engine/placeholder"
	"github.com/slipway-dev/slipway/engine/resource"
)

// compiled is what a definition contributes to the graph wherever it is used. It is worked out once.
type compiled struct {
	references []compiledReference
	provisions []compiledProvision
}

type compiledReference struct {
	raw      string
	location string // where it stands first
	path     resource.Path
}

type compiledProvision struct {
	name      string
	ref       resource.Ref
	provision resource.Provision
}

// compile reads the references of a definition. What is wrong with it is reported once, for the first resource that
// uses it.
func (b *builder) compile(definition *resource.Definition, user resource.Key) *compiled {
	if known, ok := b.compiled[definition]; ok {
		return known
	}
	c := &compiler{b: b, definition: definition, user: user, seen: map[string]bool{}, out: &compiled{}}
	c.read("/driver_inputs/values", definition.Values, false)
	c.read("/driver_inputs/secret_refs", definition.SecretRefs, true)
	c.read("/driver_account", definition.DriverAccount, false)
	for _, name := range sortedKeys(definition.Provision) {
		c.provision(name, definition.Provision[name])
	}
	b.compiled[definition] = c.out
	return c.out
}

type compiler struct {
	b          *builder
	definition *resource.Definition
	user       resource.Key
	seen       map[string]bool
	out        *compiled
}

// read collects the references in a part of the definition. Texts of secrets are not repeated in messages.
func (c *compiler) read(base string, part any, secret bool) {
	_ = placeholder.WalkStrings(part, func(location, text string) error {
		refs, err := placeholder.References(text)
		if err != nil {
			c.fault(base+location, c.discreet(err, secret))
			return nil
		}
		for _, ref := range refs {
			path, isResource, err := c.b.definitionPath(ref)
			if err != nil {
				c.fault(base+location, c.discreet(err, secret))
				continue
			}
			if !isResource || c.seen[ref.Raw] {
				continue
			}
			c.seen[ref.Raw] = true
			c.out.references = append(c.out.references, compiledReference{raw: ref.Raw, location: base + location, path: path})
		}
		return nil
	})
}

func (c *compiler) provision(name string, provision resource.Provision) {
	base := placeholder.Child("/provision", name)
	ref, err := resource.ParseRef(name)
	if err != nil {
		c.fault(base, err)
		return
	}
	ref.Type = c.b.types.actual(ref.Type)
	sound := true
	_ = placeholder.WalkStrings(provision.Params, func(location, text string) error {
		refs, err := placeholder.References(text)
		for _, ref := range refs {
			if _, _, wrong := c.b.definitionPath(ref); wrong != nil {
				err = errors.Join(err, wrong)
			}
		}
		if err != nil {
			sound = false
			c.fault(base+"/params"+location, err)
		}
		return nil
	})
	if sound {
		c.out.provisions = append(c.out.provisions, compiledProvision{name: name, ref: ref, provision: provision})
	}
}

func (c *compiler) discreet(err error, secret bool) error {
	if !secret {
		return err
	}
	return errors.New(`a secret holds a placeholder that is malformed or has an unknown root; write $\{ instead of ${ to keep the text as it is`)
}

func (c *compiler) fault(location string, err error) {
	name := "definition " + c.definition.ID
	if c.user.ID != "" {
		name += " (used by " + c.user.ID + ")"
	}
	c.b.problem(Problem{Node: c.user, Kind: ProblemPlaceholder, Location: location, Message: fmt.Sprintf("%s: %s: %v", name, location, err)})
}

// definitionPath reads a placeholder of a definition: a path to a resource, with custom types in place of the built-in
// ones that they override, or a context value.
func (b *builder) definitionPath(ref placeholder.Reference) (path resource.Path, isResource bool, err error) {
	switch ref.Path[0] {
	case "resources":
		path, err = resource.ParsePath(ref)
		for i := range path.Steps {
			path.Steps[i].Type = b.types.actual(path.Steps[i].Type)
		}
		return path, true, err
	case "context":
		if err := checkContext(ref.Path); err != nil {
			return path, false, fmt.Errorf("${%s}: %w", ref.Raw, err)
		}
		return path, false, nil
	}
	return path, false, fmt.Errorf(`${%s}: unknown root %q; in definitions there is context and resources; write $\{ instead of ${ to keep the text as it is`, ref.Raw, ref.Path[0])
}

// qualify rewrites the params of a co-provisioned resource so that they mean the same there as in the definition that
// they come from: references get the class and id of the resource that brings them, and context.res is that resource.
func (b *builder) qualify(params map[string]any, from resource.Key) (map[string]any, error) {
	out, err := placeholder.Rewrite(params, func(_ string, ref placeholder.Reference) (string, error) {
		if text, ok := ownContext(ref, from); ok {
			return text, nil
		}
		path, isResource, err := b.definitionPath(ref)
		if err != nil || !isResource {
			return "${" + ref.Raw + "}", err
		}
		path.Steps[0].Ref = resource.Ref(path.Steps[0].Key(from))
		return "${" + path.String() + "}", nil
	})
	if err != nil {
		return nil, err
	}
	qualified, _ := out.(map[string]any)
	return qualified, nil
}

// ownContext gives the text for a placeholder about the resource in whose definition it stands.
func ownContext(ref placeholder.Reference, own resource.Key) (string, bool) {
	if len(ref.Path) != 3 || strings.Join(ref.Path[:2], ".") != "context.res" {
		return "", false
	}
	switch ref.Path[2] {
	case "id":
		return placeholder.Escape(own.ID), true
	case "type":
		return placeholder.Escape(own.Type), true
	case "class":
		return placeholder.Escape(own.Class), true
	case "guresid":
		path := resource.Path{Steps: []resource.Step{{Ref: resource.Ref(own)}}, Attribute: resource.AttributeGUResID}
		return "${" + path.String() + "}", true
	}
	return "", false
}
