package compat

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/slipway-dev/slipway/internal/testenv/apidoc"
)

// ledger is what the scenario has found out about each operation, by shape.
type ledger map[string]*record

type record struct {
	good   int             // successes that were as documented
	faults map[string]bool // what was not
}

func (l ledger) of(o apidoc.Operation) *record {
	r := l[o.Shape()]
	if r == nil {
		r = &record{faults: map[string]bool{}}
		l[o.Shape()] = r
	}
	return r
}

func (l ledger) note(o apidoc.Operation, e *exchange, fault error) {
	r := l.of(o)
	switch {
	case fault != nil:
		r.faults[fmt.Sprintf("%d: %s", e.status, firstLines(fault.Error()))] = true
	case e.status < 300:
		r.good++
	}
}

// verdict is what the table says of an operation: "conforms", or what does not.
func (r *record) verdict() string {
	switch {
	case r == nil || r.good == 0 && len(r.faults) == 0:
		return notExercised
	case len(r.faults) > 0:
		return "differs: " + strings.Join(slices.Sorted(maps.Keys(r.faults)), "; ")
	}
	return conforms
}

const (
	conforms     = "conforms"
	notExercised = "not exercised"
)

func firstLines(text string) string {
	lines := strings.Split(text, "\n")
	return strings.Join(lines[:min(len(lines), 4)], " ")
}
