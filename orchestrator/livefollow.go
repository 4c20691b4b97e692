package orchestrator

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"time"
)

// Why what is followed is over.
const (
	liveGone  = "gone"  // it is not there any more
	liveEnded = "ended" // nothing of it changes any more
)

// Types of events of what is followed, with what Data is.
const (
	LiveEnvironment = "environment" // EnvironmentView; of an application: EnvStatus
	LiveDeployment  = "deployment"  // Deployment
	LiveProgress    = "progress"    // DeploymentProgress
	LiveRuntime     = "runtime"     // *EnvRuntime; of an application: LiveRuntimeOf
	LivePaused      = "paused"      // *Pause, nil = it is not
	LiveLifetime    = "lifetime"    // LifetimeView
	LiveOperation   = "operation"   // Operation
	LiveApprovals   = "approvals"   // []WaitingPlan
	LiveDrift       = "drift"       // DriftScan
	LiveRun         = "run"         // PipelineRun
	LiveJob         = "job"         // LiveJobState
	LiveApproval    = "approval"    // PipelineApproval
	LiveLine        = "line"        // LogLine or PipelineLogLine

	LiveApplication = "application" // ApplicationView
	LivePath        = "path"        // []PathStep
	LivePromotion   = "promotion"   // Promotion
	LiveRequest     = "request"     // SpinUp
	LiveOrders      = "orders"      // []ScheduledDeployment, of all environments

	LiveAttention    = "attention"    // Attention
	LiveApplications = "applications" // LiveList
	LiveRuns         = "runs"         // LiveList, of the newest ones

	LiveEnd = "end" // string: ended or gone; nothing comes after it
)

// LiveEvent tells one thing that is new about what is followed.
type LiveEvent struct {
	// Position is where somebody who has heard it goes on; "" = where the one before
	// it did: more follows that became so at the same time.
	Position string
	Type     string
	Data     any
}

// Follow is one who follows an object. It is used by one goroutine at a time.
type Follow struct {
	// Wake has a value when Next has something new, or may have.
	Wake <-chan struct{}

	topic   *liveTopic
	now     func() time.Time
	renew   func(ctx context.Context) error
	renewed time.Time
	read    liveReader
	at      livePosition
}

// Next lists what is new since the last call; first, all that is so and was not
// known at the position where it began. Over reports that nothing comes after.
// What came and went between two calls is left out, except lines of logs. Whoever
// may not read the object any more gets an error.
func (f *Follow) Next(ctx context.Context) (events []LiveEvent, over bool, err error) {
	state := f.topic.now()
	if now := f.now(); now.Sub(f.renewed) >= liveRenew {
		// What is gone is told to be, whoever asks.
		if err := f.renew(ctx); err != nil && (state == nil || state.over != liveGone) {
			return nil, false, err
		}
		f.renewed = now
	}
	if state == nil {
		return nil, false, nil
	}
	for _, fact := range state.facts {
		if f.at.marks[fact.name] == fact.mark {
			continue
		}
		f.at.marks[fact.name] = fact.mark
		events = append(events, LiveEvent{Type: fact.kind, Data: fact.data})
	}
	if len(state.facts) > 0 {
		f.at.forget(state.facts)
	}
	if len(events) > 0 {
		events[len(events)-1].Position = f.at.String()
	}
	for _, log := range slices.Sorted(maps.Keys(state.heads)) {
		for f.at.lines[log] < state.heads[log] {
			lines, err := f.topic.page(ctx, log, f.at.lines[log], f.read)
			if err != nil {
				return events, false, err
			}
			if len(lines) == 0 { // they were deleted meanwhile
				f.at.lines[log] = state.heads[log]
				break
			}
			for _, l := range lines {
				f.at.lines[log] = l.number
				events = append(events, LiveEvent{Position: f.at.String(), Type: LiveLine, Data: l.data})
			}
			if len(events) >= livePage {
				return events, false, nil // the caller sends these first, and asks again
			}
		}
	}
	if state.over != "" {
		events = append(events, LiveEvent{Position: f.at.String(), Type: LiveEnd, Data: state.over})
	}
	return events, state.over != "", nil
}

// Behind reports that Next has more at once, without a wake.
func (f *Follow) Behind() bool {
	state := f.topic.now()
	if state == nil {
		return false
	}
	for log, head := range state.heads {
		if f.at.lines[log] < head {
			return true
		}
	}
	return false
}

// livePosition is what a follower knows: the marks of facts, and the last line of each log.
type livePosition struct {
	marks map[string]string
	lines map[string]int64
	plain bool // there is one log and nothing else: the position is the number of its line
}

const (
	// livePositionMost is how much a position spells at most: it goes into a header.
	livePositionMost = 100
	// liveBeginning is the position of who knows of more than that: all is told again.
	liveBeginning = "0"
)

type spelledPosition struct {
	Marks map[string]string `json:"m"`
	Lines map[string]int64  `json:"l"`
}

// String spells the position for a client, which does not look into it.
func (p *livePosition) String() string {
	if p.plain {
		return strconv.FormatInt(p.lines[""], 10)
	}
	if len(p.marks)+len(p.lines) > livePositionMost {
		return liveBeginning
	}
	raw, err := json.Marshal(spelledPosition{p.marks, p.lines})
	if err != nil {
		return liveBeginning // strings and numbers never fail
	}
	return base64.RawURLEncoding.EncodeToString(raw)
}

// forget drops the marks of what is not told of any more.
func (p *livePosition) forget(facts []liveFact) {
	maps.DeleteFunc(p.marks, func(name, _ string) bool {
		return !slices.ContainsFunc(facts, func(f liveFact) bool { return f.name == name })
	})
}

// parseLivePosition reads what String has spelled; "" and liveBeginning are the beginning.
func parseLivePosition(text string) (livePosition, error) {
	p := livePosition{marks: map[string]string{}, lines: map[string]int64{}}
	if text == "" || text == liveBeginning {
		return p, nil
	}
	var spelled spelledPosition
	raw, err := base64.RawURLEncoding.DecodeString(text)
	if err == nil {
		err = json.Unmarshal(raw, &spelled)
	}
	p.marks, p.lines = spelled.Marks, spelled.Lines
	if err != nil || p.marks == nil || p.lines == nil {
		return p, Invalidf("Last-Event-ID: %q is no id of an event of this stream", shorten(text))
	}
	return p, nil
}

// followObject joins those who follow an object; the caller is authorized already.
func (s *Service) followObject(ctx context.Context, key string, at livePosition, renew func(ctx context.Context) error, read liveReader, source func() liveSource) *Follow {
	topic, wake := s.live.join(ctx, key, source)
	return &Follow{Wake: wake, topic: topic, now: s.now, renew: renew, renewed: s.now(), read: read, at: at}
}
