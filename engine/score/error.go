package score

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// Problem is one thing that is wrong with the input. Path names the place in the Score file with dots, such as
// containers.main.files["/etc/app.conf"].mode; it is empty for the file as a whole. Message says what was expected.
type Problem struct {
	Path    string `json:"path"`
	Message string `json:"message"`
}

func (p Problem) String() string {
	if p.Path == "" {
		return p.Message
	}
	return p.Path + ": " + p.Message
}

// Error holds everything that was found to be wrong, sorted by path.
type Error struct {
	Problems []Problem
}

func newError(found ...Problem) *Error {
	return &Error{Problems: found}
}

func (e *Error) Error() string {
	lines := make([]string, len(e.Problems))
	for i, problem := range e.Problems {
		lines[i] = problem.String()
	}
	return "score: " + strings.Join(lines, "; ")
}

// problems collects what is wrong while the work goes on.
type problems []Problem

func (p *problems) add(where, format string, args ...any) {
	*p = append(*p, Problem{Path: where, Message: fmt.Sprintf(format, args...)})
}

func (p *problems) err() error {
	if len(*p) == 0 {
		return nil
	}
	return &Error{Problems: p.sorted()}
}

// sorted lists the problems by place, each once; nil when there are none.
func (p *problems) sorted() []Problem {
	found := slices.Clone(*p)
	slices.SortFunc(found, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.Path, b.Path), cmp.Compare(a.Message, b.Message))
	})
	return slices.Compact(found)
}

// at spells the place that the tokens lead to.
func at(tokens ...string) string {
	return below("", tokens...)
}

// below spells a place inside another one. Names that are not just letters, digits, - and _ stand in brackets.
func below(where string, tokens ...string) string {
	var out strings.Builder
	out.WriteString(where)
	for _, token := range tokens {
		switch {
		case token == "" || strings.ContainsFunc(token, needsQuotes):
			out.WriteString("[" + strconv.Quote(token) + "]")
		case out.Len() == 0:
			out.WriteString(token)
		default:
			out.WriteString("." + token)
		}
	}
	return out.String()
}

func needsQuotes(r rune) bool {
	return r != '-' && r != '_' && !unicode.IsLetter(r) && !unicode.IsDigit(r)
}
