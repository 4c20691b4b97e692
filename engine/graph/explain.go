package graph

import (
	"fmt"
	"slices"
	"strings"

	"github.com/slipway-dev/slipway/engine/resource"
)

// Explanation says in words why a resource is in the graph and why it is the way it is.
type Explanation struct {
	Node       *Node
	Asked      []string       // who asked for it, one for each of Node.Origins
	Chosen     string         // which criterion of which definition won, or why there is none
	Verdicts   []string       // how each of Node.Candidates fared
	Needs      [][]string     // reasons for each of Node.DependsOn
	Dependents []resource.Key // what depends on it, sorted
}

// Explain explains the nodes of a graph; they are all of it, or those of one that was stored.
func Explain(nodes []Node) []Explanation {
	byKey := make(map[resource.Key]*Node, len(nodes))
	dependents := map[resource.Key][]resource.Key{}
	for i := range nodes {
		byKey[nodes[i].Key] = &nodes[i]
		for _, dep := range nodes[i].DependsOn {
			dependents[dep] = append(dependents[dep], nodes[i].Key)
		}
	}
	out := make([]Explanation, 0, len(nodes))
	for i := range nodes {
		n := &nodes[i]
		e := Explanation{Node: n, Chosen: chosen(n), Dependents: dependents[n.Key], Needs: make([][]string, len(n.DependsOn))}
		slices.SortFunc(e.Dependents, resource.Key.Compare)
		for _, o := range n.Origins {
			e.Asked = append(e.Asked, o.text(byKey))
		}
		best := winner(n)
		for _, c := range n.Candidates {
			e.Verdicts = append(e.Verdicts, c.Verdict(best))
		}
		for _, r := range n.Why {
			if r.On >= 0 && r.On < len(e.Needs) {
				e.Needs[r.On] = append(e.Needs[r.On], r.text(n, byKey))
			}
		}
		out = append(out, e)
	}
	return out
}

// text says who asked.
func (o Origin) text(byKey map[resource.Key]*Node) string {
	switch o.Kind {
	case OriginWorkload:
		return fmt.Sprintf("it stands for workload %s of the set", o.Detail)
	case OriginShared:
		return fmt.Sprintf("the set declares it as shared resource %q", o.Detail)
	case OriginExternal:
		return fmt.Sprintf("workload %s declares it as resource %q", moduleOf(o.By.ID), o.Detail)
	case OriginImplicit:
		return "every environment has it"
	case OriginRequest:
		return "the request names it"
	case OriginProvision:
		return fmt.Sprintf("%s brings it along: provision %q of definition %s", o.By, o.Detail, definitionOf(byKey[o.By]))
	case OriginSelector:
		return fmt.Sprintf("%s selects it by %s", holder(byKey, o.By, o.Detail), o.Detail)
	case OriginReference:
		return fmt.Sprintf("%s refers to it by %s", holder(byKey, o.By, o.Detail), o.Detail)
	}
	return o.Kind
}

// holder names what holds a placeholder: the definition of a resource, or the workload or resource itself.
func holder(byKey map[resource.Key]*Node, by resource.Key, placeholder string) string {
	if strings.HasPrefix(placeholder, "${resources") {
		return fmt.Sprintf("%s (definition %s)", by, definitionOf(byKey[by]))
	}
	if by.Type == typeWorkload {
		return "workload " + moduleOf(by.ID)
	}
	return by.String()
}

func definitionOf(n *Node) string {
	if n == nil || n.Definition == nil {
		return "unknown"
	}
	return n.Definition.ID
}

// text says why a node depends on another one.
func (r Reason) text(n *Node, byKey map[resource.Key]*Node) string {
	switch r.Kind {
	case ReasonDeclared:
		return fmt.Sprintf("the workload declares it as resource %q", r.Detail)
	case ReasonReference, ReasonSelector:
		verb := "placeholder"
		if r.Kind == ReasonSelector {
			verb = "selector"
		}
		return fmt.Sprintf("%s %s in %s", verb, r.Detail, r.place(n))
	case ReasonDependent:
		return fmt.Sprintf("it was brought along by that one (provision %q with is_dependent)", r.Detail)
	case ReasonMatch:
		if r.By == nil {
			return "match_dependents"
		}
		return fmt.Sprintf("it depends on %s, whose definition %s brings that one for what depends on it (provision %q with match_dependents)",
			r.By, definitionOf(byKey[*r.By]), r.Detail)
	}
	return r.Kind
}

// place tells where a placeholder stands.
func (r Reason) place(n *Node) string {
	where := strings.TrimPrefix(r.Location, "/")
	if strings.HasPrefix(where, "driver_inputs/") || where == "driver_account" {
		return where + " of definition " + definitionOf(n)
	}
	if where == "" {
		return "its inputs"
	}
	return where
}

// winner is the candidate that the definition was chosen by, nil without one.
func winner(n *Node) *resource.Candidate {
	if n.Definition == nil || len(n.Candidates) == 0 || !n.Candidates[0].Matches {
		return nil
	}
	return &n.Candidates[0]
}

func chosen(n *Node) string {
	best := winner(n)
	switch {
	case n.Definition == nil && len(n.Candidates) == 0:
		return "no definition: there is none of this type, and it can go without"
	case n.Definition == nil:
		return "no definition matches, and it can go without; " + resource.Closest(n.Candidates, maxClosest)
	case best == nil:
		return "definition " + n.Definition.ID
	}
	text := fmt.Sprintf("definition %s: its criterion %s", n.Definition.ID, best.Reason)
	if best.VersionID != n.Definition.VersionID {
		text += fmt.Sprintf("; the resource is pinned to version %s, the active one is %s", n.Definition.VersionID, best.VersionID)
	}
	return text
}

// ExplainNode says who asked for one node of a graph; of the other fields only Node is filled in.
func ExplainNode(g *Graph, key resource.Key) Explanation {
	n, ok := g.Node(key)
	if !ok {
		return Explanation{}
	}
	byKey := map[resource.Key]*Node{}
	for _, o := range n.Origins {
		if by, ok := g.Node(o.By); ok {
			byKey[o.By] = by
		}
	}
	e := Explanation{Node: n}
	for _, o := range n.Origins {
		e.Asked = append(e.Asked, o.text(byKey))
	}
	return e
}
