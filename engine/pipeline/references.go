package pipeline

import (
	"fmt"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"
)

// place is what an expression can refer to where it stands.
type place struct {
	contexts []string
	steps    map[string]Step // that have ended before, by id
	needs    []string
	document *Document
}

// expressions checks every expression of a document whose shape is right.
func (r *reader) expressions(top *object, d *Document) {
	outside := place{contexts: []string{"inputs", "pipeline", "app", "run"}, document: d}
	if c := top.open("concurrency"); c != nil {
		r.check(c.values["group"], c.child("group"), outside)
	}
	r.checkKey(top, "env", outside)
	jobs := top.open("jobs")
	for _, job := range d.Jobs {
		o := jobs.open(job.ID)
		before := place{contexts: []string{"inputs", "pipeline", "app", "run", "env", "needs", "jobs"}, needs: job.Needs, document: d}
		r.checkCondition(o, before)
		r.checkKey(o, "env", before)
		inside := before
		inside.contexts = contexts
		inside.steps = map[string]Step{}
		for i, item := range o.items("steps") {
			step := r.object(item, at(o.child("steps"), i))
			r.checkCondition(step, inside)
			r.checkKey(step, "with", inside)
			r.checkKey(step, "env", inside)
			if s := job.Steps[i]; s.ID != "" {
				inside.steps[s.ID] = s
			}
		}
		r.checkKey(o, "outputs", inside)
	}
}

func (r *reader) checkKey(o *object, key string, p place) {
	if o.has(key) && !o.null(key) {
		r.check(o.values[key], o.child(key), p)
	}
}

func (r *reader) checkCondition(o *object, p place) {
	if !o.has("if") || o.null("if") {
		return
	}
	compiled, err := condition(o.text("if"))
	if err != nil {
		o.fail("if", "%s", err)
		return
	}
	r.references(compiled, o.values["if"], o.child("if"), p, true)
}

// check goes through the texts of a value.
func (r *reader) check(from *yaml.Node, path string, p place) {
	n := plain(from)
	switch n.Kind {
	case yaml.MappingNode:
		o := r.object(from, path)
		for _, key := range o.keys {
			r.check(o.values[key], o.child(key), p)
		}
	case yaml.SequenceNode:
		for i, item := range n.Content {
			r.check(item, at(path, i), p)
		}
	case yaml.ScalarNode:
		r.checkText(n, path, p)
	}
}

func (r *reader) checkText(n *yaml.Node, path string, p place) {
	if !strings.Contains(n.Value, "${{") {
		return
	}
	parts := split(n.Value)
	for _, part := range parts {
		if !part.expression {
			continue
		}
		where := *n
		// Only a block text has line breaks where the document has them.
		if n.Style == yaml.LiteralStyle {
			before := n.Value[:part.at]
			where.Line += 1 + strings.Count(before, "\n")
		}
		switch {
		case part.err == nil:
			r.references(part.node, &where, path, p, false)
		case isSyntax(part.err) && strings.TrimSpace(n.Value) != part.text:
			r.warn(&where, path, "%s is no expression and stays as it is: %s", part.text, part.err)
		default:
			r.fail(&where, path, "%s: %s", part.text, part.err)
		}
	}
}

// references checks what an expression refers to.
func (r *reader) references(n node, from *yaml.Node, path string, p place, condition bool) {
	seen := map[string]bool{}
	walk(n, func(n node) {
		if c, ok := n.(call); ok && c.fn.status && !condition {
			r.fail(from, path, "%s() has a meaning only in an if", c.name)
		}
		chain := chainOf(n)
		if len(chain) == 0 {
			return
		}
		if !slices.Contains(p.contexts, chain[0]) {
			if !seen[chain[0]] {
				r.fail(from, path, "%s cannot be used here; there are %s", chain[0], strings.Join(p.contexts, ", "))
			}
			seen[chain[0]] = true
			return
		}
		if text, bad := p.judge(chain); text != "" && !seen[text] {
			seen[text] = true
			if bad {
				r.fail(from, path, "%s", text)
			} else {
				r.warn(from, path, "%s", text)
			}
		}
	})
}

// chainOf returns the names of steps.a.outputs.b as far as they are fixed, the context first.
func chainOf(n node) []string {
	switch t := n.(type) {
	case root:
		return []string{t.name}
	case index:
		before := chainOf(t.of)
		if len(before) > 0 && t.fixed {
			return append(before, t.name)
		}
	}
	return nil
}

// judge says what is wrong with a reference. Only what can never work is bad; what is empty as things stand is doubtful.
// Each reference is judged at the length at which it can be.
func (p place) judge(chain []string) (text string, bad bool) {
	switch {
	case len(chain) < 2:
		return "", false
	case chain[0] == "inputs" && len(chain) == 2:
		return p.judgeInput(chain[1])
	case chain[0] == "steps":
		step, known := p.steps[chain[1]]
		if !known {
			return fmt.Sprintf("no step before this one has the id %s", chain[1]), true
		}
		return p.judgeResult(chain, func(output string) bool { return step.hasOutput(output) })
	case chain[0] == "needs":
		if !slices.Contains(p.needs, chain[1]) {
			return fmt.Sprintf("%s is not among the needs of this job", chain[1]), true
		}
	case chain[0] == "jobs":
		if _, known := p.document.Job(chain[1]); !known {
			return fmt.Sprintf("there is no job %s", chain[1]), true
		}
	default:
		return "", false
	}
	job, _ := p.document.Job(chain[1])
	return p.judgeResult(chain, func(output string) bool { _, there := job.Outputs[output]; return there })
}

// judgeResult judges what follows steps.<id>, needs.<id> and jobs.<id>.
func (p place) judgeResult(chain []string, has func(output string) bool) (text string, bad bool) {
	whole := strings.Join(chain[:2], ".")
	switch {
	case len(chain) == 2 || chain[2] == "status":
		return "", false
	case chain[2] != "outputs":
		return fmt.Sprintf("%s has status and outputs, no %s", whole, chain[2]), true
	case len(chain) == 4 && !has(chain[3]):
		return fmt.Sprintf("%s has no output %s; it will be empty", whole, chain[3]), false
	}
	return "", false
}

func (s Step) hasOutput(name string) bool {
	action, _ := Lookup(s.Action)
	return slices.ContainsFunc(action.Outputs, func(f Field) bool { return f.Name == name || slices.Contains(f.Aliases, name) })
}

// DeploymentRequestInputs are the inputs of runs that a deployment request starts. environment is the older name of env_id.
var DeploymentRequestInputs = []string{
	"env_id", "environment", "comment", "delta_id", "set_id", "deployment_id", "value_set_version_id", "mode",
}

// judgeInput doubts inputs that no trigger of the document gives.
func (p place) judgeInput(name string) (text string, bad bool) {
	on := p.document.On
	known := on.DeploymentRequest && slices.Contains(DeploymentRequestInputs, name)
	if on.PipelineCall != nil {
		_, declared := on.PipelineCall.Inputs[name]
		known = known || declared
	}
	if on.Artefact != nil {
		known = known || name == on.Artefact.InputName()
	}
	for _, s := range on.Schedules {
		_, given := s.Inputs[name]
		known = known || given
	}
	if known {
		return "", false
	}
	return fmt.Sprintf("no trigger gives the input %s; it will be empty", name), false
}

// InputName is the input that lists the ids of the artefact versions: container_artefacts or workload_artefacts.
func (a *Artefact) InputName() string { return a.Type + "_artefacts" }
