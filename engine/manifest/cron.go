package manifest

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

type cronField struct {
	name     string
	min, max int
	words    []string // names of values, the first one standing for min
}

var cronFields = []cronField{
	{name: "minute", min: 0, max: 59},
	{name: "hour", min: 0, max: 23},
	{name: "day of month", min: 1, max: 31},
	{name: "month", min: 1, max: 12, words: []string{"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"}},
	{name: "day of week", min: 0, max: 6, words: []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}},
}

// checkCron checks a schedule as Kubernetes reads it: five fields, or one of the @ forms. Time zones belong into
// spec.cronjob.timeZone.
func checkCron(s string) error {
	if strings.TrimSpace(s) == "" {
		return errors.New(`expected a schedule such as "*/5 * * * *"`)
	}
	if strings.HasPrefix(s, "TZ=") || strings.HasPrefix(s, "CRON_TZ=") {
		return errors.New("a time zone cannot be part of the schedule; use spec.cronjob.timeZone")
	}
	if strings.HasPrefix(s, "@") {
		return checkCronWord(s)
	}
	fields := strings.Fields(s)
	if len(fields) != len(cronFields) {
		return fmt.Errorf("expected five fields (minute, hour, day of month, month, day of week), got %d", len(fields))
	}
	for i, f := range cronFields {
		for _, part := range strings.Split(fields[i], ",") {
			if !f.allows(strings.ToLower(part)) {
				return fmt.Errorf("%q is not a valid %s (%d to %d)", part, f.name, f.min, f.max)
			}
		}
	}
	return nil
}

func checkCronWord(s string) error {
	words := []string{"@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly"}
	if slices.Contains(words, s) {
		return nil
	}
	every, ok := strings.CutPrefix(s, "@every ")
	if !ok {
		return fmt.Errorf("expected five fields, @every <duration> or one of %s", strings.Join(words, ", "))
	}
	if d, err := time.ParseDuration(every); err != nil || d <= 0 {
		return fmt.Errorf("%q is not a positive duration", every)
	}
	return nil
}

// allows checks one element of a field: *, ?, a value, a range, each with an optional step.
func (f cronField) allows(part string) bool {
	span, stepText, stepped := strings.Cut(part, "/")
	if stepped {
		n, err := strconv.Atoi(stepText)
		if err != nil || n < 1 {
			return false
		}
	}
	if span == "*" || span == "?" {
		return true
	}
	from, to, ranged := strings.Cut(span, "-")
	first, ok := f.value(from)
	if !ok {
		return false
	}
	if !ranged {
		return true
	}
	last, ok := f.value(to)
	return ok && first <= last
}

func (f cronField) value(s string) (int, bool) {
	if i := slices.Index(f.words, s); i >= 0 {
		return f.min + i, true
	}
	n, err := strconv.Atoi(s)
	return n, err == nil && n >= f.min && n <= f.max
}
