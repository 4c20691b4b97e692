package template

import (
	"bytes"
	"context"
	"fmt"
	"regexp"
	"sort"
	"sync"
	"text/template"
)

// engine renders templates under one shared budget. Preparing the functions
// costs ten times what rendering a usual definition does, so engines are kept
// and used again, by one run at a time.
type engine struct {
	limits Limits
	budget *budget
	funcs  template.FuncMap
}

var engines = sync.Pool{New: func() any {
	b := &budget{}
	return &engine{budget: b, funcs: b.functions()}
}}

func newEngine(ctx context.Context, limits Limits) *engine {
	e, ok := engines.Get().(*engine)
	if !ok { // the pool makes nothing else
		e = &engine{budget: &budget{}}
		e.funcs = e.budget.functions()
	}
	e.limits = limits
	*e.budget = budget{ctx: ctx, limits: limits}
	return e
}

// release hands the engine to the next run.
func (e *engine) release() {
	*e.budget = budget{}
	engines.Put(e)
}

// render evaluates a template given as text, whose result is parsed as YAML, or
// as a structure, whose string leaves are rendered and stay strings.
func (e *engine) render(name string, source any, scope map[string]any) (any, error) {
	text, ok := source.(string)
	if !ok {
		return e.structure(name, source, scope)
	}
	rendered, err := e.execute(name, text, scope)
	if err != nil {
		return nil, err
	}
	return parseYAML(name, rendered)
}

func (e *engine) structure(name string, source any, scope map[string]any) (any, error) {
	switch t := source.(type) {
	case string:
		return e.execute(name, t, scope)
	case map[string]any:
		keys := make([]string, 0, len(t))
		for k := range t {
			keys = append(keys, k)
		}
		sort.Strings(keys)
		out := make(map[string]any, len(t))
		for _, k := range keys {
			v, err := e.structure(name+"."+k, t[k], scope)
			if err != nil {
				return nil, err
			}
			out[k] = v
		}
		return out, nil
	case []any:
		out := make([]any, len(t))
		for i := range t {
			v, err := e.structure(fmt.Sprintf("%s[%d]", name, i), t[i], scope)
			if err != nil {
				return nil, err
			}
			out[i] = v
		}
		return out, nil
	}
	return source, nil
}

func (e *engine) execute(name, text string, scope map[string]any) (string, error) {
	if len(text) > e.limits.Source {
		return "", limitError("%s has %d bytes; a template may have %d", name, len(text), e.limits.Source)
	}
	if err := e.budget.ctx.Err(); err != nil {
		return "", failed(name, err)
	}
	t, err := e.parse(text)
	if err != nil {
		return "", failed(name, err)
	}
	if err := countSteps(t); err != nil {
		return "", failed(name, err)
	}
	out := &limitedBuffer{budget: e.budget}
	if err := t.Execute(out, scope); err != nil {
		return "", failed(name, err)
	}
	if e.budget.overflow != nil {
		return "", failed(name, e.budget.overflow)
	}
	return out.buf.String(), nil
}

// parse reads a template. The inner name is fixed so that the positions in
// text/template's messages can be found in them whatever a definition calls its manifests.
func (e *engine) parse(text string) (*template.Template, error) {
	return template.New(innerName).Funcs(e.used(text)).Parse(text)
}

var word = regexp.MustCompile(`[A-Za-z_][A-Za-z0-9_]*`)

// used picks the functions whose names occur in a text. text/template copies
// the whole map for every template, which would cost more than all the rest.
func (e *engine) used(text string) template.FuncMap {
	out := template.FuncMap{stepFunction: e.funcs[stepFunction]}
	for _, w := range word.FindAllString(text, -1) {
		if fn, ok := e.funcs[w]; ok {
			out[w] = fn
		}
	}
	return out
}

// limitedBuffer collects output until it is too long. It takes what comes
// after that and forgets it: the next step stops the template, and only an
// error raised there carries the line.
type limitedBuffer struct {
	budget *budget
	buf    bytes.Buffer
}

func (l *limitedBuffer) Write(p []byte) (int, error) {
	if l.buf.Len()+len(p) > l.budget.limits.Output {
		l.budget.overflow = &exceededError{fmt.Sprintf("its result is longer than %d bytes", l.budget.limits.Output)}
		return len(p), nil
	}
	return l.buf.Write(p)
}
