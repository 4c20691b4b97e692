package graph

import (
	"cmp"
	"slices"
	"strings"
)

// existing lists names for a message, the ones most like the wanted one first and at most five.
func existing(wanted string, names []string) string {
	if len(names) == 0 {
		return "there are none"
	}
	const most = 5
	near := closest(wanted, names, most)
	if len(names) > most {
		return "closest: " + strings.Join(near, ", ")
	}
	return "there is " + strings.Join(near, ", ")
}

// closest sorts names by edit distance to the wanted one and returns the first n.
func closest(wanted string, names []string, n int) []string {
	type scored struct {
		name     string
		distance int
	}
	all := make([]scored, 0, len(names))
	for _, name := range names {
		all = append(all, scored{name, distance(wanted, name)})
	}
	slices.SortFunc(all, func(a, b scored) int {
		return cmp.Or(cmp.Compare(a.distance, b.distance), cmp.Compare(a.name, b.name))
	})
	out := make([]string, 0, n)
	for _, s := range all[:min(n, len(all))] {
		out = append(out, s.name)
	}
	return out
}

// distance is the Levenshtein distance of the first 64 bytes.
func distance(a, b string) int {
	const most = 64
	a, b = a[:min(len(a), most)], b[:min(len(b), most)]
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
			diagonal, row[j+1] = row[j+1], min(row[j+1]+1, row[j]+1, diagonal+cost)
		}
	}
	return row[len(b)]
}
