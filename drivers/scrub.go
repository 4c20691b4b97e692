package drivers

import (
	"sort"
	"strconv"
	"strings"

	"github.com/slipway-dev/slipway/engine/redaction"
)

// Redacted stands where a secret value was.
const Redacted = redaction.Redacted

// Scrub removes every scalar leaf of the given trees from a text, together with
// its lines when it has several, in every spelling that redaction.Redactor knows.
// Drivers pass every message that may quote inputs through it before it leaves
// them, and before they shorten it: half a secret is not recognized any more.
//
// Leaves of one or two bytes and booleans are left alone: they occur in every
// text by accident, and blanking them would only show where they are.
func Scrub(text string, hidden ...any) string {
	leaves := map[string]bool{}
	for _, s := range hidden {
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
	text = redaction.New(ordered...).String(text)
	for _, l := range ordered { // those that are too short for the Redactor
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

func addLeaf(s string, into map[string]bool) {
	const tooShort = 2
	if len(s) <= tooShort || s == "true" || s == "false" {
		return
	}
	into[s] = true
	if quoted := strconv.Quote(s); quoted[1:len(quoted)-1] != s {
		into[quoted[1:len(quoted)-1]] = true
	}
}
