package graph

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/slipway-dev/slipway/engine/placeholder"
	"github.com/slipway-dev/slipway/engine/resource"
)

// scope is where placeholders of a set stand.
type scope struct {
	what   string // "module api", "shared"
	module string // workload whose externals are meant; "" in shared resources
	base   string // JSON pointer that locations are relative to
}

// at starts a message about a location.
func (s scope) at(location string) string {
	if s.base+location == "" {
		return s.what + ": "
	}
	return s.what + ": " + s.base + location + ": "
}

// readInputs reads the placeholders of a declared resource or module.
func (b *builder) readInputs(at int, inputs map[string]any, s scope) {
	_ = placeholder.WalkStrings(inputs, func(location, text string) error {
		refs, err := placeholder.References(text)
		if err != nil {
			b.misplaced(at, location, s, ProblemPlaceholder, err.Error())
		}
		for _, ref := range refs {
			b.readReference(at, ref, location, s)
		}
		return nil
	})
}

func (b *builder) misplaced(at int, location string, s scope, kind, message string) {
	b.problem(Problem{Node: b.vertices[at].key, Kind: kind, Module: s.module, Location: s.base + location, Message: s.at(location) + message})
}

// readReference follows one placeholder of a set and adds the dependency that it means.
func (b *builder) readReference(at int, ref placeholder.Reference, location string, s scope) {
	target, rest, err := b.lookup(ref, s)
	if err != nil {
		kind := ProblemPlaceholder
		if errors.As(err, new(undeclaredError)) {
			kind = ProblemUndeclared
		}
		b.misplaced(at, location, s, kind, fmt.Sprintf("${%s}: %v", ref.Raw, err))
		return
	}
	if target == nil {
		return
	}
	v := b.vertices[at]
	if _, again := v.references[ref.Raw]; again {
		return // one name for one resource; the first place that has it explains it
	}
	v.references[ref.Raw] = Target{Keys: []resource.Key{*target}, Attribute: resource.AttributeOutputs, Path: rest}
	text := "${" + ref.Raw + "}"
	to := b.ensure(*target, Origin{Kind: OriginReference, By: v.key, Detail: text})
	b.addEdge(at, to, reason{kind: ReasonReference, detail: text, location: s.base + location})
}

// undeclaredError reports a reference to something that does not exist.
type undeclaredError string

func (e undeclaredError) Error() string { return string(e) }

func undeclared(format string, args ...any) error {
	return undeclaredError(fmt.Sprintf(format, args...))
}

// roots are the first tokens that placeholders of a set may have.
var roots = []string{"values", "externals", "shared", "modules", "context", "containers", "pod"}

// lookup decides what a placeholder of a set names: a resource and the path in its outputs, or nothing in the graph
// (nil) when it is resolved elsewhere.
func (b *builder) lookup(ref placeholder.Reference, s scope) (*resource.Key, placeholder.Path, error) {
	path := ref.Path
	switch path[0] {
	case "externals":
		if s.module == "" {
			return nil, nil, errors.New("externals belong to a module; here write modules.<module>.externals.<id>.<output>")
		}
		return b.lookupExternal(s.module, path[1:])
	case "shared":
		if len(path) < 2 {
			return nil, nil, errors.New("it must have the form shared.<id>.<output>")
		}
		key, ok := b.names.shared[path[1]]
		if !ok {
			return nil, nil, undeclared("there is no shared resource %q; %s", path[1], b.existing(path[1], sortedKeys(b.names.shared)))
		}
		return &key, trim(path[2:]), nil
	case "modules":
		return b.lookupModule(path)
	case "values":
		if len(path) < 2 {
			return nil, nil, errors.New("it must have the form values.<KEY>")
		}
		return nil, nil, nil
	case "context":
		return nil, nil, checkContext(path)
	case "containers", "pod":
		if s.module == "" {
			return nil, nil, fmt.Errorf("%s.* describes the pods of a module; a shared resource has none", path[0])
		}
		return nil, nil, nil
	case "resources":
		return nil, nil, errors.New("resources.* is for resource definitions; a workload names what it declares: externals.<id>.<output> or shared.<id>.<output>")
	}
	return nil, nil, fmt.Errorf(`unknown root %q; there is %s; write $\{ instead of ${ to keep the text as it is`, path[0], strings.Join(roots, ", "))
}

func (b *builder) lookupExternal(module string, path placeholder.Path) (*resource.Key, placeholder.Path, error) {
	if len(path) == 0 {
		return nil, nil, errors.New("it must have the form externals.<id>.<output>")
	}
	known := b.names.externals[module]
	key, ok := known[path[0]]
	if !ok {
		return nil, nil, undeclared("module %s declares no external resource %q; %s", module, path[0], b.existing(path[0], sortedKeys(known)))
	}
	return &key, trim(path[1:]), nil
}

func (b *builder) lookupModule(path placeholder.Path) (*resource.Key, placeholder.Path, error) {
	if len(path) < 2 {
		return nil, nil, errors.New("it must have the form modules.<module>.service.name or modules.<module>.externals.<id>.<output>")
	}
	module := path[1]
	unknown := !b.names.workloads[module] && !b.names.open
	if slices.Equal(path[2:], placeholder.Path{"service", "name"}) {
		// The name of a Service is known before its workload is: two workloads that are deployed one after the other may
		// refer to each other.
		if unknown {
			b.warnings[fmt.Sprintf("${%s}: there is no module %q yet; %s", path, module, b.existing(module, sortedKeys(b.names.workloads)))] = true
		}
		return nil, nil, nil
	}
	if unknown {
		return nil, nil, undeclared("there is no module %q; %s", module, b.existing(module, sortedKeys(b.names.workloads)))
	}
	if len(path) > 2 && path[2] == "externals" {
		return b.lookupExternal(module, path[3:])
	}
	return nil, nil, errors.New("of another module only service.name and externals.<id>.<output> can be read")
}

// contextPaths are the context placeholders that have a value.
var contextPaths = []string{
	"context.app.id", "context.deploy.id", "context.deploy.set.id", "context.env.id", "context.env.type", "context.org.id",
	"context.res.class", "context.res.guresid", "context.res.id", "context.res.type",
}

func checkContext(path placeholder.Path) error {
	if slices.Contains(contextPaths, path.String()) {
		return nil
	}
	return fmt.Errorf("it has no value; there is %s", strings.Join(contextPaths, ", "))
}

func trim(path placeholder.Path) placeholder.Path {
	if len(path) == 0 {
		return nil
	}
	return path
}
