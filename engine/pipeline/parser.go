package pipeline

import (
	"fmt"
	"slices"
	"strings"
)

// Limits of one expression.
const (
	maxExpression = 16 << 10
	maxNesting    = 64
)

// node is a part of a compiled expression.
type node interface{ value(s *scope) (any, error) }

type (
	literal struct{ v any }
	root    struct{ name string }
	index   struct {
		of, key node
		// name is the key where it is known without evaluating.
		name  string
		fixed bool
	}
	not    struct{ of node }
	binary struct {
		sign        string
		left, right node
	}
	call struct {
		name string
		fn   function
		args []node
	}
)

// contexts are the names that an expression can begin with.
var contexts = []string{"app", "env", "inputs", "jobs", "needs", "pipeline", "run", "steps"}

// Contexts returns the names that an expression can begin with, sorted.
func Contexts() []string { return slices.Clone(contexts) }

type parser struct {
	tokens []token
	i      int
	depth  int
}

// compile reads an expression (without ${{ and }}).
func compile(list []token, size int) (node, error) {
	if size > maxExpression {
		return nil, syntax("an expression of %d bytes is longer than the %d that are allowed", size, maxExpression)
	}
	p := &parser{tokens: list}
	if p.peek().kind == tokenEnd {
		return nil, syntax("the expression is empty")
	}
	out, err := p.level(0)
	if err != nil {
		return nil, err
	}
	if t := p.peek(); t.kind != tokenEnd {
		return nil, syntax("%s is not expected here", t)
	}
	return out, nil
}

func (p *parser) peek() token { return p.tokens[p.i] }

func (p *parser) next() token {
	t := p.tokens[p.i]
	if t.kind != tokenEnd {
		p.i++
	}
	return t
}

func (p *parser) take(sign string) bool {
	if t := p.peek(); t.kind == tokenSign && t.text == sign {
		p.i++
		return true
	}
	return false
}

func (p *parser) expect(sign string) error {
	if !p.take(sign) {
		return syntax("expected %q, found %s", sign, p.peek())
	}
	return nil
}

// levels are the binary operators, the weakest first.
var levels = [][]string{{"||"}, {"&&"}, {"==", "!="}, {"<", "<=", ">", ">="}}

func (p *parser) level(n int) (node, error) {
	if n == len(levels) {
		return p.unary()
	}
	left, err := p.level(n + 1)
	if err != nil {
		return nil, err
	}
	for links := 0; ; links++ {
		t := p.peek()
		if t.kind != tokenSign || !slices.Contains(levels[n], t.text) {
			return left, nil
		}
		if links == maxNesting {
			return nil, syntax("more than %d operators in a row", maxNesting)
		}
		p.next()
		right, err := p.level(n + 1)
		if err != nil {
			return nil, err
		}
		left = binary{t.text, left, right}
	}
}

func (p *parser) unary() (node, error) {
	p.depth++
	defer func() { p.depth-- }()
	if p.depth > maxNesting {
		return nil, syntax("nested deeper than %d levels", maxNesting)
	}
	if p.take("!") {
		of, err := p.unary()
		return not{of}, err
	}
	return p.postfix()
}

func (p *parser) postfix() (node, error) {
	out, err := p.primary()
	for err == nil {
		switch {
		case p.take("."):
			t := p.next()
			if t.kind != tokenName {
				return nil, syntax("expected a name after the dot, found %s", t)
			}
			out = index{of: out, key: literal{t.text}, name: t.text, fixed: true}
		case p.take("["):
			var key node
			if key, err = p.level(0); err == nil {
				err = p.expect("]")
			}
			part := index{of: out, key: key}
			if text, ok := key.(literal); ok {
				part.name, part.fixed = asText(text.v), true
			}
			out = part
		default:
			return out, nil
		}
	}
	return nil, err
}

func (p *parser) primary() (node, error) {
	t := p.next()
	switch {
	case t.kind == tokenText:
		return literal{t.text}, nil
	case t.kind == tokenNumber:
		return literal{t.number}, nil
	case t.kind == tokenSign && t.text == "(":
		out, err := p.level(0)
		if err != nil {
			return nil, err
		}
		return out, p.expect(")")
	case t.kind == tokenName:
		return p.named(t.text)
	}
	return nil, syntax("expected a value, found %s", t)
}

func (p *parser) named(name string) (node, error) {
	if p.take("(") {
		return p.call(name)
	}
	switch name {
	case "true":
		return literal{true}, nil
	case "false":
		return literal{false}, nil
	case "null":
		return literal{nil}, nil
	}
	if !slices.Contains(contexts, name) {
		return nil, fmt.Errorf("%q is no context; expressions begin with one of %s", name, strings.Join(contexts, ", "))
	}
	return root{name}, nil
}

func (p *parser) call(name string) (node, error) {
	fn, known := functions[strings.ToLower(name)]
	if !known {
		return nil, fmt.Errorf("there is no function %s(); there are %s", name, strings.Join(Functions(), ", "))
	}
	var args []node
	for !p.take(")") {
		if len(args) > 0 {
			if err := p.expect(","); err != nil {
				return nil, err
			}
		}
		arg, err := p.level(0)
		if err != nil {
			return nil, err
		}
		args = append(args, arg)
	}
	if len(args) < fn.least || fn.most >= 0 && len(args) > fn.most {
		return nil, fmt.Errorf("%s() takes %s, not %d", name, fn.arity(), len(args))
	}
	return call{strings.ToLower(name), fn, args}, nil
}

// walk visits an expression and its parts.
func walk(n node, visit func(node)) {
	visit(n)
	switch t := n.(type) {
	case index:
		walk(t.of, visit)
		walk(t.key, visit)
	case not:
		walk(t.of, visit)
	case binary:
		walk(t.left, visit)
		walk(t.right, visit)
	case call:
		for _, arg := range t.args {
			walk(arg, visit)
		}
	}
}
