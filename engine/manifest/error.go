package manifest

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Problem is one thing that is wrong with a module or manifest.
type Problem struct {
	// Path is the place, for example `spec.containers.main.image`.
	Path string
	// Message says what was expected and what was found. It never holds a secret value.
	Message string
}

func (p Problem) String() string {
	if p.Path == "" {
		return p.Message
	}
	return p.Path + ": " + p.Message
}

// Error holds every problem of one module or manifest, ordered by path.
type Error struct {
	// Subject names what was rendered, for example `workload "api"`.
	Subject  string
	Problems []Problem
}

func (e *Error) Error() string {
	lines := make([]string, len(e.Problems))
	for i, problem := range e.Problems {
		lines[i] = problem.String()
	}
	return e.Subject + ": " + strings.Join(lines, "; ")
}

const secretNotAllowed = "a secret is not allowed here; secrets may be used in variables and files of containers only"

// problems collects what is wrong; the same finding is kept once.
type problems struct {
	found []Problem
	seen  map[Problem]bool
}

func (ps *problems) add(at path, format string, args ...any) {
	problem := Problem{Path: string(at), Message: fmt.Sprintf(format, args...)}
	if ps.seen[problem] {
		return
	}
	if ps.seen == nil {
		ps.seen = map[Problem]bool{}
	}
	ps.seen[problem] = true
	ps.found = append(ps.found, problem)
}

func (ps *problems) err(subject string) error {
	if len(ps.found) == 0 {
		return nil
	}
	sorted := slices.Clone(ps.found)
	slices.SortStableFunc(sorted, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.Path, b.Path), cmp.Compare(a.Message, b.Message))
	})
	return &Error{Subject: subject, Problems: sorted}
}
