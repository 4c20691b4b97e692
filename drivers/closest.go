package drivers

import "strings"

// Closest returns the candidate that differs least from name, or "" when none
// is near enough to be what was meant. The part behind the slash counts as a name of its
// own, so that "acme/ecko" still finds "humanitec/echo".
func Closest(name string, candidates []string) string {
	best, bestDistance := "", 1<<30
	for _, c := range candidates {
		d := distance(name, c)
		if tail := 1 + distance(tailOf(name), tailOf(c)); tail < d {
			d = tail
		}
		if d < bestDistance || (d == bestDistance && c < best) {
			best, bestDistance = c, d
		}
	}
	if bestDistance > 2+len(tailOf(name))/4 {
		return ""
	}
	return best
}

func tailOf(s string) string { return s[strings.LastIndex(s, "/")+1:] }

// distance is the number of single-byte edits between two names. Names longer
// than 200 bytes are not compared; nobody mistypes those.
func distance(a, b string) int {
	if len(a) > 200 || len(b) > 200 {
		return 1 << 29
	}
	prev := make([]int, len(b)+1)
	for j := range prev {
		prev[j] = j
	}
	for i := 1; i <= len(a); i++ {
		cur := make([]int, len(b)+1)
		cur[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			cur[j] = min(prev[j]+1, cur[j-1]+1, prev[j-1]+cost)
		}
		prev = cur
	}
	return prev[len(b)]
}
