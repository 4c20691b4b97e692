package orchestrator

import (
	"regexp"
	"strconv"
	"time"
)

// maxSpan bounds times that callers give.
const maxSpan = 10 * 365 * 24 * time.Hour

var daysPattern = regexp.MustCompile(`^(\d{1,5})(d|w)(.*)$`)

// ParseSpan reads a time span: what Go reads (90m, 1h30m), and days and weeks
// before that (3d, 2w, 1d12h).
func ParseSpan(field, text string) (time.Duration, error) {
	rest, total := text, time.Duration(0)
	if m := daysPattern.FindStringSubmatch(rest); m != nil {
		n, _ := strconv.Atoi(m[1]) // at most five digits
		total, rest = time.Duration(n)*24*time.Hour, m[3]
		if m[2] == "w" {
			total *= 7
		}
	}
	if rest != "" || text == "" {
		d, err := time.ParseDuration(rest)
		if err != nil || d < 0 {
			return 0, Invalidf("%s: %q is no time span like 90m, 8h, 3d or 2w", field, shorten(text))
		}
		total += d
	}
	if total > maxSpan {
		return 0, Invalidf("%s: %q is too long; at most 10 years are possible", field, shorten(text))
	}
	return total, nil
}

// FormatSpan writes a time span as ParseSpan reads it, in days where it is whole days; 0 is "0".
func FormatSpan(d time.Duration) string {
	switch {
	case d == 0:
		return "0"
	case d%(24*time.Hour) == 0:
		return strconv.Itoa(int(d/(24*time.Hour))) + "d"
	}
	return d.String()
}
