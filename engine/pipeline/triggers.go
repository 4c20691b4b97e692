package pipeline

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
	_ "time/tzdata" // The same time zones everywhere, also in images without a zone database.

	"github.com/robfig/cron/v3"
)

func (r *reader) triggers(top *object) (t Triggers) {
	o := top.object("on", TriggerDeploymentRequest, TriggerPipelineCall, TriggerArtefact, TriggerSchedule)
	if o == nil {
		top.missing("on", []demand{required})
		return t
	}
	if len(o.keys) == 0 {
		top.fail("on", "a pipeline needs a trigger: %s, %s, %s or %s", TriggerDeploymentRequest, TriggerPipelineCall, TriggerArtefact, TriggerSchedule)
	}
	if o.has(TriggerDeploymentRequest) {
		t.DeploymentRequest = true
		if request := o.open(TriggerDeploymentRequest); request != nil {
			for _, key := range request.keys {
				request.failKey(key, "%s takes no settings; criteria say which requests it gets", TriggerDeploymentRequest)
			}
		}
	}
	if o.has(TriggerPipelineCall) {
		t.PipelineCall = &PipelineCall{}
		if call := o.object(TriggerPipelineCall, "inputs"); call != nil {
			t.PipelineCall.Inputs = r.inputs(call.open("inputs"))
		}
	}
	if o.has(TriggerArtefact) {
		t.Artefact = r.artefact(o)
	}
	if o.has(TriggerSchedule) {
		t.Schedules = r.schedules(o)
	}
	return t
}

var inputTypes = []string{InputString, InputNumber, InputInteger, InputBoolean, InputObject, InputArray}

func (r *reader) inputs(o *object) map[string]Input {
	if o == nil {
		return nil
	}
	out := make(map[string]Input, len(o.keys))
	for _, name := range o.keys {
		if !namePattern.MatchString(name) {
			o.failKey(name, "the name of an input has letters, digits, - and _, and begins with a letter or _; 63 characters at most")
		}
		input := Input{Type: InputString}
		if fields := o.object(name, "type", "description", "required", "default"); fields != nil {
			input.Description, input.Required = fields.text("description"), fields.boolean("required")
			if kind := fields.text("type"); kind != "" {
				input.Type = kind
			}
			if !slices.Contains(inputTypes, input.Type) {
				fields.fail("type", "expected one of %s", strings.Join(inputTypes, ", "))
			} else if fields.has("default") && !fields.null("default") {
				r.inputDefault(fields, &input)
			}
		}
		out[name] = input
	}
	return out
}

func (r *reader) inputDefault(o *object, input *Input) {
	v := r.value(o.values["default"], o.child("default"))
	converted, ok := convertTo(input.Type, v)
	if !ok {
		o.fail("default", "expected %s, this is %s", article(input.Type), kindOf(v))
	}
	input.Default, input.HasDefault = converted, ok
}

// CallInputs judges the inputs that a caller gives and returns those of the run: defaults filled in, and converted where
// that loses nothing.
func (p *PipelineCall) CallInputs(given map[string]any) (map[string]any, error) {
	out := make(map[string]any, len(p.Inputs))
	var problems []string
	for name := range given {
		if _, declared := p.Inputs[name]; !declared {
			problems = append(problems, fmt.Sprintf("the pipeline has no input %q", name))
		}
	}
	for name, input := range p.Inputs {
		v := given[name]
		if v == nil {
			switch {
			case input.HasDefault:
				out[name] = input.Default
			case input.Required:
				problems = append(problems, fmt.Sprintf("the input %q is required", name))
			}
			continue
		}
		converted, ok := convertTo(input.Type, v)
		if !ok {
			problems = append(problems, fmt.Sprintf("the input %q: expected %s, this is %s", name, article(input.Type), kindOf(v)))
			continue
		}
		out[name] = converted
	}
	if len(problems) > 0 {
		slices.Sort(problems)
		return nil, errors.New(strings.Join(problems, "; "))
	}
	return out, nil
}

// Types of artefacts.
const (
	ArtefactContainer = "container"
	ArtefactWorkload  = "workload"
)

func (r *reader) artefact(top *object) *Artefact {
	if top.null(TriggerArtefact) {
		top.fail(TriggerArtefact, "it needs type and include")
		return nil
	}
	o := top.object(TriggerArtefact, "type", "include", "exclude", "match-ref")
	if o == nil {
		return nil
	}
	a := &Artefact{Type: o.text("type", required), Include: o.list("include"), Exclude: o.list("exclude"), MatchRef: o.text("match-ref")}
	if a.Type != "" && a.Type != ArtefactContainer && a.Type != ArtefactWorkload {
		o.fail("type", "expected %s or %s", ArtefactContainer, ArtefactWorkload)
	}
	if len(a.Include) == 0 {
		o.fail("include", "it needs a pattern or more; .* includes all")
	}
	check := func(key string, patterns ...string) {
		for _, pattern := range patterns {
			if _, err := regexp.Compile(pattern); err != nil {
				o.fail(key, "%q is not a regular expression: %s", pattern, strings.TrimPrefix(err.Error(), "error parsing regexp: "))
			}
		}
	}
	check("include", a.Include...)
	check("exclude", a.Exclude...)
	check("match-ref", a.MatchRef)
	return a
}

// Matches tells whether a new artefact version starts a run.
func (a *Artefact) Matches(kind, name, ref string) bool {
	whole := func(pattern, text string) bool {
		compiled, err := regexp.Compile(`^(?:` + pattern + `)$`)
		return err == nil && compiled.MatchString(text)
	}
	matches := func(pattern string) bool { return whole(pattern, name) }
	return kind == a.Type && slices.ContainsFunc(a.Include, matches) && !slices.ContainsFunc(a.Exclude, matches) &&
		(a.MatchRef == "" || whole(a.MatchRef, ref))
}

const maxSchedules = 20

func (r *reader) schedules(top *object) []Schedule {
	items := top.items(TriggerSchedule)
	if len(items) == 0 || len(items) > maxSchedules {
		top.fail(TriggerSchedule, "expected 1 to %d entries such as {cron: \"0 6 * * *\"}", maxSchedules)
		return nil
	}
	var out []Schedule
	for i, item := range items {
		o := r.object(item, at(top.child(TriggerSchedule), i), "cron", "time-zone", "inputs")
		if o == nil {
			continue
		}
		s := Schedule{Cron: o.text("cron", required), TimeZone: o.text("time-zone"), Inputs: o.tree("inputs")}
		if s.TimeZone == "" {
			s.TimeZone = "UTC"
		}
		if holdsExpression(s.Inputs) {
			o.fail("inputs", "the inputs of a schedule are fixed; expressions have nothing to refer to here")
		}
		if _, err := location(s.TimeZone); err != nil {
			o.fail("time-zone", "%s", err)
		} else if s.Cron != "" {
			if _, err := s.Next(time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)); err != nil {
				o.fail("cron", "%s", err)
			}
		}
		out = append(out, s)
	}
	return out
}

func location(name string) (*time.Location, error) {
	zone, err := time.LoadLocation(name)
	if err != nil || name == "Local" {
		return nil, fmt.Errorf("there is no time zone %q; use a name such as Europe/Berlin, or UTC", name)
	}
	return zone, nil
}

// Next returns the first time after a moment at which the schedule starts a run, in UTC.
func (s Schedule) Next(after time.Time) (time.Time, error) {
	if strings.Contains(s.Cron, "TZ=") {
		return time.Time{}, errors.New("a time zone is no part of cron; use time-zone")
	}
	if strings.HasPrefix(strings.TrimSpace(s.Cron), "@every") {
		return time.Time{}, errors.New("@every has no fixed times; use the five fields, such as */15 * * * *")
	}
	zone, err := location(s.TimeZone)
	if err != nil {
		return time.Time{}, err
	}
	plan, err := cron.ParseStandard(s.Cron)
	if err != nil {
		return time.Time{}, fmt.Errorf("%q is no schedule: %w; expected minute, hour, day of month, month, day of week, such as 0 6 * * mon-fri", s.Cron, err)
	}
	next := plan.Next(after.In(zone))
	if next.IsZero() {
		return time.Time{}, fmt.Errorf("%q never comes, such as the 30th of February", s.Cron)
	}
	return next.UTC(), nil
}
