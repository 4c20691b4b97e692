package cli

import (
	"fmt"
	"strings"
	"time"

	"github.com/charmbracelet/x/ansi"

	"github.com/slipway-dev/slipway/internal/api"
)

// tree is the moving picture of a deployment: its phase, and its nodes below what they wait for. It knows what it was
// told and nothing else.
type tree struct {
	deployment api.Deployment
	nodes      []api.Node
	message    string // the last thing that was said about the deployment
	colours    bool
	over       bool
	frame      int
	now        func() time.Time
}

func newTree(d api.Deployment, colours bool, now func() time.Time) *tree {
	return &tree{deployment: d, colours: colours, now: now}
}

// end takes in how the deployment ended, when that is known.
func (t *tree) end(d api.Deployment) {
	t.over = true
	if d.ID != "" {
		t.deployment = d
	}
}

func (t *tree) event(e api.DeploymentEvent) {
	switch e.Type {
	case api.EventDeploymentPhase:
		t.deployment.Phase, t.message = e.Status, oneLine(e.Message)
	case api.EventDeploymentGate, api.EventDeploymentErrors:
		t.message = oneLine(e.Message)
	case api.EventDeploymentStatus:
		t.deployment.Status, t.message = e.Status, oneLine(e.Message)
	}
}

// lines draws; no line is wider than the terminal, and while the picture moves there are no more lines than it has.
func (t *tree) lines(width, height int) []string {
	lines := []string{t.headline()}
	body := t.body()
	room := max(1, height-3)
	if len(body) > room && !t.over {
		hidden := len(body) - room + 1
		body = append(t.interesting(body, room-1), fmt.Sprintf("  ... and %d more", hidden))
	}
	lines = append(lines, body...)
	if !t.over {
		lines = append(lines, "ctrl-C stops watching; the deployment goes on")
	}
	for i, line := range lines {
		lines[i] = ansi.Truncate(line, max(1, width-1), "…")
	}
	return lines
}

func (t *tree) headline() string {
	done := 0
	for _, n := range t.nodes {
		if n.Status == "succeeded" || n.Status == "skipped" {
			done++
		}
	}
	text := "deployment " + t.deployment.ID + " " + t.paint(outcomeOf(t.deployment))
	if t.deployment.Phase != "" && !t.over {
		text += " | " + t.deployment.Phase
	}
	if len(t.nodes) > 0 {
		text += fmt.Sprintf(" | %d/%d", done, len(t.nodes))
	}
	if t.message != "" {
		text += " | " + t.message
	}
	return text
}

// body has a line for each node, below the node that it waits for. One that waits for several is below the last of them
// in the order of provisioning.
func (t *tree) body() []string {
	below := map[int][]api.Node{}
	known := map[int]bool{}
	for _, n := range t.nodes {
		known[n.Ordinal] = true
	}
	for _, n := range t.nodes {
		parent := -1
		for _, on := range n.DependsOn {
			if known[on] && on < n.Ordinal {
				parent = max(parent, on)
			}
		}
		below[parent] = append(below[parent], n)
	}
	var out []string
	var draw func(parent int, indent string)
	draw = func(parent int, indent string) {
		for i, n := range below[parent] {
			branch, next := "├─ ", "│  "
			if i == len(below[parent])-1 {
				branch, next = "└─ ", "   "
			}
			out = append(out, indent+branch+t.node(n))
			draw(n.Ordinal, indent+next)
		}
	}
	draw(-1, "")
	return out
}

// interesting keeps the lines of nodes that run or failed, and fills up with the others, in order.
func (t *tree) interesting(lines []string, room int) []string {
	keep := map[int]bool{}
	for _, first := range []bool{true, false} {
		for i, line := range lines {
			moving := strings.Contains(line, "running") || strings.Contains(line, "failed")
			if moving == first && len(keep) < room {
				keep[i] = true
			}
		}
	}
	var out []string
	for i, line := range lines {
		if keep[i] {
			out = append(out, line)
		}
	}
	return out
}

func (t *tree) node(n api.Node) string {
	text := t.mark(n.Status) + " " + oneLine(n.Key) + " " + t.paint(n.Status)
	switch {
	case n.StartedAt != nil && n.FinishedAt != nil:
		text += " " + nodeTook(n)
	case n.StartedAt != nil && n.Status == "running":
		text += " " + took(t.now().Sub(n.StartedAt.Time))
	}
	if n.Attempt > 1 {
		text += fmt.Sprintf(" (attempt %d)", n.Attempt)
	}
	if n.Error != nil {
		text += ": " + oneLine(n.Error.Summary)
	}
	return text
}

func (t *tree) mark(status string) string {
	switch status {
	case "succeeded":
		return "✓"
	case "failed":
		return "✗"
	case "running":
		return string([]rune("⠋⠙⠸⠴⠦⠇")[t.frame%6])
	case "skipped":
		return "-"
	}
	return "·"
}

func (t *tree) paint(text string) string {
	if !t.colours {
		return text
	}
	return paint(text)
}
