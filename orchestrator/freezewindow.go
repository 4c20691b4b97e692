package orchestrator

import (
	"strings"
	"time"
	_ "time/tzdata" // time zones must not depend on what the machine has

	"github.com/robfig/cron/v3"
)

// FreezeWindow is a time that comes again and again in which environments of a
// type accept no deployments.
type FreezeWindow struct {
	OrgID       string
	ID          string // 16 hex digits
	EnvTypeID   string
	Description string
	Cron        string        // when it begins: five fields, in TimeZone
	Duration    time.Duration // by the clock on the wall, so it ends at the same hour when summer time begins or ends meanwhile
	TimeZone    string        // of the IANA database; UTC
	CreatedAt   time.Time
	CreatedBy   string
}

// maxFreeze bounds how long a window may last.
const maxFreeze = 31 * 24 * time.Hour

// schedule reads when the window begins.
func (w FreezeWindow) schedule() (cron.Schedule, *time.Location, error) {
	if w.TimeZone == "" || w.TimeZone == "Local" {
		return nil, nil, Invalidf("time_zone: expected a name of the IANA database such as Europe/Berlin or UTC, got %q", w.TimeZone)
	}
	zone, err := time.LoadLocation(w.TimeZone)
	if err != nil {
		return nil, nil, Invalidf("time_zone: %q is no time zone of the IANA database, such as Europe/Berlin or UTC", shorten(w.TimeZone))
	}
	if strings.Contains(w.Cron, "TZ=") || strings.HasPrefix(w.Cron, "@") || len(w.Cron) > maxKey {
		return nil, nil, Invalidf("cron: expected five fields (minute hour day month weekday), such as \"0 16 * * 5\", got %q", shorten(w.Cron))
	}
	s, err := cron.ParseStandard(w.Cron)
	if err != nil {
		return nil, nil, Invalidf("cron: %q is not valid (%v); expected five fields (minute hour day month weekday), such as \"0 16 * * 5\"", shorten(w.Cron), err)
	}
	return s, zone, nil
}

// checkSpan refuses a window that begins again before it has ended.
func (w FreezeWindow) checkSpan(now time.Time) error {
	if w.Duration < time.Minute || w.Duration > maxFreeze {
		return Invalidf("duration: expected 1m to 31d, got %s", w.Duration)
	}
	s, zone, err := w.schedule()
	if err != nil {
		return err
	}
	at := s.Next(now.In(zone))
	if at.IsZero() {
		return Invalidf("cron: %q never comes", w.Cron)
	}
	for range 60 { // a year of weeks, and some
		next := s.Next(at)
		if !next.IsZero() && next.Before(wall(at, w.Duration)) {
			return Invalidf("duration: a window that begins %s would begin again, %s, before it has ended", at.Format(time.RFC3339), next.Format(time.RFC3339))
		}
		at = next
		if at.IsZero() {
			break
		}
	}
	return nil
}

// until is when the window that is open at a time ends; false when it is not open.
func (w FreezeWindow) until(now time.Time) (end time.Time, open bool) {
	s, zone, err := w.schedule()
	if err != nil {
		return end, false // it was checked when it was stored
	}
	// A day more than it lasts covers what the clock may have been put forward or back.
	begin := s.Next(now.Add(-w.Duration - 24*time.Hour).In(zone))
	for range 10_000 {
		if begin.IsZero() || begin.After(now) {
			break
		}
		if ends := wall(begin, w.Duration); ends.After(now) {
			end, open = laterOf(end, ends), true
		}
		begin = s.Next(begin)
	}
	return end.UTC(), open
}

// next is when the window opens next after a time; zero when never.
func (w FreezeWindow) next(now time.Time) time.Time {
	s, zone, err := w.schedule()
	if err != nil {
		return time.Time{}
	}
	at := s.Next(now.In(zone))
	if at.IsZero() {
		return at
	}
	return at.UTC()
}

// wall adds a duration to what the clock on the wall shows.
func wall(t time.Time, d time.Duration) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second()+int(d/time.Second), 0, t.Location())
}
