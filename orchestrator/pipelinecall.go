package orchestrator

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/slipway-dev/slipway/engine/pipeline"
	"github.com/slipway-dev/slipway/engine/redaction"
)

// pipelineCall is one call of an action: the step it carries out, with what its
// inputs have become. ctx carries whoever the run acts for.
type pipelineCall struct {
	s     *Service
	run   *PipelineRun
	step  *PipelineStep
	kind  pipeline.Action // what it is declared to take and give
	with  map[string]any  // secrets in plain; what leaves the call is redacted
	hide  *redaction.Redactor
	lines []PipelineLogLine
}

// pipelineWait says what a step waits for; nil = it is done.
type pipelineWait struct {
	For  string        // as waiting_for shows it
	Most time.Duration // how long it may be left alone; 0 = a minute
}

// pipelineAction carries a step out. Do may be called again at any time, after a
// crash and while the step waits: step.State says what it has begun. An error of
// CodeUnavailable is tried again, every other one fails the step. Stop ends what
// the step has begun; nil when there is nothing to end.
type pipelineAction struct {
	Do   func(ctx context.Context, c *pipelineCall) (*pipelineWait, error)
	Stop func(ctx context.Context, c *pipelineCall) error
}

// log writes to the log of the step, without secrets.
func (c *pipelineCall) log(level, format string, args ...any) {
	c.lines = append(c.lines, PipelineLogLine{
		OrgID: c.run.OrgID, RunID: c.run.ID, JobID: c.step.JobID, Index: c.step.Index, At: c.s.now(), Level: level,
		Message: c.hide.String(fmt.Sprintf(format, args...)),
	})
}

// output sets an output of the step; secrets in it are hidden.
func (c *pipelineCall) output(name string, value any) {
	if c.step.Outputs == nil {
		c.step.Outputs = map[string]any{}
	}
	c.step.Outputs[name] = hideIn(c.hide, value)
	c.step.Outputs = c.kind.Complete(c.step.Outputs)
}

// related names something that the step is about.
func (c *pipelineCall) related(kind, id string) {
	if c.step.Related == nil {
		c.step.Related = map[string]string{}
	}
	c.step.Related[kind] = id
}

func (c *pipelineCall) state(name string) string { return c.step.State[name] }

// remember keeps what the step has begun before it goes on, so that a crash does
// not begin it twice.
func (c *pipelineCall) remember(ctx context.Context, name, value string) error {
	c.step.State = maps.Clone(c.step.State)
	if c.step.State == nil {
		c.step.State = map[string]string{}
	}
	c.step.State[name] = value
	err := c.s.store.UpdatePipelineStep(ctx, c.step)
	if IsConflict(err) {
		return Errorf(CodeUnavailable, "step %d of job %s went on elsewhere meanwhile", c.step.Index, c.step.JobID)
	}
	return err
}

// id is the id of something that the step makes: the same for each attempt.
func (c *pipelineCall) id(what string) string {
	name := strings.Join([]string{c.run.OrgID, c.run.ID, c.step.JobID, strconv.Itoa(c.step.Index), what}, "/")
	return uuid.NewSHA1(uuid.NameSpaceOID, []byte(name)).String()
}

// ref names the step, as a deployment points back at it.
func (c *pipelineCall) ref() *PipelineRef {
	return &PipelineRef{ID: c.run.PipelineID, RunID: c.run.ID, JobID: c.step.JobID, StepIndex: c.step.Index}
}

// text is the first of the named inputs that is given, as text; "" when none is.
func (c *pipelineCall) text(names ...string) string {
	for _, name := range names {
		switch v := c.with[name].(type) {
		case nil:
		case string:
			if v != "" {
				return v
			}
		default:
			return textOf(v)
		}
	}
	return ""
}

// needed is like text; it fails when none is given.
func (c *pipelineCall) needed(names ...string) (string, error) {
	if v := c.text(names...); v != "" {
		return v, nil
	}
	return "", Invalidf("with.%s: a value is needed, and there is none", names[0])
}

// env names the environment of an input, and notes that the step is about it.
func (c *pipelineCall) env(names ...string) (EnvRef, error) {
	id, err := c.needed(names...)
	if err != nil {
		return EnvRef{}, err
	}
	c.related("env_id", id)
	return EnvRef{OrgID: c.run.OrgID, AppID: c.run.AppID, EnvID: id}, nil
}

// object is an input that is a map; nil when it is not given.
func (c *pipelineCall) object(name string) (map[string]any, error) {
	switch v := c.with[name].(type) {
	case nil:
		return nil, nil
	case map[string]any:
		return v, nil
	case string:
		if v == "" {
			return nil, nil
		}
		var out map[string]any
		if json.Unmarshal([]byte(v), &out) == nil {
			return out, nil
		}
	}
	return nil, Invalidf("with.%s: expected an object", name)
}

// list is an input that is a list of texts; a single text is a list of one.
func (c *pipelineCall) list(name string) ([]string, error) {
	switch v := c.with[name].(type) {
	case nil:
		return nil, nil
	case string:
		var several []string
		if strings.HasPrefix(strings.TrimSpace(v), "[") && json.Unmarshal([]byte(v), &several) == nil {
			return several, nil
		}
		if v == "" {
			return nil, nil
		}
		return []string{v}, nil
	case []any:
		out := make([]string, 0, len(v))
		for _, item := range v {
			out = append(out, textOf(item))
		}
		return out, nil
	}
	return nil, Invalidf("with.%s: expected a list", name)
}

// textOf is a value as text: texts as they are, everything else as JSON.
func textOf(v any) string {
	if s, ok := v.(string); ok {
		return s
	}
	raw, err := json.Marshal(v)
	if err != nil {
		return fmt.Sprint(v)
	}
	return string(raw)
}

// hideIn hides known secrets in all texts of a value, keys included.
func hideIn(hide *redaction.Redactor, v any) any {
	switch t := v.(type) {
	case string:
		return hide.String(t)
	case map[string]any:
		out := make(map[string]any, len(t))
		for key, child := range t {
			out[hide.String(key)] = hideIn(hide, child)
		}
		return out
	case []any:
		out := make([]any, 0, len(t))
		for _, child := range t {
			out = append(out, hideIn(hide, child))
		}
		return out
	case []string:
		out := make([]any, 0, len(t))
		for _, child := range t {
			out = append(out, hide.String(child))
		}
		return out
	}
	return v
}

// touched adds environments to those that the run is about.
func (r *PipelineRun) touched(ids ...string) bool {
	changed := false
	for _, id := range ids {
		if id != "" && !slices.Contains(r.EnvIDs, id) {
			r.EnvIDs, changed = append(r.EnvIDs, id), true
		}
	}
	slices.Sort(r.EnvIDs)
	return changed
}
