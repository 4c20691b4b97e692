package orchestrator

import (
	"slices"
	"time"
)

// What is kept for a while only. Whatever the settings say, a record stays that
// is current, or that something refers to (see ScheduleStore.Expired).
const (
	RetainDeployments    = "deployments"         // with their errors, nodes, manifests, events and log lines
	RetainGraphs         = "graphs"              // of deployments that are gone
	RetainLogs           = "logs"                // log lines of deployments that are over
	RetainEvents         = "events"              // events of deployments that are over
	RetainOrphanLogs     = "orphan_logs"         // log lines of deployments that are gone
	RetainWebhooks       = "webhook_deliveries"  // that are over
	RetainReceived       = "receiver_deliveries" // that are over
	RetainPipelineRuns   = "pipeline_runs"       // that are over, with their jobs, steps, logs and approvals
	RetainPipelineLogs   = "pipeline_logs"       // log lines of runs that are over
	RetainTerraformRuns  = "terraform_runs"      // with their events
	RetainTerraformPlans = "terraform_plans"     // that no run has begun with
)

// RetentionRule says how long records of one kind are kept.
type RetentionRule struct {
	For    time.Duration `json:"for"`              // 0 = for ever
	Newest int           `json:"newest,omitempty"` // so many stay however old they are: per environment, pipeline or resource
}

const retentionDay = 24 * time.Hour

type retentionKind struct {
	name    string
	normal  RetentionRule
	counted bool // Newest has a meaning
	fixed   bool // no setting
}

// retentionKinds are in the order in which a round goes through them: what
// others refer to comes after these.
var retentionKinds = []retentionKind{
	{RetainDeployments, RetentionRule{180 * retentionDay, 50}, true, false},
	{RetainGraphs, RetentionRule{90 * retentionDay, 0}, false, false},
	{RetainLogs, RetentionRule{90 * retentionDay, 0}, false, false},
	{RetainEvents, RetentionRule{180 * retentionDay, 0}, false, false},
	{RetainWebhooks, RetentionRule{30 * retentionDay, 0}, false, false},
	{RetainReceived, RetentionRule{30 * retentionDay, 0}, false, false},
	{RetainPipelineRuns, RetentionRule{180 * retentionDay, 50}, true, false},
	{RetainPipelineLogs, RetentionRule{90 * retentionDay, 0}, false, false},
	{RetainTerraformPlans, RetentionRule{30 * retentionDay, 0}, false, false},
	{RetainTerraformRuns, RetentionRule{180 * retentionDay, 20}, true, false},
	{RetainOrphanLogs, RetentionRule{retentionDay, 0}, false, true},
}

// RetentionSettings say what of the records of an organization is kept for how
// long. Without a record the defaults hold.
type RetentionSettings struct {
	OrgID     string
	Enabled   bool
	Cron      string // when old records are deleted: five fields, in TimeZone
	TimeZone  string
	Rules     map[string]RetentionRule // by kind; missing = the default
	UpdatedAt time.Time
	UpdatedBy string
	Version   int64
}

const (
	retentionCron = "30 3 * * *"
	utcZone       = "UTC"
)

// defaultRetention keeps what anybody is likely to look for.
func defaultRetention(org string) *RetentionSettings {
	return &RetentionSettings{OrgID: org, Enabled: true, Cron: retentionCron, TimeZone: utcZone, Rules: retentionRules(nil)}
}

// retentionRules fills in defaults.
func retentionRules(given map[string]RetentionRule) map[string]RetentionRule {
	out := map[string]RetentionRule{}
	for _, k := range retentionKinds {
		if k.fixed {
			continue
		}
		out[k.name] = k.normal
		if rule, ok := given[k.name]; ok {
			out[k.name] = rule
		}
	}
	return out
}

const (
	// minRetention guards against mistakes such as 90m for 90d.
	minRetention = retentionDay
	// maxRetentionNewest bounds how many stay by their number.
	maxRetentionNewest = 10_000
	// minRetentionNewest deployments of an environment stay, so that there is something to roll back to.
	minRetentionNewest = 2
)

func (r *RetentionSettings) check() error {
	if r.Cron == "" {
		r.Cron = retentionCron
	}
	if r.TimeZone == "" {
		r.TimeZone = utcZone
	}
	if _, _, err := (FreezeWindow{Cron: r.Cron, TimeZone: r.TimeZone}).schedule(); err != nil {
		return err
	}
	for name, rule := range r.Rules {
		at := slices.IndexFunc(retentionKinds, func(k retentionKind) bool { return k.name == name && !k.fixed })
		switch {
		case at < 0:
			return Invalidf("rules: %q is nothing that is kept for a while; see the settings as they are", shorten(name))
		case rule.For != 0 && (rule.For < minRetention || rule.For > maxSpan):
			return Invalidf("rules.%s.for: expected 0 (for ever) or 1d to 10 years, got %s", name, rule.For)
		case rule.Newest < 0 || rule.Newest > maxRetentionNewest:
			return Invalidf("rules.%s.newest: expected 0 to %d, got %d", name, maxRetentionNewest, rule.Newest)
		case rule.Newest > 0 && !retentionKinds[at].counted:
			return Invalidf("rules.%s.newest: only the age counts here; leave it out", name)
		case name == RetainDeployments && rule.Newest < minRetentionNewest:
			return Invalidf("rules.%s.newest: expected at least %d, so that there is something to roll back to, got %d", name, minRetentionNewest, rule.Newest)
		}
	}
	r.Rules = retentionRules(r.Rules)
	return nil
}

// RetentionQuery asks for records of one kind that are not to be kept.
type RetentionQuery struct {
	OrgID  string
	Kind   string
	Before time.Time // older ones are not to be kept
	Newest int       // but for so many of each environment, pipeline or resource
	Now    time.Time
	DryRun bool   // count only
	Limit  int    // how many to take at a time
	Cursor string // where the step before stopped; "" = the beginning
}

// RetentionStep is what one step of a query found.
type RetentionStep struct {
	Found  int    // deleted, or, when dry, counted
	Cursor string // where to go on
	Done   bool
}

// RetentionResult is what a round found of one kind.
type RetentionResult struct {
	Kind   string    `json:"kind"`
	Before time.Time `json:"before"`
	Found  int       `json:"found"` // deleted, or, of a dry run, to be deleted
	Done   bool      `json:"done"`
}

// RetentionRun is one round in which old records are deleted.
type RetentionRun struct {
	OrgID      string
	ID         string
	Cause      string // request | schedule
	DryRun     bool   // nothing was deleted
	Status     string // running | succeeded | failed
	Phase      string // the kind that it is at
	Message    string
	Results    []RetentionResult
	CreatedAt  time.Time
	CreatedBy  string
	FinishedAt *time.Time
	Version    int64
}

// The statuses of a round.
const (
	RetentionRunning   = "running"
	RetentionSucceeded = "succeeded"
	RetentionFailed    = "failed"
)
