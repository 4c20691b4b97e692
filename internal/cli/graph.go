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
	var format string
	graph := &cobra.Command{
		Use: "graph [DEPLOYMENT]", Short: "Show the resource graph of a deployment", Args: args("[DEPLOYMENT]"),
		Long:    "Shows the stored resource graph of a deployment, or of the newest one: what was needed, and what waited for what.",
		Example: "  slipway resources graph . --format dot | dot -Tsvg > graph.svg",
	}
	graph.Flags().StringVar(&format, "format", "table", "table, dot or mermaid")
	graph.RunE = func(cmd *cobra.Command, ids []string) error {
		draw := map[string]func(api.DependencyGraph) string{"dot": dotGraph, "mermaid": mermaidGraph, "table": nil}
		drawing, known := draw[format]
		if !known {
			return usagef("--format is table, dot or mermaid, got %q", format)
		}
		c, s, err := a.within(needEnv...)
		if err != nil {
			return err
		}
		q := query{ctx: cmd.Context(), app: a, c: c, Scope: s, ids: ids}
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
		_, err = fmt.Fprint(a.out, drawing(g))
		return err
	}
	return group("resources", "Look into the resources of an Environment, and decide how they are made", graph, a.questionsCommand(), a.answerCommand(),
		a.pinCommand(), a.unpinCommand(), a.promoteCommand(), a.archiveCommand(), a.testDefinitionCommand())
}

// dotGraph draws for Graphviz; an arrow leads to what is needed.
func dotGraph(g api.DependencyGraph) string {
	var out strings.Builder
	out.WriteString("digraph resources {\n  rankdir=LR\n  node [shape=box]\n")
	names := graphNames(g)
	for _, n := range g.Nodes {
		fmt.Fprintf(&out, "  %s\n", strconv.Quote(names[n.GUResID]))
		for _, id := range n.DependsOn {
			fmt.Fprintf(&out, "  %s -> %s\n", strconv.Quote(names[n.GUResID]), strconv.Quote(names[id]))
		}
	}
	out.WriteString("}\n")
	return out.String()
}

// mermaidGraph draws for Mermaid, whose ids must be plain and whose labels know #quot; only.
func mermaidGraph(g api.DependencyGraph) string {
	var out strings.Builder
	out.WriteString("graph LR\n")
	names := graphNames(g)
	ids := map[string]string{}
	id := func(guresid string) string {
		if ids[guresid] == "" {
			ids[guresid] = "n" + strconv.Itoa(len(ids))
			label := strings.NewReplacer("#", "#35;", `"`, "#quot;").Replace(names[guresid])
			fmt.Fprintf(&out, "  %s[\"%s\"]\n", ids[guresid], label)
		}
		return ids[guresid]
	}
	for _, n := range g.Nodes {
		from := id(n.GUResID)
		for _, needed := range n.DependsOn {
			to := id(needed)
			fmt.Fprintf(&out, "  %s --> %s\n", from, to)
		}
	}
	return out.String()
}
