package orchestrator

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"
)

// AttentionKind says what an item of Attention is about.
type AttentionKind string

// What waits for people.
const (
	AttentionApproval         AttentionKind = "approval"          // a plan that a policy wants approved
	AttentionPipelineApproval AttentionKind = "pipeline-approval" // a step of a run of a pipeline
)

// What is not as it should be, the worst first.
const (
	AttentionStopped        AttentionKind = "stopped"          // a resource waits for a person's answer
	AttentionFailed         AttentionKind = "failed"           // the newest deployment did not succeed
	AttentionTeardown       AttentionKind = "teardown"         // a deletion that does not get on
	AttentionPipelineFailed AttentionKind = "pipeline-failed"  // the newest run, which nobody started by hand
	AttentionScheduleFailed AttentionKind = "schedule-failed"  // the newest run of a schedule
	AttentionOrderFailed    AttentionKind = "scheduled-failed" // a scheduled deployment that was refused or missed
	AttentionDrifted        AttentionKind = "drifted"
	AttentionScanFailed     AttentionKind = "scan-failed" // nobody knows whether it drifted
	AttentionExpiring       AttentionKind = "expiring"
	AttentionPaused         AttentionKind = "paused"
	AttentionFrozen         AttentionKind = "frozen" // an environment type that accepts no deployments now
)

// What goes on.
const (
	AttentionDeployment  AttentionKind = "deployment"
	AttentionPromotion   AttentionKind = "promotion"
	AttentionSpinUp      AttentionKind = "spin-up"
	AttentionPipelineRun AttentionKind = "pipeline-run"
	AttentionDeletion    AttentionKind = "deletion" // of an environment
)

// Attention is what somebody who answers for an organization should look at.
type Attention struct {
	Waiting  []AttentionItem // for people: what the one who asks may decide first, then the oldest
	Concerns []AttentionItem // the worst first, then the newest
	Underway []AttentionItem // the oldest first
	// More are the kinds of which there are more than were asked for.
	More []AttentionKind
	// Unknown says in words what could not be found out.
	Unknown []string
}

// AttentionItem is one thing to look at. Ids that do not fit its kind are empty.
type AttentionItem struct {
	Kind    AttentionKind
	Env     EnvRef
	AppName string
	EnvName string
	EnvType string
	Status  string     // where it stands, or how it ended
	Message string     // what it is, or why
	At      time.Time  // since when; of what ends: when that is
	Until   *time.Time // when waiting ends
	By      string     // who asked for it
	Mine    bool       // a decision by the one who asks counts
	Runs    bool       // of a failure: what was deployed before still runs

	DeploymentID string
	PromotionID  string
	SpinUpID     string
	PipelineID   string
	RunID        string
	ScheduleID   string

	Approval         *GateView
	PipelineApproval *PipelineApproval
}

// Bounds of Attention.
const (
	// DefaultAttention and MaxAttention are how many items of each kind are listed.
	DefaultAttention = 50
	MaxAttention     = 200

	expiringSoon  = 48 * time.Hour
	refusedLately = 7 * 24 * time.Hour
	// maxSeenApps keeps a list of applications within what a statement takes.
	maxSeenApps = 10_000
)

// Attention lists what needs attention in the applications of an organization
// that the one who asks may see, at most limit of each kind (0 = the default).
// The number of statements does not depend on how much there is.
func (s *Service) Attention(ctx context.Context, org string, limit int) (*Attention, error) {
	if err := s.requireOrg(ctx, org); err != nil {
		return nil, err
	}
	if err := checkAttentionLimit(limit); err != nil {
		return nil, err
	}
	if limit == 0 {
		limit = DefaultAttention
	}
	apps, some := s.seenApps(ctx, org)
	r := &attentionReader{
		Service: s, ctx: ctx, org: org, limit: limit, out: &Attention{Waiting: []AttentionItem{}, Concerns: []AttentionItem{}, Underway: []AttentionItem{}},
		filter: AttentionFilter{OrgID: org, Apps: apps, Limit: limit + 1},
	}
	if some {
		r.unknown("you have a role on more applications than are looked at; only some of them are")
	}
	for _, part := range []func() error{
		r.gates, r.pipelineApprovals, r.questions, r.failed, r.going, r.failedPipelines, r.failedSchedules, r.refusedOrders,
		r.drifted, r.ending, r.paused, r.frozen, r.promotions, r.spinUps, r.deployments, r.pipelineRuns, r.names,
	} {
		if err := part(); err != nil {
			return nil, err
		}
	}
	r.sort()
	return r.out, nil
}

func checkAttentionLimit(limit int) error {
	if limit < 0 || limit > MaxAttention {
		return Invalidf("limit: expected 1 to %d, got %d", MaxAttention, limit)
	}
	return nil
}

// seenApps are the applications that the one who asks may read; nil = all. some
// says that there are more than that.
func (s *Service) seenApps(ctx context.Context, org string) (apps []string, some bool) {
	actor := ActorFrom(ctx)
	if actor.System || slices.Contains(rolePermissions[orgRole(actor, org)], PermAppRead) {
		return nil, false
	}
	apps = []string{}
	prefix := AppObject(org, "")
	for object := range actor.Roles {
		app, ok := strings.CutPrefix(object, prefix)
		if ok && app != "" && !strings.Contains(app, "/") && s.may(ctx, PermAppRead, onApp(org, app)) {
			apps = append(apps, app)
		}
	}
	slices.Sort(apps)
	if len(apps) > maxSeenApps {
		return apps[:maxSeenApps], true
	}
	return apps, false
}

var attentionRank = func() map[AttentionKind]int {
	rank := map[AttentionKind]int{}
	for i, kind := range []AttentionKind{
		AttentionStopped, AttentionFailed, AttentionTeardown, AttentionPipelineFailed, AttentionScheduleFailed, AttentionOrderFailed,
		AttentionDrifted, AttentionScanFailed, AttentionExpiring, AttentionPaused, AttentionFrozen,
	} {
		rank[kind] = i
	}
	return rank
}()

// sort puts first what is to be looked at first.
func (r *attentionReader) sort() {
	slices.SortStableFunc(r.out.Waiting, func(a, b AttentionItem) int {
		if a.Mine != b.Mine {
			return map[bool]int{true: -1, false: 1}[a.Mine]
		}
		return a.At.Compare(b.At)
	})
	// What is of one kind is in order already.
	slices.SortStableFunc(r.out.Concerns, func(a, b AttentionItem) int { return cmp.Compare(attentionRank[a.Kind], attentionRank[b.Kind]) })
	slices.SortStableFunc(r.out.Underway, func(a, b AttentionItem) int { return a.At.Compare(b.At) })
	slices.Sort(r.out.More)
	r.out.More = slices.Compact(r.out.More)
}
