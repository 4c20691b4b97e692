package cli

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/slipway-dev/slipway/internal/api"
)

func (a *app) resourcesCommand() *cobra.Command {
	return group("resources", "Look into the resources of an Environment, and decide how they are made", a.resourcesListCommand(), a.graphCommand(), a.explainCommand(), a.checkConnectivityCommand(),
		a.questionsCommand(), a.answerCommand(), a.pinCommand(), a.unpinCommand(), a.promoteCommand(), a.archiveCommand(), a.testDefinitionCommand())
}

func (a *app) graphCommand() *cobra.Command {
	var format string
	var explain bool
	cmd := &cobra.Command{
		Use: "graph [DEPLOYMENT]", Short: "Show the resource graph of a deployment", Args: args("[DEPLOYMENT]"),
		Long: "Shows the stored resource graph of a deployment, or of the newest one: what was needed, what waited for what, and which\n" +
			"definition and driver made it. With --explain, why: the reasons of each dependency, and who asked for each resource.",
		Example: "  slipway resources graph . --format dot | dot -Tsvg > graph.svg\n  slipway resources graph . --format mermaid --explain",
	}
	cmd.Flags().StringVar(&format, "format", "table", "table, dot or mermaid")
	cmd.Flags().BoolVar(&explain, "explain", false, "say why: reasons at the arrows, or in columns of their own")
	cmd.RunE = func(cmd *cobra.Command, ids []string) error {
		draw := map[string]func(drawnGraph) string{"dot": dotGraph, "mermaid": mermaidGraph, "table": nil}
		drawing, known := draw[format]
		if !known {
			return usagef("--format is table, dot or mermaid, got %q", format)
		}
		c, s, err := a.within(needEnv...)
		if err != nil {
			return err
		}
		q := query{ctx: cmd.Context(), app: a, c: c, Scope: s, ids: ids}
		if explain {
			return a.explainedGraph(q, drawing)
		}
		id, err := q.graphID(q.idOr("."))
		if err != nil {
			return err
		}
		raw, err := q.get(s.EnvPath("resources", "graphs", id))
		if err != nil {
			return err
		}
		if drawing == nil {
			return a.showTable(raw, graphTable)
		}
		var g api.DependencyGraph
		if err := json.Unmarshal(raw, &g); err != nil {
			return fmt.Errorf("the answer is not what the API documents: %w", err)
		}
		_, err = fmt.Fprint(a.out, drawing(drawStored(g)))
		return err
	}
	return cmd
}

// explainedGraph shows a graph with its reasons. A graph that was stored by itself has none: the argument is a deployment.
func (a *app) explainedGraph(q query, drawing func(drawnGraph) string) error {
	id, err := q.deploymentID(q.idOr("."))
	if err != nil {
		return err
	}
	raw, err := q.get(q.EnvPath("deploys", id, "resources", "explain"))
	if err != nil {
		return err
	}
	e, err := explanationsIn(raw)
	if err != nil {
		return err
	}
	if drawing != nil {
		_, err = fmt.Fprint(a.out, drawing(drawExplained(e)))
		return err
	}
	return a.show(raw, func() error {
		t := newTable("RESOURCE", "DEFINITION", "DRIVER", "ASKED FOR BY", "NEEDS")
		for _, r := range e.Resources {
			t.add(resourceKey(r.Type, r.Class, r.ID), r.DefID, r.DriverType, firstOf(askedBy(r)), strings.Join(needs(r), "; "))
		}
		return a.print(t)
	})
}

// drawnGraph is a graph as it is drawn.
type drawnGraph struct {
	nodes []drawnNode
}

type drawnNode struct {
	key, definition, driver string
	needs                   []drawnEdge
}

type drawnEdge struct{ to, label string }

// label is what a box says, in lines.
func (n drawnNode) label() []string {
	if n.definition == "" {
		return []string{n.key}
	}
	return []string{n.key, n.definition, n.driver}
}

func drawStored(g api.DependencyGraph) drawnGraph {
	var out drawnGraph
	names := graphNames(g)
	for _, n := range g.Nodes {
		node := drawnNode{key: names[n.GUResID], definition: n.DefID, driver: n.DriverType}
		for _, id := range n.DependsOn {
			node.needs = append(node.needs, drawnEdge{to: names[id]})
		}
		out.nodes = append(out.nodes, node)
	}
	return out
}

func drawExplained(e api.ResourceExplanations) drawnGraph {
	var out drawnGraph
	for _, r := range e.Resources {
		node := drawnNode{key: resourceKey(r.Type, r.Class, r.ID), definition: r.DefID, driver: r.DriverType}
		for _, d := range r.DependsOn {
			node.needs = append(node.needs, drawnEdge{to: resourceKey(d.Type, d.Class, d.ID), label: strings.Join(reasonLabels(d), ", ")})
		}
		out.nodes = append(out.nodes, node)
	}
	return out
}

// reasonLabels are the reasons of a dependency in a word or two; the texts are too long for an arrow.
func reasonLabels(d api.ResourceDependency) []string {
	var out []string
	for _, r := range d.Reasons {
		label := r.Kind
		switch r.Kind {
		case "reference", "selector":
			label = r.Detail
		case "is_dependent", "match_dependents":
			label = r.Kind + " " + r.Detail
		}
		out = append(out, label)
	}
	return out
}

// dotGraph draws for Graphviz; an arrow leads to what is needed.
func dotGraph(g drawnGraph) string {
	var out strings.Builder
	out.WriteString("digraph resources {\n  rankdir=LR\n  node [shape=box]\n")
	for _, n := range g.nodes {
		fmt.Fprintf(&out, "  %s", strconv.Quote(n.key))
		if n.definition != "" {
			fmt.Fprintf(&out, " [label=%s]", strconv.Quote(strings.Join(n.label(), "\n")))
		}
		out.WriteString("\n")
		for _, e := range n.needs {
			fmt.Fprintf(&out, "  %s -> %s", strconv.Quote(n.key), strconv.Quote(e.to))
			if e.label != "" {
				fmt.Fprintf(&out, " [label=%s]", strconv.Quote(e.label))
			}
			out.WriteString("\n")
		}
	}
	out.WriteString("}\n")
	return out.String()
}

// mermaidText makes text fit for a label of Mermaid, which knows entities of its own only.
var mermaidText = strings.NewReplacer("#", "#35;", `"`, "#quot;", "<", "#lt;", ">", "#gt;")

// mermaidGraph draws for Mermaid, whose ids must be plain.
func mermaidGraph(g drawnGraph) string {
	var out strings.Builder
	out.WriteString("graph LR\n")
	ids := map[string]string{}
	declare := func(n drawnNode) {
		if ids[n.key] != "" {
			return
		}
		ids[n.key] = "n" + strconv.Itoa(len(ids))
		lines := n.label()
		for i := range lines {
			lines[i] = mermaidText.Replace(lines[i])
		}
		fmt.Fprintf(&out, "  %s[\"%s\"]\n", ids[n.key], strings.Join(lines, "<br/>"))
	}
	for _, n := range g.nodes {
		declare(n)
	}
	for _, n := range g.nodes {
		for _, e := range n.needs {
			declare(drawnNode{key: e.to})
			arrow := "-->"
			if e.label != "" {
				arrow = "-- \"" + mermaidText.Replace(e.label) + "\" -->"
			}
			fmt.Fprintf(&out, "  %s %s %s\n", ids[n.key], arrow, ids[e.to])
		}
	}
	return out.String()
}
