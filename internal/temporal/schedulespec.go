package temporal

import (
	"fmt"
	"math/bits"
	"slices"
	"strings"
	"time"

	"github.com/robfig/cron/v3"
	"go.temporal.io/sdk/client"

	"github.com/slipway-dev/slipway/orchestrator"
)

// scheduleSpec says when a schedule comes.
func scheduleSpec(want orchestrator.Schedule) (client.ScheduleSpec, error) {
	spec := client.ScheduleSpec{Jitter: want.Spread}
	switch {
	case want.Every > 0:
		spec.Intervals = []client.ScheduleIntervalSpec{{Every: want.Every}}
	case want.At != nil:
		spec.TimeZoneName = "UTC"
		spec.Calendars = []client.ScheduleCalendarSpec{once(want.At.UTC())}
	default:
		calendars, err := cronCalendars(want.Cron)
		if err != nil {
			return spec, orchestrator.Invalidf("schedule %q: %v", want.ID, err)
		}
		spec.TimeZoneName, spec.Calendars = want.TimeZone, calendars
	}
	return spec, nil
}

func once(at time.Time) client.ScheduleCalendarSpec {
	only := func(n int) []client.ScheduleRange { return []client.ScheduleRange{{Start: n}} }
	return client.ScheduleCalendarSpec{
		Year: only(at.Year()), Month: only(int(at.Month())), DayOfMonth: only(at.Day()), DayOfWeek: []client.ScheduleRange{{Start: 0, End: 6}},
		Hour: only(at.Hour()), Minute: only(at.Minute()), Second: only(at.Second()),
	}
}

// cronCalendars turns five fields into calendars of Temporal, read by the same
// code that reads them everywhere else here. A text for Temporal would be read
// differently: days of the month and of the week, when both are given, would
// both have to match, where cron takes either.
func cronCalendars(text string) ([]client.ScheduleCalendarSpec, error) {
	parsed, err := cron.ParseStandard(text)
	if err != nil {
		return nil, err
	}
	fields, ok := parsed.(*cron.SpecSchedule)
	if !ok {
		return nil, fmt.Errorf("%q has no fixed times", text)
	}
	anyDay, anyWeekday := []client.ScheduleRange{{Start: 1, End: 31}}, []client.ScheduleRange{{Start: 0, End: 6}}
	base := client.ScheduleCalendarSpec{
		Second: ranges(fields.Second), Minute: ranges(fields.Minute), Hour: ranges(fields.Hour), Month: ranges(fields.Month),
		DayOfMonth: ranges(fields.Dom), DayOfWeek: ranges(fields.Dow),
	}
	if fields.Dom&starBit != 0 || fields.Dow&starBit != 0 {
		return []client.ScheduleCalendarSpec{base}, nil
	}
	byDay, byWeekday := base, base
	byDay.DayOfWeek, byWeekday.DayOfMonth = anyWeekday, anyDay
	return []client.ScheduleCalendarSpec{byDay, byWeekday}, nil
}

// starBit marks a field that was given as *.
const starBit = 1 << 63

// ranges are the values whose bits are set.
func ranges(set uint64) []client.ScheduleRange {
	set &^= starBit
	var out []client.ScheduleRange
	for set != 0 {
		first := bits.TrailingZeros64(set)
		length := bits.TrailingZeros64(^(set >> first))
		out = append(out, client.ScheduleRange{Start: first, End: first + length - 1})
		set &^= (1<<length - 1) << first
	}
	return out
}

// sameSpec compares what a schedule is with what it is to be.
func sameSpec(is, want *client.ScheduleSpec) bool {
	return is != nil && specText(is) == specText(want)
}

// specText is the same for the same times.
func specText(s *client.ScheduleSpec) string {
	var calendars []string
	for _, c := range s.Calendars {
		calendars = append(calendars, fmt.Sprint(values(c.Second), values(c.Minute), values(c.Hour), values(c.DayOfMonth), values(c.Month), values(c.Year), values(c.DayOfWeek)))
	}
	slices.Sort(calendars)
	zone := s.TimeZoneName
	if zone == "UTC" || len(calendars) == 0 {
		zone = ""
	}
	return fmt.Sprint(s.Intervals, s.Jitter, zone, strings.Join(calendars, ";"), s.CronExpressions, s.Skip)
}

// values are what ranges stand for; an end below the start means the start alone.
func values(all []client.ScheduleRange) []int {
	out := []int{}
	for _, r := range all {
		for n := r.Start; n <= max(r.Start, r.End); n += max(r.Step, 1) {
			out = append(out, n)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}
