package drivers

import (
	"sort"
	"strconv"
	"strings"
)

// Redacted stands where a secret value was.
const Redacted = "(secret)"

// Scrub removes every scalar leaf of the given trees from a text, longest
// first, together with its lines when it has several. Drivers pass every
// message that may quote inputs through it before it leaves them.
//
// Leaves of one or two bytes and booleans are left alone: they occur in every
// text by accident, and blanking them would only show where they are.
func Scrub(text string, secrets ...any) string {
	leaves := map[string]bool{}
	for _, s := range secrets {
		collectLeaves(s, leaves)
	}
	ordered := make([]string, 0, len(leaves))
	for l := range leaves {
		ordered = append(ordered, l)
	}
	sort.Slice(ordered, func(i, j int) bool {
		if len(ordered[i]) != len(ordered[j]) {
			return len(ordered[i]) > len(ordered[j])
		}
		return ordered[i] < ordered[j]
	})
	for _, l := range ordered {
		text = strings.ReplaceAll(text, l, Redacted)
	}
	return text
}

func collectLeaves(v any, into map[string]bool) {
	switch t := v.(type) {
	case map[string]any:
		for _, e := range t {
			collectLeaves(e, into)
		}
	case []any:
		for _, e := range t {
			collectLeaves(e, into)
		}
	case string:
		addLeaf(t, into)
	case float64:
		addLeaf(strconv.FormatFloat(t, 'f', -1, 64), into)
	case int:
		addLeaf(strconv.Itoa(t), into)
	}
}

// addLeaf also adds the single lines of a longer text and the form a %q or a
// JSON encoder gives it, because messages quote what they complain about.
func addLeaf(s string, into map[string]bool) {
	const tooShort = 2
	if len(s) <= tooShort || s == "true" || s == "false" {
		return
	}
	into[s] = true
	quoted := strconv.Quote(s)
	if inner := quoted[1 : len(quoted)-1]; inner != s {
		into[inner] = true
	}
	if !strings.ContainsRune(s, '\n') {
		return
	}
	for _, line := range strings.Split(s, "\n") {
		if line = strings.TrimSpace(line); len(line) > 7 {
			into[line] = true
		}
	}
}
