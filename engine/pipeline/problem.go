package pipeline

import (
	"fmt"
	"strconv"
	"strings"
)

// Problem is one thing that is wrong with a document, or that looks wrong.
type Problem struct {
	// Line and Column begin at 1; 0 where the document as a whole is meant.
	Line, Column int
	// Path is such as "jobs.deploy.steps[0].with.env_id"; empty for the document as a whole.
	Path    string
	Message string
}

// String returns "line 3, column 5: jobs.deploy: message".
func (p Problem) String() string {
	var b strings.Builder
	if p.Line > 0 {
		fmt.Fprintf(&b, "line %d, column %d: ", p.Line, p.Column)
	}
	if p.Path != "" {
		b.WriteString(p.Path + ": ")
	}
	return b.String() + p.Message
}

// Invalid is the error of [Parse]: everything that was found wrong, in the order of the document.
type Invalid struct {
	Problems []Problem
}

// Error implements error.
func (e *Invalid) Error() string {
	texts := make([]string, len(e.Problems))
	for i, p := range e.Problems {
		texts[i] = p.String()
	}
	return strings.Join(texts, "; ")
}

// under returns the path of a key of an object.
func under(path, key string) string {
	switch {
	case !namePattern.MatchString(key):
		return path + "[" + strconv.Quote(key) + "]"
	case path == "":
		return key
	}
	return path + "." + key
}

// at returns the path of an element of an array.
func at(path string, i int) string { return path + "[" + strconv.Itoa(i) + "]" }
