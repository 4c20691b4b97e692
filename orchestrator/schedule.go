package orchestrator

import (
	"strings"
	"time"
)

// Schedule is something that happens by the clock, as a Temporal Schedule. What
// it is follows from other records (the settings of drift, a pipeline, an order
// to deploy); those are the truth, and the schedule of the workflow engine is
// made from them again when it is not there.
type Schedule struct {
	OrgID      string
	ID         string // see ScheduleID
	Kind       string
	AppID      string // "" = of the organization
	EnvID      string
	PipelineID string
	Index      int    // which of the schedules of a pipeline
	OrderID    string // of a scheduled deployment
	What       string // in words
	Every      time.Duration
	Cron       string     // five fields, in TimeZone; this, Every or At
	TimeZone   string     // of the IANA database
	At         *time.Time // once
	Spread     time.Duration
	// Buffer says that a time that comes while the run before goes on waits for its end; otherwise it is left out.
	Buffer bool
	// CatchUp is how old a time may be that the workflow engine missed, as when it was away, to be made up for.
	CatchUp time.Duration
	Paused  bool
	Note    string // why it is paused, or who resumed it
}

// Kinds of schedules.
const (
	ScheduleCleanUp    = "cleanup"    // environments whose end has come
	ScheduleRetention  = "retention"  // old records
	ScheduleDrift      = "drift"      // scans of an environment
	SchedulePipeline   = "pipeline"   // a trigger of a pipeline
	ScheduleDeployment = "deployment" // a deployment at a time, or again and again
)

// ScheduleID names a schedule within its organization: the kind, and what it is
// about, such as drift.shop.production. No part has a dot in it.
func ScheduleID(kind string, parts ...string) string {
	return strings.Join(append([]string{kind}, parts...), ".")
}

// scheduleParts is the reverse of ScheduleID.
func scheduleParts(id string) (kind string, parts []string) {
	all := strings.Split(id, ".")
	return all[0], all[1:]
}

// cleanUpEvery is how often environments are looked through whose end has come.
const cleanUpEvery = 15 * time.Minute

const (
	// soonCatchUp suits what comes again soon.
	soonCatchUp = 10 * time.Minute
	// ScheduleCatchUp is how late a deployment or a run of a pipeline may begin.
	ScheduleCatchUp = time.Hour
	// retentionCatchUp is long, as retention runs once a day.
	retentionCatchUp = 12 * time.Hour
)

// ScheduleRecord is what is kept of a schedule that was paused or changed.
// Without a record it runs, and the workflow engine knows it as it is.
type ScheduleRecord struct {
	OrgID     string
	ID        string
	Paused    bool
	Note      string
	ChangedAt time.Time
	ChangedBy string
	SyncedAt  *time.Time // nil = the workflow engine has yet to hear of it
	Version   int64
}

// ScheduleState is what the workflow engine knows of a schedule.
type ScheduleState struct {
	Paused  bool
	Note    string
	Next    []time.Time // when it comes next, soonest first
	Recent  []ScheduleRun
	Running int
	Missed  int // times that were too old to be made up for
	Skipped int // times that came while the run before went on
}

// ScheduleRun is one time of a schedule.
type ScheduleRun struct {
	At         time.Time // when it was due
	StartedAt  time.Time
	WorkflowID string
	RunID      string
	Status     string // running | completed | failed | cancelled | terminated | timed out | forgotten; "" = not asked for
	ClosedAt   *time.Time
}

// ScheduleView is a schedule as people see it.
type ScheduleView struct {
	Schedule
	// Known says that the workflow engine has it as it is here.
	Known bool
	State ScheduleState
}
