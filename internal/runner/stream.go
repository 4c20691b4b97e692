package runner

import (
	"encoding/json"
	"strings"
	"time"
)

// streamLine is one line of `terraform -json`.
type streamLine struct {
	Level   string    `json:"@level"`
	Message string    `json:"@message"`
	At      time.Time `json:"@timestamp"`
	Type    string    `json:"type"`
	// Terraform or Tofu is the engine's version, in the line of that type.
	Terraform string `json:"terraform"`
	Tofu      string `json:"tofu"`
	Change    struct {
		Resource streamResource `json:"resource"`
		Action   string         `json:"action"`
	} `json:"change"`
	Hook struct {
		Resource streamResource `json:"resource"`
		Action   string         `json:"action"`
		IDValue  string         `json:"id_value"`
	} `json:"hook"`
	Diagnostic struct {
		Severity string `json:"severity"`
		Summary  string `json:"summary"`
		Detail   string `json:"detail"`
		Address  string `json:"address"`
		Range    struct {
			File  string `json:"filename"`
			Start struct {
				Line int `json:"line"`
			} `json:"start"`
		} `json:"range"`
	} `json:"diagnostic"`
}

type streamResource struct {
	Address string `json:"addr"`
	Kind    string `json:"resource_type"`
}

// plannedChange is one address that the plan touches.
type plannedChange struct{ Address, Action, Text, Kind string }

// parseLine reads one line; false for one that is not of the stream.
func parseLine(text string) (streamLine, bool) {
	var l streamLine
	if !strings.HasPrefix(text, "{") || json.Unmarshal([]byte(text), &l) != nil || l.Type == "" {
		return streamLine{}, false
	}
	return l, true
}

func (l streamLine) address() string {
	switch {
	case l.Hook.Resource.Address != "":
		return l.Hook.Resource.Address
	case l.Change.Resource.Address != "":
		return l.Change.Resource.Address
	}
	return l.Diagnostic.Address
}

// text is the message for people, in which a diagnostic says all it knows.
func (l streamLine) text() string {
	if l.Type != "diagnostic" {
		return l.Message
	}
	out := l.Diagnostic.Summary
	if l.Diagnostic.Detail != "" {
		out += ": " + l.Diagnostic.Detail
	}
	if l.Diagnostic.Address != "" {
		out += " (" + l.Diagnostic.Address + ")"
	}
	return out
}

// level maps Terraform's levels to those of log lines.
func (l streamLine) level() string {
	if l.Level == "warn" || l.Level == "error" {
		return l.Level
	}
	return "info"
}
