package manifest

import (
	"slices"
	"strings"
)

// unknown reports a key that nobody reads, and names the known key that is closest to it.
func (ps *problems) unknown(at path, key string, known []string) {
	if near := closest(key, known); near != "" {
		ps.add(at.key(key), "unknown field; did you mean %q?", near)
		return
	}
	ps.add(at.key(key), "unknown field; known here: %s", strings.Join(known, ", "))
}

// closest gives the known word with the smallest edit distance, or "" when none is near enough to be a slip of the pen.
// Case and the choice between a_b and aB do not count.
func closest(word string, known []string) string {
	best, bestDistance := "", len(word)/2+1
	for _, candidate := range slices.Sorted(slices.Values(known)) {
		if d := distance(fold(word), fold(candidate)); d < bestDistance {
			best, bestDistance = candidate, d
		}
	}
	return best
}

func fold(s string) string {
	return strings.ToLower(strings.NewReplacer("_", "", "-", "").Replace(s))
}

// distance is the Levenshtein distance in bytes, of at most 64 bytes of each word.
func distance(a, b string) int {
	a, b = a[:min(len(a), 64)], b[:min(len(b), 64)]
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			next := min(row[j]+1, row[j+1]+1, diagonal+cost)
			diagonal, row[j+1] = row[j+1], next
		}
	}
	return row[len(b)]
}
