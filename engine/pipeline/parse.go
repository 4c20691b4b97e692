package pipeline

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"gopkg.in/yaml.v3"
)

// MaxBytes is the largest document that is read.
const MaxBytes = 1 << 20

// Limits of what a document holds. What aliases stand for counts every time it is used.
const (
	maxNodes = 50_000
	maxDepth = 50
	maxJobs  = 100
	maxSteps = 100
)

// Parse reads a pipeline, in YAML or JSON. Warnings are what looks wrong but works. The error is an [*Invalid] that holds
// all that is wrong, with lines and columns.
func Parse(raw []byte) (*Document, []Problem, error) {
	r := &reader{}
	document := r.document(raw)
	sort := func(list []Problem) {
		slices.SortStableFunc(list, func(a, b Problem) int {
			if a.Line != b.Line {
				return a.Line - b.Line
			}
			return a.Column - b.Column
		})
	}
	sort(r.problems)
	sort(r.warnings)
	if len(r.problems) > 0 {
		return nil, r.warnings, &Invalid{r.problems}
	}
	return document, r.warnings, nil
}

// Tree returns the document as a JSON tree: what stands in it, keys sorted, comments gone. It needs a document that
// [Parse] accepts.
func Tree(raw []byte) (map[string]any, error) {
	r := &reader{}
	top := r.load(raw)
	if top == nil {
		return nil, &Invalid{r.problems}
	}
	v := r.value(top, "")
	tree, ok := v.(map[string]any)
	if !ok || len(r.problems) > 0 {
		return nil, &Invalid{append(r.problems, Problem{Message: "a pipeline is an object"})}
	}
	return tree, nil
}

// reader collects what is wrong while it goes through a document.
type reader struct {
	problems, warnings []Problem
}

func (r *reader) fail(n *yaml.Node, path, format string, args ...any) {
	p := Problem{Path: path, Message: fmt.Sprintf(format, args...)}
	if n != nil {
		p.Line, p.Column = n.Line, n.Column
	}
	r.problems = append(r.problems, p)
}

func (r *reader) warn(n *yaml.Node, path, format string, args ...any) {
	r.warnings = append(r.warnings, Problem{Line: n.Line, Column: n.Column, Path: path, Message: fmt.Sprintf(format, args...)})
}

// load returns the top node of the only document, or nil with a problem.
func (r *reader) load(raw []byte) *yaml.Node {
	switch {
	case len(raw) > MaxBytes:
		r.fail(nil, "", "%d bytes are more than the %d that are allowed", len(raw), MaxBytes)
		return nil
	case !utf8.Valid(raw):
		r.fail(nil, "", "the text is not valid UTF-8")
		return nil
	}
	decoder := yaml.NewDecoder(bytes.NewReader(raw))
	var document, more yaml.Node
	if err := decoder.Decode(&document); err != nil {
		if errors.Is(err, io.EOF) {
			r.fail(nil, "", "the document is empty; a pipeline needs name, on and jobs")
		} else {
			r.yamlError(err)
		}
		return nil
	}
	if err := decoder.Decode(&more); err == nil {
		r.fail(&more, "", "a second document starts here; put each pipeline into a file of its own")
		return nil
	} else if !errors.Is(err, io.EOF) {
		r.yamlError(err)
		return nil
	}
	if len(document.Content) != 1 {
		r.fail(nil, "", "the document is empty; a pipeline needs name, on and jobs")
		return nil
	}
	budget := maxNodes
	if n, text := measure(document.Content[0], 0, &budget); text != "" {
		r.fail(n, "", "%s", text)
		return nil
	}
	return document.Content[0]
}

// yamlError reports what the YAML library says, which names lines in its text.
func (r *reader) yamlError(err error) {
	p := Problem{Message: strings.TrimPrefix(err.Error(), "yaml: ")}
	var line int
	if n, _ := fmt.Sscanf(p.Message, "line %d:", &line); n == 1 {
		_, rest, _ := strings.Cut(p.Message, ": ")
		p.Line, p.Column, p.Message = line, 1, rest
	}
	r.problems = append(r.problems, p)
}

// measure follows aliases and tells when a document is too large or too deep. An alias that holds itself is too deep.
func measure(n *yaml.Node, depth int, budget *int) (*yaml.Node, string) {
	*budget--
	if *budget < 0 {
		return n, "the document is too large once its aliases are expanded"
	}
	if depth > maxDepth {
		return n, fmt.Sprintf("nested deeper than %d levels", maxDepth)
	}
	if n.Kind == yaml.AliasNode {
		return measure(n.Alias, depth+1, budget)
	}
	for _, child := range n.Content {
		if at, text := measure(child, depth+1, budget); text != "" {
			return at, text
		}
	}
	return nil, ""
}

func (r *reader) document(raw []byte) *Document {
	top := r.load(raw)
	if top == nil {
		return nil
	}
	o := r.object(top, "", "name", "on", "jobs", "id", "metadata", "timeout-minutes", "concurrency", "permissions", "env")
	if o == nil {
		return nil
	}
	d := &Document{
		Name: o.text("name", required), ID: o.text("id"), Metadata: o.texts("metadata"),
		TimeoutMinutes: o.minutes("timeout-minutes"), Env: o.tree("env"),
	}
	if d.TimeoutMinutes == 0 {
		d.TimeoutMinutes = DefaultTimeoutMinutes
	}
	if d.ID != "" && !idPattern.MatchString(d.ID) {
		o.fail("id", "an id has letters, digits, - and _, and begins with a letter or digit; 100 characters at most")
	}
	if c := o.object("concurrency", "group"); c != nil {
		d.ConcurrencyGroup = c.text("group", required)
	}
	d.Permissions = r.permissions(o.object("permissions", "application", "env-types", "run-as"))
	d.On = r.triggers(o)
	d.Jobs = r.jobs(o)
	if len(r.problems) == 0 {
		r.expressions(o, d)
	}
	return d
}

func (r *reader) permissions(o *object) (p Permissions) {
	if o == nil {
		return p
	}
	if as := o.text("run-as"); as != "" {
		p.Inherit = as == "inherit"
		if !p.Inherit {
			o.fail("run-as", "expected inherit; without run-as the roles of application and env-types hold")
		}
	}
	p.Application = o.text("application")
	if p.Application != "" && !slices.Contains([]string{"viewer", "developer", "owner"}, p.Application) {
		o.fail("application", "expected viewer, developer or owner")
	}
	p.EnvTypes = o.texts("env-types")
	for envType, role := range p.EnvTypes {
		if role != "deployer" {
			o.fail("env-types", "expected deployer as the role on %s", envType)
		}
	}
	if p.Inherit && (p.Application != "" || len(p.EnvTypes) > 0) {
		o.fail("run-as", "a run that inherits its roles is given no others; leave out application and env-types")
	}
	return p
}

func (r *reader) jobs(top *object) []Job {
	o := top.open("jobs", required)
	if o == nil {
		return nil
	}
	if len(o.keys) == 0 {
		top.fail("jobs", "a pipeline needs a job")
	}
	if len(o.keys) > maxJobs {
		top.fail("jobs", "%d jobs are more than the %d that are allowed", len(o.keys), maxJobs)
		return nil
	}
	var out []Job
	for _, id := range o.keys {
		if !namePattern.MatchString(id) {
			o.failKey(id, "the id of a job has letters, digits, - and _, and begins with a letter or _; 63 characters at most")
		}
		j := o.object(id, "name", "needs", "if", "continue-on-error", "timeout-minutes", "outputs", "env", "steps")
		if j == nil {
			if o.null(id) {
				o.failKey(id, "a job needs steps")
			}
			continue
		}
		out = append(out, Job{
			ID: id, Name: j.text("name"), Needs: j.list("needs"), If: j.condition("if"),
			ContinueOnError: j.boolean("continue-on-error"), TimeoutMinutes: j.minutes("timeout-minutes"),
			Outputs: j.tree("outputs"), Env: j.tree("env"), Steps: r.steps(j),
		})
	}
	r.needs(o, out)
	return out
}

func (r *reader) steps(job *object) []Step {
	items := job.items("steps", required)
	if job.has("steps") && len(items) == 0 {
		job.fail("steps", "a job needs a step")
	}
	if len(items) > maxSteps {
		job.fail("steps", "%d steps are more than the %d that are allowed", len(items), maxSteps)
		return nil
	}
	var out []Step
	taken := map[string]bool{}
	for i, item := range items {
		o := r.object(item, at(job.child("steps"), i), "id", "name", "uses", "with", "if", "env", "continue-on-error", "timeout-minutes")
		if o == nil {
			continue
		}
		s := Step{
			Index: i, ID: o.text("id"), Name: o.text("name"), Uses: o.text("uses", required), If: o.condition("if"),
			With: o.tree("with"), Env: o.tree("env"),
			ContinueOnError: o.boolean("continue-on-error"), TimeoutMinutes: o.minutes("timeout-minutes"),
		}
		switch {
		case s.ID == "":
		case !namePattern.MatchString(s.ID):
			o.fail("id", "the id of a step has letters, digits, - and _, and begins with a letter or _; 63 characters at most")
		case taken[s.ID]:
			o.fail("id", "another step of this job has the id %s", s.ID)
		}
		taken[s.ID] = true
		if s.Uses != "" {
			r.action(o, &s)
		}
		out = append(out, s)
	}
	return out
}

func (r *reader) action(o *object, s *Step) {
	action, err := ParseUses(s.Uses)
	if err != nil {
		o.fail("uses", "%s", err)
		return
	}
	s.Action = action.Ref
	_, problems := action.check(s.With, true)
	with := o.open("with")
	for _, p := range problems {
		if p.Field != "" && with != nil {
			with.failKey(p.Field, "%s", p.Message)
			continue
		}
		at := "with"
		if !o.has("with") {
			at = "uses"
		}
		o.fail(at, "%s", p.Message)
	}
}

// needs checks that what jobs need exists and that no job waits for itself.
func (r *reader) needs(o *object, jobs []Job) {
	byID := map[string]Job{}
	for _, job := range jobs {
		byID[job.ID] = job
	}
	for _, job := range jobs {
		at := o.object(job.ID)
		for i, need := range job.Needs {
			switch _, known := byID[need]; {
			case need == job.ID:
				at.fail("needs", "the job needs itself")
			case !known && !slices.Contains(o.keys, need):
				at.fail("needs", "there is no job %q; there are %s", need, strings.Join(o.keys, ", "))
			case slices.Contains(job.Needs[:i], need):
				at.fail("needs", "%s is there twice", need)
			}
		}
	}
	if circle := findCircle(jobs, byID); circle != nil {
		o.object(circle[0]).fail("needs", "the jobs wait for each other in a circle: %s", strings.Join(circle, " needs "))
	}
}

// findCircle returns the ids along a cycle of two jobs or more, the first one again at the end.
func findCircle(jobs []Job, byID map[string]Job) []string {
	const visiting, done = 1, 2
	state := map[string]int{}
	var trail []string
	var visit func(id string) []string
	visit = func(id string) []string {
		switch state[id] {
		case done:
			return nil
		case visiting:
			return append(slices.Clone(trail[slices.Index(trail, id):]), id)
		}
		state[id] = visiting
		trail = append(trail, id)
		for _, need := range byID[id].Needs {
			if need == id {
				continue
			}
			if circle := visit(need); circle != nil {
				return circle
			}
		}
		trail = trail[:len(trail)-1]
		state[id] = done
		return nil
	}
	for _, job := range jobs {
		if circle := visit(job.ID); circle != nil {
			return circle
		}
	}
	return nil
}
