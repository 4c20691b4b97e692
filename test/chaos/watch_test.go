package chaos

import (
	"context"
	"sync"
	"time"

	enumspb "go.temporal.io/api/enums/v1"
	historypb "go.temporal.io/api/history/v1"
)

// moment is a boundary of an activity: when it is scheduled, when a worker has begun it, or when it is completed.
type moment struct{ activity, phase string }

const (
	scheduled = "scheduled"
	started   = "started"
	completed = "completed"
)

// watcher follows the workflows of an environment in Temporal and tells when a moment has come.
type watcher struct {
	e     *environment
	since time.Time
	want  moment
	hit   chan string // what really was, once

	mu       sync.Mutex
	followed map[string]bool
}

// watch begins to wait for the moment; ctx ends it. What the channel gives is where it was hit: an activity that was completed
// before it was seen to have started is hit then.
func (e *environment) watch(ctx context.Context, want moment) <-chan string {
	w := &watcher{e: e, since: time.Now(), want: want, hit: make(chan string, 1), followed: map[string]bool{}}
	w.follow(ctx, "env:demo/"+e.app+"/development")
	return w.hit
}

func (w *watcher) say(where string) {
	select {
	case w.hit <- where:
	default:
	}
}

// follow reads the history of the runs of a workflow that began since, as they grow.
func (w *watcher) follow(ctx context.Context, id string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.followed[id] {
		return
	}
	w.followed[id] = true
	go func() {
		for ctx.Err() == nil {
			w.read(ctx, id)
			time.Sleep(10 * time.Millisecond)
		}
	}()
}

func (w *watcher) read(ctx context.Context, id string) {
	scheduledAs := map[int64]string{}
	events := w.e.history.GetWorkflowHistory(ctx, id, "", true, enumspb.HISTORY_EVENT_FILTER_TYPE_ALL_EVENT)
	for events.HasNext() {
		event, err := events.Next()
		if err != nil {
			return // not there yet, or Temporal is away
		}
		if event.GetEventId() == 1 && event.GetEventTime().AsTime().Before(w.since.Add(-time.Second)) {
			return // an old run
		}
		w.see(ctx, id, event, scheduledAs)
	}
}

func (w *watcher) see(ctx context.Context, id string, event *historypb.HistoryEvent, scheduledAs map[int64]string) {
	switch event.GetEventType() {
	case enumspb.EVENT_TYPE_START_CHILD_WORKFLOW_EXECUTION_INITIATED:
		w.follow(ctx, event.GetStartChildWorkflowExecutionInitiatedEventAttributes().GetWorkflowId())
	case enumspb.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED:
		activity := event.GetActivityTaskScheduledEventAttributes().GetActivityType().GetName()
		scheduledAs[event.GetEventId()] = activity
		if activity != w.want.activity {
			return
		}
		switch w.want.phase {
		case scheduled:
			w.say(activity + " scheduled")
		case started:
			go w.begun(ctx, id)
		}
	case enumspb.EVENT_TYPE_ACTIVITY_TASK_COMPLETED:
		activity := scheduledAs[event.GetActivityTaskCompletedEventAttributes().GetScheduledEventId()]
		if activity == w.want.activity && w.want.phase != scheduled {
			w.say(activity + " completed")
		}
	}
}

// begun asks until a worker has begun the activity: the history tells that only with its end.
func (w *watcher) begun(ctx context.Context, id string) {
	for ctx.Err() == nil {
		d, err := w.e.history.DescribeWorkflowExecution(ctx, id, "")
		if err != nil {
			time.Sleep(20 * time.Millisecond)
			continue
		}
		pending := 0
		for _, a := range d.GetPendingActivities() {
			if a.GetActivityType().GetName() != w.want.activity {
				continue
			}
			pending++
			if a.GetState() == enumspb.PENDING_ACTIVITY_STATE_STARTED {
				w.say(w.want.activity + " started")
				return
			}
		}
		if pending == 0 {
			return
		}
		time.Sleep(5 * time.Millisecond)
	}
}
