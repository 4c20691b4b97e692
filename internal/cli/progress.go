package cli

import (
	"fmt"
	"strings"
	"time"

	"github.com/slipway-dev/slipway/internal/api"
)

// progress makes lines from events: one for each transition.
type progress struct {
	started map[string]time.Time // when a node began to run
	last    map[string]string    // what was said about a node
}

func newProgress() *progress {
	return &progress{started: map[string]time.Time{}, last: map[string]string{}}
}

// line spells an event; "" when it says nothing new.
func (p *progress) line(e api.DeploymentEvent) string {
	message := oneLine(e.Message)
	switch e.Type {
	case api.EventNodeStatus:
		return p.nodeLine(e, message)
	case api.EventDeploymentPhase:
		return join("phase", e.Status, message)
	case api.EventDeploymentGate:
		return join("approval", e.Node, e.Status, message)
	case api.EventDeploymentStatus:
		return join("deployment", e.Status, message)
	case api.EventDeploymentErrors:
		if e.Status == "cleared" {
			return "deployment goes on"
		}
		return join("deployment waits:", message)
	case api.EventNodeChanges:
		return join("  "+e.Node, e.Status, strings.TrimPrefix(message, "Plan: "))
	case api.EventLog:
		if e.Node == "" {
			return message
		}
		return join(e.Node, "|", message)
	}
	return ""
}

func (p *progress) nodeLine(e api.DeploymentEvent, message string) string {
	if p.last[e.Node] == e.Status+message {
		return ""
	}
	p.last[e.Node] = e.Status + message
	if e.Status == "running" {
		if p.started[e.Node].IsZero() {
			p.started[e.Node] = e.At.Time
		}
		return join("  "+e.Node, e.Status, message)
	}
	duration := ""
	if from := p.started[e.Node]; !from.IsZero() && (e.Status == "succeeded" || e.Status == "failed") {
		duration = fmt.Sprintf("(%s)", took(e.At.Sub(from)))
	}
	return join("  "+e.Node, e.Status, duration, message)
}

// join puts parts that are not empty together; indentation of the first one stays.
func join(parts ...string) string {
	var out []string
	for _, p := range parts {
		if p != "" {
			out = append(out, p)
		}
	}
	return strings.Join(out, " ")
}
