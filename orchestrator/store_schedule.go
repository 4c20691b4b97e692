package orchestrator

// ScheduleStore keeps the records of schedules.
type ScheduleStore interface{}
