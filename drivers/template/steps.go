package template

import (
	"text/template"
	"text/template/parse"
)

// stepFunction is called at the start of every template body and of every round
// of a loop. Its name cannot be written in a template by accident, and writing it does no harm.
const stepFunction = "__step"

// countSteps puts a call of stepFunction into the parsed templates. text/template
// knows neither contexts nor limits; this is what stops a loop whose body
// writes nothing and calls nothing.
func countSteps(t *template.Template) error {
	step, err := parse.Parse(innerName, "{{"+stepFunction+"}}", "{{", "}}",
		map[string]any{stepFunction: func() (string, error) { return "", nil }})
	if err != nil {
		return err
	}
	node := step[innerName].Root.Nodes[0]
	for _, each := range t.Templates() {
		if each.Tree == nil || each.Root == nil {
			continue
		}
		countInList(each.Root, node)
		prepend(each.Root, node)
	}
	return nil
}

func prepend(list *parse.ListNode, node parse.Node) {
	list.Nodes = append([]parse.Node{node}, list.Nodes...)
}

func countInList(list *parse.ListNode, node parse.Node) {
	if list == nil {
		return
	}
	for _, n := range list.Nodes {
		switch b := n.(type) {
		case *parse.RangeNode:
			countInList(b.List, node)
			countInList(b.ElseList, node)
			prepend(b.List, node)
		case *parse.IfNode:
			countInList(b.List, node)
			countInList(b.ElseList, node)
		case *parse.WithNode:
			countInList(b.List, node)
			countInList(b.ElseList, node)
		}
	}
}
