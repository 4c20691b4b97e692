package pipeline

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/slipway-dev/slipway/engine/placeholder"
)

// Context holds what expressions can read, by the name of the context (see [Contexts]): JSON trees whose leaves may be a
// [placeholder.Secret]. What comes from a secret is a secret again.
//
//	inputs    the inputs of the run
//	steps     steps.<id>.status, .outputs.<name>: steps of this job that have ended
//	needs     needs.<job>.status, .outputs.<name>: jobs that this one needs
//	jobs      jobs.<job>.status, .outputs.<name>: all jobs that have ended
//	app       app.id, app.values.<KEY>: shared values of the application
//	pipeline  pipeline.id, .name, .version, .app.id, .org.id
//	run       run.id, .trigger, .created_by
//	env       values declared with env
type Context map[string]any

// Status is what the status functions answer with: how the job stands (in the condition of a step), or the jobs that are
// needed (in the condition of a job).
type Status struct {
	// Failed: a step before this one, or a job that is needed, has failed without continue-on-error or was skipped
	// because of such a failure.
	Failed bool
	// Cancelled: somebody asked for the end of the run, or its time is over.
	Cancelled bool
}

// maxResult bounds the text that one evaluation makes.
const maxResult = 4 << 20

// scope is what one evaluation works with.
type scope struct {
	Context
	Status
}

// Evaluate fills the expressions in a value: a text, or a tree with texts in it. A text that is exactly one expression
// becomes the expression's value, whatever its type; in a longer text the value is written as text (null as nothing,
// objects and arrays as JSON). Missing things are null. `$${{` stands for `${{`. Keys are kept as they are.
//
// Inside a longer text, what cannot be read as an expression stays as it is written; Parse warns about it.
func Evaluate(v any, c Context) (any, error) {
	return (&scope{Context: c}).fill(v, "")
}

// Condition tells whether an `if` holds, with or without ${{ }} around it. An empty one is success(). One that asks for
// no status function holds only when success() does too.
func Condition(text string, c Context, status Status) (bool, error) {
	s := &scope{Context: c, Status: status}
	if strings.TrimSpace(text) == "" {
		return !status.Failed && !status.Cancelled, nil
	}
	compiled, err := condition(text)
	if err != nil {
		return false, err
	}
	asks := false
	walk(compiled, func(n node) {
		if c, ok := n.(call); ok && c.fn.status {
			asks = true
		}
	})
	if !asks && (status.Failed || status.Cancelled) {
		return false, nil
	}
	v, err := compiled.value(s)
	if err != nil {
		return false, err
	}
	return truth(v), nil
}

// condition compiles the text of an `if`.
func condition(text string) (node, error) {
	text = strings.TrimSpace(text)
	if strings.Contains(text, "${{") {
		parts := split(text)
		if len(parts) != 1 || !parts[0].expression {
			return nil, syntax("a condition is one expression; write operators inside of ${{ }}")
		}
		return parts[0].node, parts[0].err
	}
	list, end, err := tokens(text)
	if err != nil {
		return nil, err
	}
	if end >= 0 {
		return nil, syntax("there is a }} without ${{")
	}
	return compile(list, len(text))
}

// part is a piece of a text: plain text, or an expression.
type part struct {
	text       string
	at         int
	expression bool
	node       node
	err        error
}

// split cuts a text into plain pieces and expressions. A text without expressions gives one plain piece.
func split(s string) []part {
	var out []part
	var plain strings.Builder
	flush := func() {
		if plain.Len() > 0 {
			out = append(out, part{text: plain.String()})
			plain.Reset()
		}
	}
	i := 0
	for {
		at := strings.Index(s[i:], "${{")
		if at < 0 {
			break
		}
		at += i
		if at > 0 && s[at-1] == '$' && at > i {
			plain.WriteString(s[i:at-1] + "${{")
			i = at + 3
			continue
		}
		plain.WriteString(s[i:at])
		flush()
		p, next := expressionAt(s, at)
		out = append(out, p)
		i = next
	}
	plain.WriteString(s[i:])
	flush()
	if len(out) == 0 {
		out = append(out, part{})
	}
	return out
}

// expressionAt reads the expression that begins at a "${{".
func expressionAt(s string, at int) (part, int) {
	p := part{at: at, expression: true}
	list, end, err := tokens(s[at+3:])
	if err == nil && end >= 0 {
		next := at + 3 + end + 2
		p.text = s[at:next]
		p.node, p.err = compile(list, end)
		return p, next
	}
	// It cannot be cut into words: it ends where the next }} is.
	next := len(s)
	if close := strings.Index(s[at:], "}}"); close >= 0 {
		next = at + close + 2
	} else {
		err = syntax("there is no }} to this ${{")
	}
	p.text, p.err = s[at:next], err
	return p, next
}

func (s *scope) fill(v any, path string) (any, error) {
	switch t := v.(type) {
	case string:
		out, err := s.text(t)
		if err != nil && path != "" {
			err = fmt.Errorf("%s: %w", path, err)
		}
		return out, err
	case map[string]any:
		out := make(map[string]any, len(t))
		for key, child := range t {
			filled, err := s.fill(child, under(path, key))
			if err != nil {
				return nil, err
			}
			out[key] = filled
		}
		return out, nil
	case []any:
		out := make([]any, len(t))
		for i, child := range t {
			filled, err := s.fill(child, at(path, i))
			if err != nil {
				return nil, err
			}
			out[i] = filled
		}
		return out, nil
	}
	return v, nil
}

func (s *scope) text(text string) (any, error) {
	if !strings.Contains(text, "${{") {
		return text, nil
	}
	parts := split(text)
	// A block text ends in a line break that nobody means.
	if len(parts) == 2 && parts[0].expression && strings.TrimSpace(parts[1].text) == "" && !parts[1].expression {
		parts = parts[:1]
	}
	if len(parts) == 1 && parts[0].expression {
		if parts[0].err != nil {
			return nil, fmt.Errorf("%s: %w", parts[0].text, parts[0].err)
		}
		v, err := parts[0].node.value(s)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", parts[0].text, err)
		}
		return v, nil
	}
	return s.joined(parts)
}

func (s *scope) joined(parts []part) (any, error) {
	var b strings.Builder
	secret := false
	for _, p := range parts {
		text := p.text
		if p.expression && !isSyntax(p.err) {
			if p.err != nil {
				return nil, fmt.Errorf("%s: %w", p.text, p.err)
			}
			v, err := p.node.value(s)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", p.text, err)
			}
			secret = secret || placeholder.ContainsSecret(v)
			text = asText(placeholder.Reveal(v))
		}
		if b.Len()+len(text) > maxResult {
			return nil, fmt.Errorf("the text becomes longer than %d bytes", maxResult)
		}
		b.WriteString(text)
	}
	return sealedIf(secret, b.String()), nil
}

func isSyntax(err error) bool {
	var s *syntaxError
	return errors.As(err, &s)
}

func sealedIf(secret bool, v any) any {
	if secret {
		return placeholder.Secret{Value: v}
	}
	return v
}

func (n literal) value(*scope) (any, error) { return n.v, nil }

func (n root) value(s *scope) (any, error) { return s.Context[n.name], nil }

func (n not) value(s *scope) (any, error) {
	v, err := n.of.value(s)
	return !truth(v), err
}

func (n index) value(s *scope) (any, error) {
	of, err := n.of.value(s)
	if err != nil {
		return nil, err
	}
	key, err := n.key.value(s)
	if err != nil {
		return nil, err
	}
	key = placeholder.Reveal(key)
	switch t := of.(type) {
	case placeholder.Secret:
		return placeholder.Seal(child(t.Value, key)), nil
	default:
		return child(t, key), nil
	}
}

// child returns what is under a key of a tree, or nil.
func child(of, key any) any {
	switch t := of.(type) {
	case map[string]any:
		return t[asText(key)]
	case map[string]string:
		if v, ok := t[asText(key)]; ok {
			return v
		}
	case []any:
		if i, ok := asNumber(key); ok && i == math.Trunc(i) && i >= 0 && i < float64(len(t)) {
			return t[int(i)]
		}
	case []string:
		if i, ok := asNumber(key); ok && i == math.Trunc(i) && i >= 0 && i < float64(len(t)) {
			return t[int(i)]
		}
	}
	return nil
}

func (n binary) value(s *scope) (any, error) {
	left, err := n.left.value(s)
	if err != nil {
		return nil, err
	}
	if n.sign == "||" && truth(left) || n.sign == "&&" && !truth(left) {
		return left, nil
	}
	right, err := n.right.value(s)
	if err != nil {
		return nil, err
	}
	switch n.sign {
	case "||", "&&":
		return right, nil
	case "==":
		return equal(placeholder.Reveal(left), placeholder.Reveal(right)), nil
	case "!=":
		return !equal(placeholder.Reveal(left), placeholder.Reveal(right)), nil
	}
	return ordered(n.sign, placeholder.Reveal(left), placeholder.Reveal(right))
}

func ordered(sign string, left, right any) (any, error) {
	var c int
	a, leftText := left.(string)
	b, rightText := right.(string)
	x, okX := asNumber(left)
	y, okY := asNumber(right)
	switch {
	case okX && okY:
		c = cmp.Compare(x, y)
	case leftText && rightText:
		c = cmp.Compare(a, b)
	default:
		return nil, fmt.Errorf("%s compares two numbers or two texts, not %s and %s", sign, kindOf(left), kindOf(right))
	}
	return map[string]bool{"<": c < 0, "<=": c <= 0, ">": c > 0, ">=": c >= 0}[sign], nil
}

// truth converts a value: null, false, 0 and "" are false, everything else is true.
func truth(v any) bool {
	switch t := placeholder.Reveal(v).(type) {
	case nil:
		return false
	case bool:
		return t
	case string:
		return t != ""
	default:
		n, ok := asNumber(t)
		return !ok || n != 0
	}
}

// equal compares values of one type as they are. Null equals "" (a missing input is empty), and a text equals a number or
// a boolean that is written like that.
func equal(left, right any) bool {
	if kindOf(left) == kindOf(right) {
		switch left.(type) {
		case map[string]any, []any:
			return asText(left) == asText(right)
		}
		if x, ok := asNumber(left); ok {
			y, _ := asNumber(right)
			return x == y
		}
		return left == right
	}
	for _, v := range []any{left, right} {
		switch v.(type) {
		case map[string]any, []any, map[string]string, []string:
			return false
		}
	}
	if _, text := left.(string); !text {
		left, right = right, left
	}
	text, ok := left.(string)
	if !ok {
		return false
	}
	if n, isNumber := asNumber(right); isNumber {
		parsed, ok := asNumber(text)
		return ok && parsed == n
	}
	return text == asText(right)
}

func kindOf(v any) string {
	switch v.(type) {
	case nil:
		return "null"
	case string:
		return "a text"
	case bool:
		return "a boolean"
	case map[string]any, map[string]string:
		return "an object"
	case []any, []string:
		return "an array"
	}
	return "a number"
}

// asNumber converts numbers, and texts that are written as one.
func asNumber(v any) (float64, bool) {
	switch t := v.(type) {
	case float64:
		return t, true
	case int:
		return float64(t), true
	case int64:
		return float64(t), true
	case json.Number:
		n, err := t.Float64()
		return n, err == nil
	case string:
		n, err := strconv.ParseFloat(strings.TrimSpace(t), 64)
		return n, err == nil && !math.IsNaN(n) && !math.IsInf(n, 0)
	}
	return 0, false
}

// asText writes a value into a text.
func asText(v any) string {
	switch t := v.(type) {
	case nil:
		return ""
	case string:
		return t
	case bool:
		return strconv.FormatBool(t)
	case float64:
		return strconv.FormatFloat(t, 'f', -1, 64)
	}
	return asJSON(v)
}

func asJSON(v any) string {
	var b strings.Builder
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(v); err != nil {
		return ""
	}
	return strings.TrimSuffix(b.String(), "\n")
}
