package graph

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/slipway-dev/slipway/engine/resource"
)

// Kinds of problems.
const (
	ProblemInvalid      = "invalid"       // the set or a definition has the wrong shape
	ProblemPlaceholder  = "placeholder"   // a placeholder is malformed or not allowed where it stands
	ProblemUndeclared   = "undeclared"    // a reference to something that does not exist
	ProblemUnknownType  = "unknown-type"  // nobody knows the resource type
	ProblemNotRequested = "not-direct"    // a workload asks for a type that workloads may not ask for
	ProblemNoDefinition = "no-definition" // no definition matches
	ProblemConflict     = "conflict"      // one resource is given different inputs
	ProblemSchema       = "schema"        // inputs do not fit the schema of their type
	ProblemCycle        = "cycle"         // resources depend on each other in a loop
	ProblemLimit        = "limit"         // the graph is too large
)

// Problem is one reason why a graph cannot be built.
type Problem struct {
	Node     resource.Key // the resource concerned; the zero key when there is none
	Kind     string
	Module   string // workload concerned, if any
	Location string // JSON pointer inside the workload, shared map or definition, if any
	Message  string
	Err      error // *CycleError for loops
}

// BuildError lists everything that is wrong with an input.
type BuildError struct {
	Problems []Problem // sorted by module, location and message
}

// Error implements error. It shows the first problems only when there are very many.
func (e *BuildError) Error() string {
	if len(e.Problems) == 1 {
		return e.Problems[0].Message
	}
	var b strings.Builder
	fmt.Fprintf(&b, "the resource graph has %d problems:", len(e.Problems))
	const most = 20
	for i, p := range e.Problems {
		if i == most {
			fmt.Fprintf(&b, "\n- and %d more", len(e.Problems)-most)
			break
		}
		b.WriteString("\n- " + p.Message)
	}
	return b.String()
}

// Unwrap gives the causes, so that errors.As finds a *CycleError.
func (e *BuildError) Unwrap() []error {
	var causes []error
	for _, p := range e.Problems {
		if p.Err != nil {
			causes = append(causes, p.Err)
		}
	}
	return causes
}

// AsBuildError gives the BuildError in err, or nil.
func AsBuildError(err error) *BuildError {
	var build *BuildError
	if errors.As(err, &build) {
		return build
	}
	return nil
}

func sortProblems(problems []Problem) []Problem {
	slices.SortFunc(problems, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.Module, b.Module), cmp.Compare(a.Location, b.Location), cmp.Compare(a.Message, b.Message), a.Node.Compare(b.Node))
	})
	return slices.CompactFunc(problems, func(a, b Problem) bool {
		return a.Module == b.Module && a.Location == b.Location && a.Message == b.Message && a.Node == b.Node
	})
}
